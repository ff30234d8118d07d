import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { findDocker, startGrafana } from '../../demo/grafana.ts';
import { runFolder } from '../../tools/local/folders.ts';

/** Stands in for Docker: `run` starts a server that answers as Grafana does, `rm` ends it. Says what it was asked. */
const DOCKER = `
const { appendFileSync, readFileSync, writeFileSync } = require('node:fs');
const [command, ...args] = process.argv.slice(2);
process.chdir(__dirname);
appendFileSync('asked', [command, ...args].join(' ') + '\\n');
if (command === 'info') process.exit(process.env.NO_DAEMON ? 1 : 0);
if (command === 'rm') process.kill(Number(readFileSync('pid', 'utf8')));
if (command === 'run' && process.env.NO_IMAGE) { console.error('pulling\\nno such image'); process.exit(125); }
if (command === 'run') {
  const port = args.join(' ').match(/GF_SERVER_HTTP_PORT=(\\d+)|127\\.0\\.0\\.1:(\\d+):3000/).slice(1).find(Boolean);
  const server = "require('http').createServer((q, a) => a.end(q.url)).listen(" + port + ", '127.0.0.1')";
  const child = require('node:child_process').spawn(process.execPath, ['-e', server], { detached: true, stdio: 'ignore' });
  writeFileSync('pid', String(child.pid));
  child.unref();
}
`;

describe('Grafana in the demo', () => {
  let folder: string;
  let docker: string;
  const inherited = { ...process.env };

  beforeEach(() => {
    folder = runFolder();
    docker = join(folder, 'docker');
    writeFileSync(join(folder, 'package.json'), '{"type":"commonjs"}');
    writeFileSync(docker, `#!${process.execPath}\n${DOCKER}`);
    chmodSync(docker, 0o755);
    process.env.PATH = folder;
  });
  afterEach(() => {
    process.env = { ...inherited };
    rmSync(folder, { recursive: true });
  });

  it('finds a Docker that runs', async () => expect(await findDocker()).to.equal(docker));

  it('finds none without its daemon, or without its program', async () => {
    process.env.NO_DAEMON = 'yes';
    expect(await findDocker()).to.equal(undefined);
    rmSync(docker);
    expect(await findDocker()).to.equal(undefined);
  });

  it('starts, answers, has Loki as its source, and is gone when stopped', async () => {
    const grafana = await startGrafana(docker, 'http://127.0.0.1:3100', folder);
    expect(await (await fetch(`${grafana.url}/api/health`)).text()).to.equal('/api/health');
    const source = readFileSync(join(folder, 'grafana/datasources/loki.yaml'), 'utf8');
    expect(source).to.match(/"type":"loki".*"url":"http:\/\/[\w.]+:3100"/);
    grafana.stop();
    const [run, remove] = readFileSync(join(folder, 'asked'), 'utf8').trim().split('\n');
    expect(run).to.match(/^run .*grafana\/grafana:[\d.]+@sha256:[\da-f]{64}$/);
    expect(remove).to.equal(`rm --force ${/--name (\S+)/.exec(run ?? '')?.[1]}`);
  });

  it("fails with Docker's last words when the image cannot be had", async () => {
    process.env.NO_IMAGE = 'yes';
    const error = await startGrafana(docker, 'http://127.0.0.1:3100', folder).catch((thrown: Error) => thrown);
    expect(error).to.be.instanceOf(Error).with.property('message', 'no such image');
    expect(existsSync(join(folder, 'pid'))).to.equal(false);
  });
});
