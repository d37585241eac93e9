# init: templates, files of answers, and the interview on a real terminal.
. "$(dirname "$0")/lib.bash"
check "the list" 0 $assay init --list
says "templates" '^  smartwatch-child '; says "questions" '^    passwords '
check "the list as json" 0 $assay init --list --format json; says "templates in it" '"id": *"hot-tub"'
templates=$($assay init --list | sed -n 's/^  \([a-z-]\+\) \{2,\}.*/\1/p' | sort -u)
[ "$(echo "$templates" | wc -l)" -eq 11 ] && echo "ok eleven templates" || echo "not ok templates: $templates"

# Every template gives a dossier that is sound, that assess takes, and in which nothing counts as claimed.
for t in $templates; do
  check "$t: init" 0 $assay init "$t" --template "$t" --markets UK,SG,AU,EU --at 2026-11-24
  says "$t: first steps" '^ +10  '
  check "$t: lint" 0 $assay lint "$t" --format json
  says "$t: lint finds no error" '"errors": *0'
  says "$t: and lists what nobody confirmed" 'not confirmed yet'
  says "$t: and what is still to be said" 'still to be said'
  never_says "$t: no answer is at odds with the rows" 'does not apply|which the dossier does not give|refers to'
  for edition in 2.1.1 3.1.3; do
    check "$t: assess $edition" 0 $assay assess "$t" --edition $edition --at 2026-11-24
    never_says "$t: no suggestion becomes a verdict in $edition" '[1-9][0-9]* (pass|fail|not applicable)'
    says "$t: what to do next" "^Next: assay lint $t says"; says "$t: the page" "$t/FIRST-STEPS.md has it"
    never_says "$t: nothing passes in $edition" '"value": *"(pass|fail)"' "$t/out/assessment.json"
  done
done
check "once more" 0 $assay init again --template camera --markets SG,AU,EU,GB --at 2026-11-24
diff -r camera again -x out >/dev/null && echo "ok the same answers give the same bytes" || { echo "not ok they differ"; diff -r camera again -x out | head; }
check "json" 0 $assay init j --template plug --markets GB --format json
says "steps in json" '"turns"'; says "scope in json" '"law": *"uk-psti"'

# What is there stays as it is.
check "a dossier is there already" 3 $assay init camera
says "what to do then" 'assay init camera --resume' err
sed -i 's/^name: TODO.*/name: Eye/' camera/product.yaml
cp camera/product.yaml mine
check "resume" 0 $assay init camera --template camera --resume --at 2026-11-24
says "what somebody changed is left" 'changed them: product.yaml'
equal "it is" mine camera/product.yaml
ln -s /tmp linked; mkdir l; ln -s "$work" l/ixit; : > l/product.yaml
check "no writing through a link" 3 $assay init l --template plug --resume

# Files of somebody else stay.
mkdir other; echo mine > other/FIRST-STEPS.md
check "a directory with other files" 3 $assay init other --template plug
says "and what to do" 'Name a new directory: assay init other/dossier' err
equal "the page is left" <(echo mine) other/FIRST-STEPS.md
mkdir mixed mixed/firmware; : > mixed/notes.txt
check "other files, no page" 3 $assay init mixed --template plug; says "by name" "holds 'notes.txt'" err
echo changed >> again/FIRST-STEPS.md
check "a page that somebody changed" 0 $assay init again --template camera --resume --at 2026-11-24
says "is left" 'changed them: .*FIRST-STEPS.md'; says "as it is" '^changed$' again/FIRST-STEPS.md
cp -r j k; sed -i 's|^written:.*|&\n  "../../x": 0|' k/init-answers.yaml
check "a digest of a file that is not ours" 3 $assay init k --template plug --resume; says "by name" "'../../x' is no file" err
cp -r j n; sed -i 's|^  "ics.yaml": .*|  "ics.yaml": zz|' n/init-answers.yaml
check "what is no digest" 3 $assay init n --template plug --resume; says "with its place" 'SHA-256 of 64' err

