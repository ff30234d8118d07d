#compdef an-example
# zsh completion for an-example: ~/.zshrc may have, after compinit,  source <(an-example completion zsh)
_an_example() {
  local state line context state_descr
  typeset -A opt_args
  local -a commands
  commands=(
    'show:Shows what'\''s [there]: all `of` it, for $1'
    'check:'
    'demo:More'
  )
  _arguments -C \
    '(-V --version)'{-V,--version}'[output the version number]' \
    '(-h --help)'{-h,--help}'[display help for command]' \
    '1: :->command' \
    '*:: :->rest'
  case "$state" in
    command) _describe command commands ;;
    rest)
      case "$line[1]" in
        show) _an_example__show ;;
        check) _an_example__check ;;
        demo) _an_example__demo ;;
      esac
      ;;
  esac
}
_an_example__show() {
  _arguments -s \
    '--name[a\: name]:name: ' \
    '--as[how]:form:(text json)' \
    '*--tag[again]:k=v: ' \
    '--profile[no file]:profile: ' \
    '(-h --help)'{-h,--help}'[display help for command]' \
    '*:group: '
}
_an_example__check() {
  _arguments -s \
    '(-h --help)'{-h,--help}'[display help for command]' \
    '*:plan.json:_files'
}
_an_example__demo() {
  local state line context state_descr
  typeset -A opt_args
  local -a commands
  commands=(
    'start:'
    'stop:'
  )
  _arguments -C \
    '(-h --help)'{-h,--help}'[display help for command]' \
    '1: :->command' \
    '*:: :->rest'
  case "$state" in
    command) _describe command commands ;;
    rest)
      case "$line[1]" in
        start) _an_example__demo_start ;;
        stop) _an_example__demo_stop ;;
      esac
      ;;
  esac
}
_an_example__demo_start() {
  _arguments -s \
    '--out[where to]:file:_files' \
    '(-h --help)'{-h,--help}'[display help for command]'
}
_an_example__demo_stop() {
  _arguments -s \
    '(-h --help)'{-h,--help}'[display help for command]'
}
if [ "$funcstack[1]" = "_an_example" ]; then
  _an_example "$@"
else
  compdef _an_example an-example
fi
