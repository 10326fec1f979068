#!/bin/sh
# Makes what people click out of the folder of packaging/frozen/build.sh: sh packaging/linux/packages.sh [FOLDER]
# FOLDER (default: dist) holds reelfind/ and gets reelfind_VERSION_ARCH.deb and reelfind-VERSION-ARCH.tar.xz.
# Needs dpkg-deb; rsvg-convert (Debian: librsvg2-bin) for icons in pixels, else only the drawing goes in.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)
here=$root/packaging/linux
dist=$(CDPATH='' cd -- "${1:-$root/dist}" && pwd)
frozen=$dist/reelfind
[ -x "$frozen/reelfind" ] || { echo "packages: first run sh packaging/frozen/build.sh" >&2; exit 1; }

version=$("$frozen/reelfind" --version | sed 's/.* //')
arch=$(dpkg --print-architecture)
tree=$dist/.work/deb
rm -rf "$tree"
umask 022

install_file() { # install_file SOURCE PLACE
    mkdir -p "$tree/$(dirname "$2")"
    sed "s/@VERSION@/$version/; s/@DATE@/$(date -u +%F)/" "$1" >"$tree/$2"
}

mkdir -p "$tree/opt" "$tree/usr/bin" "$tree/DEBIAN"
cp -a "$frozen" "$tree/opt/reelfind"
ln -s ../../opt/reelfind/reelfind "$tree/usr/bin/reelfind"
install_file "$here/reelfind.desktop" usr/share/applications/reelfind.desktop
install_file "$here/reelfind.metainfo.xml" usr/share/metainfo/reelfind.metainfo.xml
install_file "$here/reelfind-servicemenu.desktop" usr/share/kio/servicemenus/reelfind.desktop
install_file "$here/reelfind.nemo_action" usr/share/nemo/actions/reelfind.nemo_action
install_file "$root/resources/reelfind.svg" usr/share/icons/hicolor/scalable/apps/reelfind.svg
if command -v rsvg-convert >/dev/null 2>&1; then
    for size in 16 32 48 128 256; do
        mkdir -p "$tree/usr/share/icons/hicolor/${size}x$size/apps"
        rsvg-convert -w $size -h $size "$root/resources/reelfind.svg" -o "$tree/usr/share/icons/hicolor/${size}x$size/apps/reelfind.png"
    done
fi
mkdir -p "$tree/usr/share/man/man1"
(cd "$root" && "$dist/.work/venv/bin/python" -c "from app.cli.manual import man_page; print(man_page(), end='')") |
    gzip -9n >"$tree/usr/share/man/man1/reelfind.1.gz"
mkdir -p "$tree/usr/share/doc/reelfind"
cp "$frozen"/_internal/licences/* "$tree/usr/share/doc/reelfind/" 2>/dev/null || true

# What Qt opens a window with is the system's: screen, session bus, sound, fonts (SYSTEM in packaging/frozen/reelfind.spec).
cat >"$tree/DEBIAN/control" <<CONTROL
Package: reelfind
Version: $version
Architecture: $arch
Maintainer: The Reelfind authors <reelfind@localhost>
Section: video
Priority: optional
Installed-Size: $(du -sk --apparent-size "$tree" | cut -f 1)
Depends: libc6 (>= 2.34), libegl1, libgl1, libglib2.0-0 | libglib2.0-0t64, libfontconfig1, libfreetype6, libdbus-1-3, libpulse0,
 libgssapi-krb5-2, libx11-6, libx11-xcb1, libxcb1, libxkbcommon0, libxkbcommon-x11-0, libxcb-cursor0, libxcb-icccm4, libxcb-image0,
 libxcb-keysyms1, libxcb-randr0, libxcb-render-util0, libxcb-render0, libxcb-shape0, libxcb-shm0, libxcb-sync1, libxcb-xfixes0,
 libxcb-xkb1, fonts-dejavu-core | fonts-freefont-ttf | fonts-liberation
Description: find a moment in your own videos by describing it
 Reelfind looks through the videos in your folders and answers descriptions:
 it shows the moments where that happens and plays them. Everything stays on
 this computer; it works without a network.
CONTROL
dpkg-deb --root-owner-group -Zxz -z3 --build "$tree" "$dist/reelfind_${version}_$arch.deb" >/dev/null
XZ_OPT="-T0 -3" tar -C "$dist" --owner=0 --group=0 --numeric-owner -cJf "$dist/reelfind-$version-$arch.tar.xz" reelfind
ls -l "$dist"/*.deb "$dist"/*.tar.xz | awk '{print $5, $9}'
