"""Which files are looked at: the whole table of suffixes, and first bytes where a suffix is ambiguous."""

import subprocess
from pathlib import Path

import pytest

from app.catalogue.catalogue import Catalogue
from app.catalogue.records import Presence, VideoState
from app.disk.formats import (
    FORMATS,
    is_ambiguous,
    is_video,
    is_video_name,
)
from app.disk.scanner import scan
from app.errors import UsageError
from app.settings import Exclusion
from tests.catalogue.making import (
    MODEL,
    at,
    index_all,
    make_file,
    rescan,
)

OGG = b"OggS\0\2" + bytes(20)
"""The head of a first page, without its table."""


def ffmpeg(out: Path, *options: str, source: str = "testsrc2=s=160x120:r=25:d=1") -> Path:
    command = ["ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", source, *options, str(out)]
    subprocess.run(command, check=True, capture_output=True)
    return out


def names(folder: Path, exclude: str = "") -> list[str]:
    return sorted(str(found.path.relative_to(folder)) for found in scan(folder, exclude=Exclusion(exclude)))


def test_what_cameras_recorders_and_downloads_leave_is_looked_at(tmp_path: Path) -> None:
    h264 = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p")
    options = {
        "mpeg": ("-c:v", "mpeg2video", "-f", "vob"),
        "mp4": (*h264, "-f", "mp4"),
        "ts": ("-c:v", "mpeg2video", "-f", "mpegts"),
        "m2ts": (*h264, "-f", "mpegts", "-mpegts_m2ts_mode", "1"),
        "rm": ("-c:v", "rv10", "-s", "176x144", "-f", "rm"),
        "wtv": ("-c:v", "mpeg2video", "-f", "wtv"),
        "asf": ("-c:v", "mpeg2video", "-f", "asf"),
        "h264": (*h264, "-f", "h264"),
        "mkv": (*h264, "-f", "matroska"),
        "ogv": ("-c:v", "libtheora", "-f", "ogg"),
        "gif": ("-f", "gif"),
        "vcd": ("-c:v", "mpeg1video", "-f", "vcd"),
    }
    made = {name: tmp_path / name for name in options}
    *others, last = options
    ffmpeg(
        made[last], *(word for name in others for word in (*options[name], str(made[name]))), *options[last]
    )
    wanted = {
        "MOV001.MOD": "mpeg", "HD001.TOD": "mpeg", "a.m2p": "mpeg", "VTS_01_1.VOB": "mpeg",
        "AVSEQ01.DAT": "vcd",
        "GL010001.LRV": "mp4", "VID_0001.insv": "mp4", "GS010001.360": "mp4", "PXL_0001.MP": "mp4",
        "clip.3gpp": "mp4", "a.3gp2": "mp4", "a.f4v": "mp4", "a.qt": "mp4",
        "a.m4v": "mp4", "DJI_0001.LRF": "mp4",
        "rec.tp": "ts", "rec.trp": "ts", "rec.ts": "ts", "rec.m2t": "ts", "rec.TOD": "ts",
        "00001.MTS": "m2ts", "00001.m2ts": "m2ts", "old.rm": "rm", "old.rmvb": "rm", "tv.wtv": "wtv",
        "tv.dvr-ms": "asf", "a.asf": "asf", "a.wmv": "asf", "cam.h264": "h264", "cam.264": "h264",
        "cam.avc": "h264", "a.mk3d": "mkv", "film.ogg": "ogv", "film.ogx": "ogv", "film.ogv": "ogv",
        "dance.gif": "gif",
    }  # fmt: skip
    folder = tmp_path / "videos"
    for name, kind in wanted.items():
        make_file(folder / name, made[kind].read_bytes())
    assert names(folder) == sorted(wanted)


