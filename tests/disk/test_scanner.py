"""What a scan takes for a video, on folders as they are found in the wild."""

import hashlib
import os
import socket
import threading
from contextlib import closing
from pathlib import Path

import pytest

from app.disk.scanner import scan
from app.media.fingerprints import WHOLE, fingerprint, is_content, version_of
from tests.catalogue.making import as_nobody, make_file


def names(folder: Path) -> list[str]:
    return [os.fspath(found.path.relative_to(folder)) for found in scan(folder)]


def test_known_suffixes_in_any_case(tmp_path: Path) -> None:
    suffixes = ("mp4", "M4V", "MoV", "mkv", "webm", "avi", "MPG", "vob", "m2t", "3gp", "wmv", "ogv", "mxf")
    wanted = [f"clip.{suffix}" for suffix in suffixes]
    for name in (*wanted, "notes.txt", "song.mp3", "photo.jpg", "mp4", "clip.mp4.txt", "archive.zip"):
        make_file(tmp_path / name, "x")
    assert sorted(names(tmp_path)) == sorted(wanted)


def test_size_and_time_of_change(tmp_path: Path) -> None:
    file = make_file(tmp_path / "a.mp4", "12345")
    os.utime(file, ns=(1, 1_700_000_000_123_456_789))
    (found,) = scan(tmp_path)
    assert (found.path, found.size, found.mtime_ns) == (file, 5, file.stat().st_mtime_ns)


def test_hidden_system_and_unfinished_things_are_passed_over(tmp_path: Path) -> None:
    for name in (
        ".hidden.mp4",
        "._a.mp4",
        "a.mp4.part",
        "a.mp4.crdownload",
        ".cache/a.mp4",
        "@eaDir/a.mp4",
        "sub/@eaDir/a.mp4",
        "$RECYCLE.BIN/a.mp4",
        "System Volume Information/a.mp4",
    ):
        make_file(tmp_path / name, "x")
    make_file(tmp_path / "a.mp4", "x")
    make_file(tmp_path / "node_modules" / "b.mp4", "x")
    assert names(tmp_path) == ["a.mp4", "node_modules/b.mp4"]


def test_links_are_followed_once_and_loops_end(tmp_path: Path) -> None:
    folder = tmp_path / "movies"
    make_file(folder / "z" / "a.mp4", "x")
    make_file(tmp_path / "elsewhere" / "b.mp4", "x")
    (folder / "a-link-to-z").symlink_to(folder / "z")
    (folder / "z" / "loop").symlink_to(folder)
    (folder / "outside").symlink_to(tmp_path / "elsewhere")
    (folder / "outside-again").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "elsewhere" / "back").symlink_to(folder)
    (folder / "same.mp4").symlink_to(folder / "z" / "a.mp4")
    (folder / "dangling.mp4").symlink_to(folder / "nothing.mp4")
    (folder / "self.mp4").symlink_to(folder / "self.mp4")
    assert names(folder) == ["z/a.mp4", "outside/b.mp4"] or names(folder) == [
        "z/a.mp4",
        "outside-again/b.mp4",
    ]
    assert names(folder) == names(folder)


def test_a_linked_file_elsewhere_is_found_under_its_link(tmp_path: Path) -> None:
    make_file(tmp_path / "elsewhere.mp4", "x")
    folder = tmp_path / "movies"
    folder.mkdir()
    (folder / "link.mp4").symlink_to(tmp_path / "elsewhere.mp4")
    (found,) = scan(folder)
    assert (found.path, found.size) == (folder / "link.mp4", 1)


def test_what_is_no_regular_file_is_never_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.mp4")
    (tmp_path / "folder.mp4").mkdir()
    make_file(tmp_path / "folder.mp4" / "a.mp4", "x")
    with closing(socket.socket(socket.AF_UNIX)) as server:
        server.bind(os.path.relpath(tmp_path / "socket.mp4"))
        found: list[str] = []
        # Opening the pipe would wait for ever: a thread tells it from being slow.
        looking = threading.Thread(target=lambda: found.extend(names(tmp_path)), daemon=True)
        looking.start()
        looking.join(20)
    assert not looking.is_alive()
    assert found == ["folder.mp4/a.mp4"]


def test_odd_names(tmp_path: Path) -> None:
    wanted = {b"new\nline.mp4", b"\xff\xfe.mp4", "\U0001f3ac.mp4".encode(), b"y" * 251 + b".mp4", b" .mp4"}
    for name in wanted:
        make_file(tmp_path / os.fsdecode(name), "x")
    assert {os.fsencode(found.path.name) for found in scan(tmp_path)} == wanted


