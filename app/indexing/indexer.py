"""The pipeline from watched folders to rows: scan, decode, encode, commit; pause, resume, stop."""

import logging
import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Literal

from filelock import Timeout

from app.catalogue.catalogue import Catalogue
from app.catalogue.records import Video
from app.database.layout import indexing_lock
from app.engines.model_choice import stored_settings
from app.errors import LibraryError, ReelfindError
from app.indexing.behind.line_pass import LinePass
from app.indexing.behind.line_sources import LineSource
from app.indexing.behind.origin_pass import OriginPass
from app.indexing.events import (
    IndexingEvent,
    RunFailed,
    RunFinished,
    RunResumed,
    RunWaiting,
    SourceFailed,
)
from app.indexing.folder_scan import scan_folders
from app.indexing.passes import IndexPass
from app.indexing.pausing import told_to_stop
from app.indexing.run_request import RunRequest
from app.indexing.runs.index_run import Run
from app.indexing.stages.decode_stages import Workers
from app.indexing.waiting.conditions import Wait
from app.indexing.waiting.run_gate import RunGate
from app.lines.line import Source
from app.media.geography.gazetteer import Gazetteer
from app.processes.limits import keep_to_cores, let_others_go_first
from app.runtime.frame_encoding import FrameEncoding

logger = logging.getLogger(__name__)

_NICENESS = 10
"""How much more a run lets others go first: searches in this process, and other programs."""

Callback = Callable[[IndexingEvent], None]


class _IndexedElsewhereError(LibraryError):
    """Another process indexes the library."""


