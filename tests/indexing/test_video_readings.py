"""Of two readings of a video the further one counts; what the other one kept of it is given up."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from app.bundle.encoder_bundle import load_bundle
from app.catalogue.frame_cache import FrameCache, FrameWriter
from app.catalogue.records import Presence, Video, VideoState
from app.database.layout import FRAMES
from app.errors import Cause
from app.indexing.runs.partial_video import PartialVideo
from app.indexing.runs.video_readings import VideoReadings
from app.indexing.stages.items import Ending, Interrupted
from app.media.frames import Frame, Sampling, VideoFacts
from app.runtime.encoders import FrameEncoder

VIDEO = Video(1, 1, Path("a.mp4"), 1, 1, None, VideoState.PENDING, Presence.HERE, "", "", None)
FACTS = VideoFacts("mp4", "h264", 64, 64, 0, 9.0, 25.0, None, False, 1)
WHOLE = Ending()


def cut_at(seconds: float) -> Ending:
    return Ending("It broke off.", Cause.ENVIRONMENT, read_until=seconds)


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[FrameCache]:
    with closing(FrameCache(tmp_path)) as cache:
        yield cache


@pytest.fixture
def read_once(bundle: Path, cache: FrameCache) -> Callable[[], PartialVideo]:
    """A reading of the video of which a frame has come and is kept."""
    encoder = FrameEncoder(load_bundle(bundle))

    def read() -> PartialVideo:
        partial = PartialVideo(VIDEO, FACTS, Sampling(short_side=32), encoder, FrameWriter(cache))
        partial.add(Frame(0.0, True, 0, np.zeros((32, 32, 3), np.uint8), b""))
        return partial

    return read


def kept_videos(folder: Path) -> int:
    """Videos of which the cache holds anything."""
    with closing(sqlite3.connect(folder / FRAMES)) as connection:
        return int(connection.execute("SELECT count(*) FROM videos").fetchone()[0])


@pytest.mark.parametrize(
    ("first_end", "second_end", "further"),
    [(cut_at(5), cut_at(2), 0), (cut_at(2), cut_at(5), 1), (cut_at(5), WHOLE, 1)],
)
def test_the_further_reading_counts_and_the_other_ones_frames_are_not_kept(
    first_end: Ending,
    second_end: Ending,
    further: int,
    read_once: Callable[[], PartialVideo],
    tmp_path: Path,
) -> None:
    readings = VideoReadings()
    both = read_once(), read_once()
    readings.begin(both[0])
    readings.interrupt(Interrupted(VIDEO, "print", first_end))
    assert readings.of(VIDEO.id) is None
    readings.begin(both[1])
    assert readings.end(VIDEO.id, second_end) == (both[further], (first_end, second_end)[further])
    assert kept_videos(tmp_path) == 1
    readings.close()
    assert kept_videos(tmp_path) == 1, "what was taken out is its taker's"


def test_the_first_reading_is_there_where_the_second_one_failed_wholly(
    read_once: Callable[[], PartialVideo], tmp_path: Path
) -> None:
    readings = VideoReadings()
    readings.begin(first := read_once())
    readings.interrupt(item := Interrupted(VIDEO, "print", cut_at(5)))
    readings.begin(read_once())
    assert readings.first(VIDEO.id) == (first, item)
    assert kept_videos(tmp_path) == 1
    assert readings.first(VIDEO.id) is None


@pytest.mark.parametrize("ends", [True, False])
def test_a_video_that_is_done_with_or_was_under_way_at_the_end_leaves_no_frames(
    ends: bool, read_once: Callable[[], PartialVideo], tmp_path: Path
) -> None:
    readings = VideoReadings()
    readings.begin(read_once())
    readings.interrupt(Interrupted(VIDEO, "print", cut_at(5)))
    readings.begin(read_once())
    assert kept_videos(tmp_path) == 2
    if ends:
        readings.close()
    else:
        readings.drop(VIDEO.id)
    assert kept_videos(tmp_path) == 0
    assert readings.end(VIDEO.id, WHOLE) is None
