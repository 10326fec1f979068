"""A scan meets files and folders that moved: what is known of them moves along."""

import os
from pathlib import Path

import pytest

from app.catalogue.catalogue import Catalogue
from app.catalogue.records import Presence, VideoState
from app.media.fingerprints import fingerprint
from tests.catalogue.making import (
    MODEL,
    at,
    counts,
    index_all,
    make_file,
    rescan,
)


def lies_on(catalogue: Catalogue, identity: str, mount: Path) -> None:
    """Let everything look as if it had been seen on a disk that is not connected now."""
    with catalogue._connections.writing() as database:
        database.execute("UPDATE volumes SET identity = ?, mount = ?", [identity, os.fsencode(mount)])


def test_a_renamed_file_keeps_its_embeddings(catalogue: Catalogue, movies: Path) -> None:
    file = make_file(movies / "a.mp4", "a")
    rescan(catalogue, movies)
    index_all(catalogue)
    before, frames = at(catalogue, file), catalogue.frames(at(catalogue, file).id)
    file.rename(movies / "holiday.mp4")
    assert counts(catalogue, movies) == (1, 0, 0, 1, 0)
    (after,) = catalogue.videos()
    assert (after.id, after.path, after.state) == (before.id, movies / "holiday.mp4", VideoState.INDEXED)
    assert catalogue.frames(after.id) == frames
    assert catalogue.pending(MODEL) == []


@pytest.mark.parametrize("goal_first", [True, False])
def test_a_file_moves_to_another_watched_folder(
    catalogue: Catalogue, movies: Path, tmp_path: Path, goal_first: bool
) -> None:
    goal = tmp_path / "archive"
    goal.mkdir()
    archive = catalogue.add_folder(goal)
    file = make_file(movies / "a.mp4", "a")
    rescan(catalogue, movies)
    index_all(catalogue)
    number, revision = at(catalogue, file).id, catalogue.revision()

    file.rename(goal / "a.mp4")
    order = (goal, movies) if goal_first else (movies, goal)
    for folder in order:
        rescan(catalogue, folder)
    (video,) = catalogue.videos()
    assert (video.id, video.folder_id, video.presence) == (number, archive.id, Presence.HERE)
    assert [stored.folder_id for stored in catalogue.embeddings(MODEL, after=revision)] == [archive.id]


def test_a_copy_is_a_video_of_its_own(catalogue: Catalogue, movies: Path) -> None:
    make_file(movies / "a.mp4", "a")
    rescan(catalogue, movies)
    index_all(catalogue)
    make_file(movies / "copy.mp4", "a")
    assert counts(catalogue, movies) == (2, 1, 0, 0, 0)
    assert [video.path.name for video in catalogue.pending(MODEL)] == ["copy.mp4"]


def test_what_lies_on_an_unplugged_disk_is_not_taken_for_moved(
    catalogue: Catalogue, movies: Path, tmp_path: Path
) -> None:
    make_file(movies / "a.mp4", "a")
    rescan(catalogue, movies)
    index_all(catalogue)
    lies_on(catalogue, "uuid:stick", movies)
    movies.rename(tmp_path / "unplugged")
    backup = make_file(tmp_path / "backup" / "a.mp4", "a").parent
    catalogue.add_folder(backup)
    assert counts(catalogue, backup) == (1, 1, 0, 0, 0)
    assert at(catalogue, movies / "a.mp4").state is VideoState.INDEXED


@pytest.mark.parametrize("spelling", ["renamed", "parent renamed", "above"])
def test_a_watched_folder_that_was_renamed_and_added_again_is_known(
    catalogue: Catalogue, tmp_path: Path, spelling: str
) -> None:
    old = tmp_path / "disk" / "old"
    for name in "abcdef":
        make_file(old / "sub" / f"{name}.mp4", name)
    catalogue.add_folder(old)
    rescan(catalogue, old)
    pending = catalogue.pending(MODEL)
    index_all(catalogue, only=[video.id for video in pending[:3]])
    catalogue.commit_failed(pending[3].id, "The file ends too early.", "Copy it again.")
    make_file(old / "deleted.mp4", "deleted")
    rescan(catalogue, old)
    (old / "deleted.mp4").unlink()
    rescan(catalogue, old)
    before = {video.path.name: (video.id, video.state) for video in catalogue.videos(gone=True)}

    if spelling == "renamed":
        new = old.rename(tmp_path / "disk" / "new")
    else:
        new = (tmp_path / "disk").rename(tmp_path / "new disk") / ("old" if spelling != "above" else "")
    catalogue.add_folder(new)
    assert counts(catalogue, new) == (6, 0, 0, 6, 0)
    assert [folder.path for folder in catalogue.folders()] == [new]
    after = {video.path.name: (video.id, video.state) for video in catalogue.videos(gone=True)}
    assert after == before
    assert {video.id for video in catalogue.pending(MODEL)} == {video.id for video in pending[4:]}
    assert [video.reason for video in catalogue.failures()] == ["The file ends too early."]
    assert all(stored.folder_id == catalogue.folders()[0].id for stored in catalogue.embeddings(MODEL))


