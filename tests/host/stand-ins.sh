#!/usr/bin/env bash
# Stands in for the programs of the host that a test machine does not have or must not run, under each of their names:
# aws, docker, dnf, rpm, systemctl, nginx, needs-restarting, swapon, swapoff, sleep. It records what it was called with,
# fails where a test asks for it (/stand-ins/faults: a pattern and the words of the failure, a line each), and knows as
# much of the real program's state as the scripts of the host look at.
set -euo pipefail
cd /stand-ins
name=$(basename "$0")
call="$name $*"
printf '%s\n' "${call//$'\n'/ }" >>calls

while IFS=$'\t' read -r pattern words; do
  if [[ $call =~ $pattern ]]; then
    echo "$words" >&2
    exit 1
  fi
done <faults

# Whether the set $1 (a file) has $2; puts it in; takes it out.
has() { grep --quiet --line-regexp --fixed-strings -- "$2" "state/$1" 2>/dev/null; }
put() { has "$1" "$2" || echo "$2" >>"state/$1"; }
take() { sed --in-place "\|^$2\$|d" "state/$1" 2>/dev/null || true; }

# The value after the option $1 of the arguments that follow.
option() {
  local wanted=$1
  while [[ $2 != "$wanted" ]]; do shift; done
  echo "$3"
}

aws_secret() {
  local secret token
  secret=secrets/$(option --secret-id "$@")
  case $1 in
    get-secret-value)
      [[ -f $secret ]] || {
        echo "An error occurred (ResourceNotFoundException) when calling the GetSecretValue operation: Secrets Manager can't find the specified secret value for staging label: AWSCURRENT" >&2
        exit 254
      }
      cat "$secret"
      echo
      ;;
    put-secret-value)
      # What another instance does meanwhile, once.
      if [[ -f before-put ]]; then
        bash before-put
        rm before-put
        put tokens "$(option --client-request-token "$@")"
      fi
      token=$(option --client-request-token "$@")
      if has tokens "$token"; then
        echo "An error occurred (ResourceExistsException) when calling the PutSecretValue operation: you can't use ClientRequestToken $token" >&2
        exit 254
      fi
      put tokens "$token"
      cp "$(option --secret-string "$@" | sed 's|^file://||')" "$secret"
      ;;
  esac
}

aws_copy() {
  local source=${*: -2:1}
  [[ -f bucket/${source#s3://} ]] || {
    echo "fatal error: An error occurred (403) when calling the HeadObject operation: Forbidden ($source)" >&2
    exit 1
  }
  mkdir -p "$(dirname "${*: -1}")"
  cp "bucket/${source#s3://}" "${*: -1}"
}

# Unit $1 as the states name it.
unit() { echo "${1%.service}"; }

case $name in
  aws)
    case "$1 $2" in
      's3 cp') aws_copy "$@" ;;
      secretsmanager\ *) aws_secret "${@:2}" ;;
      'cloudwatch put-metric-data') ;;
      *) exit 252 ;;
    esac
    ;;
  rpm) has packages "${*: -1}" ;;
  dnf)
    [[ $1 == install ]] || exit 0
    for package in "${@:2}"; do
      [[ $package == -* ]] || put packages "$package"
    done
    # As the package's script does.
    grep --quiet '^nginx:' /etc/group || echo 'nginx:x:989:' >>/etc/group
    ;;
  needs-restarting) exit "$(cat state/needs-restarting 2>/dev/null || echo 0)" ;;
  docker)
    case "$1 $2" in
      'network inspect') has networks "$3" ;;
      'network create') put networks "$3" ;;
      'image inspect') has images "$3" ;;
      'pull --quiet') put images "$3" ;;
      'exec --interactive') cat >state/grafana-password ;;
      *) exit 125 ;;
    esac
    ;;
  systemctl)
    case $1 in
      is-active) has active "$(unit "$3")" ;;
      is-enabled) has enabled "$(unit "$3")" ;;
      is-failed) has failed "$(unit "$3")" ;;
      enable)
        put enabled "$(unit "${*: -1}")"
        [[ $2 != --now ]] || put active "$(unit "${*: -1}")"
        ;;
      restart) put active "$(unit "$2")" ;;
      daemon-reload | reload | reboot) ;;
      *) exit 1 ;;
    esac
    ;;
  nginx)
    ! grep --with-filename --line-number bad_directive /etc/nginx/conf.d/loki-host.conf >state/nginx-words || {
      echo "nginx: [emerg] unknown directive \"bad_directive\" in /etc/nginx/conf.d/loki-host.conf:1" >&2
      exit 1
    }
    ;;
  swapon) if [[ $1 == --show=NAME ]]; then cat state/swaps 2>/dev/null || true; else put swaps "$1"; fi ;;
  swapoff) take swaps "$1" ;;
  # Time passes by what a test does meanwhile.
  sleep) [[ ! -f while-asleep ]] || bash while-asleep ;;
esac
