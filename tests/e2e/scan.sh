# scan, query, tables, formats, completion, manual: on the example's image, on broken inputs, and on real images where they are.
. "$(dirname "$0")/lib.sh"
fw=$root/examples/doorbell/firmware/doorbell-v1.bin
check "scan" 0 $assay scan "$fw"
says "finds the squashfs" 'SquashFS 4.0, xz'
says "finds the account" 'account .* root: hash on a default list'
says "finds the listeners" 'listener .*tcp/23'
check "scan as json" 0 $assay scan "$fw" --format json
cp out one.json
if python3 -c 'import json,sys; d=json.load(open("one.json")); assert set(d)=={"assay","artefacts","tables","unexamined","ledger"}; s=d["artefacts"][0]["size"]; assert sum(r["size"] for r in d["ledger"] if r["place"]=="")==s' 2>py; then echo "ok json holds the contract, the ledger every byte"; else command -v python3 >/dev/null && { echo "not ok json contract"; tail -n 3 py; } || echo "skip python3 is not here"; fi
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
check "several of them" 3 $assay scan nowhere.bin "$fw"
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
says "the depth is told" 'depth|levels|nested'
# The evidence database.
$assay assess "$root/examples/doorbell" --firmware v1 --out o --at 2026-11-22 --quiet
check "query" 0 $assay query o/evidence.db "SELECT user, state FROM account WHERE user = 'root'"
says "answers" 'root +hashed'
check "query, a view of a source" 0 $assay query o/evidence.db "SELECT count(*) AS n FROM firmware_listener" --format json
check "query may not write" 3 $assay query o/evidence.db "DELETE FROM account"
check "query may not attach" 3 $assay query o/evidence.db "ATTACH 'x' AS y"
check "query is one statement" 3 $assay query o/evidence.db "SELECT 1; SELECT 2"
check "query ends what runs away" 3 $assay query o/evidence.db "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM c) SELECT max(x) FROM c"
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
check "completion" 0 $assay completion bash; says "knows assess" 'assess'; bash -n out && echo "ok sound shell" || echo "not ok shell"
check "manual" 0 $assay manual; says "is roff" '^.TH ASSAY'
check "help" 0 $assay --help; says "names the commands" 'assess'
check "version" 0 $assay --version; says "with data" 'data [0-9.]+'
check "no such command" 2 $assay fly
# Real images.
if sample 'firmware/router/lede-*.bin'; then
  check "LEDE" 0 $assay scan "$image" --format json
  python3 - <<'P' || true
import json
d=json.load(open("out")); t=d["tables"]
def say(what, good, seen=""): print(("ok " if good else "not ok ")+what+("" if good else f": {seen}"))
files=[f for f in t["file"] if f["type"]=="file"]; say("LEDE: 841 regular files", len(files)==841, len(files))
p=[c for c in t["component"] if c["method"]=="package-db"]; say("LEDE: 90 packages", len(p)==90, len(p))
say("LEDE: kernel 4.4.182", any(k["version"]=="4.4.182" for k in t["kernel"]), t["kernel"])
programs=[b for b in t["binary"] if b["canary"]=="yes" and b["linkage"] in ("dynamic","static") ]; allc=[b for b in t["binary"] if b["canary"]=="yes"]
say("LEDE: 56 programs with canaries", len(programs)==56, (len(programs), len(allc)))
say("LEDE: root has an empty password", any(a["user"]=="root" and a["state"]=="empty" for a in t["account"]))
s={x["name"] for x in t["service"] if x["enabled"]=="yes"}
for n in ("dropbear","uhttpd","dnsmasq"): say(f"LEDE: {n} is enabled", n in s, sorted(s))
u=t["update"]; say("LEDE: check_signature is on", any(x["kind"]=="signature" and x["present"]=="yes" for x in u), u)
say("LEDE: feeds over http", any(x["scheme"]=="http" for x in u), u)
k=[x for x in t["public_key"] if x["usage"]=="update"]; say("LEDE: 7 update keys", len(k)==7, len(k))
say("LEDE: ledger is whole", sum(r["size"] for r in d["ledger"] if r["place"]=="")==d["artefacts"][0]["size"])
P
fi
if sample 'firmware/nas/dns-320-netboot.img'; then
  check "DNS-320" 0 $assay scan "$image" --format json
  python3 - <<'P' || true
import json
d=json.load(open("out")); t=d["tables"]
def say(what, good, seen=""): print(("ok " if good else "not ok ")+what+("" if good else f": {seen}"))
files=[f for f in t["file"] if f["type"]=="file"]; say("DNS-320: 630 regular files", len(files)==630, len(files))
p=[c for c in t["component"] if c["method"]=="package-db"]; say("DNS-320: 97 packages", len(p)==97, len(p))
n=[x["format"] for x in t["node"]]; say("DNS-320: two uImages", n.count("uimage")==2, n); say("DNS-320: gzip, then cpio", "gzip" in n and "cpio" in n, n)
say("DNS-320: ledger is whole", sum(r["size"] for r in d["ledger"] if r["place"]=="")==d["artefacts"][0]["size"])
P
fi
true
