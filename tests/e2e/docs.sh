# The pages that are written from the program equal what it prints, and what the pages name exists.
. "$(dirname "$0")/lib.bash"
check "tools/docs runs" 0 "$root/tools/docs" "$assay" "$work/new"
equal "docs/evidence.md is what the program says (else: tools/docs build/assay)" "$root/docs/evidence.md" new/docs/evidence.md
says "it has the accounts" '^### account' new/docs/evidence.md
[ "$(grep -c '^### ' new/docs/evidence.md)" -eq "$("$assay" tables | grep -Ec '^[a-z][a-z_0-9]*  \(')" ] && echo "ok every table and view is there" || echo "not ok tables are missing"
bad=0
for page in "$root"/*.md "$root"/docs/*.md "$root"/docs/formats/*.md; do
  while read -r link; do
    target=${link%%#*}
    case $link in http*|mailto:*) continue ;; esac
    [ -z "$target" ] || [ -e "$(dirname "$page")/$target" ] || { echo "not ok ${page#"$root"/} links to $link, which is not there"; bad=1; }
  done < <(grep -oE '\]\([^) ]+\)' "$page" | sed 's/^](//; s/)$//')
done
[ $bad -eq 0 ] && echo "ok every link of the documentation leads somewhere"
# Commands that the README shows.
bad=0
for word in $(grep -ohE '(`|\./)assay [a-z]+' "$root/README.md" "$root/docs/exit-status.md" | awk '{print $2}' | sort -u); do
  "$assay" "$word" --help >/dev/null 2>&1 || { echo "not ok the documentation names 'assay $word', which does not exist"; bad=1; }
done
[ $bad -eq 0 ] && echo "ok every command of the README exists"
true