class Indexer:
    """Indexes what is pending in a library, in the background, one run at a time.

    Callbacks arrive on threads of its own. Every method may be called from any thread.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        passes: Callable[[], Generator[IndexPass, None, None]],
        *,
        library: Path,
        sources: Callable[[], Sequence[LineSource]] = tuple,
        obstacle: Callable[[], Wait | None] = lambda: None,
    ) -> None:
        """Start idle.

        Args:
            catalogue: where rows are kept.
            passes: gives the passes of a run; called on the indexer's thread, under the indexing lock.
            library: the library's folder, where the lock against a second indexing process lies.
            sources: gives the sources of lines, the quick ones first; called likewise.
            obstacle: what reading videos has to wait for now; asked every few seconds during a run.
        """
        self._catalogue = catalogue
        self._passes = passes
        self._sources = sources
        self._process_lock = indexing_lock(library)
        self._callbacks: list[Callback] = []
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._again = False
        self._asked = RunRequest()
        self._closed = False
        self._stopping = threading.Event()  # one per thread of work, so that a stop never meets a later start
        self._gate = RunGate(obstacle, self._on_wait)
        self._owed: RunRequest | None = None
        """What a run left undone that made way for another while it waited."""
        self._run: Run | OriginPass | LinePass | None = None
        self._workers: Workers | None = None
        self._gazetteer = Gazetteer()
        self._indexed = self._failed = 0  # of the run under way

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
        return self._gate.paused

    @property
    def waiting(self) -> Wait | None:
        """What the run under way waits for, None where nothing but a person is in its way."""
        return self._gate.wait

    def start(
        self,
        folders: Sequence[int] | None = None,
        *,
        serve_pending: bool = True,
        sources: frozenset[Source] | None = None,
        now: bool = False,
    ) -> None:
        """Scan and index in the background. During a run: another one follows it.

        Args:
            folders: ids of the folders to do, all where None.
            serve_pending: whether the model that is to answer is served too, then for all folders.
            sources: which sources of lines are read, those that the settings say where None.
            now: whether it waits for nothing: a person wants it now. A run that waits goes on, too.
        """
        asked = RunRequest(None if folders is None else frozenset(folders), serve_pending, sources, now)
        if now:
            self._gate.override()
        with self._lock:
            if self._closed:
                return
            if self.running and not self._stopping.is_set():
                self._asked = asked.joined(self._asked) if self._again else asked
                self._again = True
                return
            before, self._stopping = self._thread, threading.Event()
            self._again, self._asked = True, asked
            self._thread = threading.Thread(
                target=self._work, args=(self._stopping, before), name="reelfind-indexer", daemon=True
            )
            self._thread.start()

    def employ(self, workers: Workers | None) -> None:
        """Let others read videos and encode their frames, from the next pass on; this process where None.

        Whoever employs them keeps them as long as a run goes on.
        """
        self._workers = workers

    def pause(self) -> None:
        """Stop taking frames after the current one; the decoder waits."""
        self._gate.pause()

    def resume(self) -> None:
        """Go on after `pause`."""
        self._gate.resume()

    def look_again(self) -> None:
        """Look now whether a run that waits may go on: the settings have changed."""
        self._gate.look()

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
        with self._lock:
            thread = self._thread
            self._stopping.set()
            self._gate.resume()
        run = self._run
        if run is not None:
            run.cancel()
        if thread is not None:
            thread.join(timeout)
        return thread is None or not thread.is_alive()

    def close(self, timeout: float = 10.0) -> bool:
        """`stop` for good: a later `start` does nothing. Returns what `stop` does."""
        with self._lock:
            self._closed = True
        return self.stop(timeout)

    def _work(self, stopping: threading.Event, before: threading.Thread | None) -> None:
        if before is not None:
            before.join()
        let_others_go_first(_NICENESS)
        while (asked := self._next_asked(stopping)) is not None:
            self._run_once(stopping, asked)

    def _next_asked(self, stopping: threading.Event) -> RunRequest | None:
        """What the next run is to do; None where there is none. Whoever asks from now on asks for another."""
        with self._lock:
            if stopping.is_set():
                return None
            if not self._again:
                self._thread = None
                return None
            self._again = False
            return self._asked

    def _run_once(self, stopping: threading.Event, asked: RunRequest) -> None:
        started = time.monotonic()
        self._indexed = self._failed = 0
        growing: tuple[Path, ...] = ()
        try:
            self._gate.override(asked.now)
            self._gate.watch()
            keep_to_cores(stored_settings(self._catalogue).cores)
            with self._only_indexer(), closing(self._passes()) as passes:
                growing = scan_folders(self._catalogue, asked.folders, stopping, self._tell)
                asked, self._owed = asked.joined(self._owed), None
                behind = True
                for index_pass in passes:
                    if index_pass.pending_model and behind:  # which may take days
                        behind = self._read_behind(asked, stopping)
                    if index_pass.pending_model and not asked.serve_pending:
                        break
                    self._index(index_pass, asked.folders, stopping)
                    if self._is_over(stopping):
                        break
                if behind:
                    self._read_behind(asked, stopping)
                self._read_lines(asked, stopping, quick=False)
                if self._makes_way():
                    self._owed = asked
        except ReelfindError as error:
            elsewhere = isinstance(error, _IndexedElsewhereError)
            self._tell(RunFailed(error.sentence, error.advice, elsewhere))
        except Exception:
            logger.exception("The indexing run died of an error in Reelfind")
            self._tell(
                RunFailed("Indexing stopped because of an error in Reelfind.", "The log has the details.")
            )
        self._gate.unwatch()
        self._gazetteer.release()
        took = time.monotonic() - started
        self._tell(RunFinished(self._indexed, self._failed, stopping.is_set(), took, growing))

    def _makes_way(self) -> bool:
        """Whether a run that waits ends for another: a folder changed, and what is gone must not be found."""
        return self._again and self._gate.wait is not None

    def _is_over(self, stopping: threading.Event) -> bool:
        return stopping.is_set() or self._makes_way()

    def _on_wait(self, wait: Wait | None) -> None:
        self._tell(RunResumed() if wait is None else RunWaiting(wait.reason, wait.until))

    @contextmanager
    def _only_indexer(self) -> Iterator[None]:
        """Hold the lock that keeps a second process from indexing the same library."""
        if self._catalogue.read_only:
            raise LibraryError(self._catalogue.read_only_reason, self._catalogue.read_only_advice)
        try:
            lock = self._process_lock.acquire(timeout=0)
        except Timeout:
            raise _IndexedElsewhereError(
                "Another Reelfind is already indexing this library.",
                "Its results appear here by themselves; nothing needs to be done.",
            ) from None
        except OSError as error:
            raise LibraryError(
                f"The library's folder cannot be written: {error.strerror or error}.",
                "Check its disk and its permissions, then index again.",
            ) from error
        with lock:
            yield

    def _index(self, index_pass: IndexPass, wanted: frozenset[int] | None, stopping: threading.Event) -> None:
        if stopping.is_set() or not index_pass.wanted():
            return
        videos = index_pass.videos(None if index_pass.pending_model else wanted)
        if not videos:
            return
        if self.waiting and told_to_stop(lambda: self._is_over(stopping), self._gate.opened):
            return  # the model is not loaded while the run waits
        with index_pass.encoder() as encoder:
            while videos and not self._is_over(stopping):
                videos = self._drive(index_pass, encoder, videos, stopping)

    def _read_behind(self, asked: RunRequest, stopping: threading.Event) -> Literal[False]:
        """Read behind what costs little; returns that it need not be done again."""
        if not self._is_over(stopping):
            origins = OriginPass(
                self._catalogue,
                self._gazetteer,
                stopping=lambda: self._is_over(stopping),
                unpaused=self._gate.opened,
                more=lambda: not self._again,
            )
            self._drive_behind(origins, asked)
        self._read_lines(asked, stopping, quick=True)
        return False

    def _read_lines(self, asked: RunRequest, stopping: threading.Event, *, quick: bool) -> None:
        """Read lines from the sources that cost little, or from the others."""
        for source in self._sources():
            wanted = source.wanted if asked.sources is None else source.source in asked.sources
            if not wanted or source.quick is not quick or self._is_over(stopping):
                continue
            if source.problem:
                self._tell(SourceFailed(source.source, source.problem, source.advice))
                continue
            lines = LinePass(
                self._catalogue,
                source,
                self._tell,
                stopping=lambda: self._is_over(stopping),
                unpaused=self._gate.opened,
                more=lambda: not self._again,
            )
            self._drive_behind(lines, asked)

    def _drive_behind(self, run: OriginPass | LinePass, asked: RunRequest) -> None:
        self._run = run
        try:
            run.drive(asked.folders)
        finally:
            self._run = None

    def _drive(
        self, index_pass: IndexPass, encoder: FrameEncoding, videos: list[Video], stopping: threading.Event
    ) -> list[Video]:
        """Do these videos; returns those that waited in vain for another one with their content."""
        run = Run(
            self._catalogue,
            replace(index_pass, wanted=lambda: index_pass.wanted() and not self._makes_way()),
            encoder,
            videos,
            self._tell,
            # A new video is searchable before the pending model is served: the next run is not kept waiting.
            more=lambda: not (index_pass.pending_model and self._again),
            stopping=stopping,
            unpaused=self._gate.opened,
            gazetteer=self._gazetteer,
            workers=self._workers,
        )
        self._run = run
        try:
            if not stopping.is_set():
                run.drive()
        finally:
            self._run = None
            self._indexed += run.indexed
            self._failed += run.failed
        return run.left_over if index_pass.wanted() else []

    def announce(self, event: IndexingEvent) -> None:
        """Tell the subscribers something that happened outside of a run, on this thread."""
        self._tell(event)

    def _tell(self, event: IndexingEvent) -> None:
        for callback in tuple(self._callbacks):
            try:
                callback(event)
            except Exception:  # a listener's error is no reason to end the work or to leave others unheard
                logger.exception("A listener to indexing failed on %s", event)
