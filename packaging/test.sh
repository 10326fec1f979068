#!/bin/sh
# Sets Reelfind up with what its tests need (once) and runs the whole suite: lint, format, types, import
# contracts, spelling, the documentation, tests. With arguments: only pytest, with these arguments.
# The training code's tests need torch; REELFIND_WITHOUT_TORCH=1 leaves it out and skips them.
# REELFIND_COVERAGE=1 measures what of the program runs in the others, and fails below nine tenths.
set -eu
# shellcheck source-path=SCRIPTDIR source=setup.sh
. "$(dirname -- "$0")/setup.sh"
debian_test_packages="xvfb ffmpeg" fedora_test_packages="xorg-x11-server-Xvfb ffmpeg-free chromium chromedriver"
# The server's page is tried in a real browser; Ubuntu has it as a snap only.
[ "$(of_system ID)" != debian ] || debian_test_packages="$debian_test_packages chromium chromium-driver"
if [ -n "${REELFIND_WITHOUT_TORCH:-}" ]; then set_up dev,docs; else set_up dev,docs,models,cluster; fi
cd "$root"
PATH="$venv/bin:$PATH"
export PATH
if [ $# -gt 0 ]; then exec python -m pytest "$@"; fi
ruff check .
ruff format --check .
# numpy's types are written for the Python it is installed for. The training code's types are torch's.
types=$(python -c 'import sys; print("%d.%d" % sys.version_info[:2])')
if [ -n "${REELFIND_WITHOUT_TORCH:-}" ]; then
    mypy --python-version "$types" --package app --package benchmarks
else
    mypy --python-version "$types"
fi
lint-imports
codespell
sh packaging/docs.sh
# Side by side, but for what keeps all cores busy by itself (docs/decisions/0019-tests-side-by-side.md). Two more
# than there are cores: much of a test is waiting.
workers=$(($(python -c 'import os; print(os.cpu_count() or 1)') + 2))
# Without bytecode each of the workers and of a thousand processes would compile what it loads.
unset PYTHONDONTWRITEBYTECODE
python -m compileall -q app
set -- --ignore tests/models --numprocesses "$workers" --maxprocesses 4 --dist worksteal
[ -z "${REELFIND_COVERAGE:-}" ] || set -- "$@" --cov --cov-report term --cov-fail-under 90
python -m pytest "$@"
[ -n "${REELFIND_WITHOUT_TORCH:-}" ] || exec python -m pytest tests/models
