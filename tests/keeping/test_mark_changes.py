"""Marks of found moments are changed, many at once, and every change can be taken back."""

from pathlib import Path

import pytest

from app.catalogue.kept.kept_records import MarkKind, TimeSpan, Wish
from app.errors import UsageError
from app.session import Session
from tests.keeping.test_keeping import keep, movies, session

__all__ = ["movies", "session"]

FAVOURITE, TAG, NOTE, COLLECTION = (
    Wish(MarkKind.FAVOURITE),
    Wish(MarkKind.TAG, "Beach"),
    Wish(MarkKind.NOTE, "he barks"),
    Wish(MarkKind.COLLECTION, "Trips"),
)


def marks(session: Session) -> list[tuple[str, TimeSpan | None, str]]:
    return sorted(
        (mark.kind.value, mark.target.span, mark.value)
        for mark in (each.mark for each in session.catalogue.marks_of_videos())
    )


def test_several_marks_of_several_moments_are_one_change(session: Session, movies: Path) -> None:
    moments = session.search("red").moments[:3]
    before = marks(session)
    change = session.kept.change(moments, [FAVOURITE, TAG, NOTE, COLLECTION])
    assert len(change.added) == 12
    assert change.targets == 3
    assert len(session.catalogue.kept(kind=MarkKind.TAG, value="beach")) == 3
    session.kept.take_back(change)
    assert marks(session) == before
    assert session.catalogue.collections() == [], "it was made for the change"


def test_what_is_kept_already_is_no_change(session: Session, movies: Path) -> None:
    moments = session.search("red").moments[:1]
    session.kept.change(moments, [FAVOURITE, TAG])
    again = session.kept.change(moments, [FAVOURITE, Wish(MarkKind.TAG, "beach")])
    assert again.targets == 0


def test_marks_with_other_edges_are_about_the_same_moment(session: Session, movies: Path) -> None:
    (moment,) = session.search("in:movies name:b.mp4").moments
    keep(session, "b.mp4@0-3.5")
    change = session.kept.change([moment], [Wish(MarkKind.FAVOURITE, is_on=False)])
    assert len(change.removed) == 0, "a part of a video is not the video"
    (moment,) = session.search("is:favourite").moments
    keep(session, "b.mp4@0-2", MarkKind.TAG, "x")
    change = session.kept.change(
        [moment], [Wish(MarkKind.FAVOURITE, is_on=False), Wish(MarkKind.TAG, "X", is_on=False)]
    )
    assert len(change.removed) == 2
    session.kept.take_back(change)
    assert len(marks(session)) == 2


def test_a_note_takes_the_place_of_another_and_comes_back(session: Session, movies: Path) -> None:
    moments = session.search("red").moments[:1]
    session.kept.change(moments, [NOTE])
    change = session.kept.change(moments, [Wish(MarkKind.NOTE, "he runs")])
    assert [value for _, _, value in marks(session)] == ["he runs"]
    session.kept.take_back(change)
    assert [value for _, _, value in marks(session)] == ["he barks"]
    session.kept.change(moments, [Wish(MarkKind.NOTE, " ")])
    assert marks(session) == []


def test_a_whole_video_is_marked_as_one(session: Session, movies: Path) -> None:
    moment = session.search("red").moments[0]
    session.kept.change([moment], [Wish(MarkKind.HIDDEN)], whole=True)
    assert [span for _, span, _ in marks(session)] == [None]
    (listed,) = session.search("is:hidden").moments
    change = session.kept.change([listed], [Wish(MarkKind.HIDDEN, is_on=False)])
    assert change.targets == 1


def test_a_name_that_is_none_is_refused_and_nothing_is_changed(session: Session, movies: Path) -> None:
    moments = session.search("red").moments[:1]
    with pytest.raises(UsageError, match="empty"):
        session.kept.change(moments, [FAVOURITE, Wish(MarkKind.TAG, " ")])
    assert marks(session) == []