def test_what_only_shares_a_suffix_is_passed_over_in_silence(catalogue: Catalogue, movies: Path) -> None:
    texts = {
        "node_modules/pkg/f.d.ts": "export const a: number = 1;\n", "x.mts": "export {}\n", "empty.ts": "",
        "app_de.ts": '<?xml version="1.0"?><!DOCTYPE TS>\n', "wide.ts": "export {}".encode("utf-16"),
        "G.ts": "G" * 2000, "go.mod": "module example.com/a\n", "Module.mod": "MODULE Module;\n",
        "table.dat": "1 2 3\n", "figure.mp": "beginfig(1);\n", "list.asf": "[Reference]\nRef1=http://x\n",
        "notes.rec": "text", "file.dif": "--- a\n", "map.vro": "x",
    }  # fmt: skip
    for name, text in texts.items():
        make_file(movies / name, text)
    make_file(movies / "game.dat", bytes(range(256)) * 20)
    make_file(movies / "tracker.mod", b"song name".ljust(1080, b"\0") + b"M.K." + bytes(2000))
    for suffix, codec in (("ogg", "libvorbis"), ("ogx", "flac"), ("asf", "wmav2"), ("rm", "ac3")):
        muxer = "ogg" if suffix == "ogx" else suffix
        ffmpeg(movies / f"song.{suffix}", "-c:a", codec, "-f", muxer, source="sine=d=1")
    ffmpeg(movies / "still.gif", "-frames:v", "1")
    icon = ffmpeg(movies / "icon.gif", source="testsrc2=s=16x16:r=5:d=1").read_bytes()
    make_file(movies / "dot.gif", icon[:6] + b"\1\0\1\0" + icon[10:])
    make_file(movies / "still.apng", b"\x89PNG\r\n\x1a\n" + bytes(8) + b"IHDR" + bytes(30) + b"IDAT")
    film = ffmpeg(movies / "film.ts", "-c:v", "mpeg2video", "-f", "mpegts")
    result = rescan(catalogue, movies)
    assert [video.path for video in catalogue.videos()] == [film]
    assert (result.found, result.unreachable) == (1, ())


@pytest.mark.parametrize(
    ("name", "head", "expected"),
    [
        ("a.ts", bytes(100) + (b"\x47" + bytes(187)) * 6, True),  # begins within a packet
        ("a.mts", (b"\0\0\0\0\x47" + bytes(187)) * 6, True),
        ("a.ts", (b"\x47" + bytes(203)) * 6, True),
        ("a.ts", bytes(5000), True),  # damaged: indexing says so
        ("a.ogg", OGG + b"\1\x07\x80theora", True),
        ("a.ogg", OGG + b"\1\x1e\x01vorbis" + bytes(23) + OGG + b"\1\x07\x80theora", True),
        (
            "a.ogg",
            OGG + b"\1\x1e\x01vorbis" + bytes(23) + b"OggS\0\0" + bytes(20) + b"\1\x07\x80theora",
            False,
        ),
        ("a.ogg", OGG + b"\1\x13OpusHead" + bytes(11), False),
        ("a.ogg", OGG + b"\1\x1aOVP80" + bytes(21), True),
        ("a.ogg", OGG + b"\1\x1aBBCD\0" + bytes(21), True),
        ("a.ogg", b"OggS", False),
        ("a.dat", b"RIFF\x24\x10\0\0CDXAfmt ", True),
        ("a.dat", b"\0\0\x01\xba" + bytes(100), True),
        ("a.dat", b"", False),
        ("a.mp", bytes(4) + b"ftypmp42", True),
        ("a.gif", b"GIF8", False),
        ("a.264", b"\0\0\0\x01\x67", True),
    ],
)
def test_first_bytes_decide(tmp_path: Path, name: str, head: bytes, expected: bool) -> None:
    assert is_video(make_file(tmp_path / name, head)) is expected


