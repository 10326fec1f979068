# shellcheck shell=sh
# Sourced by setup.sh: what of this system Reelfind needs, and how it gets there. Debian and Ubuntu are installed into
# (through apt, where that needs no password); elsewhere one line is printed for people to run.
# Tried: Debian 12 and 13, bare (packaging/bare.sh). Not tried: Ubuntu 22.04 and 24.04, Fedora.

# What Qt needs to open a window and play sound.
debian_packages="libegl1 libgl1 libglib2.0-0 libfontconfig1 libdbus-1-3 libxkbcommon0 libxkbcommon-x11-0
libx11-xcb1 libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0 libxcb-render-util0
libxcb-shape0 libxcb-sync1 libxcb-xfixes0 libxcb-xkb1 libxrandr2 libpulse0 fonts-dejavu-core"
fedora_packages="libglvnd-egl libglvnd-glx glib2 fontconfig dbus-libs libxkbcommon libxkbcommon-x11 libX11-xcb
xcb-util-cursor xcb-util-wm xcb-util-image xcb-util-keysyms xcb-util-renderutil libXrandr pulseaudio-libs dejavu-sans-fonts"
# What else the tests need; set by test.sh.
debian_test_packages=
fedora_test_packages=

# of_system NAME: a value of os-release, such as ID or VERSION_ID; empty where it is not there.
of_system() {
    [ -r /etc/os-release ] || return 0
    # shellcheck disable=SC1091 # the system's own
    (unset "$1" && . /etc/os-release && eval "printf '%s' \"\${$1:-}\"")
}

# Prints apt, dnf or nothing.
package_manager() {
    if command -v apt-get >/dev/null 2>&1 && command -v dpkg-query >/dev/null 2>&1; then
        echo apt
    elif command -v dnf >/dev/null 2>&1 && command -v rpm >/dev/null 2>&1; then
        echo dnf
    fi
}

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

# python_package PYTHON: the first word of what its packages are called; without a Python, the one to install.
python_package() {
    if [ -n "$1" ] && [ "$(version_of /usr/bin/python3)" != "$(version_of "$1")" ]; then
        echo "python$(version_of "$1")"
    elif [ -z "$1" ] && [ "$(of_system ID) $(of_system VERSION_ID)" = "ubuntu 22.04" ]; then
        echo python3.11 # its python3 is 3.10
    else
        echo python3
    fi
}

# compiler: prints the path of a C++ compiler; nothing where there is none.
compiler() {
    for name in ${CXX:-c++ g++}; do
        ! command -v "$name" || return 0
    done
    return 1
}

has_headers() {
    "$1" -c 'import os, sys, sysconfig
sys.exit(not os.path.exists(os.path.join(sysconfig.get_paths()["include"], "Python.h")))'
}

# needed_packages PYTHON MANAGER: what the set-up cannot do without; nothing where all is there.
needed_packages() {
    package=$(python_package "$1")
    if [ -z "$1" ]; then
        [ "$2" = dnf ] && echo "$package" || echo "$package" "$package-venv"
    elif ! "$1" -c 'import ensurepip, venv' 2>/dev/null; then
        [ "$2" = dnf ] && echo "$package-libs" || echo "$package-venv"
    fi
}

# build_packages PYTHON MANAGER: what it takes to compile hnswlib, which has no binaries: without it large libraries
# are searched exactly.
build_packages() {
    package=$(python_package "$1")
    if [ "$2" = dnf ]; then headers=$package-devel gxx=gcc-c++; else headers=$package-dev gxx=g++; fi
    [ -n "$1" ] && has_headers "$1" || echo "$headers"
    compiler >/dev/null || echo "$gxx"
}

# can_compile PYTHON: prints what would compile for it; nothing, and 1, where something is missing.
can_compile() { has_headers "$1" && compiler; }

# missing_libraries MANAGER
missing_libraries() {
    case $1 in
    apt)
        for package in $debian_packages $debian_test_packages; do
            # Debian 13 and Ubuntu 24.04 gave some libraries another name.
            dpkg-query -W -f '${Status}\n' "$package" "${package}t64" 2>/dev/null | grep -q 'ok installed' ||
                echo "$package"
        done
        ;;
    dnf)
        for package in $fedora_packages $fedora_test_packages; do
            rpm -q --whatprovides "$package" >/dev/null 2>&1 || echo "$package"
        done
        ;;
    esac
}

# install_packages MANAGER PACKAGE...: through apt where that needs no password; else prints the line to run and fails.
install_packages() {
    manager=$1
    shift
    case $manager in
    apt) line="apt-get update && apt-get install -y --no-install-recommends $*" ;;
    dnf) line="dnf install -y $*" ;;
    esac
    as_root=no
    if [ "$(id -u)" = 0 ]; then
        as_root=
    elif command -v sudo >/dev/null 2>&1; then
        line="sudo sh -c '$line'"
        ! sudo -n true 2>/dev/null || as_root="sudo -n"
    else
        line="su -c '$line'"
    fi
    if [ "$manager" = apt ] && [ "$as_root" != no ]; then
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

# Sets `python`, and sees to it that it can make an environment; and that it can compile, where that can be had.
prepare_system() {
    python=$(find_python) || python=
    manager=$(package_manager)
    needed=$(needed_packages "$python" "$manager")
    build=$(build_packages "$python" "$manager")
    if [ -n "$manager" ]; then
        libraries=$(missing_libraries "$manager")
        if [ -n "$needed$build$libraries" ]; then
            # Only without a Python nothing goes on: the others cost the window, or speed in large libraries.
            # shellcheck disable=SC2086 # lists of words on purpose
            install_packages "$manager" $needed $build $libraries || [ -z "$needed" ] || exit 1
        fi
        [ -n "$python" ] || python=$(find_python) || python=
    fi
    if [ -z "$python" ]; then
        say "Python 3.11 or newer is needed. Install it, or name it: PYTHON=/path/to/python3 sh $0"
        exit 1
    fi
    still=$(needed_packages "$python" "$manager")
    if [ -n "$still" ]; then
        # shellcheck disable=SC2086 # a list of words on purpose
        say "something is missing that the installation needs (Debian calls it:" $still"). Install it and start again."
        exit 1
    fi
}
