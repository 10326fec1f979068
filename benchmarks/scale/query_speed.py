"""How long a search takes: as a command of its own, in an open library, and beside an indexing run.

Wall times, and the processor time where only the search runs: that one stays the same on a busy machine.
"""

import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from itertools import cycle, islice

from app.indexing.events import IndexingEvent, VideoStarted
from app.search.scorers.hubness import bank_texts
from app.session import Session
from benchmarks.scale.made_videos import hd_videos
from benchmarks.scale.place import NotMeasuredError, Place
from benchmarks.scale.synthetic_library import warm
from benchmarks.scale.table import milliseconds, read_through

_WARMING = 5


def command_line(place: Place) -> list[str]:
    """Wall time of `reelfind search`, a new process each time."""
    read_through(place.library)
    took, processor = [], []
    for text in bank_texts()[: place.effort.untimed + place.effort.runs]:
        started, before = time.perf_counter(), _of_children()
        subprocess.run(
            [sys.executable, "-m", "app", "search", "--library", str(place.library), text],
            stdout=subprocess.DEVNULL,
            check=True,
        )
        took.append(time.perf_counter() - started)
        processor.append(_of_children() - before)
    wall, work = (statistics.median(each[place.effort.untimed :]) for each in (took, processor))
    return [f"{wall:.2f} s (processor {work:.2f} s)"]


def warm_queries(place: Place) -> list[str]:
    """Different texts, one after the other, in an open library with nothing else to do."""
    with Session(place.library) as session:
        warm(session)
        _ask(session, _WARMING)
        before = time.process_time()
        took = _ask(session, place.effort.queries)
        processor = 1e3 * (time.process_time() - before) / len(took)
    return [f"{milliseconds(took)} (processor {processor:.1f} ms)"]


def queries_while_indexing(place: Place) -> list[str]:
    """The same while real videos are indexed into the library."""
    sources = [hd_videos(place)]
    if place.effort.clips is not None and place.effort.clips.is_dir():
        sources.append(place.effort.clips)
    with place.library_copy() as library, Session(library) as session:
        warm(session)
        idle = _ask(session, _WARMING + place.effort.queries)[_WARMING:]
        decoding, asked = threading.Event(), threading.Event()

        def watch(event: IndexingEvent) -> None:
            """Holds the first video until it is searched: a short run would be over on a busy machine."""
            if isinstance(event, VideoStarted):
                decoding.set()
                asked.wait(place.effort.patience)

        def goes_on() -> bool:
            first = not asked.is_set()
            asked.set()
            return first or (session.indexer.running and time.monotonic() < deadline)

        session.indexer.subscribe(watch)
        session.indexer.start([session.add_folder(source).id for source in sources])
        deadline = time.monotonic() + place.effort.patience
        while not decoding.wait(0.01) and session.indexer.running:
            pass
        busy = _ask(session, as_long_as=goes_on) if decoding.is_set() else []
        session.indexer.stop()
    if not busy:
        raise NotMeasuredError("nothing was decoded")
    ratio = statistics.median(busy) / statistics.median(idle)
    return [f"{milliseconds(busy)} ({len(busy)} queries, {ratio:.1f} × idle)"]


def _ask(
    session: Session, queries: int | None = None, *, as_long_as: Callable[[], bool] = lambda: True
) -> list[float]:
    """Seconds of each search; every one is for another text, as long as there are some.

    Args:
        session: an open library.
        queries: how many at most.
        as_long_as: asked before each.
    """
    took: list[float] = []
    for text in islice(cycle(bank_texts()), queries):
        if not as_long_as():
            break
        started = time.perf_counter()
        session.search(text)
        took.append(time.perf_counter() - started)
    return took


def _of_children() -> float:
    """Processor time in seconds of the children that have ended."""
    times = os.times()
    return times.children_user + times.children_system


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
