# The guidance documents, and the guide.
. "$(dirname "$0")/lib.bash"
check "all documents" 0 $assay guidance
says "the counts" '^68 documents of 49 organisations, 1 097 references'
check "as csv" 0 $assay guidance --format csv
[ "$(wc -l < out)" -eq 1098 ] && echo "ok a line a reference" || echo "not ok $(wc -l < out) lines"
check "a provision" 0 $assay guidance --provision 5.3-2 --organisation nist
says "the way there, with its edition" 'guideline 3 .*through clause 5\.3 \(compared for V2\.1\.1'
says "what the Code does not say" 'does not speak of 5\.3-2'
says "a section" 'Software Update'
check "a provision of the later edition" 0 $assay guidance --provision en303645:3.1.3:5.3-4A
says "said to be new" '5\.3-4A came with V3\.1\.3'
check "a clause no guideline goes with" 0 $assay guidance --provision 4-1
says "said so" 'No guideline .* clause 4'
check "one document" 0 $assay guidance --document nist-nistir-8259a-device
says "its link" '^https://nvlpubs.nist.gov/'
check "a search" 0 $assay guidance --search "secure boot" --format json
says "scores" '"score"'
check "no such guideline" 3 $assay guidance --guideline 14
says "what there is" '13 Input validation' err
check "no such document" 3 $assay guidance --document nist-nistir-8259a-devise
says "what was meant" 'nist-nistir-8259a-device' err
check "no such provision" 3 $assay guidance --provision 5.3-22
check "no such organisation" 3 $assay guidance --organisation Nobody
check "the guide" 0 $assay guide
says "every clause" '^5\.13 +Validate input data'
check "a clause" 0 $assay guide 5.3
says "its provisions" '^5\.3-10 +Trust relationship'
check "a provision" 0 $assay guide 5.3-10
says "how it is tested" '^Tests +5\.3-10-1'
says "a first step" '^Today '
check "of the older edition" 0 $assay guide 5.3-4 --edition 2.1.1
check "as json" 0 $assay guide 5.1-1 --format json
says "units" '"ts103701:2\.1\.1:5\.1-1-2\.c"'
check "an id that the edition dropped" 3 $assay guide 5.3-4 --edition 3.1.3
says "where it is" 'V2\.1\.1 has it' err
check "a wrong id" 3 $assay guide 5.1-11
says "what was meant" 'Did you mean' err
# Mistakes in the files are found with their place.
cp -R "$root/data" data
sed -i '0,/5\.1-1, /s/lab: They scan/lab: In 1-AuthMesh they scan/' data/guide/5.1.yaml
check "a table that does not exist" 1 $assay data check data
says "named with its place" "data/guide/5\.1\.yaml:[0-9]+:[0-9]+: '1-AuthMesh'"
cp "$root/data/guide/5.1.yaml" data/guide/; sed -i 's/^- provision: 5\.1-5$/- provision: 5.1-9/' data/guide/5.1.yaml
check "a provision that does not exist" 1 $assay data check data
says "named with its place" "data/guide/5\.1\.yaml:[0-9]+:[0-9]+: no edition has a provision '5\.1-9'"
cp "$root/data/guide/5.1.yaml" data/guide/; sed -i 's/^    3: \["3\.32 /    33: ["3.32 /' data/guidance/documents.yaml
check "a guideline that does not exist" 1 $assay data check data
says "named with its place" "data/guidance/documents\.yaml:15:[0-9]+: '33' is no guideline"
cp "$root/data/guidance/documents.yaml" data/guidance/; sed -i '0,/^    13: /{/^    13: /d}' data/guidance/documents.yaml
check "a reference that went missing" 1 $assay data check data
says "missed, with the count" 'documents\.yaml has 109[0-9] references'