def test_every_suffix_is_lower_case_and_playlists_are_none_of_them() -> None:
    assert all(suffix == suffix.lower() and suffix.startswith(".") for suffix in FORMATS)
    for name in ("a.m3u8", "a.avs", "a.mpd", "a.ffconcat", "a.mp4.part", "a.mp4.crdownload", "a.mkv.!qB",
                 "a.tmp", "a.mp3", "a.webp", ".a.mp4", "mp4"):  # fmt: skip
        assert not is_video_name(name)
    assert is_video_name("A.MP4")
    assert not is_ambiguous("A.MP4")


def test_what_cannot_be_looked_into_is_taken_for_a_video(tmp_path: Path) -> None:
    assert is_video(tmp_path / "nothing.ts")


def test_what_earlier_versions_took_for_videos_leaves_the_failures(
    catalogue: Catalogue, movies: Path
) -> None:
    file = make_file(movies / "a.ts", bytes(1000))
    rescan(catalogue, movies)
    make_file(file, "export const a = 1;".ljust(1000))
    rescan(catalogue, movies)
    for video in catalogue.videos():
        catalogue.commit_failed(video.id, "It is no video.")
    rescan(catalogue, movies)
    assert catalogue.failures() == []


def test_an_indexed_video_is_not_opened_again(
    catalogue: Catalogue, movies: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_file(movies / "a.ts", bytes(1000))
    make_file(movies / "b.ts", "export {}")
    rescan(catalogue, movies)
    index_all(catalogue)
    opened: list[str] = []
    monkeypatch.setattr("app.disk.formats.is_video", lambda path: opened.append(path.name))
    assert rescan(catalogue, movies).found == 1
    assert opened == []


def test_exclude_patterns_are_those_of_gitignore(tmp_path: Path) -> None:
    for name in ("a.mp4", "proxy/b.mp4", "2019/proxy/c.mp4", "2019/d.mp4", "2019/raw.mp4", "x.mp4/e.mp4"):
        make_file(tmp_path / name, "x")
    (tmp_path / "link").symlink_to(tmp_path.parent / "outside")
    make_file(tmp_path.parent / "outside" / "f.mp4", "x")
    everything = names(tmp_path)
    assert len(everything) == 7
    assert names(tmp_path, "proxy/") == [name for name in everything if "proxy" not in name]
    assert names(tmp_path, "/2019/*, !/2019/raw.mp4") == [
        name for name in everything if not name.startswith("2019") or "raw" in name
    ]
    assert names(tmp_path, "raw.*\nlink/") == [n for n in everything if "raw" not in n and "link" not in n]
    assert names(tmp_path, "*.mp4") == []
    assert names(tmp_path, "# a comment") == everything
    with pytest.raises(UsageError, match="valid pattern"):
        Exclusion("fine, !")


def test_what_is_excluded_leaves_the_results_and_comes_back_for_nothing(
    catalogue: Catalogue, movies: Path
) -> None:
    file = make_file(movies / "private" / "a.mp4", "a")
    rescan(catalogue, movies)
    index_all(catalogue)
    catalogue.set_setting("settings", {"exclude": "private/"})
    assert rescan(catalogue, movies).missing == 1
    assert catalogue.videos() == []
    assert at(catalogue, file).presence is Presence.GONE
    assert catalogue.embedded(MODEL) == {}
    catalogue.set_setting("settings", {"exclude": ""})
    rescan(catalogue, movies)
    assert at(catalogue, file).state is VideoState.INDEXED
    assert len(catalogue.embedded(MODEL)) == 1
    assert catalogue.pending(MODEL) == []


def test_folders_of_the_system_are_passed_over(tmp_path: Path) -> None:
    names_of_others = """@eaDir .Trash-1000 .Trashes $RECYCLE.BIN lost+found #recycle #snapshot .snapshots
        .thumbnails @Recycle @tmp"""
    for name in ("System Volume Information", *names_of_others.split()):
        make_file(tmp_path / name / "a.mp4", "x")
    assert names(tmp_path) == []
