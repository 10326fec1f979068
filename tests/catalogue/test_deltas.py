"""Each commit says what it changed, and counts and lists come from the database, not from every row."""

from collections.abc import Callable
from pathlib import Path

import pytest

from app.catalogue.catalogue import Catalogue
from app.catalogue.deltas import Delta
from app.catalogue.records import Folder, ProblemCounts, Video, VideoState
from app.errors import Cause
from app.media.fingerprints import fingerprint
from tests.catalogue.making import MODEL, at, index_all, make_file, rescan, rows_for


class Told:
    """Every delta since the last look."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._heard: list[Delta] = []
        self.stop: Callable[[], None] = catalogue.subscribe(self._heard.append)

    def take(self) -> Delta:
        """All of them together."""
        joined = Delta()
        for delta in self._heard:
            joined |= delta
        self._heard.clear()
        return joined


@pytest.fixture
def told(catalogue: Catalogue, movies: Path) -> Told:
    return Told(catalogue)


def only(catalogue: Catalogue) -> Folder:
    (folder,) = catalogue.folders()
    return folder


def test_a_scan_tells_what_came_changed_moved_and_went(
    catalogue: Catalogue, movies: Path, told: Told
) -> None:
    folder = only(catalogue).id
    for name in "abc":
        make_file(movies / f"{name}.mp4", name)
    rescan(catalogue, movies)
    ids = {name: at(catalogue, movies / f"{name}.mp4").id for name in "abc"}
    assert told.take() == Delta(frozenset({folder}), added=frozenset(ids.values()))
    index_all(catalogue)
    told.take()

    make_file(movies / "a.mp4", "another content")
    (movies / "b.mp4").unlink()
    (movies / "c.mp4").rename(movies / "d.mp4")
    rescan(catalogue, movies)
    delta = told.take()
    assert (delta.changed, delta.gone) == ({ids["a"], ids["c"]}, {ids["b"]})
    assert delta.findable
    rescan(catalogue, movies)
    assert told.take() == Delta(frozenset({folder})), "nothing changed"


def test_a_video_that_was_moved_changes_both_folders(catalogue: Catalogue, movies: Path, told: Told) -> None:
    other = movies.parent / "other"
    other.mkdir()
    added = catalogue.add_folder(other).id
    assert told.take().folders == {added}
    make_file(movies / "a.mp4", "a")
    rescan(catalogue, movies)
    index_all(catalogue)
    told.take()
    (movies / "a.mp4").rename(other / "a.mp4")
    rescan(catalogue, other)
    assert told.take().folders == {folder.id for folder in catalogue.folders()}


def test_indexing_failing_and_trying_again_are_told(catalogue: Catalogue, movies: Path, told: Told) -> None:
    make_file(movies / "a.mp4", "a")
    rescan(catalogue, movies)
    video, folder = at(catalogue, movies / "a.mp4"), frozenset({only(catalogue).id})
    told.take()

    catalogue.commit_failed(video.id, "It cannot be read.")
    assert told.take() == Delta(folder, changed=frozenset({video.id}), problems=True)
    catalogue.retry([video.id])
    assert told.take() == Delta(folder, changed=frozenset({video.id}), problems=True)
    index_all(catalogue)
    assert told.take() == Delta(folder, changed=frozenset({video.id}), findable=True)
    catalogue.remove_folder(movies)
    assert told.take() == Delta(findable=True, problems=True)


def test_a_copy_is_told_with_its_original(catalogue: Catalogue, movies: Path, told: Told) -> None:
    make_file(movies / "a.mp4", "a")
    make_file(movies / "b.mp4", "a")
    rescan(catalogue, movies)
    first, second = (at(catalogue, movies / name).id for name in ("a.mp4", "b.mp4"))
    index_all(catalogue, only=[first])
    told.take()
    catalogue.commit_copy(second, first, fingerprint(movies / "b.mp4"))
    assert told.take().changed == {first, second}


def test_who_listens_no_more_hears_nothing_and_an_error_of_one_is_not_anothers(
    catalogue: Catalogue, movies: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def bad(delta: Delta) -> None:
        raise ZeroDivisionError

    catalogue.subscribe(bad)
    told = Told(catalogue)
    rescan(catalogue, movies)
    assert told.take().folders
    assert "ZeroDivisionError" in caplog.text
    told.stop()
    rescan(catalogue, movies)
    assert told.take() == Delta()


def test_deltas_add_up() -> None:
    came, went = Delta(added=frozenset({1})), Delta(gone=frozenset({1}), findable=True)
    assert (came | went).gone == {1}
    assert (went | Delta(changed=frozenset({1}))) == Delta(changed=frozenset({1}), findable=True)
    assert (Delta(frozenset({1})) | Delta(frozenset({2}))).folders == {1, 2}
    assert (Delta(frozenset({1})) | Delta(None)).folders is None


@pytest.fixture
def troubled(catalogue: Catalogue, movies: Path) -> dict[str, Video]:
    """Videos of every kind of problem, and some without one, in two folders."""
    other = movies.parent / "other"
    other.mkdir()
    catalogue.add_folder(other)
    for name in ("fine", "failed", "failed too", "passing", "partial", "partial passing", "waiting", "gone"):
        make_file(movies / f"{name}.mp4", name)
    make_file(other / "elsewhere.mp4", "elsewhere")
    rescan(catalogue, movies)
    rescan(catalogue, other)
    videos = {video.path.stem: video for video in catalogue.videos()}
    (movies / "gone.mp4").unlink()
    rescan(catalogue, movies)
    for name, cause in (("partial", Cause.FILE), ("partial passing", Cause.ENVIRONMENT), ("fine", None)):
        video = videos[name]
        made = rows_for(video)
        rows = type(made)(
            made.facts, made.frames, made.embeddings, MODEL, "Only half of it." if cause else "", cause=cause
        )
        catalogue.commit_indexed(video.id, rows, fingerprint=fingerprint(video.path))
    for name in ("failed", "failed too", "elsewhere", "gone"):
        catalogue.commit_failed(videos[name].id, "It is empty.")
    catalogue.commit_failed(videos["passing"].id, "No permission.", cause=Cause.ENVIRONMENT)
    return videos


def test_folders_are_counted_with_their_problems(
    catalogue: Catalogue, movies: Path, troubled: dict[str, Video]
) -> None:
    first, second = catalogue.folders()
    assert (first.videos, first.indexed, first.failed, first.pending) == (7, 3, 3, 1)
    assert first.seconds == 15.0
    assert first.problems == ProblemCounts(3, 2, 1, 1)
    assert (second.videos, second.problems) == (1, ProblemCounts(failed=1))
    assert catalogue.folders([second.id]) == [second]
    assert [(f.id, f.path, f.online, f.volume) for f in (first, second)] == [
        (f.id, f.path, f.online, f.volume) for f in catalogue.watched()
    ]
    failed = [video for video in catalogue.failures() if video.folder_id == first.id]
    assert len(failed) == first.problems.failed


def test_a_folder_without_videos_counts_nothing(catalogue: Catalogue, movies: Path) -> None:
    assert catalogue.folders() == catalogue.folders([only(catalogue).id])
    assert only(catalogue).videos == 0
    assert catalogue.folders([99]) == []


def test_problems_are_read_in_part_and_by_what_becomes_of_them(
    catalogue: Catalogue, troubled: dict[str, Video]
) -> None:
    found = catalogue.problems(10)
    assert [video.path.stem for video in found.retried] == ["passing", "partial passing"]
    assert {video.path.stem for video in found.failed} == {"failed", "failed too", "elsewhere"}
    assert list(found.failed) == sorted(found.failed, key=lambda video: video.id)
    assert [video.path.stem for video in found.partial] == ["partial"]
    assert all(video.state is VideoState.FAILED for video in found.failed)
    every = {*found.retried, *found.failed, *found.partial}
    assert every == {*catalogue.failures(), *catalogue.incomplete()}
    assert [len(kind) for kind in (catalogue.problems(1).failed, catalogue.problems(1).retried)] == [1, 1]


def test_changes_that_are_put_together_forget_none_of_them() -> None:
    one = Delta(frozenset({1}), added=frozenset({3}), gone=frozenset({4}), findable=True)
    two = Delta(frozenset({2}), changed=frozenset({4}), problems=True, kept=True)
    both = Delta(
        frozenset({1, 2}),
        added=frozenset({3}),
        changed=frozenset({4}),
        findable=True,
        problems=True,
        kept=True,
    )
    assert one | two == both
    assert two | one == Delta(
        both.folders, added=both.added, gone=frozenset({4}), findable=True, problems=True, kept=True
    )
    assert Delta(kept=True) | Delta() == Delta() | Delta(kept=True) == Delta(kept=True)
    assert (one | Delta(folders=None)).folders is None
