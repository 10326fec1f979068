"""What a change of the library costs those who search it: a new video, a folder that is removed."""

import statistics
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from app.media.fingerprints import fingerprint
from app.search.scorers.hubness import bank_texts
from app.session import Session
from benchmarks.scale.place import Place
from benchmarks.scale.synthetic_library import FOLDERS, indexed_video, warm, write_video

_CALM = 10
"""Searches before and after a change."""


@dataclass(frozen=True, slots=True)
class _Search:
    """One search of the loop; times of `time.perf_counter`."""

    started: float
    ended: float
    videos: frozenset[int]

    @property
    def took(self) -> float:
        """Seconds."""
        return self.ended - self.started


class _SearchLoop(threading.Thread):
    """Searches for one text, again and again."""

    def __init__(self, session: Session, text: str) -> None:
        super().__init__(name="search-loop")
        self._session = session
        self._text = text
        self._over = False
        self._searched = threading.Condition()
        self.searches: list[_Search] = []

    def run(self) -> None:
        while not self._over:
            started = time.perf_counter()
            found = self._session.search(self._text)
            videos = frozenset(moment.video_id for moment in found.moments)
            with self._searched:
                self.searches.append(_Search(started, time.perf_counter(), videos))
                self._searched.notify()

    def await_more(self, count: int) -> None:
        """Wait for so many searches more."""
        with self._searched:
            wanted = len(self.searches) + count
            self._searched.wait_for(lambda: len(self.searches) >= wanted)

    def await_video(self, video_id: int) -> _Search:
        """Wait for the first search that finds a video."""

        def found() -> _Search | None:
            return next((search for search in self.searches if video_id in search.videos), None)

        with self._searched:
            search = self._searched.wait_for(found)
        assert search is not None
        return search

    def end(self) -> None:
        """Finish the search under way and end."""
        self._over = True
        self.join()


def new_video(place: Place) -> list[str]:
    """From a video's commit to the first answer with it in a running loop, and the loop's worst search."""
    text = bank_texts()[0]
    delays, pauses, calm = [], [], []
    with place.library_copy() as library, place.scratch("new") as folder, Session(library) as session:
        for number in range(place.effort.runs):
            write_video(folder / f"{number}.mp4", 1 << 80 | number)
        watched = session.catalogue.add_folder(folder)
        session.catalogue.scan_folder(watched.id, settle=0)
        warm(session)
        model = session.bundle.identity
        vectors = np.tile(session.text_encoder.encode_query(text), (3, 1))
        loop = _SearchLoop(session, text)
        loop.start()
        for video in session.catalogue.pending(model):
            loop.await_more(_CALM)
            before = len(loop.searches)
            rows = indexed_video(video.path, vectors, np.zeros(3, np.int64), model)
            begun = time.perf_counter()
            session.catalogue.commit_indexed(video.id, rows, fingerprint=fingerprint(video.path))
            committed = time.perf_counter()
            delays.append(loop.await_video(video.id).ended - committed)
            loop.await_more(_CALM)
            calm += [search.took for search in loop.searches[before - _CALM : before]]
            pauses.append(max(search.took for search in loop.searches if search.ended > begun))
        loop.end()
    pause = 1e3 * (max(pauses) - statistics.median(calm))
    return [f"{statistics.median(delays):.2f} s / {pause:.0f} ms"]


def remove_tenth(place: Place) -> list[str]:
    """Removing one of the folders, which hold a tenth each.

    How long the call takes, the next search, the rest behind, and the worst search while that goes on.
    """
    calls, searches, rests, worst = [], [], [], []
    with place.library_copy() as library, Session(library) as session:
        warm(session)
        for number in range(min(place.effort.runs, FOLDERS - 1)):
            session.search(bank_texts()[number])
            started = time.perf_counter()
            session.remove_folder(Path(place.videos / f"{number:02d}"))
            removed = time.perf_counter()
            session.search(bank_texts()[number])
            searches.append(time.perf_counter() - removed)
            loop = _SearchLoop(session, bank_texts()[number])
            loop.start()
            session.finish_removal()
            rests.append(time.perf_counter() - removed)
            loop.end()
            worst.append(max(search.took for search in loop.searches))
            calls.append(removed - started)
    return [
        f"{statistics.median(calls):.2f} s + {statistics.median(searches):.2f} s in the next query; "
        f"the rest {statistics.median(rests):.0f} s behind, searches {1e3 * max(worst):.0f} ms at worst"
    ]
