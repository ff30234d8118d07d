# shellcheck shell=bash disable=SC2034 # Who sources it uses the variables.
# For the scripts of the host, which source it: settings, places, and the few things that all of them do.
set -Eeuo pipefail
shopt -s inherit_errexit
umask 022
# The last words of a script that ends where nobody thought of.
trap 'echo "$0, line $LINENO: $BASH_COMMAND" >&2' ERR

HOST=$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")
# What is to be kept of one run for the next. On the root volume: who replaces the instance starts anew.
STATE=/var/lib/loki-host
UNITS=/etc/systemd/system
# What nginx reads, besides its configuration.
NGINX=/etc/loki-host

set -o allexport
# shellcheck source=/dev/null
source "$HOST/host.env"
set +o allexport

# Ends a step: $1 failed, $2 is to be done. FAILURE is the file from which `apply` reports.
fail() {
  printf '%s\n%s\n' "$1" "$2" >"$FAILURE"
  exit 1
}

# Runs a command. Should it fail, so does the step: $1 failed, $2 is to be done.
attempt() {
  local what=$1 advice=$2 words
  shift 2
  words=$("$@" 2>&1) || fail "$what: $(tail --lines 1 <<<"$words")" "$advice"
}

# Writes standard input to the file $1 with mode $2 and owner $3, in one go, if that changes anything.
put_file() {
  local new
  new=$(mktemp "$1.XXXXXX")
  cat >"$new"
  chown "$3" "$new"
  chmod "$2" "$new"
  if [[ -f $1 && $(stat --format '%a %u:%g' "$1") == "$(stat --format '%a %u:%g' "$new")" ]] && cmp --silent "$new" "$1"; then
    rm "$new"
  else
    mv "$new" "$1"
  fi
}

# Has /etc/fstab say $3, and nothing else, where the field number $1 is $2; without $3, nothing at all.
put_fstab() {
  local entry=${3:-} others
  [[ $(awk -v field="$1" -v value="$2" '$field == value' /etc/fstab) != "$entry" ]] || return 0
  others=$(awk -v field="$1" -v value="$2" '$field != value' /etc/fstab)
  printf '%s\n' "$others" ${entry:+"$entry"} | put_file /etc/fstab 644 0:0
}

# Puts CloudWatch metrics of this host: name, value and unit of each.
put_metrics() {
  local data=()
  while [[ $# -gt 0 ]]; do
    data+=("MetricName=$1,Value=$2,Unit=$3,Dimensions=[{Name=Host,Value=$NAME}]")
    shift 3
  done
  aws cloudwatch put-metric-data --namespace "$METRIC_NAMESPACE" --metric-data "${data[@]}"
}
