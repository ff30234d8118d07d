import { Argument, type Command } from 'commander';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { exitCodes } from '../exit-codes.ts';
import type { Surroundings } from '../surroundings.ts';
import { bashScript } from './bash.ts';
import { fishScript } from './fish.ts';
import { shapeOf } from './shape.ts';
import { zshScript } from './zsh.ts';

const SCRIPTS = { bash: bashScript, zsh: zshScript, fish: fishScript } as const;

const HELP = `
In ~/.bashrc:  source <(loki-shipper completion bash)
In ~/.zshrc, after compinit:  source <(loki-shipper completion zsh)
For fish, once:  loki-shipper completion fish > ~/.config/fish/completions/loki-shipper.fish

${exitCodes({ ok: 'the script is printed', failed: null, interrupted: null })}`;

export function completionCommand(program: Command, { stdout }: Surroundings, end: (code: ExitCode) => void): void {
  program
    .command('completion')
    .description('Prints the script with which a shell completes commands and options.')
    .addArgument(new Argument('<shell>').choices(Object.keys(SCRIPTS)))
    .addHelpText('after', HELP)
    .allowExcessArguments(false)
    .action((shell: keyof typeof SCRIPTS) => {
      stdout.write(SCRIPTS[shell](shapeOf(program)));
      end(EXIT.ok);
    });
}
