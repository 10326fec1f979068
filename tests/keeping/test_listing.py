"""Filters alone list everything that meets them: newest first, moments of videos as they were kept."""

from pathlib import Path

import pytest

from app.catalogue.kept.kept_records import MarkKind
from app.catalogue.records import FileOrigin
from app.errors import UsageError
from app.media.frames import Origin
from app.search.outcome import Verdict
from app.session import Session
from tests.keeping.test_keeping import fill, found, keep, movies, session

__all__ = ["movies", "session"]


@pytest.fixture(autouse=True)
def filmed(session: Session, movies: Path) -> None:
    videos = {video.path.name: video for video in session.catalogue.videos()}
    session.catalogue.commit_origins(
        [
            FileOrigin(videos[name], f"2024-05-0{day}T12:00:00+00:00", Origin(), None)
            for day, name in enumerate(("b.mp4", "c.mp4", "a.mp4"), 1)
        ]
    )


def test_all_that_meets_a_filter_newest_first(session: Session, movies: Path) -> None:
    outcome = session.search("in:movies")
    assert [moment.path.name for moment in outcome.moments] == ["a.mp4", "c.mp4", "b.mp4"]
    assert (outcome.is_listing, outcome.verdict, outcome.notice) == (True, Verdict.GOOD, "")
    first = outcome.moments[0]
    assert (first.rank, first.start, first.best) == (1, 0.0, 0.0)
    assert first.end == pytest.approx(10, abs=0.5)
    assert session.thumbnail(first.frame_id) is not None
    assert len(session.search("in:movies", limit=2).moments) == 2


def test_kept_moments_are_listed_as_they_were_kept(session: Session, movies: Path) -> None:
    keep(session, "a.mp4@2-4")
    keep(session, "a.mp4@6-8")
    keep(session, "b.mp4")
    assert found(session, "is:favourite") == [("a.mp4", 2, 4), ("a.mp4", 6, 8), ("b.mp4", 0, 4)]
    keep(session, "a.mp4@3-5", MarkKind.TAG, "x")
    assert found(session, "is:favourite tag:x") == [("a.mp4", 2, 4), ("a.mp4", 3, 5)]
    assert found(session, "tag:x -is:favourite") == [("a.mp4", 3, 5)]
    keep(session, "a.mp4@3-4.5", MarkKind.HIDDEN)
    assert found(session, "tag:x") == []


def test_nothing_meets_them(session: Session) -> None:
    outcome = session.search("is:favourite")
    assert (outcome.moments, outcome.verdict) == ((), Verdict.NONE)


def test_nothing_was_compared_so_there_is_nothing_to_explain(session: Session) -> None:
    (moment, *_) = session.search("in:movies").moments
    with pytest.raises(UsageError, match="nothing was compared"):
        session.why("in:movies", moment)


def test_there_is_no_curve_where_nothing_was_compared(session: Session) -> None:
    (moment, *_) = session.search("in:movies").moments
    assert len(session.match_curve("in:movies", moment.video_id).times) == 0


def test_saved_filters_count_what_came(session: Session, movies: Path, tmp_path: Path) -> None:
    session.kept.save_search("All", "is:landscape")
    assert session.kept.new_matches()[0].count == 0
    fill(session, tmp_path / "more", {"d.mp4": session.index.gallery.vectors[:2]})
    assert session.kept.new_matches()[0].count == 1
