#!/bin/sh
# Proves the README's two commands on a Debian with nothing but the base system (debootstrap's minbase, in a chroot):
#   sh packaging/bare.sh 12|13 [FOLDER [PYTEST ARGUMENT...]]
# makes the system, searches three small videos with packaging/run.sh, then runs packaging/test.sh without torch. The
# system lies in a temporary folder ("-", the default), or in FOLDER and stays there until the next run.
# With pytest arguments only these tests run; REELFIND_BARE_TESTS=no leaves them out. With REELFIND_BARE_COMPILER=no the
# first command is run by somebody who may not install anything, where there is a Python and no compiler.
# Needs root and the network. Uses this machine's Debian mirror, proxies, certificates and pip settings.
set -eu
checkout=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)

say() { printf 'bare: %s\n' "$*"; }
fail() { printf 'bare: %s\n' "$*" >&2; exit "${status:-1}"; }

case ${1:-} in
12) suite=bookworm ;;
13) suite=trixie ;;
*) status=2 fail "use: sh packaging/bare.sh 12|13 [FOLDER [PYTEST ARGUMENT...]]" ;;
esac
[ "$(id -u)" = 0 ] || fail "only root can make a system. Run: sudo sh packaging/bare.sh $*"
release=$1
place=${2:--}
[ $# -lt 2 ] || shift
shift

# --- Outside: the tools, a folder, the videos. Everything is mounted in a namespace of its own, further below: it
# ends with that, however that ends, and what is deleted here never had anything mounted in it.

need() { # need COMMAND: also the name of its Debian package
    command -v "$1" >/dev/null 2>&1 && return
    say "installing $1"
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$1"; } >&2
}

make_videos() {
    mkdir -p "$1"
    for made in bars,smptebars noise,mandelbrot 'grün,color=green'; do
        case $made in *=*) size=':s=320x240:r=10' ;; *) size='=s=320x240:r=10' ;; esac
        ffmpeg -v error -y -f lavfi -i "${made#*,}$size" -t 4 -pix_fmt yuv420p "$1/${made%,*}.mp4"
    done
}

if [ -z "${REELFIND_BARE_INSIDE:-}" ]; then
    need debootstrap
    need ffmpeg
    if [ "$place" = - ]; then
        place=$(mktemp -d)
        trap 'rm -rf --one-file-system "$place"' EXIT
        trap 'exit 130' INT TERM HUP
    fi
    mkdir -p "$place"
    place=$(CDPATH='' cd -- "$place" && pwd)
    target=$place/debian-$release
    ! grep -q -F " $target" /proc/self/mounts || fail "something is mounted below $target. Unmount it first."
    rm -rf --one-file-system "$target"
    mkdir -p "$target" "$place/packages"
    make_videos "$place/videos"
    status=0
    REELFIND_BARE_INSIDE=$place unshare --mount --propagation private --pid --fork --kill-child \
        sh "$checkout/packaging/bare.sh" "$release" "$place" "$@" || status=$?
    exit $status
fi

# --- Inside.

target=$place/debian-$release

# The mirror this machine uses, where it is a Debian; else debootstrap's own.
mirror() {
    # shellcheck disable=SC2016 # apt's own placeholders
    apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' 2>/dev/null |
        grep -E '/debian/? (bookworm|trixie|forky|stable|testing|sid) main$' | cut -d ' ' -f 1 | head -n 1
}

# pip's settings here as lines "name = value", the environment's first as they count more.
pip_settings() {
    "${PYTHON:-python3}" -m pip config list 2>/dev/null | sort |
        sed -n "s/^\(:env:\|global\|install\)\.\([a-z-]*\)='\(.*\)'\$/\2 = \3/p" |
        awk '!seen[$1]++'
}

# share PATH: what pip's settings name on this machine is there in the root as well, and can't be changed from there.
share() {
    path=${1#file://}
    case $path in /*) ;; *) return 0 ;; esac
    # An index of packages links to the files that lie beside it.
    case ${path%/} in */simple) path=$(dirname "$path") ;; esac
    [ -e "$path" ] && [ ! -e "$target$path" ] || return 0
    if [ -d "$path" ]; then
        mkdir -p "$target$path"
        mount --bind "$path" "$target$path"
        mount -o remount,bind,ro "$target$path"
    else
        mkdir -p "$target$(dirname "$path")"
        cp -L "$path" "$target$path"
    fi
}

