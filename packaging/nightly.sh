#!/bin/sh
# What takes hours: the long form of the tests, then as many small faults in the code as the time lets, and whether the
# tests notice them. Both are told in docs/reliability.md.
#   sh packaging/nightly.sh              two hours of the second
#   sh packaging/nightly.sh --minutes 30 --seed 7
set -eu
# shellcheck source-path=SCRIPTDIR source=setup.sh
. "$(dirname -- "$0")/setup.sh"
debian_test_packages="xvfb ffmpeg" fedora_test_packages="xorg-x11-server-Xvfb ffmpeg-free"
set_up dev,mutation
cd "$root"
PATH="$venv/bin:$PATH"
export PATH
mkdir -p build
long=0
python -m pytest --ignore tests/models --nightly --fault-report build/faults.md || long=$?
python -m benchmarks.mutation "$@" >build/mutation.md
cat build/mutation.md
exit "$long"
