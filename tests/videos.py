"""Little videos made by the tests themselves, so that the main job is proved without any shared data."""

import os
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Literal, NamedTuple

import av
import numpy as np
from av.stream import Disposition
from numpy.typing import NDArray

Pattern = Literal["square", "still", "stripes", "pan", "noise"]

COLOURS: dict[str, tuple[int, int, int]] = {
    "black": (0, 0, 0),
    "white": (255, 255, 255),
    "grey": (128, 128, 128),
    "red": (200, 30, 30),
    "green": (30, 170, 60),
    "blue": (40, 60, 200),
    "yellow": (220, 200, 40),
    "purple": (140, 40, 160),
}


_DETERMINISTIC = frozenset({".mp4", ".mov"})
"""Containers that hold the same bytes each time; Matroska has random numbers in it."""

_QUICK: dict[str, dict[str, str]] = {
    "libx264": {"preset": "superfast"},
    "libx265": {"preset": "ultrafast"},
    "libvpx": {"cpu-used": "5"},
    "libvpx-vp9": {"cpu-used": "5"},
}
"""Options of encoders that take no pains but write every kind of picture that they know."""

_SOUND_RATE = 32000
"""Samples per second."""

_made: dict[tuple[object, ...], bytes] = {}
"""Videos by what they were made of: many tests want the same."""


class Scene(NamedTuple):
    """One shot: a background colour (a name of `COLOURS` or RGB) for some seconds."""

    colour: str | tuple[int, int, int]
    seconds: float
    pattern: Pattern = "square"
    """A moving square, nothing at all, moving stripes, a slow pan over a landscape, or fixed noise."""


def make_video(
    path: Path,
    scenes: Sequence[Scene | tuple[str | tuple[int, int, int], float]],
    *,
    codec: str = "libx264",
    size: tuple[int, int] = (320, 240),
    rate: int = 10,
    gop: int | None = None,
    pix_fmt: str = "yuv420p",
    times: Sequence[float] | None = None,
    pixel_aspect: Fraction | None = None,
    rotation: int = 0,
    audio: bool = False,
    sound_seconds: float | None = None,
    metadata: dict[str, str] | None = None,
    options: dict[str, str] | None = None,
    container: str | None = None,
) -> Path:
    """Write a video of hard-cut scenes and return its path; a second one of the same is a copy.

    Args:
        size: coded width and height in pixels.
        rate: frames per second.
        gop: frames from one key frame to the next; the encoder's own choice (cuts included) where None.
        times: presentation times in seconds, one per frame, for a variable rate; `i / rate` where None.
        pixel_aspect: width of a pixel divided by its height.
        rotation: display rotation in degrees counterclockwise (`VideoStream.set_display_rotation`).
        audio: add a second of a quiet tone per second of video.
        sound_seconds: how long the tone is, where not as long as the picture.
        container: name of the format, where the file's suffix does not say it.
    """
    asked = (
        *(path.suffix, container, tuple(map(tuple, scenes)), codec, size, rate, gop, pix_fmt),
        *(None if times is None else tuple(times), pixel_aspect, rotation, audio, sound_seconds),
        *(repr(metadata), repr(options)),
    )
    if asked in _made:
        path.write_bytes(_made[asked])
        return left_alone(path)
    frames = (picture for scene in scenes for picture in draw_scene(Scene(*scene), size, rate))
    tick = 1000
    encoder_options = _QUICK.get(codec, {}) | (options or {})
    if gop is not None and codec == "libx264":
        encoder_options.setdefault("x264-params", f"keyint={gop}:min-keyint={gop}:scenecut=0")
    if codec == "libx265":
        keyint = f"keyint={gop}:min-keyint={gop}:scenecut=0:" if gop is not None else ""
        encoder_options.setdefault("x265-params", f"{keyint}log-level=none:pools=1:frame-threads=1")
    with av.open(str(path), "w", format=container) as output:
        output.metadata.update(metadata or {})
        stream = output.add_stream(codec, rate=rate, options=encoder_options)
        stream.width, stream.height = size
        stream.pix_fmt = pix_fmt
        # MPEG-2 and elementary streams know only frame rates; everything else may carry any time.
        steady = codec == "mpeg2video" or container in {"h264", "hevc"}
        stream.codec_context.time_base = Fraction(1, rate if steady else tick)
        stream.codec_context.thread_count = 1
        if gop is not None:
            stream.codec_context.gop_size = gop
        if pixel_aspect is not None:
            stream.codec_context.sample_aspect_ratio = pixel_aspect
        if rotation:
            stream.set_display_rotation(rotation)
        sound = output.add_stream("aac", rate=_SOUND_RATE, layout="mono") if audio else None
        number = -1
        for number, picture in enumerate(frames):
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.time_base = Fraction(1, tick)
            frame.pts = round((times[number] if times is not None else number / rate) * tick)
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
        if sound is not None:
            for block in range(int((sound_seconds or (number + 1) / rate) * _SOUND_RATE) // 1024):
                samples = np.arange(block * 1024, block * 1024 + 1024)
                wave = np.sin(samples * (2 * np.pi * 440 / _SOUND_RATE)) * 0.1
                tone = av.AudioFrame.from_ndarray(wave.astype(np.float32)[None], format="fltp", layout="mono")
                tone.sample_rate = _SOUND_RATE
                tone.pts = block * 1024
                output.mux(sound.encode(tone))
            output.mux(sound.encode(None))
    if path.suffix in _DETERMINISTIC:
        _made[asked] = path.read_bytes()
    return left_alone(path)


def left_alone(path: Path) -> Path:
    """Date a file a minute back, as one that was not written just now: no run waits for it to be quiet."""
    status = path.stat()
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns - 60 * 10**9))
    return path


