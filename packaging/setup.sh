# shellcheck shell=sh
# Sourced by run.sh and test.sh: a virtual environment with Reelfind in it, made once and reused.
# Plain sh. Changes nothing outside the checkout, except Debian packages where it may install them.

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
venv=${REELFIND_VENV:-"$root/.venv"}
case $venv in /*) ;; *) venv=$(pwd)/$venv ;; esac
constraints=$root/packaging/constraints.txt

# Markers in the environment. The first is there from before it is made until all is installed: an environment that
# has it was cut off, whatever else is in it. The second says for which path and Python it was made.
unfinished=$venv/.reelfind-unfinished
made_for=$venv/.reelfind-made-for

# What Qt needs to open a window and play sound.
debian_packages="libegl1 libgl1 libglib2.0-0 libfontconfig1 libdbus-1-3 libxkbcommon0 libxkbcommon-x11-0
libx11-xcb1 libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0 libxcb-render-util0
libxcb-shape0 libxcb-sync1 libxcb-xfixes0 libxcb-xkb1 libxrandr2 libpulse0 fonts-dejavu-core"

say() { printf 'reelfind: %s\n' "$*" >&2; }

version_of() { "$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null; }

# Prints the path of a Python that will do, the system's own first: its headers are a package away.
find_python() {
    for candidate in ${PYTHON:-} python3 python3.13 python3.12 python3.11; do
        if command -v "$candidate" >/dev/null 2>&1 &&
            "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$candidate"
            return
        fi
    done
    return 1
}

# Prints what the installation itself cannot do without, as Debian packages; nothing where all is there.
# hnswlib is built from source: that takes a compiler and Python's headers.
missing_tools() {
    if [ -z "$1" ]; then
        echo python3 python3-venv python3-dev
    else
        package=python3
        [ "$(version_of /usr/bin/python3)" = "$(version_of "$1")" ] || package=python$(version_of "$1")
        "$1" -c 'import ensurepip, venv' 2>/dev/null || echo "$package-venv"
        "$1" -c 'import os, sys, sysconfig
sys.exit(not os.path.exists(os.path.join(sysconfig.get_paths()["include"], "Python.h")))' || echo "$package-dev"
    fi
    command -v c++ >/dev/null 2>&1 || command -v g++ >/dev/null 2>&1 || echo g++
}

missing_libraries() {
    for package in $debian_packages; do
        # Debian 13 gave some libraries another name.
        dpkg-query -W -f '${Status}\n' "$package" "${package}t64" 2>/dev/null | grep -q 'ok installed' || echo "$package"
    done
}

# install_packages PACKAGE...: through apt where that needs no password; else prints the one line to run and fails.
install_packages() {
    line="apt-get update && apt-get install -y --no-install-recommends $*"
    if [ "$(id -u)" = 0 ]; then
        as_root=
    elif command -v sudo >/dev/null 2>&1; then
        line="sudo sh -c '$line'"
        as_root="sudo -n"
        sudo -n true 2>/dev/null || as_root=no
    else
        line="su -c '$line'"
        as_root=no
    fi
    if [ "$as_root" != no ]; then
        say "installing these system packages (once): $*"
        # The first puts right what an earlier installation left half done, else apt refuses to work.
        if { $as_root dpkg --configure -a && { $as_root apt-get update -qq || true; } &&
            $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq -o DPkg::Lock::Timeout=120 \
                -o Dpkg::Use-Pty=0 --no-install-recommends "$@"; } >&2 </dev/null; then
            return 0
        fi
        say "apt could not install them; the lines above say why."
    else
        say "some system packages are missing."
    fi
    say "Run this once, then start again:"
    say "    $line"
    return 1
}

# Sets `python`, and sees to it that it can make an environment and build what has to be built.
prepare_system() {
    python=$(find_python) || python=
    tools=$(missing_tools "$python")
    if command -v apt-get >/dev/null 2>&1 && command -v dpkg-query >/dev/null 2>&1; then
        libraries=$(missing_libraries)
        if [ -n "$tools$libraries" ]; then
            # Without the libraries only the window does not open: the command line is worth going on for.
            # shellcheck disable=SC2086 # lists of words on purpose
            install_packages $tools $libraries || [ -z "$tools" ] || exit 1
        fi
        [ -n "$python" ] || python=$(find_python) || python=
    fi
    if [ -z "$python" ]; then
        say "Python 3.11 or newer is needed. Install it, or name it: PYTHON=/path/to/python3 sh $0"
        exit 1
    fi
    still=$(missing_tools "$python")
    if [ -n "$still" ]; then
        # shellcheck disable=SC2086 # a list of words on purpose
        say "something is missing that the installation needs (Debian calls it:" $still"). Install it and start again."
        exit 1
    fi
}

# Whether the environment that is there can be installed into. Not if it was cut off, if it or the checkout was
# moved (its scripts name its path), or if its Python went or became another (3.11 to 3.13 with the system).
usable() {
    [ ! -e "$unfinished" ] && [ -x "$venv/bin/python" ] || return 1
    [ ! -e "$made_for" ] || [ "$(cat "$made_for")" = "$venv $(version_of "$venv/bin/python")" ] || return 1
    "$venv/bin/python" -m pip --version >/dev/null 2>&1
}

# Only what these scripts made is ever emptied: the default place, or a folder with their marker.
ours() {
    [ "$venv" = "$root/.venv" ] && return
    for marker in "$venv"/.reelfind-*; do [ ! -e "$marker" ] || return 0; done
    [ -z "$(ls -A "$venv")" ]
}

make_environment() {
    if [ -e "$venv" ]; then
        if ! { [ -d "$venv" ] && ours; }; then
            say "$venv is no environment that Reelfind can use or may replace."
            say "Move it away, or name another folder: REELFIND_VENV=/path/to/folder sh $0"
            exit 1
        fi
        say "the virtual environment was left unfinished or its Python has changed; making it anew"
        : >"$unfinished"
        find "$venv/." -mindepth 1 -maxdepth 1 ! -name "${unfinished##*/}" -exec rm -rf {} +
    else
        say "making a virtual environment"
        rm -f "$venv" # a link to a folder that is gone
        mkdir -p "$venv"
    fi
    : >"$unfinished"
    "$python" -m venv "$venv" >&2 || exit 1
    printf '%s' "$venv $(version_of "$venv/bin/python")" >"$made_for"
}

