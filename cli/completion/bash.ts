import { allOf, type Shape, type Value } from './shape.ts';

/** Also for the bash 3.2 of macOS. */
export function bashScript(program: Shape): string {
  const commands = allOf(program);
  const values = commands.flatMap(({ path, options }) =>
    options.flatMap(({ flags, value }) => (value ? flags.map((flag) => ({ after: `${path} ${flag}`, value })) : [])),
  );
  return `# bash completion for ${program.name}: ~/.bashrc may have  source <(${program.name} completion bash)
_${id(program)}() {
  local current="\${COMP_WORDS[COMP_CWORD]}" path='' words='' files='' i
  COMPREPLY=()
  # The command: words that are no values of options.
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "$path \${COMP_WORDS[i - 1]}" in
      ${cases(values.map(({ after }) => after))}) continue ;;
    esac
    case "$path \${COMP_WORDS[i]}" in
      ${cases(commands.slice(1).map(({ path }) => (path.includes(' ') ? path : ` ${path}`)))}) path="\${path:+$path }\${COMP_WORDS[i]}" ;;
    esac
  done
  case "$path \${COMP_WORDS[COMP_CWORD - 1]}" in
${values.map(({ after, value }) => `    '${after}') ${offer(value)} ;;`).join('\n')}
    *)
      case "$path" in
${commands.map((command) => `        '${command.path}') ${offerAfter(command)} ;;`).join('\n')}
      esac
      ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  if [ -n "$files" ]; then
    type compopt >/dev/null 2>&1 && compopt -o filenames
    COMPREPLY+=($(compgen -f -- "$current"))
  fi
}
complete -F _${id(program)} ${program.name}
`;
}

function id({ name }: Shape): string {
  return name.replaceAll('-', '_');
}

function cases(patterns: readonly string[]): string {
  return patterns.map((pattern) => `'${pattern}'`).join(' | ');
}

function offer({ choices, isFile }: Value): string {
  return isFile ? 'files=1' : `words='${choices.join(' ')}'`;
}

function offerAfter({ commands, options, argument }: Shape): string {
  const words = [
    ...commands.map(({ name }) => name),
    ...(argument?.choices ?? []),
    ...options.flatMap(({ flags }) => flags),
  ];
  return `words='${words.join(' ')}'${argument?.isFile ? ' files=1' : ''}`;
}
