#!/bin/sh
# Sets Reelfind up (once) and starts it: the window, or with arguments or without a display the command line.
#   sh packaging/run.sh                      open the window
#   sh packaging/run.sh search --in ~/Videos "a dog jumping into a lake"
set -eu
# shellcheck source-path=SCRIPTDIR source=setup.sh
. "$(dirname -- "$0")/setup.sh"
set_up "${REELFIND_EXTRAS:-}"
exec "$venv/bin/reelfind" "$@"
