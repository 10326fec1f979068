"""Files appear whole or not at all, never over another one; what a killed export left is removed."""

import os
from pathlib import Path

import pytest
from filelock import FileLock

from app.errors import UsageError
from app.exporting import staging_folder
from app.exporting.export_request import ExportError
from app.exporting.staging_folder import PREFIX, StagingFolder, sweep


def test_a_file_that_is_there_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_text("mine")
    with StagingFolder(tmp_path) as staging:
        for wanted in ("a (2).mp4", "a (3).mp4"):
            written = staging.new_file()
            written.write_text("new")
            assert staging.place(written, "a", ".mp4") == tmp_path / wanted
    assert (tmp_path / "a.mp4").read_text() == "mine"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["a (2).mp4", "a (3).mp4", "a.mp4"]


def test_so_it_is_on_a_disk_without_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(1, "no links here")

    monkeypatch.setattr(staging_folder.os, "link", refuse)
    (tmp_path / "a.mp4").write_text("mine")
    with StagingFolder(tmp_path) as staging:
        written = staging.new_file()
        written.write_text("new")
        assert staging.place(written, "a", ".mp4").read_text() == "new"
    assert (tmp_path / "a.mp4").read_text() == "mine"


def test_what_a_killed_export_left_is_removed_and_nothing_else(tmp_path: Path) -> None:
    dead, foreign = tmp_path / f"{PREFIX}dead", tmp_path / f"{PREFIX}foreign"
    for folder in (dead, foreign):
        folder.mkdir()
        (folder / "1.part").write_bytes(b"half")
        (folder / "lock").touch()
    (foreign / "letter.txt").write_text("not ours")
    target = tmp_path / "target"
    target.mkdir()
    (target / "1.part").touch()
    (tmp_path / f"{PREFIX}link").symlink_to(target)
    alive, begun, old = (tmp_path / f"{PREFIX}{name}" for name in ("alive", "begun", "old"))
    for folder in (alive, begun, old):
        folder.mkdir()
    os.utime(old, (1, 1))
    with FileLock(alive / "lock"):
        sweep(tmp_path)
        assert alive.is_dir()
    assert not dead.exists()
    assert begun.is_dir(), "another export is about to lock it"
    assert not old.exists()
    assert (foreign / "letter.txt").is_file()
    assert (target / "1.part").is_file()


def test_a_folder_that_is_none_or_takes_nothing_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no folder"):
        StagingFolder(tmp_path / "missing")
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)
    if os.geteuid() != 0:
        with pytest.raises(ExportError, match="may not write"):
            StagingFolder(closed)
