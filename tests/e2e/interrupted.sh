# A run that is killed leaves each of its three files whole, and a set of which one can tell whether it is of one run.
. "$(dirname "$0")/lib.bash"
cp -R "$root/examples/doorbell" doorbell
assess() { "$assay" assess doorbell --firmware "$1" --out "$2" --at 2026-11-22 --quiet --jobs 1 >/dev/null 2>&1; }
assess v1 a; assess v2 b
check "judge where all is of one run" 0 "$assay" judge doorbell --from a --at 2026-11-22
never_says "nothing to remark" 'different runs' err
assess v1 a; cp -R a one; cp -R b two
named() { sed -n 's/.*name="assay-assessment" content="sha256:\([0-9a-f]*\)".*/\1/p' "$1/report.html"; }
digest() { sha256sum "$1" | cut -c1-64; }
[ "$(named a)" = "$(digest a/assessment.json)" ] && echo "ok the report names its assessment" || echo "not ok the report names $(named a)"

# Every way in which a kill between the renames can leave files: n of the three are new.
mkdir mixed
for n in 1 2; do
  cp two/* mixed/; cp one/evidence.db mixed/; [ $n -eq 1 ] || cp one/report.html mixed/
  if [ $n -eq 2 ]; then [ "$(named mixed)" != "$(digest mixed/assessment.json)" ] && echo "ok $n of 3: the report is of another run" || echo "not ok $n of 3: the report fits"; fi
  check "$n of 3 are new: judge" 0 "$assay" judge doorbell --from mixed --at 2026-11-22
  says "$n of 3: is told" 'different runs' err
  [ "$(named mixed)" = "$(digest mixed/assessment.json)" ] && echo "ok $n of 3: of one run again" || echo "not ok $n of 3: still mixed"
done

# Killed at any moment: each file is that of one run or the other, whole. What is left beside them is hidden.
bad=0 old=0 new=0 mix=0
for i in $(seq 30); do
  rm -rf k; cp -R two k
  assess v1 k & pid=$!
  # The program itself is the shell's child.
  sleep "0.$(printf %03d $((i * 13 % 400)))"
  pkill -KILL -P $pid 2>/dev/null; kill -KILL $pid 2>/dev/null; wait $pid 2>/dev/null
  state=
  for f in evidence.db report.html assessment.json; do
    if [ $f = report.html ]; then
      [ "$(sed 's/ --out [a-z]*//' k/$f | sha256sum)" = "$(sed 's/ --out [a-z]*//' two/$f | sha256sum)" ] && state+=o ||
        { tail -c 20 k/$f | grep -q '</html>' && state+=n || bad=$((bad + 1)); }
    elif cmp -s k/$f two/$f; then state+=o; elif cmp -s k/$f one/$f; then state+=n; else bad=$((bad + 1)); fi
  done
  case $state in ooo) old=$((old + 1)) ;; nnn) new=$((new + 1)) ;; *) mix=$((mix + 1)) ;; esac
done 2>/dev/null
[ $bad -eq 0 ] && echo "ok no file is half written ($old times all old, $new times all new, $mix mixed)" || echo "not ok $bad files are of neither run"
[ $old -gt 0 ] && echo "ok some were killed before the end" || echo "not ok every run ended before it was killed"
check "an interrupt leaves nothing beside" 0 bash -c 'rm -rf k; cp -R two k; timeout -s INT 0.05 "$0" assess doorbell --firmware v1 --out k --at 2026-11-22 --quiet >/dev/null 2>&1; [ -z "$(ls -A k | grep "^\.")" ]' "$assay"
true
