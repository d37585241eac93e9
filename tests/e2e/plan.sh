# plan: the example's least further work, its proof, and what cannot be had.
. "$(dirname "$0")/lib.bash"
cp -R "$root/examples/doorbell" doorbell
check "plan without an assessment" 3 $assay plan doorbell
says "it says what to do first" 'First: assay assess doorbell' err
check "assess" 0 $assay assess doorbell --firmware v1 --out v1 --at 2026-11-22 --quiet
at="--from v1 --at 2026-11-22"
check "plan for four markets" 0 $assay plan doorbell $at --markets UK,SG,JP,DE --marks sg-cls:L2 --certificate cert --svg plan.svg
says "it is proved" 'not do, proved\.$'
says "money is assumed, and it says so" 'marks for (at least|about) EUR [0-9 ]+ by assumed costs, in about'
says "what to do next" "^Next: assay plan --check cert"
says "the UK duty is met by a label" 'GB PSTI law +deemed met, by '
says "the label asked for stands in for the entry label" 'SG CLS Level 2 +application'
never_says "the entry label is not asked for twice" 'SG CLS Level 1'
says "a law that holds later is explained" 'holds from 2027-12-11, not yet on 2026-11-22'
says "a law whose requirements are not listed is explained" 'what it asks is not listed here'
says "tests are avoided" '[1-9][0-9]* tests and EUR .* are avoided'
says "the costs are ours, and it says so" "nobody's price list"
says "a published fee is used" 'fee 198 000 JPY as published'
says "the picture is one" '^<svg ' plan.svg
check "the certificate alone" 0 $assay plan --check cert
says "it holds" 'no choice of ways costs less'
check "and it is of this plan" 0 $assay plan doorbell $at --markets UK,SG,JP,DE --marks sg-cls:L2 --check cert
check "but not of another" 1 $assay plan doorbell $at --markets SG --check cert
sed 's/^cost .*/cost 100/; s/^proves .*/proves 100/' cert > bad; check "a cheaper cost is refused" 1 $assay plan --check bad
says "why" 'the choice does not cost 100' err
sed '/^bound 0/d' cert > bad; check "a case less is refused" 1 $assay plan --check bad
sed '0,/^weights/s/^weights.*/weights/' cert > bad; check "weights taken out are refused" 1 $assay plan --check bad
head -c 2000 cert > bad; check "a cut certificate is refused" 3 $assay plan --check bad
says "with its line" '^bad:[0-9]+' err
check "again" 0 $assay plan doorbell $at --markets UK,SG,JP,DE --marks sg-cls:L2 --certificate cert2 --format json
equal "the same certificate, byte for byte" cert cert2
says "json says it is proved" '"proved": true'
says "json says that costs are assumed" '"costs_assumed": true'
check "everything at once" 0 $assay plan doorbell $at --marks all
says "a closed scheme is explained" 'the scheme is closed'
says "a product group that is not covered is explained" 'product group doorbell is'
check "only unknown ones" 2 $assay plan doorbell $at --marks sg-clz:L1,sg-cls:L9
says "what was meant" 'did you mean sg-cls' err
says "which levels there are" 'it has L1, L2, L3, L4' err
check "one unknown among known ones" 0 $assay plan doorbell $at --marks sg-clz:L1,sg-cls:L2
says "what was meant" 'did you mean sg-cls'
check "nothing that can be planned" 0 $assay plan doorbell $at --markets EU
never_says "no certificate of nothing" '^Next:'
check "an unknown market" 2 $assay plan doorbell $at --markets ZZ
says "which there are" 'Known are .*GB.*SG' err
check "an unknown market of an assessment" 2 $assay assess doorbell --firmware v1 --out zz --markets GB,ZZ
echo 'hour: 200' > costs.yaml; check "own costs" 0 $assay plan doorbell $at --markets SG --costs costs.yaml
says "they are named" 'Costs come from costs.yaml'
says "the rest is still assumed" 'by assumed costs'
check "costs that say everything" 0 $assay plan doorbell $at --markets SG --costs "$root/data/costs.yaml"
says "they are the user's" 'by your costs'
echo 'hours: 200' > costs.yaml; check "a misspelt key" 3 $assay plan doorbell $at --costs costs.yaml
says "its place" "^costs.yaml:1:[0-9]+: unknown key 'hours'" err
sed -i 's/^held: .*/held:\n- {scheme: sg-cls, level: L2, from: 2026-01-10, until: 2029-01-09, edition: CCC SP-151-2 v1.4, basis: application}/' doorbell/product.yaml
check "a held mark" 0 $assay plan doorbell $at --markets GB,SG
says "held already" 'SG CLS Level 2 +held already'
says "the UK duty costs nothing" 'GB PSTI law +deemed met'
sed -i 's/from: 2026-01-10, until/until/' doorbell/product.yaml
check "a held mark that is known too little" 0 $assay plan doorbell $at --markets GB,SG
never_says "it is not held already" 'SG CLS Level 2 +held already'
says "why" 'known with confidence low only'
check "no directory" 2 $assay plan
