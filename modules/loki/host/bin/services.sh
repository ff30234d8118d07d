# shellcheck shell=bash
# systemd and Docker, for the steps that source it after common.sh.

# Installs units of `units/` (paths below it), and switches on what they name in [Install]. Timers are started, and
# started anew when they have changed.
install_units() {
  local unit changed=()
  for unit in "$@"; do
    cmp --silent "$HOST/units/$unit" "$UNITS/$unit" && continue
    mkdir -p "$(dirname "$UNITS/$unit")"
    put_file "$UNITS/$unit" 644 0:0 <"$HOST/units/$unit"
    changed+=("$unit")
  done
  if [[ ${#changed[@]} -gt 0 ]]; then attempt 'systemd cannot be reloaded' 'systemctl status' systemctl daemon-reload; fi
  for unit in "$@"; do
    grep --quiet '^\[Install\]' "$HOST/units/$unit" || continue
    systemctl is-enabled --quiet "$unit" || attempt "$unit cannot be enabled" "systemctl status $unit" systemctl enable "$unit"
    [[ $unit == *.timer ]] || continue
    if [[ " ${changed[*]} " == *" $unit "* ]] || ! systemctl is-active --quiet "$unit"; then
      attempt "$unit does not start" "systemctl status $unit" systemctl restart "$unit"
    fi
  done
}

# Docker runs, with the network of the containers and the image $1.
prepare_docker() {
  if ! systemctl is-active --quiet docker || ! systemctl is-enabled --quiet docker; then
    attempt 'Docker does not start' 'journalctl --unit docker' systemctl enable --now docker
  fi
  docker network inspect loki >/dev/null 2>&1 ||
    attempt 'Docker makes no network' 'journalctl --unit docker' docker network create loki
  docker image inspect "$1" >/dev/null 2>&1 ||
    attempt "the image $1 cannot be pulled" 'see to the way to its registry (NAT gateway, proxy), and to its name and digest' docker pull --quiet "$1"
}

# Starts the container of the unit $1.service, or starts it anew if anything of it has changed: its unit, the settings
# that the unit names, or the files and folders that follow. What unit and container read are copies in $STATE/$1, which
# change at no other time than this: a container that ends meanwhile comes back as it was.
apply_service() {
  local name=$1 new=$STATE/$1.new wanted
  shift
  rm -rf "$new" && mkdir "$new"
  cp --recursive --dereference "$@" "$new"
  settings "$name" >"$new/settings.env"
  wanted=$(fingerprint "$name" "$new")
  install_units "$name.service"
  if [[ $(cat "$STATE/$name.fingerprint" 2>/dev/null) == "$wanted" ]] && systemctl is-active --quiet "$name"; then
    rm -rf "$new"
    return
  fi
  rm -rf "${STATE:?}/$name"
  mv "$new" "$STATE/$name"
  attempt "$name does not start" "journalctl --unit $name" systemctl restart "$name"
  echo "$wanted" >"$STATE/$name.fingerprint"
}

# The settings that the unit $1.service names, as in host.env.
settings() {
  local setting
  for setting in $(grep --only-matching '[$]{[A-Z_]*}' "$HOST/units/$1.service" | tr --delete '{}$' | sort --unique); do
    echo "$setting=\"${!setting}\""
  done
}

fingerprint() {
  {
    cat "$HOST/units/$1.service"
    cd "$2" || return
    find . -type f -print0 | sort --zero-terminated | xargs --null --no-run-if-empty sha256sum
  } | sha256sum
}
