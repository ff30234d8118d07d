import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { Argument, Command } from 'commander';
import { bashScript } from '../../../cli/completion/bash.ts';
import { fishScript } from '../../../cli/completion/fish.ts';
import { shapeOf } from '../../../cli/completion/shape.ts';
import { zshScript } from '../../../cli/completion/zsh.ts';
import { defineProgram, runCli } from '../../../cli/program.ts';
import { repeated } from '../../../cli/repeated.ts';
import { expectGolden } from '../../support/golden.ts';
import { ScriptedSurroundings } from '../scripted-surroundings.ts';

/** Words that are not easy to quote, commands below commands, values of all kinds. */
function example(): Command {
  const program = new Command('an-example').version('1');
  program
    .command('show')
    .description("Shows what's [there]: all `of` it, for $1")
    .argument('<group...>')
    .option('--name <name>', 'a: name')
    .addOption(new Command().createOption('--as <form>', 'how').choices(['text', 'json']))
    .option('--tag <k=v>', 'again', repeated(String))
    .option('--profile <profile>', 'no file');
  program.command('check').addArgument(new Argument('<plan.json>'));
  const demo = program.command('demo').description('More');
  demo.command('start').option('--out <file>', 'where to');
  demo.command('stop');
  return program;
}

const isThere = (shell: string) => spawnSync(shell, ['-c', 'true']).status === 0;
const SCRIPTS = { bash: bashScript, zsh: zshScript, fish: fishScript } as const;

describe('The completion', () => {
  const folder = mkdtempSync(join(tmpdir(), 'loki-shipper-'));
  after(() => rmSync(folder, { recursive: true }));

  const printed = async (shell: string) => {
    const surroundings = new ScriptedSurroundings([]);
    expect(await runCli(['completion', shell], surroundings)).to.equal(0);
    return surroundings.stdout.text;
  };

  for (const shell of Object.keys(SCRIPTS) as (keyof typeof SCRIPTS)[]) {
    it(`for ${shell} names every command and option of the program, and none twice`, async () => {
      const script = await printed(shell);
      const { commands } = defineProgram(new ScriptedSurroundings([]), () => undefined);
      for (const command of commands) {
        expect(script).to.include(command.name());
        for (const { long } of command.options)
          expect(script).to.include(shell === 'fish' ? `-l ${long?.slice(2)} ` : `${long}`);
      }
    });

    it(`for ${shell} is what the golden file has`, () =>
      expectGolden(`tests/cli/completion/golden/example.${shell}`, SCRIPTS[shell](shapeOf(example()))));

    it(`for ${shell} is right for ${shell}`, async function () {
      if (!isThere(shell)) this.skip();
      for (const script of [await printed(shell), SCRIPTS[shell](shapeOf(example()))]) {
        const file = join(folder, `script.${shell}`);
        writeFileSync(file, script);
        execFileSync(shell, ['-n', file]);
      }
    });
  }

  /** What is typed, the last word being incomplete → what may follow. */
  const COMPLETIONS: readonly (readonly [typed: readonly string[], offered: readonly string[]])[] = [
    [['sh'], ['show']],
    [
      ['demo', 'st'],
      ['start', 'stop'],
    ],
    [['show', '--a'], ['--as']],
    [
      ['show', '--as', ''],
      ['json', 'text'],
    ],
    [['show', '--name', 'demo', '--ta'], ['--tag']],
    [['demo', 'start', '--o'], ['--out']],
    [['demo', 'stop', '--o'], []],
    [['show', '--name', ''], []],
    [['show', '--profile', ''], []],
    [['check', 'plan'], ['plan.json']],
    [['demo', 'start', '--out', 'pl'], ['plan.json']],
  ];

  const offeredBy: Readonly<Record<string, (script: string, typed: readonly string[]) => string>> = {
    bash: (script, typed) =>
      execFileSync(
        'bash',
        [
          '-c',
          `source ${script}; COMP_CWORD=$#; COMP_WORDS=(an-example "$@"); _an_example; printf '%s\\n' "\${COMPREPLY[@]}"`,
          'bash',
          ...typed,
        ],
        { cwd: folder, encoding: 'utf8' },
      ),
    fish: (script, typed) =>
      execFileSync(
        'fish',
        ['--no-config', '-c', `source ${script}; complete -C "$argv"`, ['an-example', ...typed].join(' ')],
        { cwd: folder, encoding: 'utf8', env: { ...process.env, HOME: folder } },
      ),
  };
  for (const [shell, offered] of Object.entries(offeredBy))
    for (const [typed, expected] of COMPLETIONS)
      it(`in ${shell} offers ${expected.join(' and ') || 'nothing'} after ${typed.join(' ')}`, function () {
        if (!isThere(shell)) this.skip();
        const script = join(folder, `completion.${shell}`);
        writeFileSync(script, SCRIPTS[shell as keyof typeof SCRIPTS](shapeOf(example())));
        writeFileSync(join(folder, 'plan.json'), '');
        // fish says more after a tab.
        const words = offered(script, typed)
          .split('\n')
          .map((line) => line.split('\t')[0] ?? '');
        expect(words.filter((word) => word !== '').sort()).to.deep.equal(expected);
      });

  it('is refused for another shell', async () => {
    const surroundings = new ScriptedSurroundings([]);
    expect(await runCli(['completion', 'tcsh'], surroundings)).to.equal(64);
    expect(surroundings.stderr.text).to.include('Allowed choices are bash, zsh, fish.');
  });
});
