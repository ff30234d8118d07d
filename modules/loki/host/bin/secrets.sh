# shellcheck shell=bash
# Secrets Manager, for the steps that source it after common.sh.

# Prints the value of the secret $1; 1 when it has none yet.
secret_value() {
  local value words
  words=$(mktemp)
  if value=$(aws secretsmanager get-secret-value --secret-id "$1" --query SecretString --output text 2>"$words"); then
    rm "$words"
    printf '%s' "$value"
    return
  fi
  value=$(tail --lines 1 "$words")
  rm "$words"
  [[ $value == *ResourceNotFoundException* ]] && return 1
  fail "the secret $1 cannot be read: $value" "see to the way to Secrets Manager, the instance's role and the key of the secret"
}

# Prints the value of the secret $1, which gets what the command after it prints if it has none yet. None is ever
# overwritten: a token that is always the same lets one first value through, also when two instances come at once.
# https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutSecretValue.html
secret_or_new() {
  local arn=$1 file words
  shift
  secret_value "$arn" && return
  [[ ! -s $FAILURE ]] || exit 1
  # In a file, as arguments can be read by all.
  file=$(umask 077 && mktemp)
  "$@" >"$file"
  words=$(aws secretsmanager put-secret-value --secret-id "$arn" --secret-string "file://$file" \
    --client-request-token "$(sha256sum <<<"$arn" | cut -c 1-64)" 2>&1) || true
  rm "$file"
  secret_value "$arn" ||
    fail "the secret $arn gets no value: $(tail --lines 1 <<<"$words")" "see to the instance's role: it needs secretsmanager:PutSecretValue"
}
