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
