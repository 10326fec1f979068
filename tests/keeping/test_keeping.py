"""What is kept narrows a search, to videos and to moments; saved searches count what came."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from app.catalogue.kept.kept_records import MarkKind, TimeSpan
from app.errors import UsageError
from app.keeping.targets import kept_targets, named_target, read_span
from app.media.fingerprints import fingerprint
from app.query.query_error import QueryError
from app.session import Session
from tests.bundles import COLOURS, WIDTH, colour_embedding, make_bundle
from tests.catalogue.making import make_file, rescan, rows_for

Vectors = NDArray[np.float32]
RED, BLUE = colour_embedding(COLOURS["red"]), colour_embedding(COLOURS["blue"])


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    with Session(tmp_path / "library", make_bundle(tmp_path / "bundle")) as session:
        yield session


@pytest.fixture
def movies(session: Session, tmp_path: Path) -> Path:
    folder = tmp_path / "movies"
    fill(
        session,
        folder,
        {
            "a.mp4": np.stack([RED, RED, BLUE, BLUE, RED, RED, BLUE, BLUE, RED, RED]),
            "b.mp4": np.stack([RED, RED, BLUE, BLUE]),
            "c.mp4": np.stack([BLUE, BLUE, RED, RED]),
        },
    )
    return folder


def fill(session: Session, folder: Path, videos: Mapping[str, Vectors], *, clip_frames: int = 2) -> None:
    for name in videos:
        make_file(folder / name, f"{folder.name}/{name}")
    session.add_folder(folder)
    rescan(session.catalogue, folder)
    for video in session.catalogue.pending(session.bundle.identity):
        vectors = videos[video.path.name]
        rows = rows_for(
            video,
            len(vectors),
            model=session.bundle.identity,
            width=WIDTH,
            vectors=vectors,
            clip_frames=clip_frames,
        )
        session.catalogue.commit_indexed(video.id, rows, fingerprint=fingerprint(video.path))


def keep(session: Session, text: str, kind: MarkKind = MarkKind.FAVOURITE, value: str = "") -> None:
    named = session.kept.named(text)
    session.catalogue.keep([(named.video, named.target)], kind, value)


def found(session: Session, text: str) -> list[tuple[str, float, float]]:
    return [(m.path.name, m.start, m.end) for m in session.search(text).moments]


def files(session: Session, text: str) -> set[str]:
    return {name for name, _, _ in found(session, text)}


def test_a_favourite_video_is_found_as_a_whole(session: Session, movies: Path) -> None:
    keep(session, "b.mp4")
    assert files(session, "red is:favourite") == {"b.mp4"}
    assert files(session, "red -is:favourite") == {"a.mp4", "c.mp4"}
    assert files(session, "red is:favorites") == {"b.mp4"}


@pytest.mark.parametrize("query", ["red is:favourite", "red -blue is:favourite", "-blue is:favourite"])
@pytest.mark.parametrize(("start", "end"), [(4.2, 5.0), (5.5, 7.5), (4.9, 8.1), (4.0, 4.1)])
def test_of_a_favourite_moment_only_what_overlaps_it_is_found(
    session: Session, movies: Path, start: float, end: float, query: str
) -> None:
    keep(session, f"a.mp4@{start}-{end}")
    moments = found(session, query)
    assert {name for name, _, _ in moments} == {"a.mp4"}
    assert all(from_ < end and to > start for _, from_, to in moments)


def test_in_a_clip_only_the_moment_counts(session: Session, tmp_path: Path) -> None:
    """The best frame of a clip may lie outside of what was kept of it."""
    fill(session, tmp_path / "long", {"l.mp4": np.stack([RED] * 4 + [BLUE] * 4)}, clip_frames=8)
    keep(session, "l.mp4@5-7", MarkKind.TAG, "x")
    (moment,) = session.search("red tag:x").moments
    assert 5 <= moment.best < 7
    assert moment.start < 7
    assert moment.end > 5


def test_what_is_no_favourite_moment_is_found_beside_it(session: Session, movies: Path) -> None:
    keep(session, "a.mp4@4-6")
    outside = [
        moment for moment in session.search("red -is:favourite").moments if moment.path.name == "a.mp4"
    ]
    assert {moment.best for moment in outside} == {0.0, 8.0}


def test_a_chain_lies_in_what_is_kept(session: Session, movies: Path) -> None:
    keep(session, "a.mp4@3-7", MarkKind.TAG, "x")
    (moment,) = session.search("red >> blue tag:x").moments
    assert [part.best for part in moment.parts] == [4.0, 6.0] or moment.parts[0].best >= 4


def test_several_tags_are_all_met_several_collections_are_alternatives(
    session: Session, movies: Path
) -> None:
    keep(session, "a.mp4", MarkKind.TAG, "one")
    keep(session, "a.mp4@0-2", MarkKind.TAG, "two words")
    keep(session, "b.mp4", MarkKind.TAG, "one")
    assert files(session, "red tag:one") == {"a.mp4", "b.mp4"}
    assert {name for name, start, _ in found(session, 'red tag:ONE tag:"two words"') if start < 2} == {
        "a.mp4"
    }
    assert files(session, 'red tag:one -tag:"two words"') == {"a.mp4", "b.mp4"}
    keep(session, "b.mp4", MarkKind.COLLECTION, "First")
    keep(session, "c.mp4", MarkKind.COLLECTION, "Second")
    assert files(session, "red in-collection:first in-collection:second") == {"b.mp4", "c.mp4"}
    assert files(session, "red -in-collection:first") == {"a.mp4", "c.mp4"}
    session.catalogue.make_collection("Empty")
    assert files(session, "red in-collection:empty") == set()
    assert files(session, "red is:favourite") == set()


@pytest.mark.parametrize("query", ["red tag:none", "red -tag:none", "red in-collection:none"])
def test_a_name_that_nobody_gave_is_refused(session: Session, movies: Path, query: str) -> None:
    with pytest.raises(QueryError, match="none"):
        session.search(query)


def test_new_matches_are_counted_until_they_are_looked_at(session: Session, movies: Path) -> None:
    session.kept.save_search("Reds", "red")
    assert [each.count for each in session.kept.new_matches()] == [0]
    fill(session, movies, {"d.mp4": np.stack([RED, RED]), "e.mp4": np.stack([BLUE, BLUE])})
    (reds,) = session.kept.new_matches()
    assert (reds.search.name, reds.problem) == ("Reds", "")
    assert reds.count == sum(
        moment.strength >= 0.4
        for moment in session.search("red").moments
        if moment.path.name in {"d.mp4", "e.mp4"}
    )
    assert reds.count >= 1
    outcome = session.kept.run("reds")
    assert {m.path.name for m in outcome.outcome.moments if outcome.is_new(m)} >= {"d.mp4"}
    assert not any(outcome.is_new(m) for m in outcome.outcome.moments if m.path.name in {"a.mp4", "b.mp4"})
    assert [each.count for each in session.kept.new_matches()] == [0]


def test_a_saved_search_that_makes_no_sense_any_more_says_so(session: Session, movies: Path) -> None:
    keep(session, "a.mp4", MarkKind.TAG, "x")
    session.kept.save_search("Mine", "red tag:x")
    session.catalogue.remove_kept(MarkKind.TAG, "x")
    fill(session, movies, {"d.mp4": np.stack([RED, RED])})
    (mine,) = session.kept.new_matches()
    assert "has the tag “x”" in mine.problem
    with pytest.raises(QueryError):
        session.kept.save_search("None", "tag:")


def test_a_search_is_remembered_unless_that_is_off(session: Session) -> None:
    session.note_search(" a dog ")
    session.change_setting("history", "off")
    session.note_search("a cat")
    assert [each.query for each in session.catalogue.past_searches()] == ["a dog"]


def test_targets_are_named_by_path_and_time(session: Session, movies: Path) -> None:
    def span(text: str) -> TimeSpan | None:
        return named_target(session.catalogue, text).target.span

    assert span("a.mp4") is None
    assert span(f"{movies / 'a.mp4'}@1-2.5") == TimeSpan(1, 2.5)
    assert span("a.mp4@0:01-0:02.5s") == TimeSpan(1, 2.5)
    assert span("a.mp4@5") == TimeSpan(4, 6), "the shot at that time"
    assert span("a.mp4@9.5") == TimeSpan(8, 10)
    for wrong in ("none.mp4", "a.mp4@", "a.mp4@x", "a.mp4@99", "a.mp4@3-2", "", "\0", "@", "@1"):
        with pytest.raises(UsageError):
            named_target(session.catalogue, wrong)
    assert read_span("1:00-1:10") == TimeSpan(60, 70)
    with pytest.raises(UsageError):
        read_span("10-5")


def test_several_videos_of_one_name_are_not_guessed(session: Session, movies: Path, tmp_path: Path) -> None:
    fill(session, tmp_path / "other", {"a.mp4": np.stack([RED, RED])})
    with pytest.raises(UsageError, match="Several"):
        named_target(session.catalogue, "a.mp4")
    assert named_target(session.catalogue, "other/a.mp4").video.path == tmp_path / "other" / "a.mp4"


def test_what_is_not_here_any_more_can_be_named_too(session: Session, movies: Path) -> None:
    keep(session, "a.mp4@1-2.5")
    keep(session, "a.mp4")
    session.remove_folder(movies)
    session.finish_removal()
    assert [each.span for each in kept_targets(session.catalogue, "a.mp4")] == [None]
    assert [each.span for each in kept_targets(session.catalogue, "a.mp4@2")] == [TimeSpan(1, 2.5)]
    assert [each.span for each in kept_targets(session.catalogue, "a.mp4@1-2.5")] == [TimeSpan(1, 2.5)]
    with pytest.raises(UsageError, match="Nothing is kept"):
        kept_targets(session.catalogue, "b.mp4")
