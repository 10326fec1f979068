#!/bin/sh
# Makes packaging/constraints.txt from pyproject.toml: the exact versions that run.sh and test.sh install, for Python
# 3.11 to 3.13 on every system. Needs the network and any Python; touches nothing else.
#   sh packaging/lock.sh              keep the versions that are there, add what pyproject.toml asks for now
#   sh packaging/lock.sh --upgrade    everything as new as pyproject.toml's bounds allow
# Then run packaging/test.sh and packaging/bare.sh 12 and 13, and commit the file.
set -eu
cd "$(dirname -- "$0")/.."
tools=$(mktemp -d)
trap 'rm -rf "$tools"' EXIT
"${PYTHON:-python3}" -m venv "$tools/venv"
"$tools/venv/bin/pip" install --quiet --disable-pip-version-check 'uv>=0.9,<1'

# uv does not read pip's configuration.
index=$("$tools/venv/bin/pip" config get global.index-url 2>/dev/null) || index=
[ -z "$index" ] || export UV_DEFAULT_INDEX="$index"

"$tools/venv/bin/uv" pip compile --quiet --universal --python-version 3.11 --extra dev --extra docs --extra hnsw --extra models --extra cluster --extra mutation \
    --no-annotate --custom-compile-command 'sh packaging/lock.sh' "$@" \
    --output-file packaging/constraints.txt pyproject.toml
# Not pinned: pip; and torch's own, since which of those packages it brings depends on its build.
grep -v -E '^(pip|torch|torchvision|triton|nvidia-[a-z0-9-]+|cuda-[a-z0-9-]+)==' packaging/constraints.txt >"$tools/pins"
cat "$tools/pins" >packaging/constraints.txt
