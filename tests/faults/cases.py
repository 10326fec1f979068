"""The situations that people complained about: each function makes one in an empty folder."""

import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.faults.harness.clips import H264, copy, ffmpeg, like, pattern, plain

LAST_DATE = 15_032_304_000
"""In the year 2446, the last that ext4 can store: seconds since 1970."""


def with_a_date(folder: Path, seconds: int, original: Path, number: int) -> None:
    """A clip that bears this date, and one of today; both are named after the folder.

    Args:
        folder: a new one.
        seconds: since 1970.
        original: what both are like.
        number: makes their contents their own.
    """
    odd = like(original, folder / f"{folder.name}.mp4", 2 * number)
    like(original, folder / f"beside {folder.name}.mp4", 2 * number + 1)
    os.utime(odd, (seconds, seconds))


JOINED_PARTS = {
    "three": [(0, 6, "red"), (6, 16, "blue"), (16, 21, "green")],
    "two": [(0, 6, "red"), (6, 11, "green")],
}
"""Start, end and colour of the parts of each joined recording; every part's own clock starts at zero."""


def joined_recordings(formats: Mapping[Path, tuple[str, str, int]]) -> None:
    """The recordings of `JOINED_PARTS`, joined byte by byte; in the second the later part is the shorter.

    Args:
        formats: codec, container and group of pictures, by the files' common name, as `folder/….ts`.
    """
    inputs: list[str] = []
    outputs: list[str | Path] = []
    for number, (colour, seconds) in enumerate((("red", 6), ("blue", 10), ("green", 5))):
        inputs += ["-f", "lavfi", "-i", f"color=c={colour}:s=160x120:r=25:d={seconds}"]
        inputs += ["-f", "lavfi", "-i", f"sine=d={seconds}:r=22050"]
        for path, (codec, container, gop) in formats.items():
            outputs += ["-map", f"{2 * number}", "-map", f"{2 * number + 1}"]
            outputs += ["-vf", "drawbox=x=10+10*t:y=50:w=20:h=20:color=white:t=fill"]
            outputs += ["-c:v", codec, "-pix_fmt", "yuv420p", "-g", str(gop), "-b:v", "500k", "-threads", "1"]
            outputs += ["-preset", "superfast"] if codec == "libx264" else []
            outputs += ["-c:a", "mp2", "-f", container, path.with_name(f"part.{colour}")]
    ffmpeg(*inputs, *outputs)
    for path in formats:
        red, blue, green = (path.with_name(f"part.{colour}") for colour in ("red", "blue", "green"))
        for name, parts in (("three", (red, blue, green)), ("two", (red, green))):
            path.with_stem(name).write_bytes(b"".join(part.read_bytes() for part in parts))
        for part in (red, blue, green):
            part.unlink()


def picture_after_sound(folder: Path, *suffixes: str, delay: int = 8, sound: int = 20) -> None:
    """Sound from the start, the picture `delay` seconds later: 3 s red, then 3 s blue."""
    film, tone = folder / "film.tmp.mp4", folder / "tone.tmp.m4a"
    ffmpeg(
        *("-f", "lavfi", "-i", "color=c=red:s=160x120:r=10:d=3"),
        *("-f", "lavfi", "-i", "color=c=blue:s=160x120:r=10:d=3"),
        *("-filter_complex", "[0][1]concat=n=2", *H264, "-g", "10", film),
    )
    ffmpeg("-f", "lavfi", "-i", f"sine=d={sound}", "-c:a", "aac", tone)
    copied = ("-map", "1:v", "-map", "0:a", "-c", "copy")
    outputs = [word for suffix in suffixes for word in (*copied, folder / f"late.{suffix}")]
    ffmpeg("-i", tone, "-itsoffset", str(delay), "-i", film, *outputs)
    film.unlink()
    tone.unlink()


def sound_after_picture(folder: Path, *suffixes: str) -> None:
    """Six seconds of picture, twenty of sound."""
    film, webm = folder / "film.tmp.mp4", folder / "early.webm"
    ffmpeg(
        *("-f", "lavfi", "-i", "testsrc2=s=160x120:r=10:d=6.3", "-f", "lavfi", "-i", "sine=d=20:r=22050"),
        *(*H264, "-c:a", "aac", film),
        *("-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8", "-c:a", "libvorbis", webm),
    )
    ffmpeg("-i", film, *(word for suffix in suffixes for word in ("-c", "copy", folder / f"early.{suffix}")))
    film.unlink()


def stills_beside_films(codecs: Mapping[Path, Sequence[str]]) -> None:
    """A film of 120 frames beside one larger picture, both enabled.

    Args:
        codecs: the still's, h264 where there is none, by the new file.
    """
    pattern_source, still = "testsrc2=s=320x240:r=30:d=4", "color=c=gray:s=800x600:r=1:d=1"
    outputs: list[str | Path] = []
    for path, codec in codecs.items():
        outputs += ["-map", "0", "-map", "1", "-disposition:v:0", "default", "-disposition:v:1", "default"]
        outputs += [*H264, *(("-c:v:1", *codec) if codec else ()), path]
    ffmpeg("-f", "lavfi", "-i", pattern_source, "-f", "lavfi", "-i", still, *outputs)


FILM = "film.mp4"


