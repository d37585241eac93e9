# assess, judge, verdict, observe on the example.
. "$(dirname "$0")/lib.bash"
cp -R "$root/examples/doorbell" doorbell
check "assess v1" 0 $assay assess doorbell --firmware v1 --out v1 --at 2026-11-22
says "v1 does not meet the baseline" 'Does not meet the baseline yet: [0-9]+ of 33 mandatory provisions fail'
says "the UK law: does not conform" 'GB  PSTI law +■ does not conform'
says "the first fix is the password" '1  Take the fixed password of root out of the image'
says "with its place" 'doorbell-v1.bin > squashfs > /etc/shadow'
cp v1/report.html first.html; cp v1/assessment.json first.json; cp v1/evidence.db first.db
says "the report is one page" '<!doctype html>' v1/report.html
says "it draws which marks lead to its markets" '<svg class="world".*aria-labelledby' v1/report.html
says "a mark of Singapore meets the British law" 'SG CLS</th>|SG CLS, L1' v1/report.html
says "it says the least further work, with its proof" 'marks for (at least|about) EUR [0-9 ]+ by assumed costs, in about [0-9]+ weeks: less will not do, proved' v1/report.html
says "and that the costs are assumptions" 'Costs are our own assumptions' v1/report.html
never_says "the report requests nothing" '(src|href)="https?:' v1/report.html
never_says "no password hash is in the report" 'hearth2\$[A-Za-z0-9./]{10}' v1/report.html
check "again" 0 $assay assess doorbell --firmware v1 --out v1 --at 2026-11-22 --quiet --jobs 1
sed -i 's/assess doorbell[^<]*</</' first.html v1/report.html
equal "same report for another number of threads" first.html v1/report.html
equal "same assessment" first.json v1/assessment.json
equal "same evidence" first.db v1/evidence.db
check "assess v2" 0 $assay assess doorbell --firmware v2 --out v2 --at 2026-11-22
never_says "v2: nothing failed" '■'
says "v2 is not known to meet the baseline" 'not known yet whether the baseline is met'
never_says "v2 does not say conforms" '● conforms$'
check "v2 against the other edition" 0 $assay assess doorbell --firmware v2 --out v2e3 --edition 3.1.3 --at 2026-11-22
never_says "v2, V3.1.3: nothing failed" '■'
check "v1 against the other edition" 0 $assay assess doorbell --firmware v1 --out v1e3 --edition en303645:3.1.3 --at 2026-11-22
says "v1, V3.1.3 fails" 'Does not meet the baseline yet'
check "--fail-on fail, v1" 1 $assay assess doorbell --firmware v1 --out x --at 2026-11-22 --fail-on fail --quiet
check "--fail-on fail, v2" 0 $assay assess doorbell --firmware v2 --out x --at 2026-11-22 --fail-on fail --quiet
check "--fail-on residual, v2" 1 $assay assess doorbell --firmware v2 --out x --at 2026-11-22 --fail-on residual --quiet
check "json" 0 $assay assess doorbell --firmware v1 --out v1 --at 2026-11-22 --format json
equal "json is the file" out v1/assessment.json
check "a firmware that is not named" 3 $assay assess doorbell --firmware v9 --out x
says "lists those that are" 'v1, v2' err
check "a date that is none" 2 $assay assess doorbell --at 2026-13-01
check "no such dossier" 3 $assay assess nowhere

