import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { runFolder } from '../../../tools/local/folders.ts';
import { freePort, startService } from '../../../tools/local/service.ts';
import { eventually } from '../../support/eventually.ts';
import { isRunning } from './is-running.ts';

/** Starts a process of its own that lives for a minute, tells its id in a file, and then listens. */
const SERVER = `
const { spawn } = require('node:child_process');
const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)']);
require('node:fs').writeFileSync('child', String(child.pid));
if (process.env.DEAF) process.on('SIGTERM', () => {});
require('node:http').createServer((_, answer) => answer.end(String(process.env.HOME))).listen(process.env.PORT, '127.0.0.1');
`;

describe('startService', () => {
  let folder: string;
  beforeEach(() => {
    folder = runFolder();
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  async function start(script: string, env: NodeJS.ProcessEnv = {}) {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const service = await startService({
      name: 'A server',
      command: process.execPath,
      args: ['-e', script],
      env: { ...env, PORT: String(port) },
      cwd: folder,
      ready: async (signal) => (await fetch(url, { signal })).ok,
      withinMs: 10_000,
    });
    return { url, service };
  }

  it('waits until the server answers, and gives it no environment but its own', async () => {
    const { url, service } = await start(SERVER);
    expect(await (await fetch(url)).text()).to.equal('undefined');
    await service.stop();
  });

  for (const [how, env] of [
    ['ends', {}],
    ['ignores the signal', { DEAF: 'yes' }],
  ] as const)
    it(`leaves nothing behind when the server ${how}, not what it started either`, async function () {
      this.timeout(10_000);
      const { url, service } = await start(SERVER, env);
      const child = Number(readFileSync(join(folder, 'child'), 'utf8'));
      expect(isRunning(child)).to.equal(true);
      await service.stop();
      await eventually('the end of the child', async () => !isRunning(child));
      expect(await fetch(url).catch(() => 'gone')).to.equal('gone');
    });

  it('fails with what the server printed when it ends', async () => {
    const words = await start(`console.error('port in use'); process.exit(3)`).catch((error: Error) => error.message);
    expect(words).to.match(/^A server did not start; it printed:\nport in use/);
  });

  it('fails when the program is not there', async () => {
    const starting = startService({
      name: 'A server',
      command: join(folder, 'nowhere'),
      env: {},
      cwd: folder,
      ready: async () => false,
      withinMs: 10_000,
    });
    expect(await starting.catch((error: Error) => error.message)).to.match(/^A server did not start.*ENOENT/s);
  });
});