# A member state has the union's laws.
check "Germany" 0 $assay init de --template plug --markets DE --at 2026-11-24
says "the laws of the EU" '^  EU  '; never_says "it has laws" 'None of the markets'
says "the market stays as it was named" '^markets: \[DE\]' de/product.yaml

# Open places are listed whole, in lines that can be read.
check "lint in text" 0 $assay lint de
never_says "nothing is cut" 'and [0-9]+ more'
[ "$(grep -v ' | ' out | LC_ALL=C awk 'length > 110' | wc -l)" -eq 0 ] && echo "ok lines of 100 columns" || echo "not ok too wide"

# Suggestions agree with each other: confirmed all at once, none fails by another.
printf 'answers:\n  category: Jacuzzi\n' > tub.yaml
check "a jacuzzi" 0 $assay init tub --answers tub.yaml --at 2026-11-24
says "is a hot tub" 'Panel' tub/ixit/27-user-intf.yaml
says "manual updates" '5.3-4: \{support: N' hot-tub/ics.yaml
says "a controller that is not updated" '5.3-1: \{support: N' hot-tub/ics.yaml
never_says "no boot loader is checked" 'Checks the boot loader' hot-tub/ixit/06-soft-comp.yaml

# Files of answers.
cat > answers.yaml <<'Y'
answers:
  maker: Northlight Home Ltd
  name: "Hearth: Plug"
  model: HP-1
  contact: security@northlight-home.example
  support_until: 2031-03-31
  markets: [UK, SG]
  internet: yes
  uk_part: both
  consumers: yes
  state_sold: new
  role: own_brand
  passwords: no
  sensors: []
  constrained: no
Y
check "a template with answers" 0 $assay init plug2 --template plug --answers answers.yaml --at 2026-11-24
says "in scope, with the role" 'in scope as manufacturer'
says "own words" '^name: "Hearth: Plug"$' plug2/product.yaml
says "UK is GB" '^markets: \[GB, SG\]' plug2/product.yaml
says "an answer is a claim" '5.1-1: \{support: N/A, detail: "No password or PIN is used anywhere."\}' plug2/ics.yaml
says "and needs no confirmation" '^entries: \[\]' plug2/ixit/22-ext-sens.yaml
never_says "none" '^confirmed: no' plug2/ixit/22-ext-sens.yaml
says "the page has the place of the law, its source and how sure it is" 'Act ss.4-7; PSTIA; high confidence' plug2/FIRST-STEPS.md
says "duties of the role" 'statement of compliance goes with the product' plug2/FIRST-STEPS.md
check "lint" 0 $assay lint plug2
check "assess" 0 $assay assess plug2 --at 2026-11-24
never_says "N/A needs claims that bear it out, and nobody confirmed the logins" 'not applicable'
sed -i 's/uk_part: both/uk_part: scotland/' answers.yaml
check "a wrong answer" 3 $assay init plug3 --answers answers.yaml
says "with its place" "answers.yaml:9:12: 'uk_part': 'scotland' is not one of gb, ni, both" err
[ ! -e plug3/product.yaml ] && echo "ok nothing was written" || echo "not ok it wrote"
printf 'answers:\n  colour: red\n' > answers.yaml
check "a wrong question" 3 $assay init plug3 --answers answers.yaml; says "with its place" 'answers.yaml:2:11: there is no question' err
check "no such template" 2 $assay init plug3 --template teapot; says "those there are" 'hot-tub' err
check "no such market" 2 $assay init plug3 --template plug --markets Narnia
check "no directory named" 2 $assay init
check "no directory that can be" 3 $assay init "$root/LICENSE" --template plug

