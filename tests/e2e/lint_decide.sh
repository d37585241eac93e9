# lint and decide.
. "$(dirname "$0")/lib.bash"
check "the example is sound" 0 $assay lint "$root/examples/doorbell"
cp -R "$root/examples/doorbell" d
sed -i 's/^support_until: .*/support_until: 2030-13-31/; s/^contact:/contakt:/' d/product.yaml
check "a broken dossier" 1 $assay lint d
says "the date, with its place" 'd/product.yaml:[0-9]+:16: support_until is not a date'
says "the caret's words" 'there is no month 13'
says "the misspelt key and what was meant" "contact"
check "as json" 1 $assay lint d --format json; says "problems" '"problems"'
check "no directory" 3 $assay lint nowhere
check "a file" 3 $assay lint "$root/LICENSE"
cat > lines <<'J'
{"product": "a", "category": "doorbell", "at": "2026-11-22", "markets": ["UK", "SG"], "verdicts": {"en303645:2.1.1:5.1-1": "fail", "en303645:2.1.1:5.2-1": "pass", "en303645:2.1.1:5.3-13": "pass"}}
this is not JSON
{"product": "b", "category": "doorbell", "at": "2026-11-22", "markets": ["GB"], "held": [{"scheme": "sg-cls", "level": "L2", "from": "2026-01-10", "until": "2029-01-09", "edition": "CCC SP-151-2 v1.4", "basis": "application"}]}
J
check "decide, three lines" 3 $assay decide lines
[ "$(wc -l < out)" -eq 3 ] && echo "ok three lines out" || echo "not ok $(wc -l < out) lines out"
says "the first does not conform in the UK" '^\{"product": *"a".*"scheme": *"uk-psti".*"result": *"does_not_conform"'
says "the second is an error with its line" '"error": *\{"line": *2'
says "the third is deemed compliant by the mark" '"product": *"b".*"legal_effect": *"deemed_compliant"'
sed -i 2d lines; check "decide from standard input" 0 bash -c '"$0" decide < lines' $assay
check "decide, a file that is not there" 3 $assay decide nowhere
check "decide, no lines" 0 bash -c '"$0" decide < /dev/null' $assay
