import { expect } from 'chai';
import { runCli } from '../../cli/program.ts';
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

  it('shows help, with the exit codes', async () => {
    expect(await run('--help')).to.include({ code: 0, err: '' });
    for (const command of ['replay', 'backfill']) {
      const { code, out } = await run(command, '--help');
      expect(code).to.equal(0);
      expect(out).to.match(/Exit code:\n {2}0 .*\n {2}1 .*\n {2}2 .*\n {2}3 .*\n {2}130 /);
    }
  });

  it('refuses what there is not, in a sentence', async () => {
    expect(await run('reply')).to.deep.include({ code: 2, out: '' });
    expect(await run('replay', '--form', '2h')).to.deep.equal({
      code: 2,
      out: '',
      err: "error: unknown option '--form'\n(Did you mean --from?)\n",
    });
    for (const args of [[], ['replay', 'x'], ['replay', '--group']]) {
      const { code, err } = await run(...args);
      expect(code, args.join(' ')).to.equal(2);
      expect(err, args.join(' ')).to.not.equal('');
    }
  });
});