# Judging again gives the same; a person's verdict counts and goes stale.
cp v1/assessment.json before.json
check "judge" 0 $assay judge doorbell --from v1 --at 2026-11-22 --quiet
equal "judging stored evidence gives the same assessment" before.json v1/assessment.json
check "a verdict" 0 $assay verdict doorbell 5.1-4-2.a pass --from v1 --by "R. Okafor" --reason "changed in three taps" --at 2026-11-22
check "judge with it" 0 $assay judge doorbell --from v1 --at 2026-11-22 --format json
says "the person's verdict stands in it" '"by": *"R. Okafor"'
check "a verdict without a name" 2 $assay verdict doorbell 5.1-4-2.a pass --from v1 --reason x
check "a verdict on no unit" 3 $assay verdict doorbell 5.1-99.z pass --from v1 --by x --reason x
check "a verdict that is none" 2 $assay verdict doorbell 5.1-4-2.a fine --from v1 --by x --reason x
check "an observation" 0 $assay observe doorbell --looked discovery --scope '{"sweep": "radio"}' --by "R. Okafor" --reason "swept for half an hour" --at 2026-11-22
check "two at once are refused" 2 $assay observe doorbell --looked discovery --closes x --by a --reason b
check "judge after the observation" 0 $assay judge doorbell --from v1 --at 2026-11-22 --quiet
cp -R doorbell same; mkdir same/a same/b; mv same/firmware/doorbell-v1.bin same/a/image.bin; mv same/firmware/doorbell-v2.bin same/b/image.bin
sed -i 's#firmware/doorbell-v1.bin#a/image.bin#; s#firmware/doorbell-v2.bin#b/image.bin#' same/product.yaml
check "two images of one name" 0 $assay assess same --firmware v1 --at 2026-11-22 --quiet
check "judge them" 0 $assay judge same --at 2026-11-22; says "still the first version" 'firmware 1\.4\.2'
check "judge without an assessment" 3 $assay judge doorbell --from nowhere
says "says what comes first" 'assay assess' err
check "a broken dossier is not assessed" 3 bash -c 'cp -R doorbell broken; sed -i s/2030-01-31/2030-13-31/ broken/product.yaml; exec "$0" assess broken --out brokenout' $assay
says "with file, line and column" 'product.yaml:[0-9]+:[0-9]+: support_until is not a date' err
[ ! -e brokenout ] && echo "ok nothing was written" || echo "not ok something was written"
cp -R doorbell linked; rm -rf linked/out; mkdir elsewhere; ln -s "$PWD/elsewhere" linked/out
check "a link of the dossier's own is not written through" 3 $assay assess linked --firmware v1 --at 2026-11-22 --quiet
[ -z "$(ls elsewhere)" ] && echo "ok nothing was written elsewhere" || echo "not ok something was written elsewhere"
# Interrupting leaves nothing half-written.
mkdir killed; ($assay assess doorbell --firmware v1 --out killed --at 2026-11-22 --quiet & pid=$!; sleep 0.05; kill -TERM $pid; wait $pid) 2>/dev/null
bad=0; for f in killed/*; do case $f in */report.html) tail -c 8 "$f" | grep -q '</html>' || bad=1 ;; */assessment.json) tail -c 2 "$f" | grep -q '}' || bad=1 ;; esac; done
[ $bad -eq 0 ] && echo "ok an interrupted run leaves whole files or none" || echo "not ok a half-written file"
# One row of the conformance statement is still open: only that row is open, and what fails goes on failing.
cp -R doorbell open; sed -i 's/^  5\.10-1: .*/  5.10-1: {support: TODO, detail: TODO}/' open/ics.yaml
check "an open row" 1 $assay assess open --firmware v1 --out open-out --at 2026-11-22 --fail-on fail
says "hides no failing provision" 'Does not meet the baseline yet: 3 of 33 mandatory provisions fail'
# Before a law holds, the table says that the result has no effect; what is still to be said contradicts nothing.
check "in 2020" 0 $assay assess doorbell --firmware v1 --out old --at 2020-01-01
says "the law did not hold yet" 'no effect: holds from 2024-04-29, not yet on 2020-01-01'
says "in the report too" 'no effect: holds from 2024-04-29' old/report.html
check "a dossier just begun" 0 $assay init begun --template camera --markets GB
check "assessed" 0 $assay assess begun
never_says "claims nothing that could be contradicted" CONTRADICTIONS
