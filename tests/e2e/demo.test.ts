import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { expect } from 'chai';
import { REGION } from '../../tools/local/account.ts';
import { findTerraform } from '../../tools/local/terraform.ts';
import { eventually } from '../support/eventually.ts';
import { orSkip } from '../support/parts.ts';

describe('npm run demo', function () {
  this.timeout(600_000);

  before(async function () {
    await orSkip(this, findTerraform);
  });

  /** Starts the demo as npm does. */
  function start(...args: readonly string[]) {
    const child = spawn(process.execPath, ['--import', './tools/typescript.mjs', 'demo/main.ts', ...args]);
    const demo = { child, output: '', closed: once(child, 'close') };
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        demo.output += text;
      });
    return demo;
  }

  /** The folders of a demo's runs: there are those of others. */
  const runsOf = ({ pid }: ChildProcess) =>
    existsSync('.local/run') ? readdirSync('.local/run').filter((run) => run.startsWith(`${pid}-`)) : [];

  it('answers the question with lines of fun-checkout, and leaves nothing', async () => {
    const demo = start('--json');
    expect((await demo.closed)[0], demo.output).to.equal(0);
    const result = JSON.parse(demo.output.trimEnd().split('\n').at(-1) ?? '');
    expect(result).to.deep.include({ ok: true, query: `{language="python", location="${REGION}", name=~"fun.*"}` });
    expect(result.entries).to.be.greaterThan(0);
    expect(result.labels).to.deep.include({ name: 'fun-checkout', owner: 'team-checkout', language: 'python' });
    expect(demo.output).to.match(/Destroyed everything/);
    expect(runsOf(demo.child)).to.be.empty;
  });

  it('leaves no process and no file when it is interrupted in the middle of an apply', async () => {
    const demo = start();
    await eventually('an apply under way', async () => /Started Loki/.test(demo.output), 60_000);
    const [folder = ''] = runsOf(demo.child);
    expect(folder).not.to.equal('');
    await eventually('Terraform at work', async () =>
      existsSync(`.local/run/${folder}/examples/demo/.terraform.tfstate.lock.info`),
    );
    demo.child.kill('SIGINT');
    expect((await demo.closed)[0], demo.output).to.equal(130);
    expect(runsOf(demo.child)).to.be.empty;
    await eventually('all of its processes gone', async () => (await processesOf(folder)).length === 0);
  });

  it('refuses an option that it does not know', async () => {
    const demo = start('--kep');
    expect((await demo.closed)[0]).to.equal(1);
    expect(demo.output).to.include('There is no option --kep.').and.not.to.include('    at ');
  });

  async function processesOf(folder: string): Promise<readonly string[]> {
    const ps = spawn('ps', ['-eo', 'args']);
    let list = '';
    ps.stdout.setEncoding('utf8').on('data', (text: string) => {
      list += text;
    });
    await once(ps, 'close');
    return list.split('\n').filter((line) => line.includes(`.local/run/${folder}`));
  }
});
