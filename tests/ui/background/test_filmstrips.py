"""The stored pictures of a video by time: there when they are asked for again, bounded, newest wish first."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.session import Session
from app.ui.background import filmstrips as strips
from app.ui.background.filmstrips import STILL, Filmstrips
from app.ui.background.operations import Operations
from tests.bundles import COLOURS
from tests.ui.libraries import fill_library
from tests.ui.loop import spin_until

FILM = ["red"] * 3 + ["green"] * 3 + ["blue"] * 34


@pytest.fixture
def session(tmp_path: Path, bundle: Path) -> Iterator[Session]:
    with Session(tmp_path / "library", bundle) as session:
        yield session


@pytest.fixture
def video(session: Session, tmp_path: Path) -> int:
    return fill_library(session, tmp_path / "videos", {"film.mp4": FILM})["film.mp4"]


@pytest.fixture
def filmstrips(operations: Operations, session: Session, video: int) -> Iterator[Filmstrips]:
    made = Filmstrips(operations, operations)
    made.set_session(session)
    yield made
    made.stop()
    assert spin_until(lambda: not operations.busy)


def colour_at(filmstrips: Filmstrips, video: int, seconds: float) -> str:
    assert spin_until(lambda: filmstrips.picture(video, seconds) is not None)
    picture = filmstrips.picture(video, seconds)
    assert picture is not None
    assert picture.size() == STILL
    seen = picture.toImage().pixelColor(100, 90)
    rgb = (seen.red(), seen.green(), seen.blue())
    return min(COLOURS, key=lambda name: sum(abs(a - b) for a, b in zip(COLOURS[name], rgb, strict=True)))


def test_the_frame_nearest_to_a_time_is_shown(filmstrips: Filmstrips, video: int) -> None:
    told: list[int] = []
    filmstrips.arrived.connect(told.append)
    assert filmstrips.times(video) == ()
    assert spin_until(lambda: filmstrips.times(video))
    assert told == [video]
    assert filmstrips.times(video) == tuple(float(second) for second in range(40))
    assert filmstrips.nearest(video, 2.4) == 2.0
    assert filmstrips.nearest(video, 2.6) == 3.0
    assert filmstrips.nearest(video, -5.0) == 0.0
    assert filmstrips.nearest(video, 500.0) == 39.0
    assert [colour_at(filmstrips, video, seconds) for seconds in (0, 4.2, 99)] == ["red", "green", "blue"]
    assert len(told) > 3


def test_what_is_prepared_is_there_at_once(
    filmstrips: Filmstrips, operations: Operations, video: int
) -> None:
    assert spin_until(lambda: filmstrips.times(video))
    filmstrips.prepare(video, 0, 39, most=8)
    assert spin_until(lambda: not operations.busy)
    assert len(filmstrips._pictures) == 8
    assert filmstrips.picture(video, 0) is not None


def test_only_the_newest_wishes_wait_and_the_newest_is_read_first(
    filmstrips: Filmstrips, operations: Operations, video: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(strips, "WAITING", 4)
    monkeypatch.setattr(strips, "PICTURES", 5)
    assert spin_until(lambda: filmstrips.times(video))
    for second in range(40):
        filmstrips.picture(video, second)
    assert len(filmstrips._waiting) == 4
    assert spin_until(lambda: not operations.busy)
    assert len(filmstrips._pictures) == 5
    assert all(filmstrips.picture(video, second) is not None for second in (36, 37, 38, 39))


def test_a_video_without_frames_and_one_that_changed_are_no_trouble(
    filmstrips: Filmstrips, operations: Operations, session: Session, video: int, tmp_path: Path
) -> None:
    assert filmstrips.picture(999, 1.0) is None
    assert spin_until(lambda: not operations.busy)
    assert filmstrips.times(999) == ()
    assert not operations.busy, "that it has none is known now"
    assert filmstrips.picture(video, 1.0) is None
    assert spin_until(lambda: filmstrips.picture(video, 1.0) is not None)
    session.remove_folder(tmp_path / "videos")
    session.finish_removal()
    filmstrips.forget()
    assert filmstrips.picture(video, 1.0) is None
    assert spin_until(lambda: not operations.busy)
    assert filmstrips.picture(video, 1.0) is None
