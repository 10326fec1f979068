"""Qdrant as a `VectorStore`: it chooses clips, the frames of these are compared here.

The server finds the clips whose mean vectors are nearest. Of its answer only the names of clips count, and
their order: each cosine is of the gallery's own vectors, which are read for these clips alone. What the
server does not hold yet is compared frame by frame. Nothing of the client is loaded before `update`, and no
search waits for that.
"""

import logging
import math
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from app.vectors.gallery import Gallery
from app.vectors.stores.exact_store import best
from app.vectors.stores.graph_store import MAX_TAIL
from app.vectors.stores.qdrant.clip_map import ClipMap
from app.vectors.stores.qdrant.content_filter import ContentFilter, filter_of
from app.vectors.stores.store_error import StoreError
from app.vectors.stores.vector_store import Nearest, Snapshot

if TYPE_CHECKING:
    from app.vectors.stores.qdrant.qdrant_server import QdrantServer
    from app.vectors.stores.qdrant.upload import Upload

logger = logging.getLogger(__name__)

FIRST_PAUSE, LONGEST_PAUSE = 30.0, 600.0
"""Seconds before a server that failed is asked again; twice as many after each failure."""
LEAST_CLIPS = 400
"""Clips asked for at least: a search re-scores as many."""
_FRAMES_PER_CLIP = 2
"""So many frames that are wanted make one clip: twice as many as a search takes of them."""
_SPARE = 1.2
_MAY_LACK = 0.05
"""Share of an answer that may be of no use, above which the server has lost or invented clips."""
_SHOWN_EVERY = 10.0
"""Seconds between galleries that are mapped anew while clips are sent."""
_AT_ONCE = 8
"""Volumes that are asked side by side."""
_ENDS = 5.0

Connect = Callable[[bool], "QdrantServer"]
"""Opens the library's collections, told whether for searches, which wait for less. Raises StoreError."""