def mux_tracks(path: Path, *videos: Path, shift: float = 0.0) -> Path:
    """Copy the picture tracks of some videos into one file, all of them enabled, and return its path.

    Args:
        path: of the new file; its suffix names the format.
        videos: copied in this order.
        shift: seconds by which all times are moved.
    """
    with av.open(str(path), "w") as output:
        for video in videos:
            with av.open(str(video)) as source:
                track = source.streams.video[0]
                copy = output.add_stream_from_template(track)
                copy.disposition = Disposition.default.value
        for number, video in enumerate(videos):
            with av.open(str(video)) as source:
                for packet in source.demux(source.streams.video[0]):
                    if packet.dts is None or packet.pts is None:
                        continue
                    ticks = round(shift / packet.time_base)
                    packet.dts, packet.pts = packet.dts + ticks, packet.pts + ticks
                    packet.stream = output.streams[number]
                    output.mux(packet)
    return path


def repeat_video(path: Path, video: Path, times: int) -> Path:
    """Copy all tracks of a video so many times one after the other into a file, and return its path."""
    with av.open(str(video)) as source, av.open(str(path), "w") as output:
        tracks = [output.add_stream_from_template(track) for track in source.streams]
        packets = [
            (packet, packet.pts, packet.dts, packet.duration or 0)
            for packet in source.demux()
            if packet.dts is not None and packet.pts is not None
        ]
        length = max((pts + duration) * packet.time_base for packet, pts, _, duration in packets)
        length -= min(dts * packet.time_base for packet, _, dts, _ in packets)  # sound may begin before zero
        for number in range(times):
            for packet, pts, dts, duration in packets:
                copy = av.Packet(bytes(packet))
                ticks = round(number * length / packet.time_base)
                copy.time_base, copy.is_keyframe = packet.time_base, packet.is_keyframe
                copy.dts, copy.pts, copy.duration = dts + ticks, pts + ticks, duration
                copy.stream = tracks[packet.stream.index]
                output.mux(copy)
    return path


def make_transparent(path: Path, codec: str, pix_fmt: str, *, rate: int = 4, seconds: float = 3.0) -> Path:
    """Write a red square in the middle of a wholly transparent picture whose hidden colour is green."""
    picture = np.zeros((240, 320, 4), np.uint8)
    picture[..., 1] = 255
    picture[60:180, 100:220] = (255, 0, 0, 255)
    with av.open(str(path), "w") as output:
        plain_only = {"auto-alt-ref": "0"} if codec == "libvpx" else {}
        stream = output.add_stream(codec, rate=rate, options=_QUICK.get(codec, {}) | plain_only)
        stream.width, stream.height, stream.pix_fmt = 320, 240, pix_fmt
        for number in range(round(seconds * rate)):
            frame = av.VideoFrame.from_ndarray(picture, format="rgba")
            frame.pts, frame.time_base = number, Fraction(1, rate)
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    return path


def draw_scene(scene: Scene, size: tuple[int, int], rate: int) -> Iterator[NDArray[np.uint8]]:
    """Draw the pictures of a scene, one by one: `round(seconds * rate)` arrays (H, W, 3) RGB."""
    width, height = size
    colour = COLOURS[scene.colour] if isinstance(scene.colour, str) else scene.colour
    count = max(1, round(scene.seconds * rate))
    ground = np.full((height, width, 3), colour, np.uint8)
    contrast = np.asarray([255 - c for c in colour], np.uint8)
    columns = np.arange(width)
    if scene.pattern == "noise":
        noise = np.random.default_rng(sum(colour)).integers(-60, 60, (height, width, 1))
        ground = np.clip(ground.astype(int) + noise, 0, 255).astype(np.uint8)
    for index in range(count):
        picture = ground.copy()
        seconds = index / rate
        if scene.pattern == "square":
            side = max(2, min(size) // 4)
            left = int(seconds * width / 6) % max(1, width - side)
            top = int((height - side) * (0.5 + 0.4 * np.sin(seconds)))
            picture[top : top + side, left : left + side] = contrast
        elif scene.pattern == "stripes":
            picture[:, (columns + int(seconds * width / 8)) % 32 < 12] = contrast
        elif scene.pattern == "pan":
            shift = columns / width * 6 + seconds * 0.5
            light = (40 * np.sin(shift) + 25 * np.sin(2.7 * shift + 1)).astype(int)
            picture[:] = np.clip(ground[0].astype(int) + light[:, None], 0, 255)
        yield picture
