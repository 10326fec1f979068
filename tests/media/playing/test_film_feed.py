"""Pictures and sound of what is watched: right, in order, from a child that may be killed at any time."""

import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from app.media.playing import film_feed
from app.media.playing.film_feed import MOST_PICTURES, FilmFeed, FilmPicture
from app.processes.launcher import StartError
from tests.conftest import has_ended, wait_until
from tests.videos import Scene, make_video

BOX = (160, 120)


@pytest.fixture
def feed() -> Iterator[FilmFeed]:
    made = FilmFeed(lambda: None)
    yield made
    made.close()


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    """Four seconds at ten pictures a second, with a tone."""
    return make_video(tmp_path / "clip.mp4", [Scene("red", 4, "still")], gop=20, audio=True)


def take(feed: FilmFeed, count: int) -> list[FilmPicture]:
    """The next pictures, fewer where the video ends before."""
    taken: list[FilmPicture] = []

    def enough() -> bool:
        while (picture := feed.take_picture()) is not None:
            taken.append(picture)
        while feed.take_sound() is not None:
            pass
        return len(taken) >= count or feed.end() is not None

    assert wait_until(enough)
    return taken


def child(feed: FilmFeed) -> psutil.Process:
    assert feed._child is not None
    return psutil.Process(feed._child.pid)


def test_the_first_picture_is_the_one_that_is_on(feed: FilmFeed, clip: Path) -> None:
    feed.play(clip, 2.55, BOX, sound=False)
    pictures = take(feed, 3)
    assert [picture.time for picture in pictures[:3]] == pytest.approx([2.5, 2.6, 2.7])
    assert (pictures[0].width, pictures[0].height) == BOX
    facts = feed.facts()
    assert facts is not None
    assert facts.duration == pytest.approx(4, abs=0.1)
    assert (facts.codec, facts.has_sound) == ("h264", False)


def test_behind_the_end_the_last_picture_comes(feed: FilmFeed, clip: Path) -> None:
    feed.play(clip, 60, BOX, sound=False)
    assert [picture.time for picture in take(feed, 5)] == pytest.approx([3.9])
    end = feed.end()
    assert end is not None
    assert (end.refused, end.damaged) == ("", 0)


@pytest.mark.parametrize(("speed", "seconds"), [(1.0, 3.0), (2.0, 1.5), (0.25, 12.0)])
def test_sound_begins_with_the_picture_and_keeps_its_speed(
    feed: FilmFeed, clip: Path, speed: float, seconds: float
) -> None:
    feed.play(clip, 1.0, BOX, speed=speed, sound=True)
    first: list[float] = []
    heard = 0

    def over() -> bool:
        nonlocal heard
        while (piece := feed.take_sound()) is not None:
            first.append(piece.time)
            heard += len(piece.samples)
        while feed.take_picture() is not None:
            pass
        return feed.end() is not None

    assert wait_until(over)
    assert first[0] == pytest.approx(1.0, abs=0.05)
    assert heard / (48_000 * 4) == pytest.approx(seconds, rel=0.08)


def test_nothing_is_read_ahead_of_a_full_shelf(feed: FilmFeed, clip: Path) -> None:
    feed.play(clip, 0, BOX, sound=False)
    assert wait_until(lambda: feed.heard_of > MOST_PICTURES)
    before = feed.heard_of
    time.sleep(0.2)
    assert feed.heard_of == before
    assert feed.end() is None


def test_a_new_wish_takes_the_place_of_the_one_before(feed: FilmFeed, clip: Path) -> None:
    feed.play(clip, 0, BOX, sound=False)
    assert wait_until(lambda: feed.next_time() is not None)
    for at in (1.0, 2.0, 3.0):
        feed.play(clip, at, BOX, sound=False)
    assert take(feed, 1)[0].time == pytest.approx(3.0)


def test_a_clock_that_is_ahead_leaves_pictures_out(feed: FilmFeed, tmp_path: Path) -> None:
    path = make_video(tmp_path / "long.mp4", [Scene("red", 30, "still")], gop=20)
    feed.play(path, 0, BOX, sound=False)
    take(feed, 1)
    feed.tell_clock(20, 1.0)
    pictures = take(feed, 200)
    assert sum(picture.dropped for picture in pictures) > 20
    assert pictures[-1].time == pytest.approx(29.9), "and catches up"


