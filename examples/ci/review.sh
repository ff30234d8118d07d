#!/usr/bin/env bash
# Reviews what a pull or merge request changes in the shipping of logs: plan, preview, checkov, one comment.
# Runs in GitHub Actions and GitLab CI, after the credentials are there. Fails at the end, when the comment says why.
#
# STACK       folder of the Terraform configuration. Default: .
# LOSS_LABEL  label on the request that accepts lost logs. Default: loses-logs-on-purpose
# TERRAFORM   terraform, or tofu. Default: terraform
# GITHUB_TOKEN in GitHub, REVIEW_TOKEN in GitLab: writes the comment and reads the labels
set -euo pipefail
shopt -s inherit_errexit
# A plan holds sensitive values as they are: nobody else reads it, and it is gone at the end.
umask 077
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

readonly STACK="${STACK:-.}" LOSS_LABEL="${LOSS_LABEL:-loses-logs-on-purpose}" TERRAFORM="${TERRAFORM:-terraform}"
# Not shown. By it the next run finds the comment and edits it.
readonly MARKER="<!-- loki-shipper review of $STACK -->"

failures=() # Why the review fails, in sentences.
notes=()    # What else is to be known.

main() {
  need "$TERRAFORM" node checkov curl jq
  use_api
  if plan; then
    preview
    check
  fi
  comment
  verdict
}

need() {
  local program
  for program; do
    command -v "$program" > /dev/null || stop "$program is missing: install it in the image or in a step before this one."
  done
}

stop() {
  echo "$*" >&2
  exit 1
}

# Terraform's words stay in the log: an error may quote a value that a comment would show to more people.
plan() {
  local code=0
  {
    "$TERRAFORM" -chdir="$STACK" init -input=false -no-color &&
      # Who only reads cannot lock the state, and a plan that nobody applies needs no lock.
      "$TERRAFORM" -chdir="$STACK" plan -input=false -no-color -lock=false -detailed-exitcode -out="$work/plan"
  } || code=$?
  if ((code == 0)); then notes+=('The plan changes nothing.'); fi
  if ((code == 0 || code == 2)) && "$TERRAFORM" -chdir="$STACK" show -json "$work/plan" > "$work/plan.json"; then return; fi
  failures+=("The plan failed. The log of the job says why.")
  return 1
}