# The input ends: the answers are kept, and the same command goes on.
printf 'camera\nyes\nNorthlight\n' > lines
check "the input ends" 3 bash -c '"$0" init cut < lines' $assay
says "and it says how to go on" 'Stopped after 3 answers, kept in cut/init-answers.yaml. To go on: assay init cut' err
says "they are there" '^  maker: "Northlight"' cut/init-answers.yaml
[ ! -e cut/product.yaml ] && echo "ok no half dossier" || echo "not ok a dossier"
yes '' | head -n 60 > lines
{ echo "Eye"; echo "E-1"; echo skip; echo skip; echo "uk,sg"; cat lines; } > more
check "it goes on" 0 bash -c '"$0" init cut --at 2026-11-24 < more' $assay
says "after the answers of before" 'after 3 answers of before'
says "in scope" 'in scope'
never_says "a camera is not asked about vehicles" 'road vehicle, or'
says "the dossier" '^maker: Northlight$' cut/product.yaml
check "sound" 0 $assay lint cut
check "assessed" 0 $assay assess cut --at 2026-11-24
check "nothing at all" 3 bash -c '"$0" init none < /dev/null' $assay
[ ! -e none ] && echo "ok and nothing was left behind" || echo "not ok it left $(ls -A none)"

# On a terminal. script(1) gives one; what is seen is waited for, so that nothing depends on time.
command -v script >/dev/null || { echo "skip script(1) is not here"; exit 0; }
seen= status=
begin() {
  coproc TTY { TERM=dumb script -qefc "$assay init tty --at 2026-11-24" /dev/null 2>&1; }
  tty_pid=$TTY_PID; exec 7<&"${TTY[0]}" 8>&"${TTY[1]}"; eval "exec ${TTY[1]}>&-"; seen=
}
until_seen() {  # WHAT TEXT: reads until the text has come
  local c deadline=$((SECONDS + 20))
  seen=
  while [ $SECONDS -lt $deadline ]; do
    IFS= read -r -d '' -n 1 -t 5 c <&7 || break
    seen+=$c
    case $seen in *"$2"*) echo "ok $1"; return 0 ;; esac
  done
  echo "not ok $1: no '$2' in: $seen"; return 1
}
type_in() { printf "$1" >&8; }
ends() { exec 8>&-; timeout 20 cat <&7 > tty.rest || kill "$tty_pid"; exec 7<&-; wait "$tty_pid"; status=$?; }
begin
until_seen "it asks the first" "in your words > "; type_in 'teapot\n'
until_seen "it does not know teapots" "no kind of product"; until_seen "and asks again" " > "; type_in '?\n'
until_seen "? explains" "what people call"; until_seen "and asks again" " > "; type_in 'camera\n'
until_seen "it offers rows" "[yes] > "; type_in '\n'
until_seen "it asks who" "maker"; until_seen "it waits" " > "; type_in 'Nrthlight\n'
until_seen "it asks the name" "product called"; until_seen "it waits" " > "; type_in 'back\n'
until_seen "back goes back" "maker"; until_seen "it waits" " > "; type_in 'Northlight\n'
until_seen "it goes on" "product called"; until_seen "it waits" " > "; type_in '\n'
until_seen "an empty answer is none" "skip where you do not know"; until_seen "it waits" " > "; type_in '\003'
until_seen "Ctrl-C keeps the answers" "To go on: assay init tty"
ends
[ "$status" -ne 0 ] && echo "ok and the status says so" || echo "not ok status $status"
says "the corrected answer is kept" '^  maker: "Northlight"' tty/init-answers.yaml
begin
until_seen "it goes on where it was" "after 3 answers of before"; until_seen "with the name" "product called"
until_seen "it waits" " > "; type_in 'Eye\n'
for answer in E-1 skip skip GB; do until_seen "it waits" " > "; type_in "$answer\n"; done
for _ in $(seq 60); do
  IFS= read -r -d '>' -t 10 chunk <&7 || break
  case $chunk in *"FIRST STEPS"*) break ;; esac
  type_in '\n' 2>/dev/null
done
ends
check "the dossier of the terminal is sound" 0 $assay lint tty
says "it is the camera" '^name: Eye$' tty/product.yaml
says "its page" 'With it, all tables that the tests of GB PSTI law.* read are filled' tty/FIRST-STEPS.md
true
