"""Videos that can be decoded, made here: a few seconds are encoded and repeated up to the wanted length."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import cast

import av
import cv2
import numpy as np
from av.stream import Stream
from av.video.stream import VideoStream
from numpy.typing import NDArray

from benchmarks.scale.place import Place

_RATE = 30
_ENCODED = 4
"""Seconds."""
GOP = 60
"""Frames from one key frame to the next."""
_FINE = 6
"""Levels of the fine structures: key frames of 180 KB at 1080p. The given clips, enlarged to 1080p and
encoded in the same way, have 30 to 180 KB; 12 levels would make 440 KB.
"""


def hd_videos(place: Place) -> Path:
    """Folder of h264 videos with a key frame every two seconds; each has another content."""
    return _hd_videos(place, "hd", range(place.effort.videos))


def many_hd_videos(place: Place) -> list[Path]:
    """Folders of such videos, those of `hd_videos` among them: so many that a first look is taken."""
    return [
        hd_videos(place),
        _hd_videos(place, "more", range(place.effort.videos, place.effort.many)),
    ]


def _hd_videos(place: Place, name: str, numbers: range) -> Path:
    folder = place.made / name
    folder.mkdir(parents=True, exist_ok=True)
    options = {"preset": "veryfast", "crf": "23", "x264-params": f"keyint={GOP}:min-keyint={GOP}:scenecut=0"}
    for number in numbers:
        path = folder / f"{number:02d}.mp4"
        if not path.exists():
            _make(path, place.effort.hd, place.effort.seconds, "libx264", "yuv420p", options, number)
    return folder


def ten_bit_video(place: Place) -> Path:
    """An HEVC video of 10 bits per channel."""
    path = place.made / "uhd" / "ten-bit.mp4"
    path.parent.mkdir(parents=True, exist_ok=True)
    params = f"keyint={GOP}:min-keyint={GOP}:scenecut=0:open-gop=0:log-level=none"
    options = {"preset": "ultrafast", "x265-params": params}
    if not path.exists():
        _make(path, place.effort.uhd, place.effort.seconds, "libx265", "yuv420p10le", options, 0)
    return path


def _make(
    path: Path,
    size: tuple[int, int],
    seconds: int,
    codec: str,
    pixels: str,
    options: dict[str, str],
    number: int,
) -> None:
    part = path.with_suffix(".part")
    encoded = min(_ENCODED, seconds)
    with av.open(str(part), "w", format="mp4") as output:
        stream = cast(VideoStream, output.add_stream(codec, rate=_RATE, options=options))
        stream.width, stream.height = size
        stream.pix_fmt = pixels
        stream.time_base = Fraction(1, _RATE)
        packets: list[av.Packet[VideoStream]] = []
        for image in _scene(size, encoded * _RATE, number):
            frame = av.VideoFrame.from_ndarray(image, "bgr24")
            packets += stream.encode(frame)
        packets += stream.encode(None)
        laps = [packet for _ in range(seconds // encoded) for packet in packets]
        for place, packet in enumerate(laps):
            output.mux(_at_lap(packet, stream, place // len(packets) * encoded))
    part.replace(path)


def _at_lap(packet: av.Packet[VideoStream], stream: VideoStream, later: int) -> av.Packet[Stream]:
    """A copy of an encoded packet, some seconds later."""
    copy = av.Packet(bytes(packet))
    copy.stream = stream
    copy.time_base = packet.time_base
    shift = round(later / packet.time_base)
    assert packet.pts is not None
    assert packet.dts is not None
    copy.pts, copy.dts = packet.pts + shift, packet.dts + shift
    copy.duration = packet.duration
    copy.is_keyframe = packet.is_keyframe
    return copy


def _scene(size: tuple[int, int], frames: int, number: int) -> Iterator[NDArray[np.uint8]]:
    """A camera that pans over a picture of fine and coarse structures, a cut in the middle."""
    width, height = size
    rng = np.random.default_rng(number)
    pictures = []
    for start in range(2):
        coarse = rng.integers(256, size=(9 + start, 16, 3), dtype=np.uint8)
        wide = cv2.resize(coarse, (width + 4 * frames, height), interpolation=cv2.INTER_CUBIC)
        fine = rng.integers(-_FINE, _FINE, size=wide.shape, dtype=np.int16)
        pictures.append(np.clip(wide + fine, 0, 255).astype(np.uint8))
    for frame in range(frames):
        picture = pictures[2 * frame // frames]
        yield np.ascontiguousarray(picture[:, 4 * frame : 4 * frame + width])
