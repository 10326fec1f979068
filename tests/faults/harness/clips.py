"""Clips made with ffmpeg, each a second or two of work."""

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

H264 = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-threads", "1")
PATTERN = "testsrc2=s={size}:r={rate}:d={seconds}"

CONTAINERS: dict[str, Sequence[str]] = {
    "mp4": H264,
    "mov": (*H264, "-movflags", "faststart"),
    "mkv": H264,
    "avi": ("-c:v", "mpeg4"),
    "ts": ("-c:v", "mpeg2video"),
    "mpg": ("-c:v", "mpeg1video"),
    "flv": ("-c:v", "flv1"),
    "wmv": ("-c:v", "wmv2"),
    "ogv": ("-c:v", "libtheora"),
    "webm": ("-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8"),
    "gif": (),
    "3gp": ("-c:v", "h263", "-s", "176x144"),
    "mxf": ("-c:v", "mpeg2video", "-r", "25"),
    "m4v": ("-c:v", "mpeg4"),
    "vob": ("-c:v", "mpeg2video"),
    "asf": ("-c:v", "msmpeg4"),
    "mjpeg.avi": ("-c:v", "mjpeg", "-pix_fmt", "yuvj420p"),
    "frag.mp4": (*H264, "-movflags", "frag_keyframe+empty_moov"),
    "dv": ("-c:v", "dvvideo", "-s", "720x576", "-r", "25", "-pix_fmt", "yuv420p"),
    "rm": ("-c:v", "rv10", "-s", "176x144"),
}
"""Options of ffmpeg's encoder by the suffix of the file."""


def ffmpeg(*words: str | Path) -> None:
    """Run ffmpeg, which overwrites and says errors only."""
    subprocess.run(
        ["ffmpeg", "-v", "error", "-nostdin", "-y", *map(str, words)], check=True, capture_output=True
    )


_patterns: dict[tuple[object, ...], bytes] = {}
"""Test patterns by what they were made of."""


def pattern(
    path: Path,
    seconds: float = 3.0,
    *options: str,
    size: str = "160x120",
    rate: int = 10,
    sound: bool = False,
) -> Path:
    """A moving test pattern; h264 where `options` name no codec. A second mp4 of the same is a copy."""
    path.parent.mkdir(parents=True, exist_ok=True)
    asked = (path.suffix, seconds, options, size, rate, sound)
    if asked in _patterns:
        path.write_bytes(_patterns[asked])
        return path
    source = PATTERN.format(size=size, rate=rate, seconds=seconds)
    tone = ["-f", "lavfi", "-i", f"sine=d={seconds}"] if sound else []
    ffmpeg("-f", "lavfi", "-i", source, *tone, *(options or H264), path)
    if path.suffix == ".mp4":
        _patterns[asked] = path.read_bytes()
    return path


def plain(path: Path, colour: str, seconds: float = 3.0, *options: str, size: str = "160x120") -> Path:
    """A picture of one colour with a small moving square, so that it is a film."""
    path.parent.mkdir(parents=True, exist_ok=True)
    source = f"color=c={colour}:s={size}:r=10:d={seconds}"
    ffmpeg("-f", "lavfi", "-i", source, *(options or H264), path)
    return path


def good_folder(folder: Path, count: int = 3) -> list[str]:
    """A folder of healthy clips of different content; returns their names."""
    names = []
    for number in range(count):
        names.append(f"good-{number:02d}.mp4")
        pattern(folder / names[-1], 2 + 0.5 * number)
    return names


def of_each_container(folder: Path, seconds: float = 2.0) -> list[Path]:
    """One clip in each container that this ffmpeg can write."""
    made = []
    for suffix, options in CONTAINERS.items():
        path = folder / f"clip.{suffix}"
        try:
            pattern(path, seconds, *options, *(() if options else ("-loop", "0")))
        except subprocess.CalledProcessError:  # an ffmpeg without this encoder
            path.unlink(missing_ok=True)
        else:
            made.append(path)
    return made


def copy(source: Path, target: Path) -> Path:
    """Copy a clip, making folders."""
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
    return target
