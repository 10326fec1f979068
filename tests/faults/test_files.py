"""Names, links, pipes, and files that change under the reader's hands."""

import os
import socket
import subprocess
import threading
import time
from pathlib import Path

import pytest

from app.catalogue.records import Presence, VideoState
from tests.faults.harness.clips import copy, ffmpeg, good_folder, pattern, plain
from tests.faults.harness.program import Program, assert_indexed, assert_settled
from tests.faults.test_cases import decoded, found

pytestmark = pytest.mark.nightly

NAMES = [
    b"spaces and \xf0\x9f\x8e\xac.mp4",
    b"<b>x&amp;<script>.mp4",
    b"a\nnewline.mp4",
    b"--help.mp4",
    b"-rf.mp4",
    b"right\xe2\x80\xaeleft.mp4",
    b"UPPER.MP4",
    b"latin\xe9.mp4",
    b"\xff\xfe\xfd.mp4",
    b"tab\tand\x1b[31mred.mp4",
    b"quote'\"`$HOME.mp4",
    b"percent%20%s.mp4",
    b"back\\slash.mp4",
    b"http:~~evil.example~x.mp4".replace(b"~", b":"),
    b"concat:a|b.mp4",
    b"e\xcc\x81.mp4",
    b" leading and trailing .mp4",
    b"n" * 251 + b".mp4",
    b"\xf0\x9f\x8e\xac" * 62 + b".mp4",
]


@pytest.mark.fault(
    "names: 255 bytes, newline, leading dash, markup, RTL marks, escapes, not UTF-8", "indexed and found"
)
def test_any_name_is_only_a_name(program: Program, folder: Path) -> None:
    """Each has a content of its own, so that each is decoded."""
    clip = pattern(folder.parent / "clip.mp4", 2).read_bytes()
    for number, name in enumerate(NAMES):
        content = clip + b"\0\0\0\x0cfree" + number.to_bytes(4, "big")
        Path(os.fsdecode(os.fsencode(folder) + b"/" + name)).write_bytes(content)
    program.index(folder)
    assert {os.fsencode(name) for name in program.videos()} == set(NAMES)
    assert_indexed(program, *(os.fsdecode(name) for name in NAMES))
    for words in (
        ["search", "test pattern", "--limit", "100"],
        ["search", "--json", "test pattern"],
        ["doctor"],
    ):
        done = program.run(*words)
        assert done.returncode == 0, done.stderr
        assert "\x1b[31m" not in done.stdout
        assert "\u202e" not in done.stdout, "a mark that turns the text round is shown as such"


@pytest.mark.fault(
    "link loops, dangling links, named pipes, sockets, folders called .mp4", "passed over; others indexed"
)
def test_what_is_no_file_is_passed_over(program: Program, folder: Path) -> None:
    names = good_folder(folder)
    (folder / "loop").symlink_to(folder)
    (folder / "up").symlink_to("..", target_is_directory=True)
    (folder / "self.mp4").symlink_to("self.mp4")
    (folder / "dangling.mp4").symlink_to("nowhere.mp4")
    (folder / "device.mp4").symlink_to("/dev/zero")
    os.mkfifo(folder / "pipe.mp4")
    (folder / "folder.mp4").mkdir()
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(str(folder / "s.mp4"))
        program.index(folder)
    assert sorted(program.videos()) == names
    assert_settled(program)


@pytest.mark.fault(
    "a file replaced by a pipe, a device or a folder after it was found", "no hang, others indexed"
)
@pytest.mark.parametrize("kind", ["pipe", "device", "folder"])
def test_a_known_file_turns_into_something_else(program: Program, folder: Path, kind: str) -> None:
    names = good_folder(folder)
    odd = pattern(folder / "odd.mp4", 2.2)
    program.index(folder)
    odd.unlink()
    if kind == "pipe":
        os.mkfifo(odd)
    elif kind == "device":
        odd.symlink_to("/dev/zero")
    else:
        odd.mkdir()
    program.index()
    assert_indexed(program, *names)
    assert "odd.mp4" not in program.videos()


@pytest.mark.fault("a path longer than PATH_MAX, a tree 400 deep", "said; what can be reached is indexed")
def test_a_path_that_is_too_long(program: Program, folder: Path) -> None:
    names = good_folder(folder)
    deep = folder
    here = Path.cwd()
    try:
        os.chdir(folder)
        for _ in range(20):
            Path("d" * 250).mkdir()
            os.chdir("d" * 250)
        pattern_bytes = (folder / names[0]).read_bytes() + b"\0\0\0\x08free"
        Path("deep.mp4").write_bytes(pattern_bytes)
    finally:
        os.chdir(here)
    index = program.index(code=None) if program.run("add", folder).returncode == 0 else None
    assert index is not None
    assert index.returncode in {0, 1}
    assert_indexed(program, *names)
    assert deep.exists()
    doctor = program.run("doctor")
    assert "d" * 250 in doctor.stdout
    assert "Every file could be read" not in doctor.stdout


def test_a_deep_tree(program: Program, folder: Path) -> None:
    deep = folder
    for number in range(400):
        deep = deep / f"d{number % 10}"
    pattern(deep / "deep.mp4", 2)
    program.index(folder)
    assert_indexed(program, "deep.mp4")


