# The passwords of a batch: weak and good ones, what is never shown, limits.
. "$(dirname "$0")/lib.bash"
md5() { printf %s "$1" | md5sum | cut -c "$2"; }
{
  echo 'S/N;MAC address;Wi-Fi name;"Wi-Fi key"'
  for i in $(seq 10 49); do
    m=0022AA1B$(printf %04X $((i * 517)))
    echo "HX24$((i * 37 + 1000));$m;Home-${m:6};$(md5 "$m" 1-10)"
  done
} > weak.csv
cut -d ';' -f 4 weak.csv | tail -n +2 > secrets
check "a weak batch" 0 $assay passwords weak.csv
says "the verdict" '40 of 40 passwords can be computed'
says "the formula in words" 'the first 10 characters of MD5 of the MAC address'
says "for machines" 'md5\(.*mac.*\)\)\[0:10\]'
says "the bound" 'by chance: less than 1 in 10\^[0-9]+'
says "the ban, public information" '■ 1\(3\)\(b\).*broken'
says "the ban, identifiers" '1\(3\)\(c\)'
says "how many units" '40 units'
for format in text json csv; do
  check "as $format" 0 $assay passwords weak.csv --format $format
  if grep -qFf secrets out err; then echo "not ok a password is in the $format"; else echo "ok no password is in the $format"; fi
done
[ "$(wc -l < out)" -eq 41 ] && echo "ok a line a unit" || echo "not ok $(wc -l < out) lines"
check "json again" 0 $assay passwords weak.csv --format json --jobs 1
cp out one.json
check "json with two threads" 0 $assay passwords weak.csv --format json --jobs 2
equal "the same for any number of threads" one.json out
says "its requirements" '"id": "uk-psti:S1P1.3b".*"broken": true' one.json
check "--fail-on broken" 1 $assay passwords weak.csv --fail-on broken --quiet

{ echo serial,password; for i in $(seq 10 69); do echo "$i,$(md5 "nobody knows $i" 5-16)"; done; } > good.csv
check "a good batch" 0 $assay passwords good.csv --fail-on broken
says "nothing found, and no proof" 'Nothing was found.*disproves nothing'
check "a budget" 0 $assay passwords good.csv --budget candidates=1K
says "what was not searched" 'not complete: the budget of 1 000 candidates'
check "same passwords" 0 sh -c "printf 'sn,pin\n1,2468135790\n2,2468135790\n' > two.csv; $assay passwords two.csv"
says "said so" 'All 2 units have one and the same password'
check "defaults" 0 sh -c "printf 'sn,pin\n1,xc3511\n2,vizxv\n3,juantech\n' > mirai.csv; $assay passwords mirai.csv"
says "the list" 'mirai'

check "no file" 3 $assay passwords nowhere.csv
check "no password column" 3 sh -c "printf 'a,b\n1,2\n3,4\n' > none.csv; $assay passwords none.csv"
says "which columns there are" '--column' err
check "a line too short" 3 sh -c "printf 'sn,pw,pin\n1,2,3\n4,5\n' > short.csv; $assay passwords short.csv"
says "its line" 'short.csv:3' err
check "an open quotation mark" 3 sh -c "printf 'sn,pin\n1,\"2\n3,4\n' > quote.csv; $assay passwords quote.csv"
check "one unit" 3 sh -c "printf 'sn,pin\n1,2468\n' > single.csv; $assay passwords single.csv"
check "a budget that is none" 2 $assay passwords weak.csv --budget lots
check "a depth that is none" 2 $assay passwords weak.csv --depth 9

# In a dossier: the rows feed the rules, and a broken ban the UK law. (The images of the example are made by its script; without it: claims only.)
cp -R "$root/examples/doorbell" doorbell
sed -i '/^firmware:/,/^$/d' doorbell/product.yaml
sed -i '0,/origin: user-defined/s//origin: pre-installed/; 0,/generation: not-generated/s//generation: random/' doorbell/ixit/01-auth-mech.yaml
sed -i '0,/5.1-2: {support: N\/A.*/s//5.1-2: {support: Y, detail: "Passwords come from a random source."}/' doorbell/ics.yaml
mkdir doorbell/production
cp weak.csv doorbell/production/units.csv
printf '\nbatch:\n- {file: production/units.csv, entry: auth-owner, sampling: random}\n' >> doorbell/product.yaml
check "assess with a batch" 0 $assay assess doorbell --at 2026-11-24 --markets GB --out with
tr -d '\n' < with/assessment.json > flat
says "5.1-2 fails" '"id": "en303645:2.1.1:5.1-2", *"value": "fail"' flat
says "by the formula" '40 preset passwords are derived from what the device shows \(derived: the first 10 characters of MD5' with/assessment.json
says "the bans are named in the result" 'uk-psti:S1P1.3b: broken by 40 preset passwords of the batch.*para 1\(3\)\(b\)' with/assessment.json
says "the second too" 'uk-psti:S1P1.3c: broken by 40' with/assessment.json
says "the UK law is not met" 'GB  PSTI law +■ does not conform'
if grep -aqFf secrets with/*; then echo "not ok a password is in the results"; else echo "ok no password is in report, assessment or evidence"; fi
check "its rows" 0 $assay query with/evidence.db "SELECT count(*), count(DISTINCT digest), class FROM batch_unit_password GROUP BY class" --format csv
says "one a unit" '^40,40,derived'
check "its look" 0 $assay query with/evidence.db "SELECT scope, complete FROM examined WHERE source = 'batch'"
says "how many devices, how picked" '"devices":40.*"entry":"auth-owner".*"sampling":"random"'
cp with/assessment.json before.json
check "judged again" 0 $assay judge doorbell --from with --at 2026-11-24 --markets GB --quiet
equal "the same" before.json with/assessment.json
sed -i 's/entry: auth-owner, sampling/entry: auth-ownr, sampling/' doorbell/product.yaml
check "a claim that is not there" 1 $assay lint doorbell
says "what was meant" 'a batch refers to auth-ownr.*'
says "the nearest" 'auth-owner'