def test_a_very_deep_tree(tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*["d"] * 300)
    here = os.open(tmp_path, os.O_RDONLY)
    try:
        for _ in range(300):
            os.mkdir("d", dir_fd=here)
            below = os.open("d", os.O_RDONLY, dir_fd=here)
            os.close(here)
            here = below
    finally:
        os.close(here)
    make_file(deep / "a.mp4", "x")
    assert [found.path for found in scan(tmp_path)] == [deep / "a.mp4"]


def test_what_is_not_there_is_nothing_to_report(tmp_path: Path) -> None:
    reported: dict[Path, str] = {}
    assert list(scan(tmp_path / "nothing", reported.setdefault)) == []
    make_file(tmp_path / "file", "x")
    assert list(scan(tmp_path / "file", reported.setdefault)) == []
    assert reported == {}


@pytest.mark.parametrize("mode", [0o000, 0o444])
def test_a_locked_folder_does_not_stop_the_scan(public_folder: Path, mode: int) -> None:
    for number in range(3):
        make_file(public_folder / "locked" / f"{number}.mp4", "x")
    make_file(public_folder / "open" / "b.mp4", "x")
    locked = public_folder / "locked"
    reported: dict[Path, str] = {}
    locked.chmod(mode)
    try:
        with as_nobody():
            assert [found.path.name for found in scan(public_folder, reported.setdefault)] == ["b.mp4"]
    finally:
        locked.chmod(0o755)
    assert reported == {locked: "Its permissions do not allow it to be read."}


def test_a_path_that_is_too_long_is_reported_and_the_rest_found(tmp_path: Path) -> None:
    here = os.open(tmp_path, os.O_RDONLY)
    try:
        for _ in range(20):
            os.mkdir("d" * 250, dir_fd=here)
            below = os.open("d" * 250, os.O_RDONLY, dir_fd=here)
            os.close(here)
            here = below
        os.close(os.open("deep.mp4", os.O_CREAT | os.O_WRONLY, dir_fd=here))
    finally:
        os.close(here)
    make_file(tmp_path / "a.mp4", "x")
    reported: dict[Path, str] = {}
    assert [found.path.name for found in scan(tmp_path, reported.setdefault)] == ["a.mp4"]
    assert list(reported.values()) == ["Its path is too long for the system."]


def test_dates_beyond_what_the_library_holds_are_the_nearest_that_fits(tmp_path: Path) -> None:
    os.utime(make_file(tmp_path / "a.mp4", "x"), (0, 15_032_385_535))  # 2446, ext4's largest
    (found,) = scan(tmp_path)
    if found.path.stat().st_mtime_ns >= 2**63:  # elsewhere the file system itself has no such dates
        assert found.mtime_ns == 2**63 - 1
    assert -(2**63) <= found.mtime_ns < 2**63


def test_the_same_tree_is_walked_in_the_same_order(tmp_path: Path) -> None:
    for name in ("b.mp4", "a.mp4", "sub/c.mp4", "sub/b/d.mp4", "another/e.mp4"):
        make_file(tmp_path / name, "x")
    assert names(tmp_path) == ["a.mp4", "b.mp4", "another/e.mp4", "sub/c.mp4", "sub/b/d.mp4"]


def test_a_fingerprint_is_the_content_s(tmp_path: Path) -> None:
    large = bytes(range(256)) * 8192  # 2 MiB
    seen = {
        fingerprint(make_file(tmp_path / "a.mp4", content))
        for content in (b"", b"a", b"b", b"aa", large, large + b"a", b"a" + large[1:], large[:-1] + b"a")
    }
    assert len(seen) == 8
    assert fingerprint(make_file(tmp_path / "b.mp4", large)) in seen
    with pytest.raises(OSError, match="nothing"):
        fingerprint(tmp_path / "nothing")


@pytest.mark.parametrize("size", [3 << 20, WHOLE, WHOLE + (8 << 20)])
def test_another_middle_is_another_content(tmp_path: Path, size: int) -> None:
    blank = bytes(size)
    before = fingerprint(make_file(tmp_path / "a.mp4", blank))
    middle = size // 2
    filled = blank[: middle - (1 << 19)] + b"x" * (1 << 20) + blank[middle + (1 << 19) :]
    assert len(filled) == size
    assert fingerprint(make_file(tmp_path / "a.mp4", filled)) != before


def test_a_fingerprint_of_an_earlier_version_is_compared_by_its_own_formula(tmp_path: Path) -> None:
    content = bytes(range(256)) * 8192
    file = make_file(tmp_path / "a.mp4", content)
    # As version 1 made them: the size, the first MiB and the last KiB.
    old = hashlib.sha256(
        len(content).to_bytes(8, "little") + content[: 1 << 20] + content[-1024:]
    ).hexdigest()
    assert fingerprint(file, 1) == old
    assert (version_of(old), version_of(fingerprint(file))) == (1, 2)
    assert is_content(file, old, fingerprint(file))
    make_file(file, b"?" + content[1:])
    assert not is_content(file, old, fingerprint(file))