# Prints what was installed from; another fingerprint means installing again.
fingerprint() {
    printf '%s %s' "$(cat "$root/pyproject.toml" "$constraints" | cksum)" "$root $(version_of "$venv/bin/python")"
}

is_set_up() {
    [ ! -e "$unfinished" ] && [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$(fingerprint)" ]
}

# One at a time; the lock goes to pip as well, so that one which outlived its script is waited for.
lock_setup() {
    command -v flock >/dev/null 2>&1 || return 0
    exec 9<"$root/packaging"
    flock -n 9 && return
    say "waiting for another set-up of this checkout to finish"
    flock 9
}

# set_up EXTRAS: the environment holds Reelfind with these extras ("" or "dev,models"); quick when it already does.
set_up() {
    extras=$1
    stamp="$venv/.reelfind-${extras:-run}"
    ! is_set_up || return 0
    lock_setup
    if ! is_set_up; then
        prepare_system
        usable || make_environment
        install_reelfind
    fi
    exec 9<&-
}

# What pip put there; a package that is replaced by itself gets other inode numbers.
installed() { ls -Ai "$venv"/lib/python*/site-packages; }

install_reelfind() {
    # The constraints were made for these versions; for a newer Python the bounds in pyproject.toml have to do.
    version=$(version_of "$venv/bin/python")
    case $version in
    3.11 | 3.12 | 3.13) set -- --constraint "$constraints" ;;
    *)
        set --
        say "Python $version is newer than those Reelfind was tested with (3.11 to 3.13); taking the newest packages"
        ;;
    esac
    say "installing Reelfind${extras:+ with $extras} (some minutes the first time)"
    before=$(installed)
    : >"$unfinished"
    if ! "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-input \
        "$@" --editable "$root${extras:+[$extras]}" >&2; then
        # Where pip changed nothing (no network, say), what was there before is as good as it was.
        [ "$(installed)" != "$before" ] || rm -f "$unfinished"
        say "the installation did not finish; the lines above say why. Correct that and run this again."
        exit 1
    fi
    fingerprint >"$stamp"
    rm -f "$unfinished"
}