class QdrantStore:
    """One library's clips on one server. Thread-safe; `close` it."""

    name = "qdrant"

    def __init__(
        self,
        connect: Connect,
        volume_of: Callable[[], Mapping[int, int]],
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Nothing is opened before `update`.

        Args:
            connect: opens the library's collections.
            volume_of: gives the row of the volume that each watched folder lies on.
            clock: seconds.
        """
        self._connect, self._volume_of, self._clock = connect, volume_of, clock
        self._closing = threading.Event()
        self._changed = threading.Condition()  # guards what follows
        self._worker: threading.Thread | None = None
        self._snapshot: Snapshot | None = None  # that was published last
        self._target: Snapshot | None = None  # to be followed
        self._followed: Snapshot | None = None
        self._upload: Upload | None = None
        self._map: ClipMap | None = None
        self._mapped = 0.0
        self._server: QdrantServer | None = None  # for all but searches
        self._searched: QdrantServer | None = None
        self._problem: StoreError | None = None
        self._pause, self._again = FIRST_PAUSE, 0.0
        self._pool = ThreadPoolExecutor(_AT_ONCE, "reelfind-store")

    @property
    def problem(self) -> str:
        """See `VectorStore.problem`."""
        problem = self._problem
        return "" if problem is None else problem.sentence

    @property
    def advice(self) -> str:
        """See `VectorStore.advice`."""
        problem = self._problem
        advice = "" if problem is None else problem.advice
        return f"{advice} Meanwhile each search compares with every frame.".strip()

    def publish(self, snapshot: Snapshot) -> None:
        """See `VectorStore.publish`."""
        with self._changed:
            self._snapshot = snapshot
            self._show()

    @property
    def wants_update(self) -> bool:
        """See `VectorStore.wants_update`."""
        return self._target is not self._snapshot

    def update(self) -> None:
        """See `VectorStore.update`: the server sets the pace."""
        with self._changed:
            if self._closing.is_set():
                return
            self._target = self._snapshot
            if self._worker is None:
                self._worker = threading.Thread(target=self._work, name="reelfind-vector-store", daemon=True)
                self._worker.start()
            self._changed.notify_all()

    def finish(self, stop: Callable[[], bool]) -> bool:
        """See `VectorStore.finish`; False too where the server cannot be used."""
        with self._changed:
            while not (self._is_complete() or self._problem or self._closing.is_set() or stop()):
                if self._worker is None:
                    break
                self._changed.wait(0.1)
            return self._is_complete()

    def _is_complete(self) -> bool:
        return self._followed is not None and self._followed is self._target

    def nearest(
        self, gallery: Gallery, query: NDArray[np.float32], k: int, rows: NDArray[np.intp] | None = None
    ) -> Nearest | None:
        """See `VectorStore.nearest`."""
        clips, server = self._map, self._searched
        if clips is None or server is None or clips.gallery is not gallery or self._clock() < self._again:
            return None
        if len(clips.rest) > MAX_TAIL * len(gallery):
            return None
        places = np.arange(len(clips.videos)) if rows is None else clips.videos_of(rows)
        among = None
        if (rows is not None or clips.outdated) and (among := filter_of(clips, places)) is None:
            return None
        held = places[clips.volumes[places] >= 0]
        limit = _clips_for(k, gallery)
        try:
            points = self._ask(server, np.unique(clips.volumes[held]).tolist(), query, limit, among)
            found = clips.clips_of(points)
            if len(found) < (1 - _MAY_LACK) * min(limit, int(clips.clip_counts[held].sum())):
                if self._map is not clips:
                    return None  # what has gone was taken out while it was asked
                raise StoreError(
                    "The vector store has lost some of what it was sent.", "It is sent again in a while."
                )
        except StoreError as error:
            self._fail(error)
            return None
        self._pause = FIRST_PAUSE
        near = np.concatenate((clips.rows_of(found), clips.rest))
        if rows is not None:
            near = near[_among(near, rows)]
        return best(near, gallery.vectors[near] @ query, k)

    def close(self) -> None:
        """See `VectorStore.close`: what is being sent goes on at the next start."""
        with self._changed:
            self._closing.set()
            worker, server = self._worker, self._searched
            self._searched = None
            self._changed.notify_all()
        if worker is not None:
            worker.join(_ENDS)
        self._pool.shutdown(wait=False)
        if server is not None:
            server.close()

    def _ask(
        self,
        server: "QdrantServer",
        volumes: list[int],
        query: NDArray[np.float32],
        limit: int,
        among: ContentFilter | None,
    ) -> NDArray[np.int64]:
        """The nearest points of all volumes together."""
        if not volumes:
            return np.empty(0, np.int64)
        if len(volumes) == 1:
            return server.search(volumes[0], query, limit, among)[0]
        try:
            asked = [self._pool.submit(server.search, volume, query, limit, among) for volume in volumes]
        except RuntimeError as error:
            raise StoreError("The vector store is being closed.", "") from error
        answers = [each.result() for each in asked]
        points = np.concatenate([points for points, _ in answers])
        scores = np.concatenate([scores for _, scores in answers])
        return points[np.argsort(-scores, kind="stable")[:limit]]

    def _show(self) -> None:
        """Map the published gallery to what the server holds; the lock is held."""
        if self._snapshot is not None and self._upload is not None:
            self._map = ClipMap.of(self._snapshot, self._upload.held)
            self._mapped = self._clock()

    def _sent(self) -> None:
        if self._clock() - self._mapped > _SHOWN_EVERY:
            with self._changed:
                self._show()

    def _fail(self, error: StoreError) -> None:
        """Leave the server alone for a while, and find out anew what it holds then."""
        with self._changed:
            if self._closing.is_set():
                return
            if self._clock() >= self._again:  # not once more for each of the searches at the same time
                logger.warning("%s", error)
                self._again = self._clock() + self._pause
                self._pause = min(2 * self._pause, LONGEST_PAUSE)
            self._problem, self._followed = error, None
            self._changed.notify_all()

    def _work(self) -> None:
        while True:
            with self._changed:
                if self._closing.is_set():  # looked at with the lock: who sets it wakes only who waits
                    break
                left = self._again - self._clock()
                if self._is_complete() or self._target is None or left > 0:
                    self._changed.wait(None if left <= 0 else left)
                    continue
                target = self._target
                if self._problem is not None:
                    self._forget()
            try:
                self._follow(target)
            except StoreError as error:
                self._fail(error)
            except Exception:  # a bug: searches go on without the store
                logger.exception("the vector store could not be brought up to date")
                self._fail(
                    StoreError("The vector store could not be brought up to date.", "The log says why.")
                )
        with self._changed:
            self._forget()

    def _follow(self, target: Snapshot) -> None:
        upload = self._upload or self._opened(target)
        if upload is None or not upload.follow(target, self._sent):
            return
        with self._changed:
            self._followed, self._problem = target, None
            self._show()
            self._changed.notify_all()

    def _opened(self, target: Snapshot) -> "Upload | None":
        """Connect, and find out what the server holds; None where the store is being closed."""
        server = self._server = self._connect(False)  # says so where the client is not installed
        from app.vectors.stores.qdrant.upload import Upload  # noqa: PLC0415 - loads the client

        upload = Upload(server, self._volume_of, self._closing.is_set)
        if not upload.open(target):
            return None
        searched = self._connect(True)
        with self._changed:
            self._upload, self._searched = upload, searched
            self._show()
        return upload

    def _forget(self) -> None:
        """End the connections; the lock is held."""
        for server in (self._server, self._searched):
            if server is not None:
                server.close()
        self._server = self._searched = self._upload = self._map = None


def _clips_for(k: int, gallery: Gallery) -> int:
    """How many clips have the k nearest frames among them, and some to spare."""
    frames_per_clip = len(gallery) / max(1, len(gallery.clip_starts))
    return max(LEAST_CLIPS, k // _FRAMES_PER_CLIP, math.ceil(_SPARE * k / max(1.0, frames_per_clip)))


def _among(numbers: NDArray[np.intp], wanted: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Which of some numbers (n,) are among others (m,), ascending."""
    if len(wanted) == 0:
        return np.zeros(len(numbers), np.bool_)
    places = np.minimum(np.searchsorted(wanted, numbers), len(wanted) - 1)
    return np.asarray(wanted[places] == numbers)
