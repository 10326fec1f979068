"""Watched folders: adding, nesting, removing, going offline."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from app.catalogue.catalogue import Catalogue
from app.catalogue.records import Presence
from app.disk.volumes import volume_of
from app.errors import UsageError
from tests.catalogue.making import (
    MODEL,
    at,
    index_all,
    make_file,
    rescan,
)


def test_the_same_folder_twice_is_one(catalogue: Catalogue, movies: Path) -> None:
    link = movies.parent / "link"
    link.symlink_to(movies)
    first = catalogue.folders()
    for spelling in (movies, movies / ".." / movies.name, link, Path(os.path.relpath(movies))):
        assert catalogue.add_folder(spelling) == first[0]
    assert catalogue.folders() == first


def test_what_is_no_folder_is_refused(catalogue: Catalogue, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="There is no folder"):
        catalogue.add_folder(tmp_path / "nowhere")
    with pytest.raises(UsageError, match="is not a folder"):
        catalogue.add_folder(make_file(tmp_path / "a.mp4", "a"))
    with pytest.raises(UsageError, match="not a watched folder"):
        catalogue.remove_folder(tmp_path / "nowhere")
    assert catalogue.folders() == []


def test_a_folder_inside_a_watched_one_is_refused(catalogue: Catalogue, movies: Path) -> None:
    inside = movies / "2024"
    inside.mkdir()
    with pytest.raises(UsageError, match="already part of the watched folder"):
        catalogue.add_folder(inside)
    beside = movies.parent / "movies-too"
    beside.mkdir()
    assert catalogue.add_folder(beside).path == beside


def test_a_folder_above_watched_ones_takes_over_what_was_indexed(catalogue: Catalogue, movies: Path) -> None:
    make_file(movies / "a.mp4", "a")
    rescan(catalogue, movies)
    index_all(catalogue)
    before, revision = at(catalogue, movies / "a.mp4"), catalogue.revision()

    parent = catalogue.add_folder(movies.parent)
    assert [folder.path for folder in catalogue.folders()] == [movies.parent]
    assert parent.indexed == 1
    result = rescan(catalogue, movies.parent)
    assert (result.added, result.moved, result.missing) == (0, 0, 0)
    after = at(catalogue, movies / "a.mp4")
    assert (after.id, after.folder_id) == (before.id, parent.id)
    assert [stored.folder_id for stored in catalogue.embeddings(MODEL, after=revision)] == [parent.id]


def test_removing_a_folder_takes_its_rows_and_leaves_its_files(catalogue: Catalogue, movies: Path) -> None:
    file = make_file(movies / "a.mp4", "a")
    other = movies.parent / "other"
    make_file(other / "b.mp4", "b")
    catalogue.add_folder(other)
    rescan(catalogue, movies)
    rescan(catalogue, other)
    index_all(catalogue)
    frame = catalogue.frames(at(catalogue, file).id)[0].id
    assert catalogue.thumbnail(frame) is not None

    revision = catalogue.revision()
    catalogue.remove_folder(movies)
    assert catalogue.revision() > revision
    assert [folder.path for folder in catalogue.folders()] == [other]
    assert [video.path for video in catalogue.videos()] == [other / "b.mp4"]
    assert list(catalogue.embedded(MODEL)) == [video.id for video in catalogue.videos()]
    assert file.exists()
    while catalogue.delete_some(60):
        pass
    assert catalogue.thumbnail(frame) is None
    with catalogue._connections.reading() as database:
        left = {
            table: next(iter(database.query(f"SELECT count(*) AS count FROM {table}")))["count"]  # noqa: S608
            for table in ("facts", "clips", "frames", "thumbnails", "embeddings")
        }
    assert left == {"facts": 1, "clips": 3, "frames": 5, "thumbnails": 5, "embeddings": 1}


def test_a_removed_folder_that_no_longer_exists(catalogue: Catalogue, movies: Path) -> None:
    movies.rmdir()
    catalogue.remove_folder(movies)
    assert catalogue.folders() == []


def test_counts_and_seconds_of_a_folder(catalogue: Catalogue, movies: Path) -> None:
    for name in "abcd":
        make_file(movies / f"{name}.mp4", name)
    rescan(catalogue, movies)
    pending = catalogue.pending(MODEL)
    index_all(catalogue, only=[video.id for video in pending[:2]])
    catalogue.commit_failed(pending[2].id, "It is empty.", "Copy it again.")
    (folder,) = catalogue.folders()
    assert (folder.videos, folder.indexed, folder.failed, folder.pending) == (4, 2, 1, 1)
    assert folder.seconds == 10.0
    assert folder.online


def test_folders_of_one_disk_share_a_volume(catalogue: Catalogue, movies: Path) -> None:
    beside = movies.parent / "beside"
    beside.mkdir()
    assert catalogue.add_folder(beside).volume == catalogue.folders()[0].volume
    system = Path("/proc")
    if system.is_mount():
        assert volume_of(system) != volume_of(movies)
        assert volume_of(system).mount == system
    assert volume_of(movies) == volume_of(beside)


def test_a_folder_goes_offline_and_comes_back(catalogue: Catalogue, movies: Path) -> None:
    file = make_file(movies / "a.mp4", "a")
    rescan(catalogue, movies)
    index_all(catalogue)
    before = at(catalogue, file)

    away = movies.rename(movies.parent / "unplugged")
    result = rescan(catalogue, movies)
    assert not result.online
    assert result.missing == 0
    assert not catalogue.folders()[0].online
    assert at(catalogue, file) == replace(before, presence=Presence.AWAY)
    assert len(list(catalogue.embeddings(MODEL))) == 1
    assert catalogue.pending("another model") == []

    away.rename(movies)
    assert catalogue.check_folders()[0].online
    assert rescan(catalogue, movies).online
    assert at(catalogue, file) == before
    assert len(catalogue.pending("another model")) == 1


def test_an_empty_mount_point_is_not_an_emptied_folder(catalogue: Catalogue, movies: Path) -> None:
    file = make_file(movies / "a.mp4", "a")
    rescan(catalogue, movies)
    with catalogue._connections.writing() as database:  # as if it lay on a stick that is unplugged now
        database.execute("UPDATE volumes SET identity = 'uuid:stick'")
    file.unlink()
    assert not rescan(catalogue, movies).online
    assert at(catalogue, file).presence is not Presence.GONE
    assert not catalogue.check_folders()[0].online

    make_file(movies / "other.mp4", "another stick under the same name")
    assert not rescan(catalogue, movies).online

    make_file(file, "a")  # one of its own is there: the folder was copied to a new disk
    result = rescan(catalogue, movies)
    assert result.online
    assert result.added == 1
    assert catalogue.check_folders()[0].online
