"""The command line: the same capabilities as the window, for scripts and for machines without a screen."""

import os
import sys

# Before anything loads numpy. Our products are small or wait for memory, and OpenBLAS's threads spin for each
# other: beside an indexing run a query took ten times as long with two of them (docs/decisions/0007).
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from app.cli import endings

if os.path.basename(sys.argv[0]).removesuffix(".exe") == "reelfind":  # noqa: PTH119 - loads nothing
    endings.open_closed_streams()
    endings.guard_loading()

from app.cli.commands import main

__all__ = ["main"]
