"""How long a search takes: as a command of its own, in an open library, and beside an indexing run."""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import cycle

from app.indexing.events import IndexingEvent, VideoStarted
from app.search.hubness import bank_texts
from app.session import Session
from benchmarks.scale.made_videos import hd_videos
from benchmarks.scale.place import NotMeasuredError, Place
from benchmarks.scale.synthetic_library import warm
from benchmarks.scale.table import milliseconds, read_through

_WARMING = 5
_PATIENCE = 120.0
"""Seconds of an indexing run beside which is searched."""


def command_line(place: Place) -> list[str]:
    """Wall time of `reelfind search`, a new process each time."""
    read_through(place.library)
    took = []
    for text in bank_texts()[: place.effort.runs + 1]:
        started = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "app", "search", "--library", str(place.library), text],
            stdout=subprocess.DEVNULL,
            check=True,
        )
        took.append(time.perf_counter() - started)
    return [f"{statistics.median(took[1:]):.2f} s"]  # the first finds out which device is used


def warm_queries(place: Place) -> list[str]:
    """Different texts, one after the other, in an open library with nothing else to do."""
    with Session(place.library) as session:
        return [milliseconds(_idle(session, place.effort.queries))]


def queries_while_indexing(place: Place) -> list[str]:
    """The same while real videos are indexed into the library."""
    sources = [hd_videos(place)]
    if place.effort.clips is not None and place.effort.clips.is_dir():
        sources.append(place.effort.clips)
    with place.library_copy() as library, Session(library) as session:
        idle = _idle(session, place.effort.queries)
        decoding = False

        def watch(event: IndexingEvent) -> None:
            nonlocal decoding
            decoding = decoding or isinstance(event, VideoStarted)

        session.indexer.subscribe(watch)
        session.indexer.start([session.add_folder(source).id for source in sources])
        deadline = time.monotonic() + _PATIENCE
        while not decoding and session.indexer.running:
            session.indexer.wait(0.01)
        busy = _ask(session, lambda: session.indexer.running and time.monotonic() < deadline)
        session.indexer.stop()
    if not busy:
        raise NotMeasuredError("indexing was over at once")
    ratio = statistics.median(busy) / statistics.median(idle)
    return [f"{milliseconds(busy)} ({len(busy)} queries, {ratio:.1f} × idle)"]


def _idle(session: Session, queries: int) -> list[float]:
    warm(session)
    left = iter(range(_WARMING + queries))
    return _ask(session, lambda: next(left, None) is not None)[_WARMING:]


def _ask(session: Session, more: Callable[[], bool]) -> list[float]:
    """Seconds of each search, of as many as wanted."""
    took = []
    texts = cycle(bank_texts())
    while more():
        started = time.perf_counter()
        session.search(next(texts))
        took.append(time.perf_counter() - started)
    return took


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