def typescript_and_songs(folder: Path) -> None:
    """One video, `FILM`, among source files called .ts and .mts and songs called .ogg."""
    for number in range(6):
        source = folder / "node_modules" / "pkg" / f"file{number}.d.ts"
        source.parent.mkdir(parents=True, exist_ok=True)
        source.write_text(f"export declare const item{number}: string;\n")
    (folder / "module.mts").write_text("export {};\n")
    (folder / "translations.ts").write_text('<?xml version="1.0"?>\n<!DOCTYPE TS>\n<TS version="2.1"></TS>\n')
    (folder / "empty.ts").write_text("")
    (folder / "music").mkdir()
    outputs: list[str | Path] = []
    for number in (1, 2):
        outputs += ["-t", str(number), "-c:a", "libvorbis", folder / "music" / f"song{number}.ogg"]
    ffmpeg("-f", "lavfi", "-i", "sine=d=2", *outputs)
    pattern(folder / FILM, 3)


OTHER_SUFFIXES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "program stream": (("-c:v", "mpeg2video", "-f", "vob"), ("MOV001.MOD", "HD001.TOD", "a.m2p")),
    "mp4": (
        (*H264, "-f", "mp4"),
        ("GL010001.LRV", "VID_0001.insv", "GS010001.360", "PXL_0001.MP", "clip.3gpp"),
    ),
    "transport stream": (("-c:v", "mpeg2video", "-f", "mpegts"), ("rec.tp", "rec.trp")),
    "real": (("-c:v", "rv10", "-s", "176x144", "-f", "rm"), ("old.rm", "old.rmvb")),
    "wtv": (("-c:v", "mpeg2video", "-f", "wtv"), ("tv.wtv",)),
    "asf": (("-c:v", "mpeg2video", "-f", "asf"), ("tv.dvr-ms",)),
    "h264": ((*H264, "-f", "h264"), ("cam.h264", "cam.264")),
    "matroska": ((*H264, "-f", "matroska"), ("a.mk3d",)),
}
"""How a clip of each kind is made, and the names that cameras and recorders give it."""


LASTS = {
    name: 2.0 + 0.2 * number
    for number, name in enumerate(name for _, names in OTHER_SUFFIXES.values() for name in names)
}
"""How many seconds each of them lasts, so that no two have the same content."""


def other_suffixes(folder: Path) -> None:
    """Every name of `OTHER_SUFFIXES`."""
    outputs: list[str | Path] = []
    for options, names in OTHER_SUFFIXES.values():
        for name in names:
            outputs += [*options, "-t", f"{LASTS[name]:.1f}", folder / name]
    ffmpeg("-f", "lavfi", "-i", "testsrc2=s=160x120:r=25", *outputs)


def copies_of_one_clip(folder: Path, count: int = 6) -> list[Path]:
    """The same clip in so many folders, and a red one; returns the copies."""
    first = pattern(folder / "copy1" / "same.mp4", 4)
    copies = [first, *(copy(first, folder / f"copy{n}" / "same.mp4") for n in range(2, count + 1))]
    plain(folder / "red.mp4", "red")
    return copies


def transparent_picture(folder: Path) -> None:
    """A red square in the middle of a transparent picture whose hidden colour is green."""
    inside = "between(X,50,110)*between(Y,30,90)"
    ffmpeg(
        "-f",
        "lavfi",
        "-i",
        "color=c=red:s=160x120:r=10:d=3,format=rgba,"
        f"geq=r='if({inside},255,0)':g='if({inside},0,255)':b='0':a='if({inside},255,0)'",
        *("-c:v", "qtrle", folder / "sticker.mov"),
    )


STREAMS: dict[str, Sequence[str]] = {
    "pi-h264.mp4": (*H264, "-f", "h264"),
    "raw.h264": (*H264, "-f", "h264", "-g", "13"),
    "pi-hevc.mp4": (
        *("-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=none:pools=1"),
        *("-pix_fmt", "yuv420p", "-f", "hevc"),
    ),
    "old.m2v": ("-c:v", "mpeg2video", "-f", "mpeg2video"),
}


def elementary_streams(folder: Path, seconds: float = 4.0) -> None:
    """Streams without a container, 25 frames a second, some of them named like an mp4."""
    outputs = [word for name, options in STREAMS.items() for word in (*options, folder / name)]
    ffmpeg("-f", "lavfi", "-i", f"testsrc2=s=160x120:r=25:d={seconds}", *outputs)


def renamed_afterwards(folder: Path) -> None:
    """Two clips in `old`."""
    for seconds in (3, 4):
        pattern(folder / "old" / f"{seconds}.mp4", seconds)


def linked_folder(folder: Path) -> tuple[Path, Path]:
    """`watched`, with a clip and a link to `elsewhere`; returns both."""
    watched, elsewhere = folder / "watched", folder / "elsewhere"
    elsewhere.mkdir(parents=True)
    pattern(watched / "a.mp4", 3)
    (watched / "link").symlink_to("../elsewhere")
    return watched, elsewhere


def latin1_name(folder: Path) -> Path:
    """A clip whose name is not UTF-8; returns its path."""
    made = pattern(folder / "a.mp4", 4)
    return Path(shutil.move(made, folder / os.fsdecode(b"caf\xe9.mp4")))
