"""The pictures that `search --json` names exist, and no file of anybody else's is touched for them."""

import hashlib
import os
from pathlib import Path

import pytest

from app.cli.search.thumbnail_folder import PictureFolder


def name_of(content: bytes) -> str:
    return f"{hashlib.sha256(content).hexdigest()[:24]}.webp"


def state_of(folder: Path) -> dict[str, tuple[bytes | str, int]]:
    """Every file below a folder with its content (a link: its target) and its time of change."""
    return {
        str(path.relative_to(folder)): (
            str(path.readlink()) if path.is_symlink() else path.read_bytes(),
            path.lstat().st_mtime_ns,
        )
        for path in folder.rglob("*")
        if path.is_symlink() or path.is_file()
    }


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "library" / "thumbnails"


@pytest.fixture
def pictures(tmp_path: Path, folder: Path) -> PictureFolder:
    return PictureFolder((folder, tmp_path / "cache" / "thumbnails"))


def test_a_picture_that_is_named_again_is_not_the_next_to_go(pictures: PictureFolder, folder: Path) -> None:
    first = pictures.export(b"first")
    assert first is not None
    os.utime(first, (1, 1))
    for age, content in enumerate((b"second", b"third"), start=2):
        made = pictures.export(content)
        assert made is not None
        os.utime(made, (age, age))
    assert pictures.export(b"first") == first
    pictures.prune(2)
    assert Path(first).read_bytes() == b"first"
    assert len(list(folder.iterdir())) == 2


def test_only_pictures_of_ours_are_removed(pictures: PictureFolder, folder: Path, tmp_path: Path) -> None:
    (folder / "a folder.webp").mkdir(parents=True)
    (folder / "a folder.webp" / name_of(b"deep")).write_bytes(b"deep")
    for number in range(30):
        (folder / f"holiday {number}.webp").write_bytes(b"mine")
        (folder / f"{number:024x}.webp").write_bytes(b"named like ours, but not by its content")
    (folder / ".reelfind-abcdefgh.partial").write_bytes(b"not ours either")
    elsewhere = tmp_path / "elsewhere.webp"
    elsewhere.write_bytes(b"elsewhere")
    (folder / name_of(b"elsewhere")).symlink_to(elsewhere)
    for path in folder.iterdir():
        os.utime(path, (1, 1), follow_symlinks=False)
    before = state_of(tmp_path)
    ours = {pictures.export(f"ours {number}".encode()) for number in range(5)}
    assert {Path(path).parent for path in ours if path} == {folder}
    pictures.prune(2)
    after = state_of(tmp_path)
    assert {name: after.get(name) for name in before} == before
    pictures.prune(0)
    assert state_of(tmp_path) == before


def test_a_foreign_file_with_our_name_is_not_written_over(pictures: PictureFolder, folder: Path) -> None:
    folder.mkdir(parents=True)
    taken = folder / name_of(b"picture")
    taken.write_bytes(b"of somebody else")
    made = pictures.export(b"picture")
    assert made is not None
    assert Path(made).read_bytes() == b"picture"
    assert Path(made).parent == folder
    assert taken.read_bytes() == b"of somebody else"
    pictures.prune(0)
    assert list(folder.iterdir()) == [taken]


def test_a_link_in_the_place_of_a_picture_is_not_followed(pictures: PictureFolder, folder: Path) -> None:
    folder.mkdir(parents=True)
    target = folder.parent / "target"
    target.write_bytes(b"picture")
    os.utime(target, (1, 1))
    (folder / name_of(b"picture")).symlink_to(target)
    made = pictures.export(b"picture")
    assert made is not None
    assert not Path(made).is_symlink()
    assert target.stat().st_mtime == 1


def test_nothing_is_done_in_a_folder_that_is_a_link(
    pictures: PictureFolder, folder: Path, tmp_path: Path
) -> None:
    album = tmp_path / "album"
    album.mkdir()
    for content in (b"one", b"two", b"three"):
        (album / name_of(content)).write_bytes(content)
    folder.parent.mkdir(parents=True)
    folder.symlink_to(album, target_is_directory=True)
    before = state_of(album)
    made = pictures.export(b"picture")
    assert made is not None
    assert Path(made).parent == tmp_path / "cache" / "thumbnails"
    pictures.prune(0)
    assert state_of(album) == before


def test_a_half_written_picture_of_a_killed_search_is_swept(pictures: PictureFolder, folder: Path) -> None:
    pictures.export(b"picture")
    left, new = folder / ".reelfind-abcdefgh.part", folder / ".reelfind-12345678.part"
    for path in (left, new):
        path.write_bytes(b"RIFF")
    os.utime(left, (1, 1))
    pictures.prune()
    assert not left.exists()
    assert new.exists()


def test_pictures_that_cannot_be_written_go_into_the_cache_or_are_left_out(
    pictures: PictureFolder, folder: Path, tmp_path: Path
) -> None:
    folder.parent.mkdir(parents=True)
    folder.write_text("a file where the folder should be")
    made = pictures.export(b"picture")
    assert made is not None
    assert Path(made).parent == tmp_path / "cache" / "thumbnails"
    (tmp_path / "cache2").write_text("no folder either")
    nowhere = PictureFolder((folder, tmp_path / "cache2" / "thumbnails"))
    assert nowhere.export(b"picture") is None
    assert nowhere.export(None) is None
    nowhere.prune(0)
    assert folder.read_text() == "a file where the folder should be"
