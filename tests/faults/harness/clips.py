"""Clips made with ffmpeg, each a second or two of work."""

import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import pairwise
from pathlib import Path

import av
import av.filter

H264 = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-threads", "1")
_ULTRAFAST = {"preset": "ultrafast"}
PATTERN = "testsrc2=s={size}:r={rate}:d={seconds}"

CONTAINERS: dict[str, Sequence[str]] = {
    "mp4": H264,
    "mov": (*H264, "-movflags", "faststart"),
    "mkv": H264,
    "avi": ("-c:v", "mpeg4"),
    "ts": ("-c:v", "mpeg2video"),
    "mpg": ("-c:v", "mpeg1video", "-r", "25"),
    "flv": ("-c:v", "flv1"),
    "wmv": ("-c:v", "wmv2"),
    "ogv": ("-c:v", "libtheora"),
    "webm": ("-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8"),
    "gif": ("-loop", "0"),
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


def pattern(path: Path, seconds: float = 3.0, *options: str, size: str = "160x120", rate: int = 10) -> Path:
    """A moving test pattern; h264 where `options` name no codec."""
    return _film(path, PATTERN.format(size=size, rate=rate, seconds=seconds), *options)


def plain(path: Path, colour: str, seconds: float = 3.0, *options: str, size: str = "160x120") -> Path:
    """A picture of one colour."""
    return _film(path, f"color=c={colour}:s={size}:r=10:d={seconds}", *options)


def _film(path: Path, source: str, *options: str) -> Path:
    """What a source of libavfilter shows; without options as ffmpeg makes it of `H264`, and more quickly."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if options:
        ffmpeg("-f", "lavfi", "-i", source, *options, path)
        return path
    with av.open(str(path), "w") as output:
        track = None
        for picture in _pictures(source):
            if track is None:
                track = output.add_stream("libx264", rate=round(1 / picture.time_base), options=_ULTRAFAST)
                track.width, track.height, track.pix_fmt = picture.width, picture.height, "yuv420p"
                track.codec_context.thread_count = 1
            output.mux(track.encode(picture))
        assert track is not None
        output.mux(track.encode(None))
    return path


def _pictures(source: str) -> Iterator[av.VideoFrame]:
    graph = av.filter.Graph()
    name, _, words = source.partition("=")
    nodes = graph.add(name, words), graph.add("format", "yuv420p"), graph.add("buffersink")
    for before, after in pairwise(nodes):
        before.link_to(after)
    graph.configure()
    with suppress(EOFError):
        while True:
            yield graph.vpull()


def like(original: Path, path: Path, number: int) -> Path:
    """A clip that shows the same, in another content for each number; returns its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(original.read_bytes() + b"\0\0\0\x08free" * (number + 1))
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
    source = ("-f", "lavfi", "-i", PATTERN.format(size="160x120", rate=10, seconds=seconds))
    outputs = [(*how, "-threads", "1", folder / f"clip.{suffix}") for suffix, how in CONTAINERS.items()]
    try:
        ffmpeg(*source, *(word for output in outputs for word in output))
    except subprocess.CalledProcessError:  # an ffmpeg without one of these encoders
        for *options, path in outputs:
            try:
                ffmpeg(*source, *options, path)
            except subprocess.CalledProcessError:
                Path(path).unlink(missing_ok=True)
    return [path for path in (folder / f"clip.{suffix}" for suffix in CONTAINERS) if path.exists()]


def copy(source: Path, target: Path) -> Path:
    """Copy a clip, making folders."""
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
    return target