def test_a_child_that_is_killed_is_told_and_replaced(feed: FilmFeed, clip: Path) -> None:
    feed.play(clip, 0, BOX, sound=False)
    assert wait_until(lambda: feed.next_time() is not None)
    child(feed).kill()
    assert wait_until(lambda: not take_all(feed) and feed.end() is not None)
    end = feed.end()
    assert end is not None
    assert end.refused
    feed.play(clip, 1.0, BOX, sound=False)
    assert take(feed, 1)[0].time == pytest.approx(1.0)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows suspends no process by a signal")
def test_a_child_that_stands_still_keeps_nobody_waiting(feed: FilmFeed, clip: Path) -> None:
    feed.play(clip, 0, BOX, sound=False)
    take(feed, 1)
    stopped = child(feed)
    stopped.suspend()
    long_path = clip.parent / ("a" * 200) / clip.name
    begun = time.monotonic()
    for number in range(2_000):  # many times what a pipe holds
        feed.play(long_path, number, BOX, sound=False)
        feed.tell_clock(number, 1.0)
        feed.resize(BOX)
    feed.play(clip, 2.0, BOX, sound=False)
    assert time.monotonic() - begun < 5
    stopped.resume()
    assert take(feed, 1)[0].time == pytest.approx(2.0)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows suspends no process by a signal")
def test_a_child_that_stands_still_is_ended_at_once(feed: FilmFeed, clip: Path) -> None:
    feed.play(clip, 0, BOX, sound=False)
    take(feed, 1)
    stopped = child(feed)
    stopped.suspend()
    for number in range(2_000):
        feed.play(clip, number, BOX, sound=False)
    feed.close()
    assert wait_until(lambda: has_ended(stopped))


def test_a_child_that_did_not_start_is_told_and_tried_again(
    feed: FilmFeed, clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise StartError("too many processes")

    with monkeypatch.context() as patched:
        patched.setattr(film_feed, "start", refuse)
        feed.play(clip, 0, BOX, sound=False)
        assert wait_until(lambda: feed.end() is not None)
    feed.play(clip, 1.0, BOX, sound=False)
    assert take(feed, 1)[0].time == pytest.approx(1.0)


def take_all(feed: FilmFeed) -> list[FilmPicture]:
    taken = []
    while (picture := feed.take_picture()) is not None:
        taken.append(picture)
    return taken


def test_a_missing_file_is_its_surroundings_fault(feed: FilmFeed, tmp_path: Path) -> None:
    feed.play(tmp_path / "gone.mp4", 0, BOX, sound=False)
    assert wait_until(lambda: feed.end() is not None)
    end = feed.end()
    assert end is not None
    assert end.is_passing
    assert "no longer there" in end.refused


@pytest.mark.parametrize("name", ["hostile_concat.mkv", "hostile_playlist.mp4", "hostile_manifest.mp4"])
def test_a_file_that_points_elsewhere_is_not_followed(feed: FilmFeed, shared_data: Path, name: str) -> None:
    feed.play(shared_data / "odd" / name, 0, BOX, sound=True)
    assert wait_until(lambda: feed.end() is not None)
    end = feed.end()
    assert end is not None
    assert end.refused


def test_chapters_are_told(feed: FilmFeed, shared_data: Path) -> None:
    feed.play(shared_data / "odd" / "sample_with_chapters.mkv", 0, BOX, sound=False)
    assert wait_until(lambda: feed.facts() is not None)
    facts = feed.facts()
    assert facts is not None
    assert facts.chapters == ((0.0, "Chapter 1"), (2.0, "Chapter 2"))


def test_a_turned_video_stands_upright(feed: FilmFeed, shared_data: Path) -> None:
    feed.play(shared_data / "odd" / "valid_rotated_90.mp4", 1, (400, 400), sound=False)
    picture = take(feed, 1)[0]
    assert picture.height == 400
    assert picture.width < 400
