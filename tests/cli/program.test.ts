import { expect } from 'chai';
import { defineProgram, runCli } from '../../cli/program.ts';
import { expectGolden } from '../support/golden.ts';
import { ScriptedSurroundings } from './scripted-surroundings.ts';

describe('The command line', () => {
  const run = async (...args: string[]) => {
    const surroundings = new ScriptedSurroundings([]);
    const code = await runCli(args, surroundings);
    return { code, out: surroundings.stdout.text, err: surroundings.stderr.text };
  };

  it('says its version', async () => {
    const { code, out } = await run('--version');
    expect(code).to.equal(0);
    expect(out).to.match(/^\d+\.\d+\.\d+\n$/);
  });

  it('shows help', async () => {
    const { code, out } = await run('--help');
    expect(code).to.equal(0);
    expectGolden('tests/cli/golden/help.txt', out);
  });

  const { commands } = defineProgram(new ScriptedSurroundings([]), () => undefined);
  for (const name of commands.map((command) => command.name()))
    it(`shows help for ${name}, with the exit codes`, async () => {
      const { code, out } = await run(name, '--help');
      expect(code).to.equal(0);
      expect(out).to.match(/\nExit code:\n {2}0 /);
      expectGolden(`tests/cli/${name}/golden/help.txt`, out);
    });

  it('says an error without what a terminal would obey', async () => {
    const { code, err } = await run('preview', 'no\x1b[2J.json');
    expect(code).to.equal(3);
    expect(err).to.match(/^error: .*no\ufffd\[2J\.json.*\n$/);
  });

  it('refuses what there is not, in a sentence', async () => {
    expect(await run('reply')).to.deep.include({ code: 64, out: '' });
    expect(await run('replay', '--form', '2h')).to.deep.equal({
      code: 64,
      out: '',
      err: "error: unknown option '--form'\n(Did you mean --from?)\n",
    });
    for (const args of [[], ['replay', 'x'], ['replay', '--group']]) {
      const { code, err } = await run(...args);
      expect(code, args.join(' ')).to.equal(64);
      expect(err, args.join(' ')).to.not.equal('');
    }
  });
});
