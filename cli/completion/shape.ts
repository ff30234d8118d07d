import type { Argument, Command, Option } from 'commander';
import { isRepeated } from '../repeated.ts';

/** What can be typed after a command: what the shells' scripts are made of. */
export interface Shape {
  /** The names of the command and of those above it, without the program's: `demo start`; empty for the program. */
  readonly path: string;
  readonly name: string;
  readonly description: string;
  readonly options: readonly OptionShape[];
  readonly argument: Value | undefined;
  readonly commands: readonly Shape[];
}

export interface OptionShape {
  /** `--group`, or `-h` and `--help`. */
  readonly flags: readonly string[];
  readonly description: string;
  /** What must follow it; undefined for nothing. */
  readonly value: Value | undefined;
  /** Whether it may be given more than once. */
  readonly repeats: boolean;
}

export interface Value {
  readonly name: string;
  /** Empty where all may be right. */
  readonly choices: readonly string[];
  readonly isFile: boolean;
}

/** The commands and options that help shows. */
export function shapeOf(command: Command, above: readonly string[] = []): Shape {
  const help = command.createHelp();
  // The command `help` is left out: the option does the same, and takes no names that would have to be completed.
  const commands = help.visibleCommands(command).filter((each) => each.name() !== 'help');
  const [argument] = command.registeredArguments;
  return {
    path: above.join(' '),
    name: command.name(),
    description: command.description(),
    options: help.visibleOptions(command).map(optionOf),
    argument: argument && typedValue(argument.name(), argument),
    commands: commands.map((each) => shapeOf(each, [...above, each.name()])),
  };
}

/** All commands, the program first. */
export function allOf(shape: Shape): readonly Shape[] {
  return [shape, ...shape.commands.flatMap(allOf)];
}

function optionOf(option: Option): OptionShape {
  const { short, long, required, optional, flags, description, parseArg } = option;
  return {
    flags: [short, long].filter((flag) => flag !== undefined),
    description,
    value: required || optional ? typedValue(/[<[](.+?)[\]>]/.exec(flags)?.[1] ?? 'value', option) : undefined,
    repeats: option.variadic || isRepeated(parseArg),
  };
}

/** What is a file is named so, or its description begins with it. */
function typedValue(
  name: string,
  { argChoices = [], description }: Pick<Option | Argument, 'argChoices' | 'description'>,
): Value {
  const isFile = /(^|-)(file|folder|path)$|\.[a-z]+$/i.test(name) || /^(file|folder) /.test(description);
  return { name, choices: argChoices, isFile };
}
