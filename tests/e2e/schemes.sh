# assay schemes: the list, one scheme by date, doubts, the diagram.
. "$(dirname "$0")/lib.bash"
check "the list" 0 $assay schemes --at 2026-11-22
says "its counts" '^36 schemes, 67 levels, 15 arrangements'
says "a law in force" '^GB? .*|uk-psti +PSTI law +law +in force'
says "a law not yet" 'eu-cra .* not yet .*from 2027-12-11'
says "a closed label" 'fi-label .*closed'
says "a doubtful arrangement" 'since 2026-06-01, sg-jp; doubtful'
check "Singapore before the new rules" 0 $assay schemes show sg-cls --at 2025-03-01
says "a step that came later" 'a laboratory reads the documents, only from 2025-04-01'
says "an arrangement not yet" 'from 2025-12-04,?$|from 2025-12-04, not yet'
says "what is not known" 'amounts'
check "and after them" 0 $assay schemes show sg-cls --at 2026-11-22
says "the step has come" 'a laboratory reads the documents, since 2025-04-01'
check "the list long ago" 0 $assay schemes --at 2019-01-01; says "not open" 'sg-cls .*not yet .*from 2020-10'
check "Japan, with its fee" 0 $assay schemes show jp-jcstar --at 2025-09-01; says "of that day" 'fee +JPY 110.000 with tax'
check "an arrangement" 0 $assay schemes show sg-uk; says "what it gives" 'deemed compliant'
check "a law as json" 0 $assay schemes show uk-psti --at 2026-11-22 --format json
says "its tree" '"any_of"'
check "nothing by that name" 3 $assay schemes show uk-psty; says "and the nearest" 'Did you mean uk-psti' err
check "no id" 2 $assay schemes show
check "no date" 2 $assay schemes --at tomorrow
check "what several schemes share" 0 $assay schemes show kr-cic; says "is shown" "no arrangement between the$|looked for, not found"
check "doubts" 0 $assay schemes doubts; says "counted" 'facts below high confidence'
check "doubts of one" 0 $assay schemes doubts kr-cic --format csv
says "with file and line" '^kr-cic,.*,low,.*data/schemes/kr-cic.yaml,[0-9]+'
for line in $(grep '^kr-cic,' out | sed 's/.*,//' | head -n 5); do
  sed -n "${line}p" "$root/data/schemes/kr-cic.yaml" | grep -q . && echo "ok line $line is there" || echo "not ok line $line"
done
check "doubts as json" 0 $assay schemes doubts sg-jp --format json; says "what to read" 'sg_jp_2026_pointer'
check "the list as csv" 0 $assay schemes --format csv --at 2026-11-22
[ "$(cut -d, -f1,2 out | sort -u | wc -l)" -eq "$(wc -l < out)" ] && echo "ok a level a line" || echo "not ok a level twice"
check "the diagram" 0 $assay schemes --at 2026-11-22 --svg world.svg --quiet
says "with a title" '<title id="world-title">Recognition' world.svg
says "and words for its lines" 'simplified application' world.svg
never_says "nothing from elsewhere" 'href|url\(|<script|<image' world.svg
cp world.svg before.svg; check "again" 0 $assay schemes --at 2026-11-22 --svg world.svg --quiet; equal "the same bytes" before.svg world.svg
cp -R "$root/data" mydata
sed -i 's/to_level: L2/to_level: L9/' mydata/recognition/sg-de.yaml
check "a level that does not exist" 3 $assay schemes --data mydata; says "with its place" 'data/recognition/sg-de.yaml:[0-9]+:[0-9]+' err