def test_a_renamed_folder_with_something_left_behind_stays_watched(
    catalogue: Catalogue, movies: Path, tmp_path: Path
) -> None:
    for name in "ab":
        make_file(movies / f"{name}.mp4", name)
    rescan(catalogue, movies)
    index_all(catalogue)
    new = movies.rename(tmp_path / "new")
    (new / "b.mp4").unlink()
    catalogue.add_folder(new)
    assert counts(catalogue, new) == (1, 0, 0, 1, 0)
    assert [folder.path for folder in catalogue.folders()] == [movies, new]


def test_a_fingerprint_of_an_earlier_version_still_finds_a_moved_file(
    catalogue: Catalogue, movies: Path
) -> None:
    file = make_file(movies / "a.mp4", "a")
    rescan(catalogue, movies)
    index_all(catalogue)
    number, frames = at(catalogue, file).id, catalogue.frames(at(catalogue, file).id)
    with catalogue._connections.writing() as database:
        database.execute("UPDATE videos SET fingerprint = ?", [fingerprint(file, 1)])
    file = file.rename(movies / "b.mp4")
    os.utime(file, ns=(10**18, 10**18))
    assert counts(catalogue, movies) == (1, 0, 0, 1, 0)
    assert at(catalogue, file).id == number
    index_all(catalogue, "another model")
    assert catalogue.frames(number) == frames  # the same content: the first model still answers
    assert number in catalogue.embedded(MODEL)


def test_swapped_names_are_two_moves(catalogue: Catalogue, movies: Path) -> None:
    a, b = make_file(movies / "a.mp4", "aa"), make_file(movies / "b.mp4", "bb")
    rescan(catalogue, movies)
    index_all(catalogue)
    number_a, number_b = at(catalogue, a).id, at(catalogue, b).id
    a.rename(movies / "t")
    b.rename(a)
    (movies / "t").rename(b)
    # The times of change tell nothing apart on a coarse clock: make them differ.
    os.utime(a, ns=(1, 10**18))
    assert counts(catalogue, movies)[1:] == (0, 0, 2, 0)
    assert (at(catalogue, b).id, at(catalogue, a).id) == (number_a, number_b)


def test_a_file_moved_over_another_replaces_it(catalogue: Catalogue, movies: Path) -> None:
    a, b = make_file(movies / "a.mp4", "first"), make_file(movies / "b.mp4", "the second one")
    rescan(catalogue, movies)
    index_all(catalogue)
    number = at(catalogue, a).id
    revision = catalogue.revision()
    a.rename(b)
    assert counts(catalogue, movies) == (1, 0, 0, 1, 0)
    assert [video.id for video in catalogue.videos()] == [number]
    assert list(catalogue.embedded(MODEL)) == [number]
    assert catalogue.revision() > revision


def test_a_file_restored_later_into_another_folder_is_known(
    catalogue: Catalogue, movies: Path, tmp_path: Path
) -> None:
    file = make_file(movies / "a.mp4", "a")
    rescan(catalogue, movies)
    index_all(catalogue)
    number = at(catalogue, file).id
    file.unlink()
    rescan(catalogue, movies)
    other = make_file(tmp_path / "other" / "restored.mp4", "a").parent
    folder = catalogue.add_folder(other)
    assert counts(catalogue, other) == (1, 0, 0, 1, 0)
    assert at(catalogue, other / "restored.mp4").id == number
    assert [stored.folder_id for stored in catalogue.embeddings(MODEL)] == [folder.id]


def test_a_file_back_under_another_name_is_known(catalogue: Catalogue, movies: Path) -> None:
    file = make_file(movies / "a.mp4", "a")
    rescan(catalogue, movies)
    index_all(catalogue)
    number = at(catalogue, file).id
    file.unlink()
    rescan(catalogue, movies)
    make_file(movies / "again.mp4", "a")
    assert counts(catalogue, movies) == (1, 0, 0, 1, 0)
    assert [(video.id, video.presence) for video in catalogue.videos()] == [(number, Presence.HERE)]


def test_a_video_renamed_before_it_was_indexed(catalogue: Catalogue, movies: Path) -> None:
    make_file(movies / "a.mp4", "a").rename(movies / "x.mp4")
    rescan(catalogue, movies)
    (movies / "x.mp4").rename(movies / "y.mp4")
    assert counts(catalogue, movies) == (1, 0, 0, 1, 0)
    assert [video.path.name for video in catalogue.videos()] == ["y.mp4"]
