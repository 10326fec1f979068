#!/bin/sh
# NOT TRIED: there was no macOS where this was written. What each step does was tried on Linux (packaging/frozen/build.sh).
#
# Makes Reelfind.app, which needs no Python, and a disk image with it:
#   sh packaging/macos/build.sh [FOLDER]
# FOLDER (default: dist) gets Reelfind.app and reelfind-VERSION-MACHINE.dmg. Needs Python 3.11 to 3.13, Xcode's command
# line tools and the network. The command line is Reelfind.app/Contents/MacOS/reelfind.
# With REELFIND_IDENTITY ("Developer ID Application: …") it is signed for others, with the hardened runtime; notarise the
# image after that (xcrun notarytool submit, xcrun stapler staple). Without one it is signed for this computer only.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)
dist=${1:-$root/dist}
mkdir -p "$dist/.work"
dist=$(CDPATH='' cd -- "$dist" && pwd)
work=$dist/.work
here=$root/packaging/macos
python=${PYTHON:-python3}

say() { printf 'build: %s\n' "$*"; }

[ -x "$work/venv/bin/python" ] || "$python" -m venv "$work/venv"
pip="$work/venv/bin/python -m pip --disable-pip-version-check --quiet"
$pip install --constraint "$root/packaging/constraints.txt" "$root[hnsw]" "pyinstaller>=6.11,<7"

say "putting the program together"
REELFIND_ICON=$work/reelfind.icns
export REELFIND_ICON
"$work/venv/bin/python" "$root/packaging/icons.py" "$REELFIND_ICON"
rm -rf "$dist/Reelfind.app" "$dist/reelfind"
(cd "$root" && "$work/venv/bin/pyinstaller" --noconfirm --log-level ERROR --distpath "$dist" --workpath "$work/build" \
    packaging/frozen/reelfind.spec)
rm -rf "$dist/reelfind" # the folder that went into the app
app=$dist/Reelfind.app
[ -x "$work/tools/bin/cyclonedx-py" ] || { "$python" -m venv "$work/tools" && "$work/tools/bin/pip" install --quiet "cyclonedx-bom>=7,<8"; }
"$work/venv/bin/python" "$root/packaging/frozen/licences.py" "$app/Contents/Resources" "$work/tools/bin/cyclonedx-py"

version=$("$app/Contents/MacOS/reelfind" --version | sed 's/.* //')
[ -n "$version" ] || { say "the program does not say its version"; exit 1; }

# From the inside out: a signature covers those below it.
if [ -n "${REELFIND_IDENTITY:-}" ]; then
    say "signing as $REELFIND_IDENTITY"
    find "$app/Contents" -type f \( -name '*.so' -o -name '*.dylib' \) -exec codesign --force --timestamp --options runtime \
        --sign "$REELFIND_IDENTITY" {} +
    codesign --force --deep --timestamp --options runtime --entitlements "$here/entitlements.plist" --sign "$REELFIND_IDENTITY" "$app"
else
    codesign --force --deep --sign - "$app"
fi
codesign --verify --deep --strict "$app"

say "making the disk image"
image=$work/image
rm -rf "$image"
mkdir "$image"
cp -R "$app" "$image/"
cp "$root/LICENSE" "$image/"
ln -s /Applications "$image/Applications"
file=$dist/reelfind-$version-$(uname -m).dmg
hdiutil create -quiet -ov -volname "Reelfind $version" -fs HFS+ -format UDZO -srcfolder "$image" "$file"
hdiutil verify -quiet "$file"
say "$file: $(du -m "$file" | cut -f 1) MiB"
