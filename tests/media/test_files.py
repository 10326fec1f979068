"""Every file ends as frames or as a reason a person understands, and none can reach beyond itself."""

import os
import socket
import struct
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from app.errors import MediaError
from app.media.decoder import Decoder
from app.media.frames import Sampling
from tests.videos import Scene, make_video


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_video(tmp_path_factory.mktemp("files") / "v.mp4", [Scene("red", 4, "stripes")], gop=10)


@contextmanager
def nobody_may_call() -> Iterator[int]:
    """A port on this machine; whoever connects to it fails the test."""
    callers: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def listen() -> None:
            while True:
                connection, _ = server.accept()
                with connection:
                    words = connection.recv(200)
                if words == b"end":
                    return
                callers.append(repr(words))

        thread = threading.Thread(target=listen)
        thread.start()
        port = server.getsockname()[1]
        yield port
        with socket.create_connection(("127.0.0.1", port)) as last:
            last.sendall(b"end")
        thread.join()
    assert not callers


def reason(decoder: Decoder, path: Path) -> str:
    with pytest.raises(MediaError) as caught:
        decoder.probe(path)
    assert "rrno" not in str(caught.value)
    return caught.value.sentence


@pytest.mark.parametrize(
    "name",
    [
        "with spaces and ümlauts.mp4",
        "🎬 film 🍿.mp4",
        "-leading dash.mp4",
        "two\nlines.mp4",
        "<b>x&amp;.mp4",
        "\u202egnp.4pm",
        "concat:a|b",
        "http:",
        "file%20name%00.MP4",
        "x" * 251 + ".mp4",
        "pipe:0",
        "-",
        "%03d.mp4",
    ],
)
@pytest.mark.skipif(sys.platform == "win32", reason="names Windows does not allow")
def test_any_name_is_only_a_name(decoder: Decoder, video: Path, tmp_path: Path, name: str) -> None:
    odd = tmp_path / name
    odd.hardlink_to(video)
    with decoder.open(odd, Sampling()) as stream:
        assert len(list(stream)) == 4


@pytest.mark.skipif(sys.platform != "linux", reason="names that are no UTF-8")
def test_a_name_that_is_no_utf8_is_only_a_name(decoder: Decoder, video: Path, tmp_path: Path) -> None:
    odd = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff\xfe\x80.mp4"))
    odd.hardlink_to(video)
    assert decoder.probe(odd).codec == "h264"