# The module's own command line, so that the preview is of the same version as the plan.
preview() {
  local code=0 programs=("$STACK"/.terraform/modules/*/bin/loki-shipper.mjs)
  if [[ ! -f ${programs[0]} ]]; then
    failures+=("There is no preview: no module in $STACK/.terraform/modules has bin/loki-shipper.mjs.")
    return
  fi
  node "${programs[0]}" preview - < "$work/plan.json" > "$work/preview.md" || code=$?
  case $code in
    0) ;;
    2) judge_loss ;;
    *) failures+=("There is no preview: loki-shipper ended with $code. The log of the job says why.") ;;
  esac
}

judge_loss() {
  local names
  names=$(labels)
  if grep --quiet --line-regexp --fixed-strings -- "$LOSS_LABEL" <<< "$names"; then
    notes+=("Logs would be lost, and the label \`$LOSS_LABEL\` accepts it.")
  else
    failures+=("Logs would be lost. Where that is meant, the label \`$LOSS_LABEL\` accepts it.")
  fi
}

# What checkov finds, but for what the module excepts of itself, with reasons.
check() {
  # Without the variable, checkov asks PyPI for a newer version.
  CKV_SKIP_PACKAGE_UPDATE_CHECK=true checkov --file "$work/plan.json" --framework terraform_plan --output json \
    --compact --soft-fail --skip-download > "$work/checkov.json" || true
  exceptions > "$work/exceptions.json"
  # checkov gives an object with `results`, or without it where there was nothing to check.
  if [[ -s $work/checkov.json ]] && jq --slurpfile exceptions "$work/exceptions.json" '
    if has("results") or has("passed") then . else error("checkov gave no report") end
    | if .results.parsing_errors // [] | length > 0 then error("checkov could not read the plan") else . end
    | [.results.failed_checks // [] | .[] | . as $failed | (.resource | gsub("\\[[^]]*\\]"; "")) as $address
      | select(any($exceptions[]; . as $one | $one.check == $failed.check_id
          and ($address | startswith($one.within) and test($one.resource))) | not)
      | {check_id, check_name, resource}]' "$work/checkov.json" > "$work/found.json"; then
    local found
    found=$(jq length "$work/found.json")
    if ((found > 0)); then failures+=("checkov finds $found, which stand below."); fi
  else
    rm --force "$work/found.json"
    failures+=('checkov did not check the plan. The log of the job says why.')
  fi
}

# Those of each instance of the module that Terraform downloaded, with the address that they hold for.
exceptions() {
  local file module
  for file in "$STACK"/.terraform/modules/*/examples/ci/checkov-exceptions.json; do
    [[ -f $file ]] || continue
    module=${file#"$STACK"/.terraform/modules/}
    module=${module%/examples/ci/checkov-exceptions.json}
    jq --arg within "module.${module//./.module.}." '.[] | .within = $within' "$file"
  done
}

# Addresses have keys of the author's choice: no sign of them is Markdown.
checkov_table() {
  jq --raw-output '
    def code: "`" + gsub("[`|\\s]"; " ") + "`";
    "## checkov\n",
    if length == 0 then "Finds nothing but what loki-shipper excepts, with reasons."
    else
      "| Check | Resource | It asks for |", "| --- | --- | --- |",
      (.[:50][] | "| \(.check_id) | \(.resource | code) | \(.check_name) |"),
      if length > 50 then "\n\(length - 50) more are not shown." else empty end
    end' "$work/found.json"
}

# --- The API of GitHub or GitLab ---

use_api() {
  if [[ ${GITHUB_ACTIONS:-} == true ]]; then
    api=$GITHUB_API_URL
    header="Authorization: Bearer $GITHUB_TOKEN"
    request="/repos/$GITHUB_REPOSITORY/issues/$(jq .pull_request.number "$GITHUB_EVENT_PATH")"
    comments="$request/comments"
    longest=65000 # Of 65,536.
  elif [[ ${GITLAB_CI:-} == true ]]; then
    api=$CI_API_V4_URL
    header="PRIVATE-TOKEN: $REVIEW_TOKEN"
    request="/projects/$CI_MERGE_REQUEST_PROJECT_ID/merge_requests/$CI_MERGE_REQUEST_IID"
    comments="$request/notes"
    longest=990000 # Of 1,000,000.
  else
    stop 'This runs in GitHub Actions and GitLab CI: docs/reviews.md says what to do in others.'
  fi
}

# Method, path, and curl's own options. The token is not among the arguments, which other processes see.
call() {
  curl --silent --show-error --fail --request "$1" --header @<(echo "$header") --header 'Content-Type: application/json' \
    "${@:3}" "$api$2" || stop "$1 $2 was refused: see what the token may do."
}

labels() {
  if [[ ${GITHUB_ACTIONS:-} == true ]]; then
    call GET "$request/labels?per_page=100" | jq --raw-output '.[].name'
  else
    call GET "$request" | jq --raw-output '.labels[]'
  fi
}

# The id of our comment. One of somebody else with the same marker is theirs to edit, so it is not taken.
find_comment() {
  local page=1 mine='.user.login == "github-actions[bot]"'
  if [[ ${GITLAB_CI:-} == true ]]; then mine=".author.id == $(call GET /user | jq .id)"; fi
  until [[ -s $work/comments.json && $(jq length "$work/comments.json") -lt 100 ]]; do
    call GET "$comments?per_page=100&page=$page" > "$work/comments.json"
    jq --arg marker "$MARKER" ".[] | select($mine and (.body | startswith(\$marker))) | .id" "$work/comments.json"
    page=$((page + 1))
  done
}

comment() {
  local id
  write_comment > "$work/comment.md"
  cat "$work/comment.md" >> "${GITHUB_STEP_SUMMARY:-/dev/null}"
  cat "$work/head.md" "$work/rest.md"
  jq --raw-input --slurp '{body: .}' "$work/comment.md" > "$work/body.json"
  id=$(find_comment)
  id=${id%%$'\n'*}
  if [[ -z $id ]]; then
    call POST "$comments" --data "@$work/body.json" > /dev/null
  elif [[ ${GITHUB_ACTIONS:-} == true ]]; then
    call PATCH "/repos/$GITHUB_REPOSITORY/issues/comments/$id" --data "@$work/body.json" > /dev/null
  else
    call PUT "$comments/$id" --data "@$work/body.json" > /dev/null
  fi
}

# That it was cut is said above, where no unclosed table or list of it hides the words.
write_comment() {
  local line
  {
    echo "$MARKER"
    if ((${#failures[@]} > 0)); then echo '**The review fails.**'; else echo '**The review passes.**'; fi
    echo
    for line in "${failures[@]}" "${notes[@]}"; do echo "- $line"; done
    if ((${#failures[@]} + ${#notes[@]} > 0)); then echo; fi
  } > "$work/head.md"
  {
    if [[ -s $work/preview.md ]]; then cat "$work/preview.md"; fi
    if [[ -s $work/found.json ]]; then
      echo
      checkov_table
    fi
  } > "$work/rest.md"
  jq --null-input --raw-output --join-output --argjson longest "$longest" \
    --rawfile head "$work/head.md" --rawfile rest "$work/rest.md" '
    "This is cut, because a comment takes no more: the log of the job has all of it.\n\n" as $cut
    | ($longest - ($head + $cut | length)) as $room
    | $head + if ($rest | length) <= $room then $rest else $cut + $rest[:$room] end'
}

verdict() {
  ((${#failures[@]} == 0)) || stop "$(printf '%s\n' "${failures[@]}")"
}

main
