# scan, query, tables, formats, completion, manual: on the example's image, on broken inputs, and on real images where they are.
. "$(dirname "$0")/lib.bash"
fw=$root/examples/doorbell/firmware/doorbell-v1.bin
check "scan" 0 $assay scan "$fw"
says "finds the squashfs" 'SquashFS 4.0, xz'
says "finds the account" 'account .* root: hash on a default list'
says "finds the listeners" 'listener .*tcp/23'
check "scan as json" 0 $assay scan "$fw" --format json
cp out one.json
node -e '
const d = JSON.parse(require("fs").readFileSync("one.json"));
const keys = Object.keys(d).join(), size = d.artefacts[0].size;
const sum = d.ledger.filter(r => r.place === "").reduce((n, r) => n + r.size, 0);
console.log(keys === "assay,artefacts,tables,unexamined,ledger" ? "ok json holds the contract" : "not ok json keys: " + keys);
console.log(sum === size ? "ok the ledger holds every byte" : `not ok the ledger holds ${sum} of ${size} bytes`);
'
check "with one thread" 0 $assay scan "$fw" --format json --jobs 1
equal "same json for another number of threads" one.json out
check "without the sandbox" 0 $assay scan "$fw" --format json --no-sandbox
equal "same json without the sandbox" one.json out
check "csv needs a table" 2 $assay scan "$fw" --format csv
check "csv" 0 $assay scan "$fw" --format csv --table account
says "csv has a header" '^id,artefact,source,place,at,user'
check "extract" 0 $assay scan "$fw" --extract tree
[ -f tree/*/etc/shadow ] && [ -s tree/manifest.jsonl ] && echo "ok files are laid out with a manifest" || echo "not ok extract: $(find tree | head)"
check "extract refuses what is there" 3 $assay scan "$fw" --extract tree
: > empty; check "an empty file" 3 $assay scan empty
says "says so" 'empty' err
check "a directory" 3 $assay scan .
check "a missing file" 3 $assay scan nowhere.bin
check "several of them" 3 $assay scan nowhere.bin "$fw" empty
says "the bad ones are named" 'nowhere.bin' err; says "each of them" 'empty: is empty' err; says "the good one is told" 'SquashFS 4.0, xz'
check "several, as json" 3 $assay scan nowhere.bin "$fw" --format json
equal "as if it were alone" out one.json
cp "$fw" copy.bin; check "the same image twice" 0 $assay scan "$fw" copy.bin --format json; says "is told once" 'copy.bin: the same bytes' err
equal "stands once" out one.json
bash -c 'set -o pipefail; "$0" scan "$1" 2>piped | true' $assay "$fw"; status=$?; [ $status -eq 141 ] && [ ! -s piped ] && echo "ok a closed pipe ends it quietly" || echo "not ok a closed pipe: status $status, $(cat piped)"
echo "just some text" > text; check "a text file has an honest ledger" 0 $assay scan text
says "unknown" 'unknown'
head -c 300000 /dev/urandom > random; check "random bytes" 0 $assay scan random
head -c 500000 "$fw" > half; check "a truncated image" 0 $assay scan half
says "something could not be looked at" 'NOT LOOKED AT'
check "no image" 2 $assay scan
check "a budget that is none" 2 $assay scan "$fw" --budget bytes=many
check "a budget is kept" 0 $assay scan "$fw" --budget bytes=100K
says "and told" 'budget'
# Names with terminal controls do not reach the terminal.
mkdir evil; printf x > "evil/$(printf 'a\033[31mred')"; tar cf evil.tar evil; check "an archive with escapes in its names" 0 $assay scan evil.tar
grep -q "$(printf '\033\\[31m')" out && echo "not ok an escape reached the output" || echo "ok no escape reached the output"
# Bombs end within the budget, in seconds, with a row that says so.
head -c 2000000000 /dev/zero | gzip -1 > bomb.gz; start=$(date +%s); check "a gzip bomb" 0 $assay scan bomb.gz --budget bytes=256M
says "is told" 'budget|ratio'; [ $(($(date +%s) - start)) -le 20 ] && echo "ok within seconds" || echo "not ok it took too long"
cp text nest; for i in $(seq 1 100); do gzip -nc nest > n2; mv n2 nest; done; check "100 levels of nesting" 0 $assay scan nest
says "the depth is told" 'nest deeper than 16'
# The evidence database.
$assay assess "$root/examples/doorbell" --firmware v1 --out o --at 2026-11-22 --quiet
check "query" 0 $assay query o/evidence.db "SELECT user, state FROM account WHERE user = 'root'"
says "answers" 'root +hashed'
check "query, a view of a source" 0 $assay query o/evidence.db "SELECT count(*) AS n FROM firmware_listener" --format json
check "query may not write" 3 $assay query o/evidence.db "DELETE FROM account"
check "query may not attach" 3 $assay query o/evidence.db "ATTACH 'x' AS y"
check "query is one statement" 3 $assay query o/evidence.db "SELECT 1; SELECT 2"
check "query ends what runs away" 3 $assay query o/evidence.db "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM c) SELECT max(x) FROM c"
check "query has no clock" 3 $assay query o/evidence.db "SELECT date('now')"; says "says so" 'no clock' err
check "query reckons with days" 0 $assay query o/evidence.db "SELECT date('2026-01-31', '+1 day') AS d"; says "the next day" '2026-02-01'
check "query stands nowhere on the globe" 0 env TZ=Asia/Tokyo $assay query o/evidence.db "SELECT datetime('2026-01-31 12:00', 'localtime') AS d"; says "localtime is UTC" '2026-01-31 12:00:00'
check "what is no number in JSON" 0 $assay query o/evidence.db "SELECT 1e999 AS n" --format json; says "is null" '"n": null'
check "no database, and a name that moves the cursor" 3 $assay query $'no\x1b[31mred' "SELECT 1"; never_says "the terminal is safe" $'\x1b' err
check "decide on a directory" 3 $assay decide .
mkdir part; cp -R "$root/data/rules" part/; check "data that is not whole" 3 $assay --data part rules
says "says what is missing" 'is missing' err
check "a copy of data" 0 $assay --data "$root/data" rules
check "data that cannot be read" 3 $assay --data /proc/self/environ rules
head -c 5000 o/evidence.db > damaged.db; check "a damaged database" 3 $assay query damaged.db "SELECT 1"
check "no database" 3 $assay query text "SELECT 1"
if command -v sqlite3 >/dev/null; then
  cp o/evidence.db newer.db; sqlite3 newer.db 'PRAGMA user_version = 99'; check "a newer database" 3 $assay query newer.db "SELECT 1"
  says "says so" 'newer' err
  sqlite3 o/evidence.db 'PRAGMA integrity_check' > integrity; says "another SQLite reads it" '^ok$' integrity
else echo "skip sqlite3 is not here"; fi
check "tables" 0 $assay tables account; says "columns have meanings" 'password_class'
check "a table that is not there" 3 $assay tables acount; says "suggests" 'account' err
check "formats" 0 $assay formats; says "lists squashfs" 'squashfs'
check "rules" 0 $assay rules; says "counts units" 'rules for [0-9]+ test units'
check "one rule" 0 $assay rules show 5.6-1-2.c; says "shows its SQL" 'SELECT'
check "all rules are sound" 0 $assay rules --check
cp -R "$root/data" norules; rm norules/rules/*; echo "[]" > norules/rules/5.1.yaml
check "no rules at all" 3 $assay --data norules rules; says "says what to do" "docs/rules.md" err
check "completion" 0 $assay completion bash; says "knows assess" 'assess'; bash -n out && echo "ok sound shell" || echo "not ok shell"
check "manual" 0 $assay manual; says "is roff" '^.TH ASSAY'
check "help" 0 $assay --help; says "names the commands" 'assess'
check "version" 0 $assay --version; says "with data" 'data [0-9.]+'
check "no such command" 2 $assay fly
# Real images.
if sample 'firmware/router/lede-*.bin'; then
  check "LEDE" 0 $assay scan "$image" --format json
  node -e '
const d = JSON.parse(require("fs").readFileSync("out")), t = d.tables;
const say = (what, good, seen) => console.log((good ? "ok " : "not ok ") + "LEDE: " + what + (good ? "" : ": " + JSON.stringify(seen)));
const files = t.file.filter(f => f.type === "file"); say("841 regular files", files.length === 841, files.length);
const p = t.component.filter(c => c.method === "package-db"); say("90 packages", p.length === 90, p.length);
say("kernel 4.4.182", t.kernel.some(k => k.version === "4.4.182"), t.kernel);
const c = t.binary.filter(b => b.canary === "yes" && b.linkage !== "module"); say("56 programs and libraries with canaries", c.length === 56, c.length);
say("root has an empty password", t.account.some(a => a.user === "root" && a.state === "empty"), t.account);
const on = t.service.filter(s => s.enabled === "yes").map(s => s.name);
for (const n of ["dropbear", "uhttpd", "dnsmasq"]) say(n + " is enabled", on.includes(n), on);
say("check_signature is on", t.update.some(u => u.kind === "signature" && u.present === "yes"), t.update);
say("feeds over http", t.update.some(u => u.kind === "feed" && u.scheme === "http"), t.update);
const k = t.public_key.filter(x => x.usage === "update"); say("7 update keys", k.length === 7, k.length);
const sum = d.ledger.filter(r => r.place === "").reduce((n, r) => n + r.size, 0); say("the ledger is whole", sum === d.artefacts[0].size, sum);
'
fi
if sample 'firmware/nas/dns-320-netboot.img'; then
  check "DNS-320" 0 $assay scan "$image" --format json
  node -e '
const d = JSON.parse(require("fs").readFileSync("out")), t = d.tables;
const say = (what, good, seen) => console.log((good ? "ok " : "not ok ") + "DNS-320: " + what + (good ? "" : ": " + JSON.stringify(seen)));
const files = t.file.filter(f => f.type === "file"); say("630 regular files", files.length === 630, files.length);
const p = t.component.filter(c => c.method === "package-db"); say("97 packages", p.length === 97, p.length);
const n = t.node.map(x => x.format); say("two uImages", n.filter(x => x === "uimage").length === 2, n); say("gzip, then cpio", n.includes("gzip") && n.includes("cpio"), n);
const sum = d.ledger.filter(r => r.place === "").reduce((n, r) => n + r.size, 0); say("the ledger is whole", sum === d.artefacts[0].size, sum);
'
fi
true
