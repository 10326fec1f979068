"""What is hidden is no answer until it is shown again, whatever is asked."""

from pathlib import Path

import pytest

from app.catalogue.deltas import Delta
from app.catalogue.kept.kept_records import MarkKind
from app.keeping.library_export import export_library, import_library
from app.session import Session
from tests.catalogue.making import rescan
from tests.keeping.test_keeping import files, found, keep, movies, session

__all__ = ["movies", "session"]

HIDDEN = MarkKind.HIDDEN


@pytest.mark.parametrize(
    "query", ["red", "red -blue", "-blue", "red >> blue", "is:landscape", "red in:movies"]
)
def test_a_hidden_video_is_no_answer(session: Session, movies: Path, query: str) -> None:
    assert "b.mp4" in files(session, query)
    keep(session, "b.mp4", HIDDEN)
    assert "b.mp4" not in files(session, query)
    assert files(session, query)
    assert "b.mp4" not in {m.path.name for m in session.search(query, folder=movies).moments}


def test_what_is_hidden_can_be_asked_for_and_shown_again(session: Session, movies: Path) -> None:
    keep(session, "b.mp4", HIDDEN)
    assert files(session, "is:hidden") == {"b.mp4"}
    assert files(session, "red is:hidden") == {"b.mp4"}
    assert files(session, "red -is:hidden") == {"a.mp4", "c.mp4"}
    target = session.kept.named("b.mp4").target
    assert session.catalogue.unkeep(target, HIDDEN) == 1
    assert files(session, "red") == {"a.mp4", "b.mp4", "c.mp4"}


def test_of_a_hidden_moment_only_the_rest_of_its_video_is_found(session: Session, movies: Path) -> None:
    keep(session, "a.mp4@0-2", HIDDEN)
    assert ("a.mp4", 0.0) not in {(name, start) for name, start, _ in found(session, "red")}
    assert "a.mp4" in files(session, "red")
    assert found(session, "is:hidden") == [("a.mp4", 0.0, 2.0)]


def test_hidden_stays_hidden_where_the_file_moves(session: Session, movies: Path) -> None:
    keep(session, "b.mp4", HIDDEN)
    (movies / "b.mp4").rename(movies / "other.mp4")
    rescan(session.catalogue, movies)
    assert files(session, "red") == {"a.mp4", "c.mp4"}
    assert files(session, "is:hidden") == {"other.mp4"}


def test_whoever_shows_answers_is_told(session: Session, movies: Path) -> None:
    told: list[Delta] = []
    unsubscribe = session.catalogue.subscribe(told.append)
    keep(session, "b.mp4")
    keep(session, "b.mp4", HIDDEN)
    unsubscribe()
    assert [(delta.kept, delta.findable) for delta in told] == [(True, False), (True, True)]


def test_it_is_exported_and_imported(session: Session, movies: Path, tmp_path: Path) -> None:
    keep(session, "b.mp4", HIDDEN)
    export_library(session.catalogue, tmp_path / "library.json")
    session.catalogue.unkeep(session.kept.named("b.mp4").target)
    assert import_library(session.catalogue, tmp_path / "library.json").merged.marks == 1
    assert files(session, "is:hidden") == {"b.mp4"}


def test_it_is_in_no_group_of_duplicates(session: Session, movies: Path) -> None:
    (movies / "copy.mp4").write_bytes((movies / "b.mp4").read_bytes())
    rescan(session.catalogue, movies)
    (video,) = session.catalogue.videos_at(movies / "copy.mp4")
    named = session.kept.named("b.mp4")
    fingerprint = named.target.fingerprint
    session.catalogue.commit_copy(video.id, named.video.id, fingerprint)
    assert named.video.id in {each.video.id for group in session.duplicates() for each in group.videos}
    keep(session, "b.mp4", HIDDEN)
    assert named.video.id not in {each.video.id for group in session.duplicates() for each in group.videos}
