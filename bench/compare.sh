#!/bin/bash
# bench/compare.sh [SAMPLES]: whole scans against the tools that do part of the same, all in one run, as ratios. Prints what it measured.
set -u
root=$(cd "$(dirname "$0")/.." && pwd)
samples=${1:-${ASSAY_SAMPLES:-$root/../shared/samples}}
assay=${ASSAY:-$root/build/assay}
lede=$(ls "$samples"/firmware/router/lede-*.bin) || exit 1
nas=$samples/firmware/nas/dns-320-netboot.img
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
best() {  # COMMAND…: the best of seven runs, in milliseconds
  local b=999999 t i
  for i in 1 2 3 4 5 6 7; do
    rm -rf "$work/x"
    t=$( { TIMEFORMAT=%R; time "$@" >/dev/null 2>&1; } 2>&1 ); t=$(awk -v t="$t" 'BEGIN{printf "%d", t*1000}')
    [ "$t" -lt "$b" ] && b=$t
  done
  echo "$b"
}
rss() { /usr/bin/env time -f %M "$@" 2>&1 >/dev/null | tail -n 1; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN{printf "%.2f", a/b}'; }

offset=$(LC_ALL=C grep -abo hsqs "$lede" | head -n 1 | cut -d: -f1)
tail -c +$((offset + 1)) "$lede" > "$work/lede.squashfs"
# The ramdisk: the second uImage's payload.
gz=$(LC_ALL=C grep -aboP '\x1f\x8b\x08' "$nas" | tail -n +1 | cut -d: -f1 | while read -r o; do tail -c +$((o + 1)) "$nas" | head -c 4096 | zcat 2>/dev/null | head -c 6 | grep -q 070701 && { echo "$o"; break; }; done)
tail -c +$((gz + 1)) "$nas" > "$work/ramdisk.gz"

a=$(best "$assay" scan "$lede" --format json); b=$(best unsquashfs -q -n -d "$work/x" "$work/lede.squashfs")
echo "LEDE: assay scan $a ms, unsquashfs $b ms: $(ratio "$a" "$b")x"
c=$(best "$assay" scan "$nas" --format json); d=$(best zcat "$work/ramdisk.gz")
echo "DNS-320: assay scan $c ms, zcat of the ramdisk $d ms: $(ratio "$c" "$d")x"
e=$(best "$assay" assess "$root/examples/doorbell" --firmware v1 --out "$work/o" --quiet); echo "assess examples/doorbell: $e ms"
f=$(best "$assay" --version); echo "start: $f ms"
n=$(best "$assay" scan "$lede" --format json --no-sandbox); echo "LEDE without the sandbox: $n ms (the sandbox costs $((a - n)) ms)"
if command -v time >/dev/null; then
  for i in "$lede" "$nas"; do echo "peak memory of $(basename "$i"): $(($(rss "$assay" scan "$i" --format json) / 1024)) MiB, input $(($(stat -c %s "$i") / 1048576)) MiB"; done
fi
if command -v binwalk >/dev/null; then
  for i in "$lede" "$nas"; do
    rm -rf "$work/b"; mkdir "$work/b"
    t=$( { TIMEFORMAT=%R; time binwalk --run-as=root -eMq -C "$work/b" "$i" >/dev/null 2>&1; } 2>&1 )
    echo "binwalk -eM $(basename "$i"): $t s, $(find "$work/b" -type f | wc -l) files written"
  done
fi
