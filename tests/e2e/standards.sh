# assay standards: what there is, one of each kind, what changed, and a licensee's own texts beside.
. "$(dirname "$0")/lib.bash"
check "the list" 0 $assay standards
says "68 provisions" '^en303645:2\.1\.1 .*68 provisions \(33 mandatory'
says "78 provisions" '^en303645:3\.1\.3 .*78 provisions \(36 mandatory'
says "109 cases and 226 units" '109 cases, 226 units'
says "131 cases and 258 units" '131 cases, 258 units'
says "29 tables" '29 IXIT tables'
says "13 guidelines" '^uk-cop .*13 guidelines, 45'
check "the list as JSON" 0 $assay standards --format json
python3 - "$work/out" <<'P' && echo "ok JSON counts" || echo "not ok JSON counts"
import json, sys
rows = {(r["id"], r.get("edition")): r["counts"] for r in json.load(open(sys.argv[1]))}
assert rows["en303645", "2.1.1"]["provisions"] == 68 and rows["en303645", "3.1.3"]["provisions"] == 78
assert rows["ts103701", "1.1.1"] == {"groups": 68, "cases": 109, "units": 226, "ixit_tables": 29}
assert rows["ts103701", "2.1.1"] == {"groups": 78, "cases": 131, "units": 258, "ixit_tables": 29}
assert rows["uk-cop", None]["guidelines"] == 13
P
check "a provision" 0 $assay standards show 5.3-2
says "what it asks" '^asks +The device has a mechanism'
says "when it applies in each edition" '^V2\.1\.1 +M C \(5\) mandatory, where \(5\) the device is not'
says "and in the other" '^V3\.1\.3 +M C \(15\) mandatory'
says "its cases" '5\.3-2-1  conceptual'
says "its units with their rules" '\.b +act, disproves only; rule update-withstands-tries'
says "a scheme that needs it, with levels" 'sg-cls +SG CLS: Level 1, Level 2'
says "how it relates" 'covered by +nistir8425:SU\.1'
says "a source by its title" '^sources +V2-ICS +Copy of Table B\.1'
says "how sure" '^confidence   high'
[ "$(awk 'length > m {m = length} END {print m}' out)" -le 84 ] && echo "ok it fits a terminal" || echo "not ok a line is too wide"
check "in one edition" 0 $assay standards show 5.3-2 --edition 3.1.3
never_says "the other edition's status is away" '^V2\.1\.1 +M C'
says "the id has its edition" '^en303645:3\.1\.3:5\.3-2  '
check "the same by its full id" 0 $assay standards show en303645:3.1.3:5.3-2
says "the same" '^en303645:3\.1\.3:5\.3-2  '
check "a clause" 0 $assay standards show 5.13; says "its provisions" '5\.13-1A +M +Validate user-interface input'
check "a case" 0 $assay standards show 5.11-1-2; says "the units" '\.d +'
check "one id, two cases" 0 $assay standards show 5.12-3-1; [ "$(grep -c '^ts103701:' out)" -eq 2 ] && echo "ok both" || echo "not ok not both"
check "a unit by edition" 0 $assay standards show 5.1-1-1.a@V1.1.1; says "what disproves it" 'disproves +account in firmware-image'
check "an IXIT table" 0 $assay standards show IXIT 7; says "its standard's fields" 'Initiation and Interaction'
check "another by its label" 0 $assay standards show 11-SecComMech; says "both names" '11-ComMech, 11-SecComMech'
check "a law" 0 $assay standards show uk-psti; says "a duty" 'RECORDS +Keep each investigation'; says "an exception with its limit" 'but not those|those designed exclusively'
check "a requirement of a law" 0 $assay standards show uk-psti:S1P2.timeline; says "its place" 'Sch\.1 para 2\(2\)\(b\)'; says "another way" 'DC-VR-A2'
check "one of Annex I" 0 $assay standards show 'eu-cra:I.1(2)(f)'; says "its title" 'integrity'
check "a guideline" 0 $assay standards show uk-cop:3; says "its parts" '3\.j +'
check "of JC-STAR" 0 $assay standards show jp-jcstar:S1.1-08; says "its title" 'integrity of updates'
check "as JSON" 0 $assay standards show 5.3-2 --format json
python3 - "$work/out" <<'P' && echo "ok JSON of a provision" || echo "not ok JSON of a provision"
import json, sys
p = json.load(open(sys.argv[1]))["found"][0]
assert p["kind"] == "provision" and p["confidence"] == "high"
assert any(s["scheme"] == "sg-cls" and "Level 1" in s["levels"] for s in p["needed_by"])
assert any(r["other"] == "nistir8425:SU.1" and r["relation"] == "covered_by" for r in p["relations_3_1_3"])
P
check "every provision, case and unit can be shown" 0 bash -c '
  for id in $(grep -ohE "^- id: \S+" "$1"/data/standards/{en_303_645,ts_103_701_cases}.yaml | cut -d" " -f3); do "$0" standards show "$id" >/dev/null || exit 1; done' $assay "$root"
check "an unknown id" 3 $assay standards show 5.3-2x; says "what was meant" 'Did you mean 5\.3-2' err
check "an unknown edition" 3 $assay standards show en303645:9.9.9:5.1-1
check "show without an id" 2 $assay standards show
check "what changed" 0 $assay standards diff 2.1.1 3.1.3
says "new" '^New \(17\)'; says "gone" '^Gone \(7\)'; says "a new provision" '5\.1-2A +No passwords between machines: R$'
says "what carries" '3\.1\.3 to 2\.1\.1: evidence only'; says "cases" 'cases +109 .* 131   34 new, 12 gone'; says "units" 'units +226 .* 258'
check "the other way" 0 $assay standards diff 3.1.3 2.1.1; says "new and gone change places" '^New \(7\)'
check "as JSON" 0 $assay standards diff 2.1.1 3.1.3 --format json
python3 - "$work/out" <<'P' && echo "ok JSON of the difference" || echo "not ok JSON of the difference"
import json, sys
d = json.load(open(sys.argv[1]))
ids = lambda k: [p["id"] for p in d[k]]
assert len(ids("new")) == 17 and len(ids("gone")) == 7
assert len(ids("new")) + len(ids("changed")) + len(ids("condition_changed")) + len(ids("wording")) + len(d["same"]) == 78
assert len(d["cases"]["new"]) + len(d["cases"]["changed"]) + d["cases"]["same"] == 131
assert len(d["units"]["new"]) + len(d["units"]["changed"]) + d["units"]["same"] == 258
P
check "an edition with itself" 2 $assay standards diff 2.1.1 2.1.1
mkdir t; printf 'Words that somebody bought.\nTwo lines.\n' > t/5.1-1.txt; printf '5.1-2: more words\nuk-psti:S1P2.timeline: law words\n' > t/texts.yaml
check "a text beside" 0 $assay standards show 5.1-1 --texts t; says "it is shown" '^  Words that somebody bought\.'
check "and not exported" 0 $assay standards show 5.1-1 --texts t --format json; never_says "it is away" 'somebody'
check "from one file" 0 $assay standards show en303645:2.1.1:5.1-2 --texts t; says "it is shown" 'more words'
check "of a law" 0 $assay standards show uk-psti:S1P2.timeline --texts t; says "it is shown" 'law words'
head -c 70000 /dev/zero | tr '\0' x > t/5.2-1.txt; check "too large" 3 $assay standards show 5.2-1 --texts t
ln -s /etc/passwd t/5.2-2.txt; check "a link" 3 $assay standards show 5.2-2 --texts t
check "no such directory" 3 $assay standards show 5.2-2 --texts nowhere
