# tests/package.sh BUILD: cmake --install and the .deb hold what a user needs, and the installed binary runs the example without the
# source tree.
build=$1
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
check() { if [ "$2" -eq 0 ]; then echo "ok $1"; else echo "not ok $1"; fi; }
"$root/tools/build" "$build" assay extras; check "the program builds" $?
DESTDIR=$work/root cmake --install "$build" --prefix /usr >"$work/log" 2>&1; check "cmake --install" $?
for f in usr/bin/assay usr/share/man/man1/assay.1.gz usr/share/bash-completion/completions/assay usr/share/assay/examples/doorbell/product.yaml usr/share/assay/data/version.yaml usr/share/doc/assay/copyright; do
  test -s "$work/root/$f"; check "installs $f" $?
done
(cd "$work" && cmake -E chdir "$build" cpack -G DEB -B "$work/deb" >"$work/log" 2>&1) || cat "$work/log"
deb=$(ls "$work"/deb/*.deb 2>/dev/null | head -n 1)
test -n "$deb"; check "cpack makes a .deb" $?
dpkg-deb -x "$deb" "$work/unpacked"; check "the .deb unpacks" $?
dpkg-deb -f "$deb" Depends | grep -q libssl3; check "the .deb names the libraries it needs" $?
cp -R "$work/unpacked/usr/share/assay/examples/doorbell" "$work/doorbell"
if [ -e "$root/examples/doorbell/firmware/doorbell-v1.bin" ]; then cp "$root"/examples/doorbell/firmware/*.bin "$work/doorbell/firmware/"; else "$work/doorbell/firmware/make"; fi
(cd "$work" && "$work/unpacked/usr/bin/assay" assess doorbell --firmware v1 --out out --at 2026-11-22 --quiet); check "the installed binary runs the example" $?
test -s "$work/out/report.html"; check "and writes its report" $?
bash -n "$work/root/usr/share/bash-completion/completions/assay"; check "the completion is sound shell" $?
