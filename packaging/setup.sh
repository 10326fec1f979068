# shellcheck shell=sh
# Sourced by run.sh and test.sh: a virtual environment with Reelfind in it, made once and reused.
# Plain sh. Changes nothing outside the checkout, except Debian packages where it may install them (system.sh).

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
venv=${REELFIND_VENV:-"$root/.venv"}
case $venv in /*) ;; *) venv=$(pwd)/$venv ;; esac
constraints=$root/packaging/constraints.txt

# Markers in the environment. The first is there from before it is made until all is installed: an environment that
# has it was cut off, whatever else is in it. The second says for which path and Python it was made.
unfinished=$venv/.reelfind-unfinished
made_for=$venv/.reelfind-made-for

# The third is there while hnswlib is not, and says what could have compiled it then.
without_hnswlib=$venv/.reelfind-without-hnswlib

say() { printf 'reelfind: %s\n' "$*" >&2; }

# shellcheck source-path=SCRIPTDIR source=system.sh
. "$root/packaging/system.sh"

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

is_installed() {
    [ ! -e "$unfinished" ] && [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$(fingerprint)" ]
}

# Whether hnswlib is there, or nothing has changed since it could not be compiled.
has_what_compiles() {
    [ ! -f "$without_hnswlib" ] || [ "$(cat "$without_hnswlib")" = "$(can_compile "$venv/bin/python")" ]
}

is_set_up() { is_installed && has_what_compiles; }

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
    if ! is_installed; then
        say "setting Reelfind up${extras:+ with $extras}: Python packages of about $(size_of "$extras") in $venv, and what"
        say "is missing of the system; it can be interrupted at any time, and is not done again when it is complete"
        prepare_system
        usable || make_environment
        install_reelfind
    fi
    has_what_compiles || install_hnswlib
    exec 9<&-
}

# size_of EXTRAS: on the disk, roughly.
size_of() {
    case ,$1, in
    *,models,*) echo "3.5 GB (several more where torch comes with CUDA)" ;;
    *,dev,*) echo "2 GB" ;;
    *) echo "1.4 GB" ;;
    esac
}

# What pip put there; a package that is replaced by itself gets other inode numbers.
installed() { ls -Ai "$venv"/lib/python*/site-packages; }

# install WORD...: by the environment's pip; what it loads and builds is shown to who looks on.
install() {
    quiet=--quiet
    [ ! -t 2 ] || quiet=
    # shellcheck disable=SC2086 # a word or none
    "$venv/bin/python" -m pip install $quiet --disable-pip-version-check --no-input "$@" >&2
}

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
    if ! install "$@" --editable "$root${extras:+[$extras]}"; then
        # Where pip changed nothing (no network, say), what was there before is as good as it was.
        [ "$(installed)" != "$before" ] || rm -f "$unfinished"
        say "the installation did not finish; the lines above say why. Correct that and run this again."
        exit 1
    fi
    [ -n "$(hnswlib_there)" ] || echo "not tried yet" >"$without_hnswlib"
    fingerprint >"$stamp"
    rm -f "$unfinished"
}

hnswlib_there() { ls -d "$venv"/lib/python*/site-packages/hnswlib-*.dist-info 2>/dev/null || true; }

# Large libraries are searched through hnswlib; everything works without it. It is compiled here, as it comes as source only.
install_hnswlib() {
    by=$(can_compile "$venv/bin/python") || by=
    if [ -n "$by" ]; then
        say "compiling hnswlib, for large libraries"
        wanted=$(sed -n 's/^hnsw = \["\(.*\)"\].*/\1/p' "$root/pyproject.toml")
        : >"$unfinished"
        if install --constraint "$constraints" "$wanted"; then
            rm -f "$without_hnswlib"
        else
            say "hnswlib could not be compiled by $by; the lines above say why."
        fi
        rm -f "$unfinished"
    fi
    [ -f "$without_hnswlib" ] || return 0
    printf '%s' "$by" >"$without_hnswlib"
    [ -n "$by" ] || say "there is no C++ compiler, or no headers of Python; with them this installs hnswlib at the next start."
    say "Reelfind works without hnswlib: libraries of more than 100,000 frames are searched exactly, which takes longer."
}
