# assay map: the crosswalk, as its readers ask it.
. "$(dirname "$0")/lib.bash"

check "the map lists what it knows" 0 $assay map
says "standards are listed" "^  nistir8425 +NIST IR 8425 +17 requirements, 84 relations"
says "levels are listed" "sg-cls:L2"

check "a requirement against everything" 0 $assay map en303645:2.1.1:5.3-8
says "another edition asks the same" "equal +5\.3-8 "
says "a law asks more" "asks less +I\.2\(2\)"
says "what is left over is said" "left over: every update; EN limits the duty to security updates"

check "a requirement against one other" 0 $assay map en303645:2.1.1:5.3-13 uk-psti:S1P3.2
says "only evidence, and a fail carries" "asks less: evidence only; a fail carries\. Confidence high"
says "what the law asks beyond" "a calendar end date; no minimum length is asked"
says "the step has its place" "source SI1007; data/schemes/uk-psti.yaml:[0-9]+"

check "nothing carries across two overlaps" 0 $assay map jp-jcstar:S1.1-09 nistir8425:SU.2
says "and it says why" "two overlaps are not chained"

check "a standard against a law" 0 $assay map uk-psti au-smart
says "several cover one together" "by S1P1\.2, S1P1\.3a, S1P1\.3b, S1P1\.3c, S1P1\.3d, together"
check "an edition against a level of another" 0 $assay map en303645:3.1.3 sg-cls:L2
says "not all of it carries" "Not carried whole"
check "the edition that the level names" 0 $assay map en303645:2.1.1 sg-cls:L1
says "all of it carries" "All of it carries"
check "a guideline" 0 $assay map uk-cop:9 en303645:2.1.1
says "its parts carry" "covers +5\.9-2 "

check "JSON" 0 $assay map en303645:2.1.1:5.1-1 --format json
says "steps have direction and editions" '"direction": "as_stated"'
cp out first.json
check "JSON again" 0 $assay map en303645:2.1.1:5.1-1 --format json
equal "the same bytes" out first.json
check "CSV" 0 $assay map en303645:2.1.1 uk-cop --format csv
says "a row" "^en303645:2\.1\.1:5\.9-1,uk-cop:9\.a,.*,pass,.*,medium,"

check "an id without its edition" 3 $assay map 5.3-8
says "names the two it can be" "en303645:2\.1\.1:5\.3-8 or en303645:3\.1\.3:5\.3-8" err
check "a misspelt standard" 3 $assay map nistir842
says "names the nearest" "Did you mean nistir8425" err

# Out to others' formats, and back in.
check "an OSCAL catalog" 0 $assay map en303645:3.1.3 --export oscal-catalog --out catalog.json
check "an OSCAL mapping of two standards" 0 $assay map en303645:3.1.3 eu-cra --export oscal-mapping --out mapping.json
check "an OSCAL mapping with everything" 0 $assay map en303645:2.1.1 --export oscal-mapping --out mappings.json
check "CycloneDX standards" 0 $assay map --export cyclonedx --out standards.json
check "CSV" 0 $assay map en303645:3.1.3 nistir8425 --export csv --out olir.csv
check "the mapping again" 0 $assay map en303645:3.1.3 eu-cra --export oscal-mapping
equal "is the same bytes on standard output" out mapping.json
check "a requirement is no standard" 3 $assay map nistir8425:AI.1 --export oscal-catalog
says "the standard is named" "Try nistir8425" err

check "our own mapping comes back" 0 $assay map --import mapping.json
says "and agrees" "^104 relations: 104 agree, 0 differ"
check "our own CSV comes back" 0 $assay map --import olir.csv
says "and agrees too" "^84 relations: 84 agree, 0 differ"
cat >theirs.csv <<'CSV'
Focal Document Element,Relationship,Reference Document Element,Comments
5.1-1,superset of,IAC.1,we think so
5.1-4,no relationship,PC.1,
5.6-9,subset of,AI.2,
5.2-1,intersects with,XYZ.1,
CSV
check "a stranger's CSV" 0 $assay map --import theirs.csv en303645:3.1.3 nistir8425
says "it stands as third party" "Third party, low confidence"
says "counts" "^3 relations: 0 agree, 2 differ, of 1 ours says nothing"
says "a disagreement" "theirs covers \(line 2\); ours covered_by, medium"
says "what could not be placed" "line 5: XYZ\.1"
check "the same as JSON" 0 $assay map --import theirs.csv en303645:3.1.3 nistir8425 --format json
says "with low confidence" '"confidence": "low"'
printf 'a,b\nc,"d\n' >broken.csv
check "a broken file" 3 $assay map --import broken.csv
says "is refused with its line" "broken\.csv: line 2: a quoted field does not end" err

check "the matrix as a page and a picture" 0 $assay map en303645:2.1.1 jp-jcstar --html map.html --svg map.svg
says "a sticky matrix" '<table class="matrix">' map.html
says "a cell has its word" '<span class="unseen">equal</span>' map.html
says "a twin in words" '<summary>The same in words' map.html
never_says "no script" '<script' map.html
says "a picture with a title" '<title id="t">How EN 303 645 V2\.1\.1 relates to others' map.svg
cp map.html first.html
check "the matrix again" 0 $assay map en303645:2.1.1 jp-jcstar --html map.html
equal "is the same page" map.html first.html
check "the whole crosswalk" 0 $assay map --html all.html
says "has every standard" 'aria-label="Matrix: EN 18031 \(2024\)"' all.html

# The official schemas, where they are.
schemas=${ASSAY_SCHEMAS:-$root/../shared/schemas}
if [ ! -d "$schemas" ]; then
  echo "skip the official schemas are not here (ASSAY_SCHEMAS)"
else
  if [ ! -e "$root/tests/schemas/node_modules/ajv" ]; then (cd "$root/tests/schemas" && npm ci --no-audit --no-fund --silent); fi
  check "the exports are valid by the official schemas" 0 node "$root/tests/schemas/validate.mjs" "$schemas" \
    oscal catalog.json oscal mapping.json oscal mappings.json cyclonedx standards.json
  says "all four" "^valid standards\.json"
  sed 's/"subset-of"/"less or equal"/' mapping.json >wrong.json
  check "and a wrong one is not" 1 node "$root/tests/schemas/validate.mjs" "$schemas" oscal wrong.json
fi
