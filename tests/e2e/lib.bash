# Helpers of the end-to-end scripts. Each check prints "ok WHAT" or "not ok WHAT" with what was seen.
# Not a test itself: it is sourced.
assay=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
samples=${ASSAY_SAMPLES:-$root/../shared/samples}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1

# check WHAT STATUS COMMAND…: runs it; its output lies in $work/out and $work/err.
check() {
  local what=$1 wanted=$2 status
  shift 2
  "$@" >"$work/out" 2>"$work/err" </dev/null
  status=$?
  if [ "$status" -eq "$wanted" ]; then echo "ok $what"; return 0; fi
  echo "not ok $what: exit status $status, not $wanted"
  head -c 2000 "$work/err"
  head -c 2000 "$work/out"
  return 1
}
# says WHAT PATTERN [FILE]: the last output (or FILE) has a line that matches.
says() {
  if grep -Eq -- "$2" "${3:-$work/out}"; then echo "ok $1"; else echo "not ok $1: no line matches $2"; head -n 40 "${3:-$work/out}"; fi
}
never_says() {
  if grep -Eq -- "$2" "${3:-$work/out}"; then echo "not ok $1: a line matches $2"; grep -E -- "$2" "${3:-$work/out}" | head -n 5; else echo "ok $1"; fi
}
equal() {
  if cmp -s "$2" "$3"; then echo "ok $1"; else echo "not ok $1: $2 and $3 differ"; cmp "$2" "$3"; fi
}
sample() {  # sets $image, or prints skip and returns 1
  image=$(ls "$samples"/$1 2>/dev/null | head -n 1)
  [ -n "$image" ] || { echo "skip $1 is not here"; return 1; }
}
