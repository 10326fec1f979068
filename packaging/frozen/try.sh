#!/bin/sh
# Proves the .deb on a Debian without Python (debootstrap's minbase, in a chroot), by mouse and keys on a screen of memory:
#   sh packaging/frozen/try.sh 12|13 FILE.deb [FOLDER]
# installs it, opens the window, adds a folder, waits until it is indexed, searches, plays the first result, quits. Pictures
# of the window are left in FOLDER (a temporary one by default). Needs root and the network.
set -eu
say() { printf 'try: %s\n' "$*"; }
fail() { printf 'try: %s\n' "$*" >&2; exit 1; }

case ${1:-} in
12) suite=bookworm ;;
13) suite=trixie ;;
*) fail "use: sh packaging/frozen/try.sh 12|13 FILE.deb [FOLDER]" ;;
esac
[ -f "${2:-}" ] || fail "there is no file ${2:-}"
[ "$(id -u)" = 0 ] || fail "only root can make a system"

if [ -z "${REELFIND_TRY_INSIDE:-}" ]; then
    for command in debootstrap:debootstrap ffmpeg:ffmpeg Xvfb:xvfb xdotool:xdotool import:imagemagick openbox:openbox; do
        command -v "${command%%:*}" >/dev/null 2>&1 ||
            { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${command##*:}"; } >&2
    done
    place=${3:-$(mktemp -d)}
    mkdir -p "$place/packages"
    place=$(CDPATH='' cd -- "$place" && pwd)
    ! grep -q -F " $place/root" /proc/self/mounts || fail "something is mounted below $place/root. Unmount it first."
    rm -rf --one-file-system "$place/root"
    status=0
    # Everything is mounted, and every process lives, in a namespace that ends with this.
    REELFIND_TRY_INSIDE=$place unshare --mount --propagation private --pid --fork --kill-child --mount-proc \
        sh "$0" "$1" "$2" || status=$?
    [ -n "${3:-}" ] || rm -rf --one-file-system "$place/root" "$place/packages"
    exit $status
fi

place=$REELFIND_TRY_INSIDE
root=$place/root
in_root() {
    chroot "$root" env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin DISPLAY=:87 XDG_RUNTIME_DIR=/tmp/run "$@"
}

mirror=$(apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' 2>/dev/null |
    grep -E '/debian/? (bookworm|trixie|forky|stable|testing|sid) main$' | cut -d ' ' -f 1 | head -n 1)
say "making Debian $1 ($suite, minbase)"
# shellcheck disable=SC2086 # one word or none
debootstrap --variant=minbase --cache-dir="$place/packages" "$suite" "$root" $mirror >"$place/debootstrap.log" ||
    fail "debootstrap failed, see $place/debootstrap.log"
mount -t proc proc "$root/proc"
mkdir -p "$root/tmp/.X11-unix" "$root/videos" "$root/dev/shm"
mount -t tmpfs tmpfs "$root/dev/shm"
cp -L /etc/resolv.conf /etc/hosts "$root/etc/"
for file in /etc/apt/apt.conf /etc/apt/apt.conf.d/*; do
    if grep -q -s 'Acquire::' "$file"; then cp -L "$file" "$root/etc/apt/apt.conf.d/"; fi
done
mkdir -p "$root/usr/local/share/ca-certificates"
cp -L /usr/local/share/ca-certificates/*.crt "$root/usr/local/share/ca-certificates/" 2>/dev/null || true
[ ! -e "$root/usr/bin/python3" ] || fail "the base system has a python3: this would prove nothing"

cp "$2" "$root/reelfind.deb"
began=$(date +%s)
in_root apt-get update -qq >/dev/null
in_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq /reelfind.deb >"$place/install.log" 2>&1 ||
    { tail -n 20 "$place/install.log" >&2; fail "the package was not installed"; }
[ ! -e "$root/usr/bin/python3" ] || fail "the package brought a python3: this would prove nothing"
say "installed with what it depends on after $(($(date +%s) - began)) s: $(in_root reelfind --version)"

for made in bars,smptebars noise,mandelbrot green,color=green; do
    case $made in *=*) size=':s=320x240:r=10' ;; *) size='=s=320x240:r=10' ;; esac
    ffmpeg -v error -y -f lavfi -i "${made#*,}$size" -t 4 -pix_fmt yuv420p "$root/videos/${made%,*}.mp4"
done
Xvfb :87 -screen 0 1280x800x24 >/dev/null 2>&1 &
export DISPLAY=:87
until_ready=50
until xdotool getmouselocation >/dev/null 2>&1 || [ $until_ready = 0 ]; do until_ready=$((until_ready - 1)); sleep 0.1; done
openbox >/dev/null 2>&1 &
mount --bind /tmp/.X11-unix "$root/tmp/.X11-unix"

# until_true SECONDS WORD...: as soon as the command succeeds; fails where it does not in time.
until_true() {
    left=$(($1 * 5))
    shift
    until "$@" >/dev/null 2>&1; do
        [ $left -gt 0 ] || return 1
        left=$((left - 1))
        sleep 0.2
    done
}
look() { import -window root "$place/$1.png" 2>/dev/null || true; }
stop_with() { look "$1"; fail "$1 (see $place/$1.png)"; }
shown() { xdotool search --onlyvisible --name "$1"; }
playing() { pgrep -f 'run-task play'; }
indexed() { in_root reelfind doctor 2>/dev/null | grep -q '3 videos: 3 indexed'; }

in_root mkdir -p /tmp/run
in_root reelfind gui >"$place/window.log" 2>&1 &
window=$!
until_true 30 shown Reelfind || stop_with "no window"
xdotool mousemove 600 300 click 1 key ctrl+k
until_true 10 shown '.' && sleep 1
xdotool type --delay 60 "add a folder"
sleep 1
xdotool key Return
sleep 2
xdotool type --delay 60 /videos
xdotool key Return
until_true 90 indexed || stop_with "the folder was not indexed"
xdotool key ctrl+f
xdotool type --delay 60 "colour bars"
xdotool key Return
sleep 2
look "results"
xdotool key Down Return
until_true 20 playing || stop_with "nothing plays"
sleep 1
look "player"
xdotool key ctrl+q
until_true 20 sh -c "! kill -0 $window" || stop_with "the window did not close"
status=0
wait $window || status=$?
[ $status = 0 ] || fail "the window ended with $status: $(tail -n 3 "$place/window.log")"
! pgrep -f /opt/reelfind || fail "a process was left behind"
in_root reelfind search "colour bars" | head -n 3
say "added, indexed, searched, played, closed on Debian $1; pictures: $place/results.png, $place/player.png"
