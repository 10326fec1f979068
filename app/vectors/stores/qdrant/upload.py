"""A server comes to hold what a gallery holds: what is gone or changed is taken away, what lacks is sent."""

import logging
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice

import numpy as np

from app.vectors.stores.qdrant.clip_map import ClipMap, Held, clip_vectors, points_of
from app.vectors.stores.qdrant.qdrant_server import ClipBatch, QdrantServer
from app.vectors.stores.store_error import StoreBusyError
from app.vectors.stores.vector_store import Snapshot

logger = logging.getLogger(__name__)

MOST_CLIPS = 1024
"""In one request: 1.5 MB of numbers, some 15 MB as they are written."""
_LEAST_CLIPS = 32
_SLOW = 5.0
"""Seconds that a request may take before the next one is half as large."""
_VIDEOS = 256
"""That are struck off or removed at a time."""
_PAUSES = (0.5, 2.0, 5.0, 15.0, 30.0)
"""Seconds to wait before a server that is busy is asked for the same again."""
_CHECKED = 16
"""Videos, the newest that are held, whose clips are compared before the rest is believed."""
_SAME = 1e-3
"""Numbers of one clip's vector may differ by so much: computers add otherwise."""


class _StoppedError(Exception):
    """Somebody asked to stop."""


class Upload:
    """Brings one server up to date with galleries. One thread at a time."""

    def __init__(
        self,
        server: QdrantServer,
        volume_of: Callable[[], Mapping[int, int]],
        stop: Callable[[], bool],
        *,
        sleep: Callable[[float], object] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Nothing is asked yet.

        Args:
            server: the library's collections.
            volume_of: gives the row of the volume that each watched folder lies on.
            stop: asked before each request.
            sleep: waits so many seconds.
            clock: seconds.
        """
        self._server, self._volume_of, self._stop = server, volume_of, stop
        self._sleep, self._clock = sleep, clock
        self._size = MOST_CLIPS
        self._volumes: set[int] = set()  # whose collections are known to be there
        self._counted = False
        self.held: dict[int, Held] = {}
        """What the server holds of each video."""

    def open(self, snapshot: Snapshot) -> bool:
        """Find out what the server holds; begin anew where that is another library's.

        Returns:
            Whether it is known; False where somebody asked to stop.

        Raises:
            StoreError: it cannot be found out.
        """
        try:
            self._open(snapshot)
        except _StoppedError:
            return False
        return True

    def _open(self, snapshot: Snapshot) -> None:
        self.held = self._server.open()
        if not self._is_ours(snapshot):
            logger.warning("what the vector store holds is another library's: it is sent again")
            self._server.reset()
            self.held = {}
            self._volumes.clear()

    def follow(self, snapshot: Snapshot, told: Callable[[], None]) -> bool:
        """Have the server hold what a gallery holds.

        What it holds of a later revision than the snapshot's is left alone: another process sent that.

        Args:
            snapshot: of the library.
            told: called whenever `held` has changed.

        Returns:
            Whether it does now; False where somebody asked to stop.

        Raises:
            StoreError: it cannot.
        """
        try:
            wanted = self._wanted(snapshot)
            gone = {
                video: held
                for video, held in self.held.items()
                if wanted.get(video) != held and held.revision <= snapshot.revision
            }
            self._remove(gone, told)
            self._send(snapshot, wanted, told)
            if not self._counted:
                for volume in self._miscounted():
                    self._drop(volume, told)
                self._send(snapshot, wanted, told)
                self._counted = True
        except _StoppedError:
            return False
        return True

    def _wanted(self, snapshot: Snapshot) -> dict[int, Held]:
        """What is to be held of the videos that have frames, in order of the gallery."""
        clips = ClipMap.of(snapshot, {})
        volumes = self._volume_of()
        order = np.argsort(clips.first_rows)
        return {
            video: Held(snapshot.revisions[video], volumes.get(folder, 0), number)
            for video, folder, number in zip(
                clips.videos[order].tolist(),
                clips.folders[order].tolist(),
                clips.clip_counts[order].tolist(),
                strict=True,
            )
            if points_of(video, number) is not None
        }

    def _is_ours(self, snapshot: Snapshot) -> bool:
        """Whether the newest videos that are held are those of the gallery."""
        clips = ClipMap.of(snapshot, self.held)
        places = np.flatnonzero(clips.volumes >= 0)
        common = sorted((self.held[int(clips.videos[place])].revision, int(place)) for place in places)
        for _, place in common[-_CHECKED:]:
            video, volume = int(clips.videos[place]), int(clips.volumes[place])
            points = points_of(video, 1) or []
            rows = clips.rows_of(clips.first_clips[place : place + 1])
            mine = clip_vectors(snapshot.gallery, int(rows[0]), len(rows))[0]
            self._go_on()
            theirs = self._server.vectors(volume, points).get(points[0])
            if theirs is None or theirs.shape != mine.shape or not np.allclose(theirs, mine, atol=_SAME):
                return False
        return True

    def _remove(self, gone: Mapping[int, Held], told: Callable[[], None]) -> None:
        """The ledger first: what it names is there."""
        of_volume: defaultdict[int, list[int]] = defaultdict(list)
        for video, held in gone.items():
            of_volume[held.volume].append(video)
        for volume, videos in of_volume.items():
            for some in _parts(videos, _VIDEOS):
                self._patiently(lambda some=some: self._server.strike(some))  # type: ignore[misc]
                for video in some:
                    del self.held[video]
                told()
                self._patiently(lambda some=some, at=volume: self._server.remove(at, some))  # type: ignore[misc]

    def _send(self, snapshot: Snapshot, wanted: Mapping[int, Held], told: Callable[[], None]) -> None:
        """Send those of the videos that are not held."""
        lacking = {video: held for video, held in wanted.items() if video not in self.held}
        if not lacking:
            return
        clips = ClipMap.of(snapshot, {})
        by_volume: defaultdict[int, list[int]] = defaultdict(list)
        for video, held in lacking.items():
            by_volume[held.volume].append(video)
        for volume, videos in by_volume.items():
            self._begin(volume)
            for some in _grouped(videos, lacking):
                # Of a process that died half-way through them, or that sent more clips than there are now.
                self._patiently(lambda some=some, at=volume: self._server.remove(at, some))  # type: ignore[misc]
                self._put(volume, self._batch(snapshot, clips, some))
                entries = {video: lacking[video] for video in some}
                self._patiently(lambda entries=entries: self._server.note(entries))  # type: ignore[misc]
                self.held |= entries
                told()

    def _begin(self, volume: int) -> None:
        if volume not in self._volumes:
            self._patiently(lambda: self._server.begin_volume(volume))
            self._volumes.add(volume)

    def _batch(self, snapshot: Snapshot, clips: ClipMap, videos: Iterable[int]) -> ClipBatch:
        points: list[int] = []
        ids: list[int] = []
        folders: list[int] = []
        vectors = []
        for video in videos:
            place = int(np.searchsorted(clips.videos, video))
            count = int(clips.clip_counts[place])
            first, rows = int(clips.first_rows[place]), int(clips.row_counts[place])
            vectors.append(clip_vectors(snapshot.gallery, first, rows))
            points += points_of(video, count) or []
            ids += count * [video]
            folders += count * [int(clips.folders[place])]
        return ClipBatch(points, np.concatenate(vectors), ids, folders)

    def _put(self, volume: int, batch: ClipBatch) -> None:
        """Send clips, one request after the other: the server sets the pace."""
        first = 0
        while first < len(batch.points):
            part = slice(first, first + self._size)
            some = ClipBatch(batch.points[part], batch.vectors[part], batch.videos[part], batch.folders[part])
            started = self._clock()
            self._patiently(lambda some=some: self._server.put(volume, some))  # type: ignore[misc]
            first += len(some.points)
            if self._clock() - started > _SLOW:
                self._size = max(_LEAST_CLIPS, self._size // 2)
            else:
                self._size = min(MOST_CLIPS, 2 * self._size)

    def _miscounted(self) -> list[int]:
        """The volumes that have more or fewer clips than their videos."""
        expected: defaultdict[int, int] = defaultdict(int)
        for held in self.held.values():
            expected[held.volume] += held.clips
        found = []
        for volume, count in expected.items():
            self._begin(volume)
            self._go_on()
            if self._server.count(volume) != count:
                logger.warning("volume %d has other clips in the vector store than it should", volume)
                found.append(volume)
        return found

    def _drop(self, volume: int, told: Callable[[], None]) -> None:
        """Delete all clips of a volume."""
        videos = [video for video, held in self.held.items() if held.volume == volume]
        for some in _parts(videos, _VIDEOS):
            self._patiently(lambda some=some: self._server.strike(some))  # type: ignore[misc]
            for video in some:
                del self.held[video]
        told()
        self._patiently(lambda: self._server.end_volume(volume))
        self._volumes.discard(volume)

    def _patiently(self, ask: Callable[[], None]) -> None:
        """Ask, and again after a while where the server is busy."""
        for pause in _PAUSES:
            self._go_on()
            try:
                return ask()
            except StoreBusyError:
                self._size = max(_LEAST_CLIPS, self._size // 2)
                self._sleep(pause)
        self._go_on()
        return ask()

    def _go_on(self) -> None:
        if self._stop():
            raise _StoppedError


def _grouped(videos: list[int], held: Mapping[int, Held]) -> Iterator[list[int]]:
    """Videos with about a request's clips together."""
    some: list[int] = []
    clips = 0
    for video in videos:
        some.append(video)
        clips += held[video].clips
        if clips >= MOST_CLIPS:
            yield some
            some, clips = [], 0
    if some:
        yield some


def _parts(items: list[int], size: int) -> Iterator[list[int]]:
    left = iter(items)
    while some := list(islice(left, size)):
        yield some
