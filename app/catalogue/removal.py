"""Deletes the rows of what left the library, behind, in short transactions; see `rows.removal_rows`."""

import logging
import threading
import time
from collections.abc import Callable

from app.errors import LibraryError

logger = logging.getLogger(__name__)

_BATCH_SECONDS = 0.05
"""How long one transaction goes on taking rows."""


class Removal:
    """Deletes what was cut off, on a thread of its own that leaves others their turn."""

    def __init__(self, delete: Callable[[float], bool]) -> None:
        """Do nothing yet.

        Args:
            delete: deletes for so many seconds, in a transaction of its own; says whether there is more.
        """
        self._delete = delete
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._again = False
        self._stopping = threading.Event()

    def start(self) -> None:
        """Delete all there is, behind; what is cut off meanwhile too."""
        with self._lock:
            if self._stopping.is_set():
                return
            self._again = True
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="removal", daemon=True)
                self._thread.start()

    def wait(self) -> None:
        """Wait until all is deleted that can be."""
        with self._lock:
            thread = self._thread
        if thread is not None:
            thread.join()

    def close(self) -> None:
        """Stop after the present transaction; another process, or the next start, goes on."""
        with self._lock:
            self._stopping.set()
            thread = self._thread
        if thread is not None:
            thread.join()

    def _run(self) -> None:
        try:
            while self._goes_on():
                started = time.monotonic()
                while not self._stopping.is_set() and self._delete(_BATCH_SECONDS):
                    self._stopping.wait(time.monotonic() - started)  # as long for others as for this
                    started = time.monotonic()
        except LibraryError as error:  # the next start goes on
            logger.warning("what was removed is not wholly deleted yet: %s", error)
        except Exception:
            logger.exception("What was removed is not wholly deleted yet")
        finally:
            with self._lock:
                if self._thread is threading.current_thread():
                    self._thread = None

    def _goes_on(self) -> bool:
        with self._lock:
            again, self._again = self._again, False
            if not again:
                self._thread = None  # what comes from now on starts another one
            return again
