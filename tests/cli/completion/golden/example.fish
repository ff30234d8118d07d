# fish completion for an-example: an-example completion fish > ~/.config/fish/completions/an-example.fish
complete -c an-example -f
complete -c an-example -n '__fish_use_subcommand' -a show -d 'Shows what\'s [there]: all `of` it, for $1'
complete -c an-example -n '__fish_use_subcommand' -a check -d ''
complete -c an-example -n '__fish_use_subcommand' -a demo -d 'More'
complete -c an-example -n '__fish_use_subcommand' -s V -l version -d 'output the version number'
complete -c an-example -n '__fish_use_subcommand' -s h -l help -d 'display help for command'
complete -c an-example -n '__fish_seen_subcommand_from show'
complete -c an-example -n '__fish_seen_subcommand_from show' -l name -d 'a: name' -x
complete -c an-example -n '__fish_seen_subcommand_from show' -l as -d 'how' -x -a 'text json'
complete -c an-example -n '__fish_seen_subcommand_from show' -l tag -d 'again' -x
complete -c an-example -n '__fish_seen_subcommand_from show' -l profile -d 'no file' -x
complete -c an-example -n '__fish_seen_subcommand_from show' -s h -l help -d 'display help for command'
complete -c an-example -n '__fish_seen_subcommand_from check' -F
complete -c an-example -n '__fish_seen_subcommand_from check' -s h -l help -d 'display help for command'
complete -c an-example -n '__fish_seen_subcommand_from demo; and not __fish_seen_subcommand_from start stop' -a start -d ''
complete -c an-example -n '__fish_seen_subcommand_from demo; and not __fish_seen_subcommand_from start stop' -a stop -d ''
complete -c an-example -n '__fish_seen_subcommand_from demo; and not __fish_seen_subcommand_from start stop' -s h -l help -d 'display help for command'
complete -c an-example -n '__fish_seen_subcommand_from demo; and __fish_seen_subcommand_from start' -l out -d 'where to' -r -F
complete -c an-example -n '__fish_seen_subcommand_from demo; and __fish_seen_subcommand_from start' -s h -l help -d 'display help for command'
complete -c an-example -n '__fish_seen_subcommand_from demo; and __fish_seen_subcommand_from stop' -s h -l help -d 'display help for command'
