# Every bomb of tools/make_bombs ends in seconds, within little memory, with a row that says what was refused.
. "$(dirname "$0")/lib.bash"
for tool in mksquashfs zip xz /usr/bin/time; do
  command -v "$tool" >/dev/null || { echo "skip $tool is not here"; exit 0; }
done
"$root/tools/make_bombs" bombs >made 2>&1 || { echo "not ok the bombs are made: $(tail -n 3 made)"; exit 1; }
most_seconds=30  # a loaded machine; alone they take one to six
# Besides the image itself, MiB. What comes out lies on disk; 200 000 files are rows, which are kept. A file of 128 MiB counts
# while it is looked at, though its pages belong to the spill file and the kernel may take them back.
most_memory() { case $1 in tar-files*) echo 450 ;; squashfs-shared*) echo 300 ;; *) echo 200 ;; esac; }
for bomb in bombs/*; do
  name=${bomb#bombs/}
  check "$name" 0 /usr/bin/time -o used -f '%e %M' "$assay" scan "$bomb" --format json
  read -r seconds peak <used
  size=$(stat -c %s "$bomb")
  most=$((($(most_memory "$name") << 10) + size / 1024))
  [ "${seconds%.*}" -le $most_seconds ] && echo "ok $name: in time" || echo "not ok $name: took $seconds s"
  [ "$peak" -le "$most" ] && echo "ok $name: within $most kB" || echo "not ok $name: took $peak kB, more than $most"
  node -e '
const d = JSON.parse(require("fs").readFileSync("out")), name = process.argv[1];
const refused = d.ledger.some(r => r.state === "refused") || d.tables.node.some(n => n.status !== "whole");
const why = d.unexamined.filter(u => /budget|ratio|deeper/.test(u.reason)).length;
console.log((refused && why ? "ok " : "not ok ") + name + ": refused, with the reason");
const complete = d.tables.examined.filter(e => e.complete).length;
console.log((complete === 0 ? "ok " : "not ok ") + name + ": no look counts as complete" + (complete ? ": " + complete : ""));
' "$name"
done
# Without room on disk they end all the same.
check "without a place for spilled bytes" 0 env TMPDIR=/nowhere "$assay" scan bombs/gzip-members.gz --budget bytes=256M
says "ends" 'budget'
# What is spilled comes back whole: a file of 200 MiB that is no zeros, packed, has the digest it had.
head -c 200M /dev/urandom >large; tar cf - large | gzip -1 >large.tar.gz
check "a large file out of an archive" 0 "$assay" scan large.tar.gz --format json
says "has its digest" "$(sha256sum large | cut -c1-64)"
true
