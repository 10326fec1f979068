"""PyAV 15 to 19 are read alike: what differs between them is settled in one module, by what is there."""

import io
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from av.codec import CodecContext
from av.container import InputContainer
from av.packet import Packet
from av.stream import Disposition, Stream
from av.video.codeccontext import VideoCodecContext
from av.video.format import VideoFormat, VideoFormatComponent
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, Colorspace, Interpolation, VideoReformatter
from av.video.stream import VideoStream

from app.media import libav
from app.media.decoding.opening.container import FORMATS
from tests.videos import Scene, make_video

CALLED = [
    (av, ["open", "FFmpegError", "time_base", "library_versions", "codecs_available"]),
    (CodecContext, ["create", "decode", "encode", "flush_buffers", "options", "thread_count", "thread_type"]),
    (VideoCodecContext, ["skip_frame", "width", "height", "pix_fmt", "time_base", "codec"]),
    (InputContainer, ["demux", "start_time", "duration", "format", "metadata", "streams", "close"]),
    (Stream, ["index", "start_time", "duration", "frames", "time_base", "disposition", "metadata"]),
    (VideoStream, ["codec_context"]),
    (Packet, ["pts", "dts", "duration", "size", "is_keyframe", "is_discard", "time_base", "stream"]),
    (
        VideoFrame,
        ["pts", "dts", "width", "height", "format", "colorspace", "key_frame", "is_corrupt", "planes"],
    ),
    (VideoFrame, ["side_data", "rotation", "from_ndarray", "to_ndarray"]),
    (VideoFormat, ["name", "is_rgb", "has_palette", "components"]),
    (VideoFormatComponent, ["is_alpha"]),
    (VideoReformatter, ["reformat"]),
    (Colorspace, ["ITU709", "ITU601", "SMPTE240M"]),
    (Interpolation, ["AREA", "BICUBIC"]),
    (ColorRange, ["MPEG"]),
    (Disposition, ["default", "attached_pic", "timed_thumbnails", "still_image"]),
]


@pytest.mark.parametrize(("owner", "names"), CALLED, ids=lambda value: getattr(value, "__name__", None))
def test_all_that_is_called_exists(owner: object, names: list[str]) -> None:
    assert [name for name in names if not hasattr(owner, name)] == []


def test_every_format_is_known() -> None:
    known = {name for entry in av.formats_available for name in entry.split(",")}
    assert [name for name in FORMATS.split(",") if name not in known] == []


def test_a_tag_that_is_no_utf8_does_not_keep_a_file_from_being_read(tmp_path: Path) -> None:
    path = make_video(tmp_path / "v.mp4", [Scene("red", 1)], metadata={"title": "xxxxxxxx"})
    data = path.read_bytes().replace(b"xxxxxxxx", b"\xff\xfe caf\xe9")
    with libav.open_input(io.BytesIO(data), FORMATS, lambda *_: io.BytesIO()) as container:
        assert "caf" in container.metadata["title"]


@pytest.mark.parametrize("value", [None, 0, Fraction(0), float("nan"), float("inf"), -1, Fraction(-1, 25)])
def test_what_is_no_rate_is_zero(value: float | None) -> None:
    assert libav.number(value) == 0


def test_a_rate_is_a_number() -> None:
    assert libav.number(Fraction(30000, 1001)) == pytest.approx(29.97, abs=0.01)


def test_scaling_takes_what_it_is_given() -> None:
    grey = av.VideoFrame.from_ndarray(np.full((16, 16, 3), 99, np.uint8), format="rgb24")
    small = VideoReformatter().reformat(
        grey.reformat(format="yuv420p"), 8, 8, "rgb24", src_colorspace=libav.BT2020, **libav.ONE_THREAD
    )
    assert small.to_ndarray().mean() == pytest.approx(99, abs=3)
