# Sourced by run.sh and test.sh: a virtual environment with Reelfind in it, made once and reused.
# Plain sh. Changes nothing outside the checkout, except Debian packages where it may install them.

root=$(CDPATH= cd -- "$(dirname -- "$0")/.." && pwd)
venv=${REELFIND_VENV:-"$root/.venv"}

# What Qt needs to open a window and play sound, and what hnswlib (built from source) needs.
debian_packages="g++ libegl1 libgl1 libglib2.0-0 libfontconfig1 libdbus-1-3 libxkbcommon0 libxkbcommon-x11-0
libx11-xcb1 libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0 libxcb-render-util0
libxcb-shape0 libxcb-sync1 libxcb-xfixes0 libxcb-xkb1 libxrandr2 libpulse0 fonts-dejavu-core"

say() { printf 'reelfind: %s\n' "$*" >&2; }

find_python() {
    for candidate in ${PYTHON:-} python3.13 python3.12 python3.11 python3; do
        if command -v "$candidate" >/dev/null 2>&1 &&
            "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$candidate"
            return
        fi
    done
    say "Python 3.11 or newer is needed. Install it, or name it: PYTHON=/path/to/python3 sh $0"
    exit 1
}

# Installs missing Debian packages through apt where that needs no password; else prints the one line to run.
install_system_packages() {
    command -v dpkg-query >/dev/null 2>&1 || return 0
    python=$1
    wanted=$debian_packages
    "$python" -c 'import ensurepip, venv' 2>/dev/null || wanted="$wanted python3-venv"
    "$python" -c 'import os, sys, sysconfig
sys.exit(not os.path.exists(os.path.join(sysconfig.get_paths()["include"], "Python.h")))' ||
        wanted="$wanted python3-dev"
    missing=
    for package in $wanted; do
        dpkg-query -W -f '${Status}' "$package" "${package}t64" 2>/dev/null | grep -q 'ok installed' ||
            missing="$missing $package"
    done
    [ -n "$missing" ] || return 0
    if [ "$(id -u)" = 0 ]; then
        as_root=
    elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
        as_root="sudo -n"
    else
        say "some system packages are missing. Run this once, then start again:"
        say "    sudo apt-get install -y$missing"
        return 0
    fi
    say "installing system packages:$missing"
    # shellcheck disable=SC2086 # lists of words on purpose
    if ! { $as_root apt-get update -qq && DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq \
        --no-install-recommends $missing; } >&2; then
        say "apt could not install them. Run this once, then start again:"
        say "    sudo apt-get install -y$missing"
    fi
}

# set_up EXTRAS: the environment holds Reelfind with these extras ("" or "dev,models"); quick when it already does.
set_up() {
    extras=$1
    stamp="$venv/.reelfind-${extras:-run}"
    fingerprint=$(cksum <"$root/pyproject.toml")" $root"
    if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$fingerprint" ] && [ -x "$venv/bin/python" ]; then
        return
    fi
    python=$(find_python) || exit 1
    install_system_packages "$python"
    # Without python3-venv, making it breaks off half-way and leaves an environment that has no pip.
    if [ ! -x "$venv/bin/python" ] || [ ! -x "$venv/bin/pip" ]; then
        say "making a virtual environment"
        "$python" -m venv "$venv" || exit 1
    fi
    say "installing Reelfind${extras:+ with $extras} (some minutes the first time)"
    if ! "$venv/bin/python" -m pip install --quiet --disable-pip-version-check \
        --editable "$root${extras:+[$extras]}" >&2; then
        say "the installation did not finish; the lines above say why. Mend it and run this again."
        exit 1
    fi
    printf '%s' "$fingerprint" >"$stamp"
}
