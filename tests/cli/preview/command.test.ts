import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { runCli } from '../../../cli/program.ts';
import { ScriptedSurroundings } from '../scripted-surroundings.ts';
import { changes, installed, MODULE, planText } from './planned.ts';

const one = installed({ groups: { '/a': {} } });
const GAINS = planText(changes(MODULE, installed(), one));
const LOSES = planText(changes(MODULE, one, installed()));

describe('loki-shipper preview', () => {
  const folder = mkdtempSync(join(tmpdir(), 'loki-shipper-'));
  after(() => rmSync(folder, { recursive: true }));

  function fileOf(content: string | Buffer): string {
    const file = join(folder, 'plan.json');
    writeFileSync(file, content);
    return file;
  }

  async function run(content: string | Buffer, ...args: readonly string[]) {
    const surroundings = new ScriptedSurroundings([]);
    const code = await runCli(['preview', fileOf(content), ...args], surroundings);
    expect(surroundings.connections).to.deep.equal([]);
    return { code, out: surroundings.stdout.text, err: surroundings.stderr.text };
  }

  it('ends with 0 when no logs are lost', async () => {
    const { code, out, err } = await run(GAINS);
    expect({ code, err }).to.deep.equal({ code: 0, err: '' });
    expect(out).to.match(/^## Preview of loki-shipper\n\nApplying this plan loses no logs, as far as it tells\.\n/);
  });

  it('ends with 2 when logs would be lost', async () => {
    const { code, out, err } = await run(LOSES);
    expect({ code, err }).to.deep.equal({ code: 2, err: '' });
    expect(out).to.include('#### Would lose logs\n\n- 1 log group is no longer shipped: ');
  });

  it('prints one line of JSON, and ends as it does without', async () => {
    const { code, out } = await run(LOSES, '--json');
    expect(code).to.equal(2);
    expect(out).to.match(/^{.*}\n$/);
    expect(JSON.parse(out)).to.include({ version: 1, losesLogs: true });
  });

  it('takes what is logged and what Loki takes', async () => {
    const args = ['--gb-month', '120.5', '--delivery-kb', '4', '--max-streams', '10000'];
    const { out } = await run(GAINS, ...args);
    expect(out)
      .to.include('All log groups together log 120.5 GB a month')
      .and.include('in deliveries of 4 KB')
      .and.include('of 10,000 that Loki takes');
  });

  for (const [encoding, content] of [
    ['UTF-8 with a mark', Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(GAINS)])],
    ['UTF-16, as PowerShell writes it', Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(GAINS, 'utf16le')])],
  ] as const)
    it(`reads ${encoding}`, async () => expect((await run(content)).code).to.equal(0));

  it('reads standard input', () => {
    const command = ['--import', './tools/typescript.mjs', 'cli/main.ts', 'preview', '-'];
    const { status, stdout, stderr } = spawnSync(process.execPath, command, { input: LOSES, encoding: 'utf8' });
    expect({ status, stderr }).to.deep.equal({ status: 2, stderr: '' });
    expect(stdout).to.include('**Applying this plan would lose logs.**');
    const empty = spawnSync(process.execPath, command, { input: '', encoding: 'utf8' });
    expect(empty).to.include({ status: 3, stdout: '' });
    expect(empty.stderr).to.match(/^error: Standard input is empty: .*\.\n$/);
  }).timeout(20_000);

  it('ends with 3 and a sentence when there is no plan', async () => {
    expect(await run('{}')).to.include({ code: 3, out: '' });
    for (const [file, says] of [
      [join(folder, 'other.json'), 'is not there'],
      [folder, 'is a folder'],
    ]) {
      const surroundings = new ScriptedSurroundings([]);
      expect(await runCli(['preview', `${file}`], surroundings)).to.equal(3);
      expect(surroundings.stderr.text).to.equal(`error: ${file} ${says}.\n`);
    }
  });

  for (const args of [
    ['--gb-month', '0'],
    ['--gb-month', '-1'],
    ['--delivery-kb', '1e3'],
    ['--max-streams', 'many'],
    ['another.json'],
    ['--region', 'x'],
  ])
    it(`ends with 64 and prints nothing: ${args.join(' ')}`, async () => {
      const { code, out, err } = await run(LOSES, ...args);
      expect({ code, out }).to.deep.equal({ code: 64, out: '' });
      expect(err).to.match(/^error: /);
    });

  it('ends with 64 without a plan', async () => {
    expect(await runCli(['preview'], new ScriptedSurroundings([]))).to.equal(64);
  });
});
