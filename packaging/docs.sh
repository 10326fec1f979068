#!/bin/sh
# Builds the documentation as a site into build/site, without a network: mkdocs-material (the extra "docs").
# Strict: a link that leads nowhere, or a page that is in no menu, fails.
#   sh packaging/docs.sh [FOLDER]
set -eu
site=${1:-$(dirname -- "$0")/../build/site}
case $site in /*) ;; *) site=$PWD/$site ;; esac
cd "$(dirname -- "$0")/.."
PATH="${REELFIND_VENV:-$PWD/.venv}/bin:$PATH"
NO_MKDOCS_2_WARNING=1 # what comes after mkdocs: docs/decisions/0001-dependencies.md
export PATH NO_MKDOCS_2_WARNING
# Not --quiet: then nothing would be a warning, and --strict would pass over all of them.
exec python -m mkdocs build --strict --config-file packaging/site/mkdocs.yml --site-dir "$site"
