# bash completion for an-example: ~/.bashrc may have  source <(an-example completion bash)
_an_example() {
  local current="${COMP_WORDS[COMP_CWORD]}" path='' words='' files='' i
  COMPREPLY=()
  # The command: words that are no values of options.
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "$path ${COMP_WORDS[i - 1]}" in
      'show --name' | 'show --as' | 'show --tag' | 'show --profile' | 'demo start --out') continue ;;
    esac
    case "$path ${COMP_WORDS[i]}" in
      ' show' | ' check' | ' demo' | 'demo start' | 'demo stop') path="${path:+$path }${COMP_WORDS[i]}" ;;
    esac
  done
  case "$path ${COMP_WORDS[COMP_CWORD - 1]}" in
    'show --name') words='' ;;
    'show --as') words='text json' ;;
    'show --tag') words='' ;;
    'show --profile') words='' ;;
    'demo start --out') files=1 ;;
    *)
      case "$path" in
        '') words='show check demo -V --version -h --help' ;;
        'show') words='--name --as --tag --profile -h --help' ;;
        'check') words='-h --help' files=1 ;;
        'demo') words='start stop -h --help' ;;
        'demo start') words='--out -h --help' ;;
        'demo stop') words='-h --help' ;;
      esac
      ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  if [ -n "$files" ]; then
    type compopt >/dev/null 2>&1 && compopt -o filenames
    COMPREPLY+=($(compgen -f -- "$current"))
  fi
}
complete -F _an_example an-example
