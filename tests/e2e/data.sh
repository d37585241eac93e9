# assay data check: our data is sound, and one mistake of each kind is named with its place.
. "$(dirname "$0")/lib.bash"
check "what is built in" 0 $assay data check; says "all of it" '^[0-9]+ files are sound: '
check "the same in a directory" 0 $assay data check "$root/data"
check "wrong verb" 2 $assay data chekc
check "no directory" 3 $assay data check nowhere
check "half a directory" 3 $assay data check "$root/data/schemes"
# plant WHAT FILE SED PATTERN: a copy of data/ with one change; the output has to name the place and what is wrong.
plant() {
  rm -rf d; cp -r "$root/data" d
  sed -i "$3" "d/$2"
  if cmp -s "d/$2" "$root/data/$2"; then echo "not ok $1: the change did not take"; return; fi
  check "$1" 1 $assay data check d && says "$1, with its place" "^d/$4"
}
plant "broken YAML" schemes/uk-psti.yaml '5s/^/\t/' 'schemes/uk-psti\.yaml:[0-9]+:[0-9]+: '
plant "an unknown key" schemes/uk-psti.yaml 's/^jurisdiction: GB/jurisdicton: GB/' "schemes/uk-psti\.yaml:[0-9]+:[0-9]+: unknown key 'jurisdicton'"
plant "a missing source" standards/catalogue/uk-cop.yaml '0,/^  source: \[COP2018\]/{/^  source: \[COP2018\]/d}' "standards/catalogue/uk-cop\.yaml:[0-9]+:[0-9]+: a 'source' is wanted"
plant "a source that does not exist" standards/catalogue/en18031.yaml '0,/repo_en18031/s//repo_en18032/' "standards/catalogue/en18031\.yaml:[0-9]+:[0-9]+: no source 'repo_en18032'"
plant "a confidence that is no word" standards/catalogue/nistir8425.yaml '0,/confidence: medium/s//confidence: sure/' "standards/catalogue/nistir8425\.yaml:[0-9]+:[0-9]+: 'sure' is no word"
plant "an id twice" standards/catalogue/uk-cop.yaml 's/^- id: "1\.b"$/- id: "1.a"/; s/^- id: 1\.b$/- id: 1.a/' "standards/catalogue/uk-cop\.yaml:[0-9]+:[0-9]+: 'uk-cop:1\.a' is there twice"
plant "a role that nobody has" standards/catalogue/uk-psti.yaml '0,/^  roles: \[importer\]/s//  roles: [impotrer]/' "standards/catalogue/uk-psti\.yaml:[0-9]+:[0-9]+: no role 'impotrer'"
plant "a part that does not exist" standards/catalogue/uk-psti.yaml '0,/^  in: \[S1P1\]/s//  in: [S1P9]/' "standards/catalogue/uk-psti\.yaml:[0-9]+:[0-9]+: no part 'uk-psti:S1P9'"
plant "a remark on nothing" standards/catalogue/uk-psti.yaml 's/^- on: S1P3\.noshort/- on: S1P3.noshrot/' "standards/catalogue/uk-psti\.yaml:[0-9]+:[0-9]+: no requirement 'uk-psti:S1P3\.noshrot'"
plant "a reference to nothing" standards/catalogue/au-cop.yaml '0,/"uk-cop:8"/s//"uk-cop:18"/' "standards/catalogue/au-cop\.yaml:[0-9]+:[0-9]+: nothing is called 'uk-cop:18'"
plant "a date that is none" standards/catalogue/uk-psti.yaml '0,/from: "2025-02-25"/s//from: "2025-02-30"/' "standards/catalogue/uk-psti\.yaml:[0-9]+:[0-9]+: "
plant "a jurisdiction that is no code" standards/catalogue/uk-cop.yaml 's/^jurisdictions: \[GB\]/jurisdictions: [UK]/' "standards/catalogue/uk-cop\.yaml:[0-9]+:[0-9]+: 'UK' is no ISO"
plant "a misspelt key of a provision" standards/en_303_645.yaml '0,/^  title: /s//  titel: /' "standards/en_303_645\.yaml:[0-9]+:[0-9]+: unknown key 'titel'"
plant "a condition that the edition has not" standards/en_303_645.yaml '0,/^  v2: "M C (1)"/s//  v2: "M C (19)"/' "standards/en_303_645\.yaml:[0-9]+.*19"
plant "a case of no edition" standards/ts_103_701_cases.yaml '0,/editions: \[V1\.1\.1, V2\.1\.1\]/s//editions: [V1.1.2]/' "standards/ts_103_701_cases\.yaml:[0-9]+:[0-9]+: no edition 'V1\.1\.2'"
plant "a unit of no case" standards/ts_103_701_units_5.5.yaml '0,/^  case: 5\.5-1-1/s//  case: 5.5-1-9/' "standards/ts_103_701_units_5\.5\.yaml:[0-9]+:[0-9]+: no case '5\.5-1-9'"
plant "a verb that is none" standards/ts_103_701_units_5.0.yaml '0,/^  verb: check/s//  verb: chekc/' "standards/ts_103_701_units_5\.0\.yaml:[0-9]+:[0-9]+: 'chekc' is no word for 'verb'"
plant "a look at no unit" standards/ts_103_701_looks_5.0.yaml 's/^- id: "5\.1-5-2\.b"/- id: "5.1-5-2.x"/' "standards/ts_103_701_looks_5\.0\.yaml:[0-9]+:[0-9]+: '5\.1-5-2\.x' does not exist"
plant "a field without its words" standards/ixit.yaml '0,/type: word, words: \[password[^]]*\], /s//type: word, /' 'standards/ixit\.yaml:[0-9]+:[0-9]+: '
says "what stands on it is not checked" '^rules could not be checked'
plant "a scope of no type" standards/scopes.yaml '0,/key: devices, type: number/s//key: devices, type: numbr/' "standards/scopes\.yaml:[0-9]+:[0-9]+: 'numbr' is no word"
plant "a status that two files tell apart" crosswalk/en303645_editions.yaml "0,/conditional: \['5.1-1', /s//conditional: [/" "crosswalk/en303645_editions\.yaml:[0-9]+:[0-9]+: .*status of '5\.1-1'"
plant "a level that does not exist" recognition/sg-uk.yaml '0,/L1/s//L9/' 'recognition/sg-uk\.yaml:[0-9]+:[0-9]+: '
plant "a requirement that no level can ask" schemes/au-smart.yaml 's/asks: {all_of: \[S1C2,/asks: {all_of: [S1C9,/' "schemes/au-smart\.yaml:[0-9]+:[0-9]+: .*S1C9"
plant "a circle" schemes/uk-psti.yaml "0,/carry: \[{baseline: \['5.1-1'\], relation: equal/s//carry: [{from: ['au-smart:S1C2'], relation: equal/" 'schemes/.*\.yaml:[0-9]+:[0-9]+: '
plant "two rules for one day" recognition/sg-fi.yaml '/^- {from: sg-cls/{p}' 'recognition/sg-fi\.yaml:[0-9]+:[0-9]+: two rules .* the same day'
plant "an unknown category in a scope list" categories.yaml '0,/^- {id: camera,/s//- {id: camrea,/' 'categories\.yaml:[0-9]+:[0-9]+: '
plant "a relation to nothing" crosswalk/nistir8425.yaml "0,/to: 'IAC.1'/s//to: 'IAC.9'/" 'crosswalk/nistir8425\.yaml:[0-9]+:[0-9]+: .*IAC\.9'
plant "a relation that is no word" crosswalk/uk-cop.yaml '0,/relation: overlaps/s//relation: intersects/' "crosswalk/uk-cop\.yaml:[0-9]+:[0-9]+: 'intersects' is no word"
plant "guidance on a guideline that is none" guidance/guidelines.yaml '0,/number: 13/s//number: 14/' 'guidance/.*\.yaml:[0-9]+:[0-9]+: '
plant "advice on no provision" guide/5.1.yaml '0,/5\.1-1/s//5.1-99/' 'guide/5\.1\.yaml:[0-9]+:[0-9]+: '
plant "a rule with a misspelt key" rules/5.1.yaml '0,/^  asks:/s//  ask:/' 'rules/5\.1\.yaml:[0-9]+:[0-9]+: '
plant "a rule that reads no such table" rules/5.6.yaml '0,/firmware_listener/s//firmware_listner/' 'rules/5\.6\.yaml:[0-9]+'
plant "a component's pattern" components/boot.yaml '0,/find: .U-Boot (/s//find: '"'"'U-Boot ((/' 'components/boot\.yaml:7: component u-boot'
plant "a pair of three" credentials/mirai.yaml 's/^- \[root, vizxv\]/- [root, vizxv, x]/' 'credentials/mirai\.yaml:[0-9]+:[0-9]+: a pair is'
plant "a fingerprint cut short" credentials/test_keys.yaml '0,/spki: bde9/s//spki: /' 'credentials/test_keys\.yaml:[0-9]+:[0-9]+: a fingerprint is'
plant "no version" version.yaml 's/^version:/verison:/' "version\.yaml:[0-9]+:[0-9]+: unknown key 'verison'"
rm -rf d; cp -r "$root/data" d; cp d/schemes/uk-psti.yaml d/uk-psti.yaml
check "a file that nothing reads" 1 $assay data check d; says "by its name" '^d/uk-psti\.yaml: nothing reads this file'
# Several at once are all named, in order of place.
rm -rf d; cp -r "$root/data" d
sed -i 's/^jurisdiction: GB/jurisdicton: GB/' d/schemes/uk-psti.yaml; sed -i 's/^kind: law/kind: lwa/' d/schemes/eu-cra.yaml
sed -i '0,/^  roles: \[importer\]/s//  roles: [impotrer]/; 0,/^  strength: may/s//  strength: might/' d/standards/catalogue/uk-psti.yaml; sed -i 's/^version:/verison:/' d/version.yaml
check "five mistakes" 1 $assay data check d
for p in "schemes/eu-cra" "schemes/uk-psti" "impotrer" "might" "verison"; do says "one of them: $p" "^d/.*$p"; done
grep '^d/' out | sed 's/:.*//' > places; sort -c places 2>/dev/null && echo "ok in order" || echo "not ok out of order"
check "as JSON" 1 $assay data check d --format json; says "a place" '"where": "d/schemes/uk-psti.yaml:[0-9]+:[0-9]+"'
check "with --data too" 1 $assay --data d data check; says "the built-in name of the place" 'version\.yaml'