copy_settings() {
    cp -L /etc/resolv.conf /etc/hosts "$target/etc/"
    for file in /etc/apt/apt.conf /etc/apt/apt.conf.d/*; do
        if grep -q -s 'Acquire::' "$file"; then cp -L "$file" "$target/etc/apt/apt.conf.d/"; fi
    done
    mkdir -p "$target/usr/local/share/ca-certificates"
    for file in /usr/local/share/ca-certificates/*.crt; do
        [ ! -f "$file" ] || cp -L "$file" "$target/usr/local/share/ca-certificates/"
    done
    { echo "[global]" && pip_settings; } >"$target/etc/pip.conf"
    # shellcheck disable=SC2013 # words on purpose
    for word in $(sed 's/^[^=]*=//' "$target/etc/pip.conf"); do share "$word"; done
}

# The checkout as git sees it, with what was changed and not committed yet.
copy_checkout() {
    mkdir "$target/reelfind"
    (cd "$checkout" && git ls-files -z --cached --others --exclude-standard | tar --null -T - -cf -) |
        tar -C "$target/reelfind" --no-same-owner -xf -
    cp -r "$place/videos" "$target/videos"
}

mount_system() {
    mount -t proc proc "$target/proc"
    mount -t sysfs -o ro sysfs "$target/sys"
    mount -t devpts -o newinstance,ptmxmode=0666 devpts "$target/dev/pts"
    mkdir -p "$target/dev/shm"
    mount -t tmpfs tmpfs "$target/dev/shm"
}

user='' home=/root
# in_root WORD...: run in the checkout as after a first login; no LANG, as the base system has no locale.
in_root() {
    # shellcheck disable=SC2016,SC2046,SC2086 # expanded inside; the words of proxy settings hold no blanks; a word or none
    chroot $user "$target" env -i HOME="$home" USER="${home##*/}" TERM=dumb \
        PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
        $(env | grep -E '^([a-z]+_proxy|[A-Z]+_PROXY)=' || true) \
        sh -c 'cd /reelfind && exec "$@"' sh "$@"
}

# timed NAME WORD...: run it there, its output also in FOLDER/debian-N-NAME.log, and say how long it took.
timed() {
    log=$place/debian-$release-$1.log
    name=$1
    shift
    began=$(date +%s)
    status=0
    in_root "$@" >"$log" 2>"$log.errors" || status=$?
    say "$name: exit code $status after $(($(date +%s) - began)) s"
}

say "making Debian $release ($suite, minbase)"
# shellcheck disable=SC2046 # one word or none
debootstrap --variant=minbase --cache-dir="$place/packages" "$suite" "$target" $(mirror) >"$place/debian-$release.log" ||
    { tail -n 20 "$place/debian-$release.log" >&2; fail "debootstrap failed"; }
mount_system
copy_settings
copy_checkout
[ ! -e "$target/usr/bin/python3" ] || fail "the base system has a python3: this would prove nothing"
say "$(chroot "$target" dpkg-query -W | wc -l) packages, no python3, no locale; the checkout is in /reelfind"

if [ "${REELFIND_BARE_COMPILER:-yes}" = no ]; then
    say "installing a Python and its venv, and nothing that compiles; going on as somebody who may not install"
    in_root sh -c 'apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends python3-venv' \
        >"$place/debian-$release-python.log" 2>&1
    user='--userspec=1000:1000' home=/var/somebody
    mkdir -p "$target$home"
    chown -R 1000:1000 "$target$home" "$target/reelfind"
    for compiler in cc c++ gcc g++ clang; do
        [ ! -e "$target/usr/bin/$compiler" ] || fail "there is a $compiler: this would prove nothing"
    done
fi

timed first sh packaging/run.sh search --in /videos "colour bars"
cat "$log"
if [ $status != 0 ] || ! grep -q bars "$log"; then
    tail -n 40 "$log.errors" >&2
    fail "the first command did not find the videos"
fi
grep '^reelfind: ' "$log.errors" | cut -c -160
say "$(in_root python3 --version), $(in_root .venv/bin/python -c 'import av; print("PyAV", av.__version__)')"
timed second sh packaging/run.sh search --in /videos "a green picture"
cat "$log"
if [ $status != 0 ] || ! grep -q grün "$log"; then
    tail -n 40 "$log.errors" >&2
    fail "the second run did not find the video with a letter beyond ASCII in its name"
fi

if [ "${REELFIND_BARE_COMPILER:-yes}" = no ]; then
    in_root .venv/bin/reelfind --library /tmp/library doctor >"$log" 2>&1 || true
    grep 'hnswlib is not installed' "$log" || fail "doctor did not say what is missing"
    exit 0
fi
[ "${REELFIND_BARE_TESTS:-yes}" != no ] || exit 0
timed tests env REELFIND_WITHOUT_TORCH=1 sh packaging/test.sh "$@"
grep -E '^(FAILED|ERROR) ' "$log" || true
[ $status = 0 ] || grep -v '^WARNING: Location' "$log.errors" | tail -n 20 >&2
tail -n 1 "$log"
exit $status
