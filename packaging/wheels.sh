#!/bin/sh
# Builds the wheel and the source archive, and proves them in clean environments outside the checkout:
#   sh packaging/wheels.sh [FOLDER [PYTHON...]]
# leaves both in FOLDER (dist by default) and does the main job with the wheel on each PYTHON (python3.11, python3.12 and
# python3.13 by default; one that is absent fails), as on a machine without a compiler; then hnswlib is compiled for it.
# Needs the network, and a C++ compiler for that.
set -eu
checkout=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
say() { printf 'wheels: %s\n' "$*"; }

mkdir -p "${1:-$checkout/dist}"
dist=$(CDPATH='' cd -- "${1:-$checkout/dist}" && pwd)
[ $# = 0 ] || shift
[ $# != 0 ] || set -- python3.11 python3.12 python3.13
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
trap 'exit 130' INT TERM HUP
for python in "$@"; do
    command -v "$python" >/dev/null || { say "there is no $python"; exit 1; }
done

# What git knows: what else lies in a checkout (environments, libraries, notes) is nobody's business.
mkdir "$place/source" "$place/direct"
(cd "$checkout" && git ls-files -z | tar --null -T - -cf -) | tar -C "$place/source" --no-same-owner -xf -

"$1" -m venv "$place/tools"
"$place/tools/bin/pip" install --quiet --disable-pip-version-check 'build>=1.2,<2'
rm -f "$dist"/reelfind-*.whl "$dist"/reelfind-*.tar.gz
cd "$place"
"$place/tools/bin/python" -m build --outdir "$dist" source >"$place/build.log" 2>&1 || { cat "$place/build.log"; exit 1; }
"$place/tools/bin/python" -m build --wheel --outdir direct source >"$place/build.log" 2>&1 || { cat "$place/build.log"; exit 1; }
# Not inside another command's arguments and not in a pipe: there a failure would be lost.
contents=$("$place/tools/bin/python" "$checkout/packaging/wheel_contents.py" \
    "$dist"/reelfind-*.whl "$dist"/reelfind-*.tar.gz direct/*.whl)
say "$contents"

# shellcheck disable=SC2086 # a command in words; the temporary folder has no blank in its name
for python in "$@"; do
    rm -rf "$place/env" "$place/trial"
    mkdir "$place/trial"
    "$python" -m venv "$place/env"
    began=$(date +%s)
    install="$place/env/bin/pip install --quiet --disable-pip-version-check --no-input"
    CC=false CXX=false $install --constraint "$checkout/packaging/constraints.txt" "$dist"/reelfind-*.whl
    took=$(($(date +%s) - began))
    "$place/env/bin/pip" check --disable-pip-version-check >/dev/null
    packages=$("$place/env/bin/pip" freeze --disable-pip-version-check 2>/dev/null | grep -c .)
    say "$("$place/env/bin/python" --version): $packages packages installed in $took s, $(du -sm "$place/env" | cut -f 1) MiB"
    (cd "$place/trial" && "$place/env/bin/python" -I "$checkout/packaging/wheel_trial.py" "$place/trial")
    $install --constraint "$checkout/packaging/constraints.txt" "$(echo "$dist"/reelfind-*.whl)[hnsw]"
    "$place/env/bin/python" -c 'import hnswlib'
done
say "all of it holds"
