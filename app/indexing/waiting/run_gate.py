"""Holds a run up while a person paused it, or the settings do not let it go on."""

import logging
import threading
from collections.abc import Callable

from app.errors import ReelfindError
from app.indexing.waiting.conditions import Wait

logger = logging.getLogger(__name__)

LOOK_SECONDS = 5.0
"""Between two looks at clock, power and settings."""


class RunGate:
    """Open or closed; `opened` is what the passes of a run wait for. Thread-safe.

    Looks at what is in the way only inside `watched`, so that an idle program asks nothing.
    """

    def __init__(self, obstacle: Callable[[], Wait | None], tell: Callable[[Wait | None], None]) -> None:
        """Open.

        Args:
            obstacle: what indexing has to wait for now.
            tell: called, on the thread that notices it, when a run begins to wait for something and when
                nothing is in the way any more.
        """
        self.opened = threading.Event()
        self.opened.set()
        self._obstacle = obstacle
        self._tell = tell
        self._lock = threading.Lock()
        self._paused = False
        self._overridden = False
        self._wait: Wait | None = None
        self._wake = threading.Event()
        self._ending = threading.Event()
        self._watch: threading.Thread | None = None

    @property
    def paused(self) -> bool:
        """Whether a person paused it."""
        return self._paused

    @property
    def wait(self) -> Wait | None:
        """What the run waits for, None where nothing is in its way."""
        return self._wait

    def pause(self) -> None:
        """Close until `resume`."""
        with self._lock:
            self._paused = True
            self._settle()

    def resume(self) -> None:
        """Open again, where nothing else is in the way."""
        with self._lock:
            self._paused = False
            self._settle()

    def override(self, on: bool = True) -> None:
        """Let nothing but a person be in the way from now on; no more where `on` is false."""
        self._overridden = on
        self.look()

    def look(self) -> None:
        """Look again now whether something is in the way: a setting was changed. Where nobody looks yet, the
        second look follows the first at once."""
        self._wake.set()

    def watch(self) -> None:
        """Look at what is in the way from now on, the first time before this returns."""
        self._look_now()
        self._ending.clear()
        watch = threading.Thread(target=self._keep_looking, name="reelfind-gate", daemon=True)
        watch.start()  # which fails where no more threads may be: there is none to wait for then
        self._watch = watch

    def unwatch(self) -> None:
        """Look no more; what a person paused stays so."""
        watch, self._watch = self._watch, None
        self._ending.set()
        self._wake.set()
        if watch is not None:
            watch.join()
        self._set(None)

    def _keep_looking(self) -> None:
        while not self._ending.is_set():
            self._wake.wait(LOOK_SECONDS)
            self._wake.clear()
            if not self._ending.is_set():
                self._look_now()

    def _look_now(self) -> None:
        try:
            self._set(None if self._overridden else self._obstacle())
        except ReelfindError as error:  # the settings cannot be read: what they said holds
            logger.warning("what indexing waits for is not known: %s", error)

    def _set(self, wait: Wait | None) -> None:
        with self._lock:
            before, self._wait = self._wait, wait
            self._settle()
        if wait != before:
            self._tell(wait)

    def _settle(self) -> None:
        if self._paused or self._wait is not None:
            self.opened.clear()
        else:
            self.opened.set()