def test_a_relative_path_is_understood(
    decoder: Decoder, video: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(video.parent)
    assert decoder.probe(Path(video.name)).codec == "h264"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty (0 bytes)."),
        (b"just words\n", "This file is not a video Reelfind can read."),
        (bytes(range(256)) * 20, "This file is not a video Reelfind can read."),
        (b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom\0\1\0\0mdat" + bytes(5000), "The index of the file is missing"),
        (b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom\0\0\0\x10moovgarbage!", "This file has no video."),
    ],
)
def test_what_is_no_video_says_so(decoder: Decoder, tmp_path: Path, content: bytes, sentence: str) -> None:
    file = tmp_path / "v.mp4"
    file.write_bytes(content)
    assert reason(decoder, file).startswith(sentence)


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX files")
def test_folders_pipes_missing_and_forbidden_files_say_so(decoder: Decoder, tmp_path: Path) -> None:
    assert reason(decoder, tmp_path) == "This is not a regular file."
    os.mkfifo(tmp_path / "pipe.mp4")
    assert reason(decoder, tmp_path / "pipe.mp4") == "This is not a regular file."
    assert reason(decoder, tmp_path / "gone.mp4") == "The file is no longer there."
    (tmp_path / "dangling.mp4").symlink_to(tmp_path / "gone.mp4")
    assert reason(decoder, tmp_path / "dangling.mp4") == "The file is no longer there."
    (tmp_path / "loop.mp4").symlink_to(tmp_path / "loop.mp4")
    assert reason(decoder, tmp_path / "loop.mp4") == "The file cannot be read from the disk."


def test_a_file_cut_in_half_gives_its_first_half(decoder: Decoder, tmp_path: Path) -> None:
    whole = make_video(tmp_path / "whole.mkv", [Scene("red", 20, "noise"), Scene("blue", 20)], gop=10)
    half = tmp_path / "half.mkv"
    half.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    with decoder.open(half, Sampling()) as stream:
        frames = list(stream)
        assert frames
        assert stream.warning.startswith("The last part of the video is damaged: only the first")


def test_damage_in_the_middle_costs_only_the_middle(decoder: Decoder, tmp_path: Path) -> None:
    path = make_video(tmp_path / "v.mp4", [Scene("red", 20, "stripes")], gop=10)
    data = bytearray(path.read_bytes())
    third = len(data) // 3
    data[third : third + 400] = os.urandom(400)
    path.write_bytes(data)
    with decoder.open(path, Sampling()) as stream:
        assert len(list(stream)) >= 15


@pytest.mark.parametrize("sides", [(65535, 65535), (16385, 16), (16384, 16384)])
def test_a_claim_of_huge_pictures_is_refused_without_allocating_them(
    decoder: Decoder, video: Path, tmp_path: Path, sides: tuple[int, int]
) -> None:
    """A GIF whose header claims them: 10 bytes are enough to ask for gigabytes."""
    bomb = tmp_path / "bomb.gif"
    width, height = sides
    screen = b"GIF89a" + struct.pack("<HHBBB", width, height, 0x80, 0, 0) + bytes(6)
    frame = b"," + struct.pack("<HHHHB", 0, 0, width, height, 0) + b"\x02\x02\x44\x01\x00"
    bomb.write_bytes(screen + frame * 3 + b";")
    refusals = (f"The video claims {width} × {height} pixels", "No picture of this video can be decoded.")
    assert reason(decoder, bomb).startswith(refusals)
    assert child_of(decoder).memory_info().rss < 300 << 20
    assert decoder.probe(video).codec == "h264"


@pytest.mark.parametrize(
    "script",
    [
        "#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\n{target}\n#EXT-X-ENDLIST\n",
        "ffconcat version 1.0\nfile '{target}'\n",
        '<?xml version="1.0"?><MPD type="static"><Period><AdaptationSet mimeType="video/mp4"><Representation '
        'id="1" bandwidth="1"><BaseURL>{target}</BaseURL></Representation></AdaptationSet></Period></MPD>',
        "[playlist]\nFile1={target}\nNumberOfEntries=1\n",
    ],
)
@pytest.mark.parametrize("suffix", ["mp4", "m3u8", "mkv", "mpd", "ffconcat"])
def test_a_playlist_opens_neither_files_nor_the_network(
    decoder: Decoder, video: Path, tmp_path: Path, script: str, suffix: str
) -> None:
    with nobody_may_call() as port:
        for number, target in enumerate((f"http://127.0.0.1:{port}/a.ts", str(video), f"file:{video}")):
            file = tmp_path / f"{number}.{suffix}"
            file.write_text(script.format(target=target))
            assert reason(decoder, file) == "This file is a playlist, not a video."


def test_a_quicktime_reference_opens_no_other_file(decoder: Decoder, video: Path, tmp_path: Path) -> None:
    """The same track, but its data reference ("dref") points at another file instead of into this one."""
    data = bytearray(video.read_bytes())
    own = data.index(b"url \0\0\0\1")
    data[own + 7] = 0  # no longer "in this file", and no name: libav would ask for an empty one
    other = tmp_path / "v.mov"
    other.write_bytes(data)
    with decoder.open(other, Sampling()) as stream:
        list(stream)
    assert sum(1 for name in open_files(decoder) if name.endswith(("v.mp4", "v.mov"))) == 0


def open_files(decoder: Decoder) -> list[str]:
    return [file.path for file in child_of(decoder).open_files()]


def child_of(decoder: Decoder) -> psutil.Process:
    assert decoder._child is not None
    return psutil.Process(decoder._child.pid)


def test_nothing_stays_open_between_files(decoder: Decoder, video: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(video.read_bytes()[:300])
    for path in (video, broken, video):
        try:
            decoder.probe(path)
        except MediaError:
            assert path == broken
    assert [name for name in open_files(decoder) if name.endswith(".mp4")] == []
