"""Where in a whole video a query matches."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from app.query.query_error import QueryError
from app.session import Session
from tests.bundles import make_bundle
from tests.search.test_searcher import BLUE, RED, fill


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    with Session(tmp_path / "library", make_bundle(tmp_path / "bundle")) as session:
        yield session


@pytest.fixture
def filled(session: Session, tmp_path: Path) -> Session:
    """Two videos: red in the middle and at the end of one, never in the other."""
    reds = np.stack([BLUE, BLUE, RED, RED, BLUE, BLUE, RED, RED])
    fill(session, tmp_path / "videos", {"a.mp4": reds, "b.mp4": np.stack([BLUE] * 4)})
    return session


def ids(session: Session) -> dict[str, int]:
    return {video.path.name: video.id for video in session.catalogue.videos()}


def test_every_frame_is_compared_and_those_that_match_stand_out(filled: Session) -> None:
    curve = filled.match_curve("red", ids(filled)["a.mp4"])
    assert curve.times.tolist() == [0, 1, 2, 3, 4, 5, 6, 7]
    assert curve.times.dtype == curve.strengths.dtype == np.float32
    assert ((curve.strengths >= 0) & (curve.strengths <= 1)).all()
    matching = np.array([False, False, True, True, False, False, True, True])
    assert curve.strengths[matching].min() > 2 * curve.strengths[~matching].max()


def test_several_videos_are_compared_at_once_and_give_the_same(filled: Session) -> None:
    numbers = ids(filled)
    curves = filled.match_curves("red", numbers.values())
    assert set(curves) == set(numbers.values())
    alone = filled.match_curve("red", numbers["a.mp4"])
    assert np.array_equal(curves[numbers["a.mp4"]].strengths, alone.strengths)
    assert curves[numbers["b.mp4"]].strengths.max() < alone.strengths.max()


def test_of_a_chain_a_frame_is_as_good_as_its_best_step(filled: Session) -> None:
    number = ids(filled)["a.mp4"]
    red, blue, both = (filled.match_curve(text, number).strengths for text in ("red", "blue", "red >> blue"))
    assert np.allclose(both, np.maximum(red, blue))


def test_what_is_left_out_is_where_the_curve_is_low(filled: Session) -> None:
    curve = filled.match_curve("-red", ids(filled)["a.mp4"])
    assert curve.strengths[0] > curve.strengths[2]


def test_a_video_without_frames_has_no_curve_and_a_senseless_query_is_refused(filled: Session) -> None:
    assert len(filled.match_curve("red", 12345).times) == 0
    with pytest.raises(QueryError):
        filled.match_curve("befor:2023", ids(filled)["a.mp4"])


def test_a_moment_knows_how_long_its_video_is_and_when_it_was_filmed(filled: Session) -> None:
    moment = filled.search("red").moments[0]
    [video] = [each for each in filled.catalogue.videos() if each.id == moment.video_id]
    assert video.facts is not None
    assert moment.duration == video.facts.duration
    assert moment.filmed == video.filmed
    if video.facts.created is None:
        assert moment.filmed == video.mtime_ns / 1e9
    else:
        assert moment.filmed == datetime.fromisoformat(video.facts.created).astimezone(UTC).timestamp()
