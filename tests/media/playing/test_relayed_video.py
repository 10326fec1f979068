"""A video whose bytes lie elsewhere: it opens at its moment, and only what is needed is asked for."""

import threading
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from app.errors import ReelfindError
from app.media.playing.film_feed import FilmFeed
from tests.conftest import wait_until
from tests.media.playing.test_film_feed import BOX, take
from tests.videos import Scene, make_video, mux_tracks, repeat_video


class CountedSource:
    """A file's bytes, and how many of them were asked for."""

    def __init__(self, path: Path) -> None:
        self.content = path.read_bytes()
        self.asked: list[tuple[int, int]] = []
        self.refusal = ""
        """What to say in place of bytes, once there is something."""
        self.gate = threading.Event()
        self.gate.set()

    @property
    def total(self) -> int:
        return sum(size for _, size in self.asked)

    def size(self) -> int:
        return len(self.content)

    def read(self, offset: int, size: int) -> bytes:
        self.gate.wait(20)
        if self.refusal:
            raise ReelfindError(self.refusal, "Try later.")
        self.asked.append((offset, size))
        return self.content[offset : offset + size]


@pytest.fixture
def feed() -> Iterator[FilmFeed]:
    made = FilmFeed(lambda: None)
    yield made
    made.close()


@pytest.fixture(scope="module")
def long_film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some megabytes: two minutes, ten pictures a second, a key picture every 0.8 s."""
    path = tmp_path_factory.mktemp("relayed") / "long.mp4"
    scenes = [Scene("red", 8, "noise"), Scene("blue", 4, "noise")]
    part = make_video(path.with_name("part.mp4"), scenes, gop=8, audio=True, options={"preset": "ultrafast"})
    return repeat_video(path, part, 10)


@pytest.fixture(scope="module", params=["mp4", "mkv"])
def long_video(request: pytest.FixtureRequest, long_film: Path) -> Path:
    """It, in both formats."""
    if request.param == "mp4":
        return long_film
    return mux_tracks(long_film.with_suffix(".mkv"), long_film)


def test_what_is_shown_is_what_the_file_shows(feed: FilmFeed, long_video: Path) -> None:
    source = CountedSource(long_video)
    feed.play(source, 90.05, BOX, sound=False)
    elsewhere = take(feed, 5)[:5]
    feed.play(long_video, 90.05, BOX, sound=False)
    here = take(feed, 5)[:5]
    assert [picture.time for picture in elsewhere] == [picture.time for picture in here]
    assert elsewhere[0].time == pytest.approx(90.0, abs=0.06)
    assert [picture.pixels for picture in elsewhere] == [picture.pixels for picture in here]


def test_opening_at_a_moment_reads_a_small_part(feed: FilmFeed, long_video: Path) -> None:
    source = CountedSource(long_video)
    feed.play(source, 90.05, BOX, sound=False)
    assert take(feed, 1)
    feed.rest()
    assert source.size() > 7 << 20
    assert source.total < 0.35 * source.size()
    assert not any(later == earlier for earlier, later in pairwise(source.asked)), "no piece comes twice"


def test_an_outage_is_said_and_the_next_try_plays(feed: FilmFeed, long_video: Path) -> None:
    source = CountedSource(long_video)
    source.refusal = "The server is away."
    feed.play(source, 3, BOX, sound=False)
    assert wait_until(lambda: feed.end() is not None)
    end = feed.end()
    assert end is not None
    assert (end.refused, end.is_passing) == ("The server is away.", True)
    source.refusal = ""
    feed.play(source, 3, BOX, sound=False)
    assert take(feed, 3)[0].time == pytest.approx(3, abs=0.06)


def test_an_outage_in_the_middle_is_said_after_what_had_come(feed: FilmFeed, long_video: Path) -> None:
    source = CountedSource(long_video)
    feed.play(source, 3, BOX, sound=False)
    assert take(feed, 1)
    source.refusal = "The server is away."
    take(feed, 10_000)
    assert wait_until(lambda: feed.end() is not None)
    end = feed.end()
    assert end is not None
    assert end.refused == "The server is away."


def test_another_video_does_not_wait_for_one_that_never_comes(feed: FilmFeed, long_video: Path) -> None:
    stuck = CountedSource(long_video)
    stuck.gate.clear()
    feed.play(stuck, 3, BOX, sound=False)
    assert wait_until(lambda: feed.heard_of > 0)
    feed.play(long_video, 5, BOX, sound=False)
    assert take(feed, 1)[0].time == pytest.approx(5, abs=0.06)
    stuck.gate.set()
