import { allOf, type OptionShape, type Shape, type Value } from './shape.ts';

export function zshScript(program: Shape): string {
  const main = functionOf(program, program);
  return `#compdef ${program.name}
# zsh completion for ${program.name}: ~/.zshrc may have, after compinit,  source <(${program.name} completion zsh)
${allOf(program)
  .map((command) => definition(program, command))
  .join('\n')}
if [ "$funcstack[1]" = "${main}" ]; then
  ${main} "$@"
else
  compdef ${main} ${program.name}
fi
`;
}

function definition(program: Shape, command: Shape): string {
  const { commands, argument } = command;
  const specs = command.options.map(specOf);
  if (commands.length === 0) {
    if (argument) specs.push(`'*:${escaped(argument.name)}:${action(argument)}'`);
    return `${functionOf(program, command)}() {\n  _arguments -s \\\n    ${specs.join(' \\\n    ')}\n}`;
  }
  return `${functionOf(program, command)}() {
  local state line context state_descr
  typeset -A opt_args
  local -a commands
  commands=(
${commands.map(({ name, description }) => `    ${quoted(`${name}:${description}`)}`).join('\n')}
  )
  _arguments -C \\
    ${[...specs, "'1: :->command'", "'*:: :->rest'"].join(' \\\n    ')}
  case "$state" in
    command) _describe command commands ;;
    rest)
      case "$line[1]" in
${commands.map((each) => `        ${each.name}) ${functionOf(program, each)} ;;`).join('\n')}
      esac
      ;;
  esac
}`;
}

function functionOf(program: Shape, { path }: Shape): string {
  return ['_', program.name, path && `__${path}`].join('').replace(/[- ]/g, '_');
}

function specOf({ flags, description, value, repeats }: OptionShape): string {
  const text = `[${escaped(description)}]`;
  const after = value ? `:${escaped(value.name)}:${action(value)}` : '';
  if (flags.length > 1) return `'(${flags.join(' ')})'{${flags.join(',')}}${quoted(text + after)}`;
  return quoted(`${repeats ? '*' : ''}${flags[0]}${text}${after}`);
}

function action({ choices, isFile }: Value): string {
  if (isFile) return '_files';
  return choices.length > 0 ? `(${choices.join(' ')})` : ' ';
}

function escaped(text: string): string {
  return text.replace(/[[\]:\\]/g, '\\$&');
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
