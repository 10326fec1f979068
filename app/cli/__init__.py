"""The command line: the same capabilities as the window, for scripts and for machines without a screen."""

# What `signal` is made of: that one takes milliseconds to load, in which a Ctrl-C may come.
import _signal  # type: ignore[import-not-found]
import os
import sys

_IS_OURS = os.path.basename(sys.argv[0]).removesuffix(".exe") == "reelfind"  # noqa: PTH119 - loads nothing
if _IS_OURS and _signal.getsignal(_signal.SIGINT) is _signal.default_int_handler:
    _signal.signal(_signal.SIGINT, lambda number, _frame: os._exit(128 + number))

# Before anything loads numpy. Our products are small or wait for memory, and OpenBLAS's threads spin for each
# other: beside an indexing run a query took ten times as long with two of them (docs/decisions/0007).
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from app.cli import endings

if _IS_OURS:
    endings.open_closed_streams()
    endings.guard_loading()

from app.cli.commands import main

__all__ = ["main"]
