"""Gone, away and unreachable are three things: what each does to the videos of a folder."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.catalogue.catalogue import Catalogue
from app.catalogue.reconcile.scan_plan import Listing
from app.catalogue.records import Presence
from app.disk.scanner import scan
from tests.catalogue.making import (
    MODEL,
    as_nobody,
    at,
    index_all,
    make_file,
    rescan,
)


@contextmanager
def mounted(*arguments: str, at: Path) -> Iterator[None]:
    """A file system at a folder; the test is skipped where none may be mounted."""
    done = subprocess.run(["mount", *arguments, str(at)], capture_output=True, check=False)
    if done.returncode:
        pytest.skip("file systems cannot be mounted here")
    try:
        yield
    finally:
        subprocess.run(["umount", str(at)], check=True)


def presences(catalogue: Catalogue) -> dict[str, Presence]:
    return {video.path.name: video.presence for video in catalogue.videos(gone=True)}


@pytest.mark.parametrize("kind", ["tmpfs", "bind"])
@pytest.mark.parametrize("place", ["inside", "linked", "removed"])
def test_what_lies_on_a_volume_that_is_not_mounted_is_away(
    catalogue: Catalogue, movies: Path, tmp_path: Path, kind: str, place: str
) -> None:
    make_file(movies / "here.mp4", "here")
    point = (movies if place != "linked" else tmp_path) / "stick"
    point.mkdir()
    if place == "linked":
        (movies / "link").symlink_to(point)
    (tmp_path / "disk").mkdir()
    arguments = ("-t", "tmpfs", "tmpfs") if kind == "tmpfs" else ("--bind", str(tmp_path / "disk"))
    with mounted(*arguments, at=point):
        make_file(point / "a.mp4", "a")
        make_file(point / "b.mp4", "b")
        rescan(catalogue, movies)
        index_all(catalogue)
        (point / "b.mp4").unlink()
        rescan(catalogue, movies)
        assert presences(catalogue) == {
            "here.mp4": Presence.HERE,
            "a.mp4": Presence.HERE,
            "b.mp4": Presence.GONE,
        }
    if place == "removed":
        point.rmdir()
    result = rescan(catalogue, movies)
    assert (result.missing, result.away, result.online) == (0, 1, True)
    assert presences(catalogue)["a.mp4"] is Presence.AWAY
    assert len(catalogue.embedded(MODEL)) == 2  # searchable meanwhile
    assert [video.path.name for video in catalogue.pending("another model")] == ["here.mp4"]
    assert catalogue.readiness("another model", MODEL).offline == 1

    # A copy of it that comes now is a copy: it may be on the disk still.
    make_file(movies / "copy.mp4", "a")
    assert (rescan(catalogue, movies).added, rescan(catalogue, movies).away) == (1, 0)


def test_a_disk_that_was_exchanged_is_not_waited_for(catalogue: Catalogue, movies: Path) -> None:
    for name in "ab":
        make_file(movies / f"{name}.mp4", name)
    rescan(catalogue, movies)
    with catalogue._connections.writing() as database:  # all was copied to a new disk at the same place
        database.execute("UPDATE volumes SET identity = 'uuid:old'")
    (movies / "b.mp4").unlink()
    assert rescan(catalogue, movies).online
    assert presences(catalogue) == {"a.mp4": Presence.HERE, "b.mp4": Presence.GONE}


@pytest.mark.parametrize("mode", [0o000, 0o444])
def test_a_locked_subfolder_keeps_its_videos_and_is_said(
    catalogue: Catalogue, public_folder: Path, mode: int
) -> None:
    make_file(public_folder / "a.mp4", "a")
    inside = make_file(public_folder / "locked" / "sub" / "b.mp4", "b")
    folder = catalogue.add_folder(public_folder)
    rescan(catalogue, public_folder)
    index_all(catalogue)
    revision = catalogue.revision()

    locked = public_folder / "locked"
    locked.chmod(mode)
    try:
        with as_nobody():
            told: dict[Path, str] = {}
            files = list(scan(public_folder, told.setdefault))
        result = catalogue.record_scan(folder.id, Listing(files, told))
    finally:
        locked.chmod(0o755)
    assert (result.missing, result.away, result.online) == (0, 0, True)
    assert catalogue.unreachable() == list(result.unreachable)
    assert all(place.path.is_relative_to(locked) for place in result.unreachable)
    assert {place.reason for place in result.unreachable} == {"Its permissions do not allow it to be read."}
    assert at(catalogue, inside).presence is Presence.UNREACHABLE
    assert at(catalogue, inside) in catalogue.videos()
    assert at(catalogue, inside).id in catalogue.embedded(MODEL)
    assert catalogue.revision() == revision
    # It holds no switch to another model.
    assert [video.path.name for video in catalogue.pending("another model")] == ["a.mp4"]
    assert catalogue.readiness("another model", MODEL).total == 1
    assert [video.path.name for video in catalogue.lacking("another model")] == ["a.mp4"]

    rescan(catalogue, public_folder)
    assert catalogue.unreachable() == []
    assert at(catalogue, inside).presence is Presence.HERE


def test_a_path_that_became_too_long_or_a_loop_keeps_its_video(
    catalogue: Catalogue, movies: Path, tmp_path: Path
) -> None:
    target = tmp_path / "elsewhere"
    make_file(target / "a.mp4", "a")
    (movies / "link").symlink_to(target)
    rescan(catalogue, movies)
    index_all(catalogue)
    (movies / "link").unlink()
    (movies / "link").symlink_to(movies / "link")
    result = rescan(catalogue, movies)
    assert result.missing == 0
    (place,) = result.unreachable
    assert "lead back to themselves" in place.reason
    assert at(catalogue, movies / "link" / "a.mp4").presence is Presence.UNREACHABLE


def test_a_locked_watched_folder_is_unreachable_and_not_offline(
    catalogue: Catalogue, public_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    videos = public_folder / "videos"
    file = make_file(videos / "a.mp4", "a")
    folder = catalogue.add_folder(videos)
    rescan(catalogue, videos)
    index_all(catalogue)
    videos.chmod(0o000)
    try:
        if os.geteuid() == 0:  # the library is root's: only the look at the disk is nobody's
            closed = Listing([], {videos: "Its permissions do not allow it to be read."})
            real_scandir = os.scandir

            def scandir_as_nobody(path: str | Path) -> object:
                with as_nobody():
                    return real_scandir(path)

            monkeypatch.setattr("app.disk.file_facts.os.scandir", scandir_as_nobody)
            result = catalogue.record_scan(folder.id, closed)
            catalogue.check_folders()
            monkeypatch.undo()
        else:
            result = rescan(catalogue, videos)
            catalogue.check_folders()
    finally:
        videos.chmod(0o755)
    assert result.online
    assert [place.path for place in result.unreachable] == [videos]
    assert catalogue.folders()[0].online
    assert at(catalogue, file).presence is Presence.UNREACHABLE
    rescan(catalogue, videos)
    assert at(catalogue, file).presence is Presence.HERE


def test_a_date_beyond_2262_stops_neither_its_file_nor_the_others(catalogue: Catalogue, movies: Path) -> None:
    for name in ("new", "known", "early"):
        make_file(movies / f"{name}.mp4", name)
    os.utime(movies / "new.mp4", (0, 15_032_385_535))
    assert rescan(catalogue, movies).added == 3
    index_all(catalogue)
    os.utime(movies / "known.mp4", (0, 15_032_385_535))
    os.utime(movies / "early.mp4", (0, -2_147_483_648))
    result = rescan(catalogue, movies)
    assert (result.added, result.changed, result.missing, result.unreachable) == (0, 0, 0, ())
    assert catalogue.pending(MODEL) == []
    assert rescan(catalogue, movies).changed == 0


@pytest.mark.parametrize(
    "place",
    ["app.disk.scanner.time_of_change", "app.media.fingerprints._pieces", "app.disk.file_facts.volume_of"],
)
def test_an_unforeseen_error_costs_one_file_at_most(
    catalogue: Catalogue, movies: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    for number in range(10):
        make_file(movies / f"{number}.mp4", f"{number:03}")
    rescan(catalogue, movies)
    index_all(catalogue)
    moved = movies / "moved"
    moved.mkdir()
    for number in range(10):
        (movies / f"{number}.mp4").rename(moved / f"{number}.mp4")
    module, name = place.rsplit(".", 1)
    real = getattr(__import__(module, fromlist=[name]), name)
    calls = 0

    def broken_once(*arguments: object) -> object:
        nonlocal calls
        calls += 1
        if calls == (1 if "volume" not in name else 2):
            raise RuntimeError("an error of ours")
        return real(*arguments)

    monkeypatch.setattr(place, broken_once)
    result = rescan(catalogue, movies)
    assert result.moved >= 9
    monkeypatch.undo()
    rescan(catalogue, movies)
    assert len(catalogue.videos()) == 10
    assert len(catalogue.embedded(MODEL)) >= 9


def test_an_unforeseen_error_in_one_folder_costs_no_other(
    catalogue: Catalogue, movies: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = make_file(movies / "a.mp4", "a")
    rescan(catalogue, movies)
    monkeypatch.setattr("app.catalogue.reconcile.plan_writer.apply", lambda *_, **__: 1 // 0)
    with pytest.raises(ZeroDivisionError):
        rescan(catalogue, movies)
    (place,) = catalogue.unreachable()
    assert (place.path, "error in Reelfind" in place.reason) == (movies, True)
    monkeypatch.undo()
    assert rescan(catalogue, movies).unreachable == ()
    assert at(catalogue, file).presence is Presence.HERE


def test_a_growing_copy_is_left_alone_until_it_is_quiet(catalogue: Catalogue, movies: Path) -> None:
    old = make_file(movies / "old.mp4", "old")
    os.utime(old, ns=(10**18, 10**18))
    growing = make_file(movies / "growing.mp4", "grow")
    dated = make_file(movies / "future.mp4", "the camera's clock is ahead")
    os.utime(dated, (0, 4_000_000_000))
    result = rescan(catalogue, movies, settle=3600)
    assert (result.added, result.unsettled) == (2, (growing,))
    assert rescan(catalogue, movies, settle=0).added == 1

    # A known one that changes keeps what it is until it is quiet.
    index_all(catalogue)
    make_file(growing, "growing still")
    result = rescan(catalogue, movies, settle=3600)
    assert (result.changed, result.missing, result.unsettled) == (0, 0, (growing,))
    assert catalogue.pending(MODEL) == []
    assert rescan(catalogue, movies, settle=0).changed == 1


def test_a_fresh_file_that_is_renamed_is_never_called_gone(catalogue: Catalogue, movies: Path) -> None:
    file = make_file(movies / "a.mp4", "a")
    rescan(catalogue, movies)
    index_all(catalogue)
    file.rename(movies / "b.mp4")
    result = rescan(catalogue, movies, settle=3600)
    assert (result.missing, result.unsettled) == (0, (movies / "b.mp4",))
    assert rescan(catalogue, movies).moved == 1


def test_a_folder_whose_disk_is_pulled_and_another_put_in_its_place(
    catalogue: Catalogue, movies: Path, tmp_path: Path
) -> None:
    file = make_file(movies / "a.mp4", "a")
    rescan(catalogue, movies)
    index_all(catalogue)
    with catalogue._connections.writing() as database:
        database.execute("UPDATE volumes SET identity = 'uuid:stick'")
    shutil.rmtree(movies)
    make_file(movies / "foreign.mp4", "another stick's")
    assert not rescan(catalogue, movies).online
    assert at(catalogue, file).presence is Presence.AWAY
