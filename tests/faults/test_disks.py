"""Disks that are full, read-only, failing, hanging or away."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from app.catalogue.records import Presence, VideoState
from tests.conftest import wait_until
from tests.faults.harness import faulty_disk
from tests.faults.harness.clips import good_folder, pattern
from tests.faults.harness.faulty_disk import FaultyDisk
from tests.faults.harness.program import Program, assert_indexed, assert_settled
from tests.faults.harness.sandbox import small_disk, unmount, without_powers
from tests.faults.test_cases import decoded, found

pytestmark = pytest.mark.nightly


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[FaultyDisk]:
    """A mounted disk that fails where it is told to, with three good clips on it."""
    with faulty_disk.mounted(tmp_path / "disk") as disk:
        good_folder(disk.backing)
        yield disk


def fill(disk: Path, leave: int) -> Path:
    """Fill a disk up to so many bytes."""
    ballast = disk / "ballast"
    free = shutil.disk_usage(disk).free
    with ballast.open("wb") as file:
        file.write(bytes(max(0, free - leave)))
    return ballast


@pytest.mark.fault(
    "disk of the library full, with 0 to 400 kB left", "a sentence; searchable; the next run finishes"
)
@pytest.mark.parametrize(
    "leave",
    [
        0,
        pytest.param(100_000, marks=pytest.mark.nightly),
        200_000,
        pytest.param(400_000, marks=pytest.mark.nightly),
    ],
)
def test_a_full_disk_under_the_library(program: Program, folder: Path, tmp_path: Path, leave: int) -> None:
    names = good_folder(folder, 3)
    with small_disk(tmp_path / "small", "4m") as small:
        program.library = small / "library"
        program.index(folder)
        pattern(folder / "more.mp4", 30, size="320x240")
        pattern(folder / "and more.mp4", 31, size="320x240")
        ballast = fill(small, leave)
        index = program.index(code=None)
        if index.returncode:
            assert index.returncode == 1
            assert "full" in (index.stdout + index.stderr).lower()
        assert set(found(program, "a test pattern")) >= set(names)
        assert program.run("doctor").returncode in {0, 1}
        assert program.run("folders").returncode == 0
        ballast.unlink()
        program.index()
        assert_indexed(program, *names, "more.mp4", "and more.mp4")
        assert_settled(program)


@pytest.mark.fault("no room to make a library", "a sentence that says so")
def test_a_library_cannot_be_made_on_a_full_disk(program: Program, folder: Path, tmp_path: Path) -> None:
    with small_disk(tmp_path / "small", "1m") as small:
        fill(small, 0)
        program.library = small / "library"
        done = program.run("add", folder)
        assert done.returncode == 1
        assert "full" in done.stderr.lower() or "space" in done.stderr.lower()


@pytest.mark.fault(
    "folder for temporary files full, missing or not writable", "all indexed, or tried again by the next run"
)
@pytest.mark.parametrize("kind", ["full", "missing", "not writable", "a file"])
def test_no_folder_for_temporary_files(program: Program, folder: Path, tmp_path: Path, kind: str) -> None:
    names = good_folder(folder)
    temporary = tmp_path / "temporary"
    if kind == "full":
        with small_disk(temporary, "100k") as small:
            fill(small, 0)
            program.environment = {"TMPDIR": str(temporary)}
            program.index(folder, code=None)
    else:
        if kind == "not writable":
            temporary.mkdir(mode=0o555)
            program.prefix = without_powers()
        elif kind == "a file":
            temporary.write_text("")
        program.environment = {"TMPDIR": str(temporary)}
        program.index(folder, code=None)
    assert len(found(program, "a test pattern")) == len(names)
    program.environment = {}
    program.index()
    assert_indexed(program, *names)


@pytest.mark.fault("library folder or file not writable (permissions)", "searching works, the rest says so")
@pytest.mark.parametrize("what", ["folder", "file"])
def test_a_library_without_permission_to_write(program: Program, folder: Path, what: str) -> None:
    pattern(folder / "a.mp4")
    program.index(folder)
    changed = [program.library] if what == "folder" else [p for p in program.library.iterdir() if p.is_file()]
    modes = {path: path.stat().st_mode for path in changed}
    for path, mode in modes.items():
        path.chmod(mode & ~0o222)
    program.prefix = without_powers()
    try:
        assert found(program, "pattern") == ["a.mp4"]
        assert program.run("doctor").returncode in {0, 1}
        done = program.run("settings", "max_rate", "2")
        assert done.returncode in {0, 1}
        assert done.returncode == 0 or done.stderr.startswith("reelfind: ")
    finally:
        for path, mode in modes.items():
            path.chmod(mode)
    program.index()
    assert_indexed(program, "a.mp4")


@pytest.mark.fault("library folder not readable at all", "a sentence that names permissions")
def test_a_library_that_may_not_be_read(program: Program, folder: Path) -> None:
    pattern(folder / "a.mp4")
    program.index(folder)
    program.library.chmod(0)
    program.prefix = without_powers()
    try:
        for words in (["search", "pattern"], ["doctor"], ["index"]):
            done = program.run(*words)
            assert done.returncode == 1
            assert "ermission" in done.stdout + done.stderr
    finally:
        program.library.chmod(0o700)


@pytest.mark.fault("library file immutable (chattr +i)", "searching works, the rest says so")
def test_an_immutable_library(program: Program, folder: Path) -> None:
    pattern(folder / "a.mp4")
    program.index(folder)
    files = [path for path in program.library.iterdir() if path.is_file()]
    if subprocess.run(["chattr", "+i", *files], capture_output=True, check=False).returncode:
        pytest.skip("this file system has no immutable files")
    try:
        assert found(program, "pattern") == ["a.mp4"]
        assert program.run("index").returncode in {0, 1}
    finally:
        subprocess.run(["chattr", "-i", *files], check=True)
    program.index()


READ_FAULTS = [("read", "EIO", 0), ("read", "EIO", 20_000), ("open", "EIO", 0), ("read", "ESTALE", 0)]
READ_FAULTS += [
    ("open", "EACCES", 0),
    ("open", "ENFILE", 0),
    ("read", "ETIMEDOUT", 20_000),
    ("open", "ENXIO", 0),
]


@pytest.mark.fault(
    "EIO and its like while a file is read, healthy later", "others arrive; the next run takes it"
)
@pytest.mark.parametrize(
    ("operation", "error", "offset"),
    [
        pytest.param(*fault, marks=() if number < 2 else pytest.mark.nightly)
        for number, fault in enumerate(READ_FAULTS)
    ],
)
def test_a_read_error_passes(
    program: Program, disk: FaultyDisk, operation: str, error: str, offset: int
) -> None:
    pattern(disk.backing / "sick.mp4", 8, size="320x240")
    disk.fail("sick.mp4", operation, error, offset)
    program.index(disk.mount)
    assert_indexed(program, "good-00.mp4", "good-01.mp4", "good-02.mp4")
    sick = program.videos()["sick.mp4"]
    assert sick.reason
    assert sick.will_be_retried, (sick.reason, sick.cause)
    assert_settled(program)
    disk.heal()
    program.index()
    assert_indexed(program, "sick.mp4")
    assert program.videos()["sick.mp4"].attempts == 0
    assert_settled(program)


@pytest.mark.fault("EIO at the stat of one file of a known folder", "it stays known, the others go on")
def test_one_file_that_cannot_be_looked_at(program: Program, disk: FaultyDisk) -> None:
    pattern(disk.backing / "sick.mp4", 3.2)
    program.index(disk.mount)
    disk.fail("sick.mp4", "stat")
    pattern(disk.backing / "new.mp4", 2.2)
    index = program.index(code=None)
    assert_indexed(program, "new.mp4", "sick.mp4")
    assert program.videos()["sick.mp4"].presence is Presence.UNREACHABLE
    assert "sick.mp4" in found(program, "test pattern")
    assert index.returncode in {0, 1}
    disk.heal()
    assert decoded(program.index("--json").stdout) == []
    assert program.videos()["sick.mp4"].presence is Presence.HERE


@pytest.mark.fault(
    "EIO while a subfolder is listed", "its videos stay, as unreachable; said by index and doctor"
)
@pytest.mark.parametrize("error", ["EIO", "EACCES", "ENOTCONN"])
def test_a_subfolder_that_cannot_be_listed(program: Program, disk: FaultyDisk, error: str) -> None:
    pattern(disk.backing / "sub" / "deep" / "known.mp4", 3.2)
    program.index(disk.mount)
    disk.fail("sub", "list", error)
    index = program.index(code=None)
    assert str(disk.mount / "sub") in index.stdout + index.stderr
    assert program.videos()["known.mp4"].presence is Presence.UNREACHABLE
    assert "known.mp4" in found(program, "test pattern")
    doctor = program.run("doctor")
    assert str(disk.mount / "sub") in doctor.stdout
    assert doctor.returncode == 1
    disk.heal()
    assert decoded(program.index("--json").stdout) == []
    assert program.videos()["known.mp4"].presence is Presence.HERE


@pytest.mark.fault(
    "EIO while the watched folder itself is listed", "nothing is lost, said by index and doctor"
)
def test_a_watched_folder_that_cannot_be_listed(program: Program, disk: FaultyDisk) -> None:
    program.index(disk.mount)
    disk.fail("", "list")
    index = program.index(code=None)
    assert str(disk.mount) in index.stdout + index.stderr
    assert len(found(program, "test pattern")) == 3
    assert str(disk.mount) in program.run("doctor").stdout
    disk.heal()
    assert decoded(program.index("--json").stdout) == []
    assert {video.presence for video in program.videos().values()} == {Presence.HERE}


@pytest.mark.fault(
    "the server of a share is gone (ENOTCONN), then back", "away, searchable, nothing decoded again"
)
def test_a_share_whose_server_is_gone(program: Program, disk: FaultyDisk) -> None:
    program.index(disk.mount)
    disk.fail("", "stat", "ENOTCONN")
    program.index(code=None)
    assert len(found(program, "test pattern")) == 3
    assert {video.presence for video in program.videos().values()} <= {Presence.AWAY, Presence.UNREACHABLE}
    disk.heal()
    assert decoded(program.index("--json").stdout) == []


@pytest.mark.nightly
@pytest.mark.fault("a read that never returns", "given up after 20 s, the others arrive, tried again")
def test_a_read_that_hangs(program: Program, disk: FaultyDisk) -> None:
    pattern(disk.backing / "sick.mp4", 8, size="320x240")
    disk.fail("sick.mp4", "read", "HANG", 20_000)
    program.index(disk.mount)
    assert_indexed(program, "good-00.mp4", "good-01.mp4", "good-02.mp4")
    assert program.videos()["sick.mp4"].will_be_retried
    disk.heal()
    program.index()
    assert_indexed(program, "sick.mp4")


@pytest.mark.nightly
@pytest.mark.fault("a listing that never returns", "Ctrl-C ends the program")
def test_a_listing_that_hangs_can_be_ended(program: Program, disk: FaultyDisk) -> None:
    program.run("add", disk.mount)
    disk.fail("", "list", "HANG")
    process = program.start("index", stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    time.sleep(4)  # it hangs now; nothing can be seen of that from outside
    process.send_signal(signal.SIGINT)
    try:
        _, errors = process.communicate(timeout=40)
    finally:
        process.kill()
    assert b"Traceback" not in errors


def bind(source: Path, target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    tried = subprocess.run(["mount", "--bind", source, target], capture_output=True, text=True, check=False)
    if tried.returncode:
        pytest.skip(f"mounting is not allowed here: {tried.stderr.strip()}")


@pytest.mark.fault(
    "a disk unmounted (watched, or inside a watched folder), its mount point empty or gone",
    "away: searchable with thumbnails; back without decoding",
)
@pytest.mark.parametrize("place", ["the watched folder", "inside a watched folder"])
@pytest.mark.parametrize("mount_point", ["stays", "vanishes"])
def test_an_unmounted_disk_is_away(
    program: Program, tmp_path: Path, folder: Path, place: str, mount_point: str
) -> None:
    stick = tmp_path / "stick"
    names = good_folder(stick / "films")
    pattern(folder / "own.mp4", 4.7)
    mount = folder / "stick" if place == "inside a watched folder" else tmp_path / "media" / "stick"
    bind(stick, mount)
    try:
        words = [folder] if place == "inside a watched folder" else [folder, mount]
        program.index(*words)
    finally:
        unmount(mount)
    if mount_point == "vanishes":
        mount.rmdir()
    program.index(code=None)
    videos = program.videos()
    assert {videos[name].presence for name in names} == {Presence.AWAY}
    results = program.search("test pattern")
    assert {Path(result["path"]).name for result in results} == {*names, "own.mp4"}
    assert all(result["thumbnail"] for result in results)
    bind(stick, mount)
    try:
        assert decoded(program.index("--json").stdout) == []
        assert {video.presence for video in program.videos().values()} == {Presence.HERE}
    finally:
        unmount(mount)


@pytest.mark.fault("a disk unmounted while it is indexed", "no video is blamed; all indexed once it is back")
def test_a_disk_that_is_unmounted_while_it_is_indexed(program: Program, tmp_path: Path) -> None:
    stick, mount = tmp_path / "stick", tmp_path / "media" / "stick"
    for number in range(6):
        pattern(stick / f"{number}.mp4", 10 + number, size="320x240")
    bind(stick, mount)
    try:
        process = program.start("index", "--json", mount, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        assert process.stdout is not None
        while line := process.stdout.readline():
            if b"video_indexed" in line:
                unmount(mount)
                break
        _, errors = process.communicate(timeout=120)
    finally:
        unmount(mount)
    assert b"Traceback" not in errors, errors
    assert [video for video in program.videos().values() if video.state is VideoState.INDEXED]
    bind(stick, mount)
    try:
        program.index()
        assert_indexed(program, *(f"{number}.mp4" for number in range(6)))
    finally:
        unmount(mount)


@pytest.mark.fault("EIO in the library file itself", "a sentence, no traceback")
@pytest.mark.parametrize("offset", [0, 30_000])
def test_a_library_on_a_failing_disk(program: Program, folder: Path, disk: FaultyDisk, offset: int) -> None:
    good_folder(folder)
    program.index(folder)
    shutil.copytree(program.library, disk.backing / "library")
    program.library = disk.mount / "library"
    assert len(found(program, "test pattern")) == 3
    for path in (disk.backing / "library").iterdir():
        disk.fail(f"library/{path.name}", "read", "EIO", offset)
    for words in (["search", "pattern"], ["doctor"], ["folders"], ["index"]):
        done = program.run(*words)
        assert done.returncode in {0, 1}
        said = done.stderr if words != ["doctor"] else done.stdout
        assert (
            done.returncode == 0
            or "Check its permissions" in said
            or "is connected and healthy" in said
            or "--repair" in said
        )


@pytest.fixture
def holder() -> Iterator[Callable[[str], subprocess.Popen[str]]]:
    """Starts a Python process that holds something until the test ends."""
    started: list[subprocess.Popen[str]] = []

    def hold(script: str) -> subprocess.Popen[str]:
        import sys  # noqa: PLC0415

        process = subprocess.Popen(
            [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        started.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        return process

    yield hold
    for process in started:
        process.kill()
        process.communicate()


@pytest.mark.fault(
    "another process holds the library's write lock for a while", "waits, or a sentence; nothing lost"
)
@pytest.mark.parametrize("kind", ["IMMEDIATE", "EXCLUSIVE"])
def test_another_program_writes_to_the_library(
    program: Program, folder: Path, holder: Callable[[str], subprocess.Popen[str]], kind: str
) -> None:
    names = good_folder(folder)
    program.index(folder)
    database = next(
        path for path in program.library.iterdir() if path.suffix in {".db", ".sqlite", ".sqlite3"}
    )
    pattern(folder / "new.mp4", 4.4)
    process = holder(
        f"import sqlite3\nc = sqlite3.connect({str(database)!r}, isolation_level=None)\n"
        f"c.execute('BEGIN {kind}')\nprint('held', flush=True)\ninput()"
    )
    assert len(found(program, "test pattern")) == len(names)
    index = program.start("index", stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    with suppress(subprocess.TimeoutExpired):
        index.wait(3)
    process.communicate("go on\n")
    _, errors = index.communicate(timeout=120)
    assert b"Traceback" not in errors, errors
    program.index()
    assert_indexed(program, *names, "new.mp4")


@pytest.mark.fault("another Reelfind is indexing the library", "a sentence; searching works meanwhile")
def test_another_process_indexes(program: Program, folder: Path) -> None:
    for number in range(5):
        pattern(folder / f"{number}.mp4", 20 + number, size="320x240")
    first = program.start("index", folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert wait_until(lambda: program.library.exists() and len(program.videos()) == 5)
    second = program.run("index")
    assert first.poll() is None, "the first one was through too soon for this test"
    assert second.returncode == 1
    assert "already indexing" in second.stdout + second.stderr
    assert program.run("search", "pattern").returncode == 0
    _, errors = first.communicate()
    assert first.returncode == 0, errors
    assert_indexed(program, *(f"{number}.mp4" for number in range(5)))


def test_a_foreign_picture_in_the_thumbnails_folder_stays(program: Program, folder: Path) -> None:
    pattern(folder / "a.mp4")
    program.index(folder)
    program.search("pattern")
    thumbnails = program.library / "thumbnails"
    (thumbnails / "subfolder").mkdir(parents=True)
    for number in range(2300):
        (thumbnails / f"{number:024x}.webp").write_bytes(b"mine")
        os.utime(thumbnails / f"{number:024x}.webp", (number, number))
    program.search("pattern")
    assert len(list(thumbnails.glob("*.webp"))) >= 2300
