import { allOf, type Shape, type Value } from './shape.ts';

export function fishScript(program: Shape): string {
  const lines = allOf(program).flatMap((command) => {
    const start = `complete -c ${program.name} -n ${quoted(conditionOf(command))}`;
    return [
      ...command.commands.map(({ name, description }) => `${start} -a ${name} -d ${quoted(description)}`),
      ...(command.argument ? [`${start}${offer(command.argument)}`] : []),
      ...command.options.map(({ flags, description, value }) => {
        const named = flags.map((flag) => (flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`));
        return `${start} ${named.join(' ')} -d ${quoted(description)}${value ? ` ${value.isFile ? '-r' : '-x'}${offer(value)}` : ''}`;
      }),
    ];
  });
  return `# fish completion for ${program.name}: ${program.name} completion fish > ~/.config/fish/completions/${program.name}.fish
complete -c ${program.name} -f
${lines.join('\n')}
`;
}

/** Whether the words before the cursor are those of the command, and of none below it. */
function conditionOf({ path, commands }: Shape): string {
  if (path === '') return '__fish_use_subcommand';
  const seen = path.split(' ').map((name) => `__fish_seen_subcommand_from ${name}`);
  const below = commands.map(({ name }) => name).join(' ');
  return [...seen, ...(below ? [`not __fish_seen_subcommand_from ${below}`] : [])].join('; and ');
}

function offer({ choices, isFile }: Value): string {
  if (isFile) return ' -F';
  return choices.length > 0 ? ` -a ${quoted(choices.join(' '))}` : '';
}

function quoted(text: string): string {
  return `'${text.replace(/['\\]/g, '\\$&')}'`;
}
