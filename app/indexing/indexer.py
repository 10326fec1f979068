"""The pipeline from watched folders to rows: scan, decode, encode, commit; pause, resume, stop."""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from filelock import FileLock, Timeout

from app.encoders import FrameEncoder
from app.errors import ReelfindError
from app.indexing.events import IndexingEvent, RunFailed, RunFinished, ScanFinished
from app.indexing.run import Run
from app.library.catalogue import Catalogue
from app.library.scanner import scan

log = logging.getLogger(__name__)

Callback = Callable[[IndexingEvent], None]


class Indexer:
    """Indexes what is pending in a library, in the background, one run at a time.

    Callbacks arrive on the indexer's own thread. Every method may be called from any thread.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        encoder: Callable[[], FrameEncoder],
        *,
        library: Path,
        max_rate: float = 1.0,
    ) -> None:
        """Args:
        catalogue: where rows are kept.
        encoder: gives the frame encoder; called on the indexer's thread, may take seconds the first time.
        library: the library's folder, where the lock against a second indexing process lies.
        max_rate: frames per second at most.
        """
        self._catalogue = catalogue
        self._encoder = encoder
        self._process_lock = FileLock(library / "indexing.lock", thread_local=False)
        self._max_rate = max_rate
        self._callbacks: list[Callback] = []
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._again = False
        self._folders: frozenset[int] | None = None
        self._stopping = threading.Event()
        self._unpaused = threading.Event()
        self._unpaused.set()
        self._run: Run | None = None

    def subscribe(self, callback: Callback) -> Callable[[], None]:
        """Call `callback` with every event from now on; returns the function that ends it."""
        self._callbacks.append(callback)

        def unsubscribe() -> None:
            if callback in self._callbacks:
                self._callbacks.remove(callback)

        return unsubscribe

    @property
    def running(self) -> bool:
        """Whether a run is under way (also while paused)."""
        thread = self._thread
        return thread is not None and thread.is_alive()

    @property
    def holds_lock(self) -> bool:
        """Whether this process is the one that indexes the library now."""
        return self._process_lock.is_locked

    @property
    def paused(self) -> bool:
        """Whether the run, or the next one, waits for `resume`."""
        return not self._unpaused.is_set()

    def start(self, folders: Sequence[int] | None = None) -> None:
        """Scan and index in the background. During a run: another pass follows it.

        Args:
            folders: ids of the folders to do, all where None.
        """
        wanted = None if folders is None else frozenset(folders)
        with self._lock:
            if self.running:
                both_named = self._folders is not None and wanted is not None
                self._folders = self._folders | wanted if both_named else None  # type: ignore[operator]
                self._again = True
                return
            self._stopping.clear()
            self._again = True
            self._folders = wanted
            self._thread = threading.Thread(target=self._work, name="reelfind-indexer", daemon=True)
            self._thread.start()

    def pause(self) -> None:
        """Stop taking frames after the current one; the decoder waits."""
        self._unpaused.clear()

    def resume(self) -> None:
        """Go on after `pause`."""
        self._unpaused.set()

    def wait(self, timeout: float | None = None) -> bool:
        """Block until the run is over; returns whether it is."""
        thread = self._thread
        if thread is not None:
            thread.join(timeout)
        return not self.running

    def stop(self, timeout: float = 10.0) -> bool:
        """Stop in stages: ask, kill the decoders, wait. Committed videos stay; the others stay pending.

        Returns whether the run ended within `timeout` seconds.
        """
        self._stopping.set()
        self._unpaused.set()
        run = self._run
        if run is not None:
            run.cancel()
        return self.wait(timeout)

    def _work(self) -> None:
        while self._next_pass():
            self._run_once()

    def _next_pass(self) -> bool:
        with self._lock:
            if self._again and not self._stopping.is_set():
                self._again = False
                return True
            self._thread = None
            return False

    def _run_once(self) -> None:
        started = time.monotonic()
        self._run = None
        try:
            with self._process_lock.acquire(timeout=0):
                self._scan()
                self._index()
        except Timeout:
            self._tell(
                RunFailed(
                    "Another Reelfind is already indexing this library.",
                    "Its results appear here by themselves; nothing needs to be done.",
                )
            )
        except ReelfindError as error:
            self._tell(RunFailed(error.sentence, error.advice))
        except Exception:
            log.exception("The indexing run died of an error in Reelfind")
            self._tell(
                RunFailed("Indexing stopped because of an error in Reelfind.", "The log has the details.")
            )
        run, self._run = self._run, None
        indexed, failed = (run.indexed, run.failed) if run else (0, 0)
        self._tell(RunFinished(indexed, failed, self._stopping.is_set(), time.monotonic() - started))

    def _index(self) -> None:
        if self._stopping.is_set():
            return
        encoder = self._encoder()
        with self._lock:
            wanted = None if self._folders is None else sorted(self._folders)
        videos = self._catalogue.pending(encoder.bundle.identity, wanted)
        if not videos or self._stopping.is_set():
            return
        self._run = Run(
            self._catalogue,
            encoder,
            videos,
            self._tell,
            max_rate=self._max_rate,
            stopping=self._stopping,
            unpaused=self._unpaused,
        )
        self._run.drive()

    def _scan(self) -> None:
        for folder in self._catalogue.folders():
            if self._stopping.is_set():
                return
            with self._lock:
                wanted = self._folders
            if wanted is not None and folder.id not in wanted:
                continue
            result = self._catalogue.record_scan(folder.id, list(scan(folder.path)))
            self._tell(
                ScanFinished(
                    folder.path, result.found, result.added, result.changed, result.moved, result.missing
                )
            )

    def _tell(self, event: IndexingEvent) -> None:
        for callback in tuple(self._callbacks):
            callback(event)
