"""The command line: the same capabilities as the window, for scripts and for machines without a screen."""

# What `signal` is made of: that one takes milliseconds to load, in which a Ctrl-C may come.
import _signal  # type: ignore[import-not-found]
import os
import sys

_NAME = os.path.basename(sys.argv[0]).removesuffix(".exe")  # noqa: PTH119 - loads nothing
_IS_OURS = _NAME in {"reelfind", "reelfind-gui"}
if _IS_OURS and _signal.getsignal(_signal.SIGINT) is _signal.default_int_handler:
    _signal.signal(_signal.SIGINT, lambda number, _frame: os._exit(128 + number))

# Before anything loads numpy. Our products are small or wait for memory, and OpenBLAS's threads spin for each
# other: beside an indexing run a query took ten times as long with two of them (docs/decisions/0007).
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from app.cli.terminal import endings

if _IS_OURS:
    endings.open_closed_streams()
    endings.guard_loading()

from app.cli.commands import main

__all__ = ["main", "open_window"]


def open_window() -> None:
    """`reelfind-gui`: `reelfind gui` as a program of its own, which on Windows has no console."""
    main(["gui", *sys.argv[1:]])
