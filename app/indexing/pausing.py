"""Waiting where a run is paused, and noticing that it is to end."""

import threading
from collections.abc import Callable

_LOOK = 0.2
"""Seconds between two looks at whether a paused run is to end."""


def told_to_stop(stopping: Callable[[], bool], unpaused: threading.Event) -> bool:
    """Wait while `unpaused` is cleared and return whether the run is to end; at once where it is."""
    while not unpaused.wait(_LOOK):
        if stopping():
            break
    return stopping()