@pytest.mark.fault("a copy in progress", "left alone until it is quiet, then indexed once")
def test_a_file_that_grows_is_left_alone(program: Program, folder: Path) -> None:
    whole = pattern(folder.parent / "whole.mp4", 12, size="320x240").read_bytes()
    names = good_folder(folder)
    growing = folder / "growing.mp4"
    finished = threading.Event()

    def write() -> None:
        with growing.open("wb", buffering=0) as file:
            for start in range(0, len(whole), len(whole) // 400 + 1):
                file.write(whole[start : start + len(whole) // 400 + 1])
                if finished.wait(0.02):
                    file.write(whole[file.tell() :])
                    return

    writer = threading.Thread(target=write)
    writer.start()
    try:
        program.index(folder)
        assert_indexed(program, *names)
        video = program.videos().get("growing.mp4")
        assert video is None or video.state is VideoState.PENDING, (video.state, video.reason)
    finally:
        finished.set()
        writer.join()
    settled = time.time() - 120
    os.utime(growing, (settled, settled))
    assert decoded(program.index("--json").stdout) == ["growing.mp4"]
    assert_indexed(program, "growing.mp4")


def change_while_indexing(program: Program, folder: Path, change: str) -> None:
    victim = folder / "victim.mp4"
    process = program.start("index", "--json", folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    while line := process.stdout.readline():
        if b"video_started" in line and b"victim" in line:
            if change == "shrinks":
                os.truncate(victim, victim.stat().st_size // 3)
            elif change == "is deleted":
                victim.unlink()
            elif change == "is replaced":
                plain(folder / "new.tmp", "red", 4, "-c:v", "libx264", "-pix_fmt", "yuv420p", "-f", "mp4")
                (folder / "new.tmp").replace(victim)
            else:
                victim.write_bytes(b"")
            break
    _, errors = process.communicate(timeout=120)
    assert process.returncode == 0, errors
    assert b"Traceback" not in errors, errors


@pytest.mark.fault(
    "a file shrinks, is emptied, replaced or deleted while it is read",
    "the others arrive; the next run has the truth",
)
@pytest.mark.parametrize(
    "change", ["shrinks", "is deleted", "is replaced", pytest.param("is emptied", marks=pytest.mark.nightly)]
)
def test_a_file_that_changes_while_it_is_read(program: Program, folder: Path, change: str) -> None:
    pattern(folder / "victim.mp4", 60, size="320x240", rate=25)
    names = good_folder(folder)
    change_while_indexing(program, folder, change)
    assert_indexed(program, *names)
    settled = time.time() - 120
    if (folder / "victim.mp4").exists():
        os.utime(folder / "victim.mp4", (settled, settled))
    program.index()
    assert_settled(program)
    videos = program.videos()
    if change == "is deleted":
        assert "victim.mp4" not in videos
    elif change == "is replaced":
        assert_indexed(program, "victim.mp4")
        assert {colour for _, colour in program.colours("victim.mp4")} == {"red"}
    else:
        assert videos["victim.mp4"].state is VideoState.FAILED
        assert not videos["victim.mp4"].will_be_retried


@pytest.mark.fault("equal size, head and tail, another middle and another date", "looked at again")
def test_changed_is_not_the_same(program: Program, folder: Path) -> None:
    path = pattern(folder / "recorder.ts", 30, "-c:v", "mpeg2video", "-b:v", "2M", size="320x240")
    program.index(folder)
    before = program.colours("recorder.ts")
    content = bytearray(path.read_bytes())
    other = plain(
        folder.parent / "other.ts",
        "red",
        60,
        "-c:v",
        "mpeg2video",
        "-b:v",
        "2M",
        "-minrate",
        "2M",
        size="320x240",
    )
    fresh = other.read_bytes()
    middle = len(content) // 2 // 188 * 188
    length = min(len(content) // 4 // 188 * 188, len(fresh))
    content[middle - length : middle] = fresh[:length]
    assert len(content) == path.stat().st_size
    path.write_bytes(content)
    past = time.time() - 3600
    os.utime(path, (past, past))
    program.index()
    assert program.colours("recorder.ts") != before


@pytest.mark.fault("a duplicate or hard link of a known file", "costs no decoding")
@pytest.mark.parametrize("kind", ["copy", "hard link"])
def test_a_duplicate_costs_nothing(program: Program, folder: Path, kind: str) -> None:
    path = pattern(folder / "a.mp4")
    program.index(folder)
    if kind == "copy":
        copy(path, folder / "b.mp4")
    else:
        os.link(path, folder / "b.mp4")
    assert decoded(program.index("--json").stdout) == []
    videos = program.videos()
    assert videos["b.mp4"].copy_of == videos["a.mp4"].id
    path.unlink()
    assert decoded(program.index("--json").stdout) == []
    assert found(program, "test pattern") == ["b.mp4"]
    assert program.videos()["b.mp4"].presence is Presence.HERE


@pytest.mark.fault("icons, 1x1 GIFs, system folders, .part files", "no videos")
def test_what_is_no_video(program: Program, folder: Path) -> None:
    names = good_folder(folder, 1)
    ffmpeg("-f", "lavfi", "-i", "color=c=red:s=16x16:d=0.1:r=10", "-vf", "scale=1:1", folder / "pixel.gif")
    for place in (
        "@eaDir",
        ".Trash-1000",
        ".Trashes",
        "$RECYCLE.BIN",
        "System Volume Information",
        "#recycle",
    ):
        copy(folder / names[0], folder / place / "hidden.mp4")
    for name in ("a.mp4.part", "b.crdownload", "._twin.mp4", ".hidden.mp4", "c.part"):
        copy(folder / names[0], folder / name)
    program.index(folder)
    assert sorted(program.videos()) == names or program.videos()["pixel.gif"].state is VideoState.FAILED
    assert found(program, "test pattern") == names
