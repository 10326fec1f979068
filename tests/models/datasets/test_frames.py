"""The frames of a video are the middles of F equal parts, exact, upright, and never those of another file."""

import os
import socket
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from app.errors import MediaError
from app.media.decoding.picture import FrameConverter, geometry
from app.media.frames import Sampling
from models.datasets.frames import SHORT_SIDE, middle_positions, read_frames
from tests.videos import Scene, make_video

Pixels = NDArray[np.uint8]


def all_frames(path: Path, short_side: int = SHORT_SIDE) -> list[Pixels]:
    """Every frame in the order of display, decoded from the start, as the program paints it."""
    painter = FrameConverter(Sampling(short_side=short_side))
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        stream.codec_context.thread_count = 1
        return [
            painter.image(frame, geometry(frame, stream.sample_aspect_ratio))
            for frame in container.decode(stream)
        ]


def middles(total: int, count: int) -> list[int]:
    """X-Pool's `load_frames_from_video`: bounds of equal parts, rounded down; the middle of each part."""
    count = min(total, count)
    bounds = [int(Fraction(total * part, count)) for part in range(count + 1)]
    return [(bounds[part] + bounds[part + 1] - 1) // 2 for part in range(count)]


def assert_middles(path: Path, count: int) -> None:
    every = all_frames(path)
    wanted = [every[position] for position in middles(len(every), count)]
    found = read_frames(path, count)
    assert found.shape == np.stack(wanted).shape
    assert np.array_equal(found, wanted)


@pytest.mark.parametrize("total", [1, 5, 12, 13, 100, 301])
def test_positions_are_the_middles_of_equal_parts(total: int) -> None:
    for count in (1, 3, 12):
        assert middle_positions(0, total, count) == middles(total, count)
        assert middle_positions(7, 7 + total, count) == [7 + position for position in middles(total, count)]


@pytest.mark.parametrize(
    ("suffix", "codec", "options"),
    [
        (".mp4", "libx264", {}),
        (".mkv", "libx265", {}),  # open groups of pictures: some are shown before the key frame they follow
        (".avi", "mpeg4", {"bf": "2"}),  # no times of display, and frames stored out of order
        (".webm", "libvpx-vp9", {"cpu-used": "8", "deadline": "realtime"}),
        (".ts", "libx264", {}),
        (".mpg", "mpeg2video", {}),
    ],
)
def test_frames_equal_those_of_a_full_decode(
    tmp_path: Path, suffix: str, codec: str, options: dict[str, str]
) -> None:
    rate = 25 if codec == "mpeg2video" else 10
    path = make_video(
        tmp_path / f"clip{suffix}",
        [("red", 2.0), Scene("green", 3.0, "stripes"), Scene("blue", 3.5, "pan")],
        codec=codec,
        size=(96, 64),
        gop=8,
        rate=rate,
        options=options,
    )
    for count in (1, 4, 12, 40):
        assert_middles(path, count)


def test_frames_of_a_variable_rate_go_by_number_not_by_time(tmp_path: Path) -> None:
    times = [0.0, 0.1, 0.2, 0.3, 0.4, 5.0, 9.0, 9.5]
    path = make_video(tmp_path / "v.mkv", [Scene("red", 0.8, "stripes")], size=(64, 48), times=times)
    assert_middles(path, 4)


def test_a_short_video_gives_all_it_has(tmp_path: Path) -> None:
    path = make_video(tmp_path / "short.mp4", [Scene("red", 0.5, "stripes")], size=(64, 48))
    assert len(read_frames(path, 12)) == 5
    assert_middles(path, 12)


@pytest.mark.parametrize(
    ("start", "end", "colours"),
    [
        (None, None, "rrrrggggbbbb"),
        (2.0, 4.0, "gggggggggggg"),
        (None, 2.0, "rrrrrrrrrrrr"),
        (4.0, None, "bbbbbbbbbbbb"),
        (1.0, 3.0, "rrrrrrgggggg"),
        (3.0, 31.0, "ggggbbbbbbbb"),
        (2.05, 2.06, "g"),  # between two frames: the one on display
        (5.98, 99.0, "b"),
    ],
)
def test_a_segment_is_honoured(tmp_path: Path, start: float | None, end: float | None, colours: str) -> None:
    path = make_video(
        tmp_path / "rgb.mp4",
        [Scene((200, 0, 0), 2, "still"), Scene((0, 200, 0), 2, "still"), Scene((0, 0, 200), 2, "still")],
        size=(64, 48),
        gop=15,
    )
    found = read_frames(path, 12, start=start, end=end)
    assert "".join("rgb"[channel] for channel in found.mean((1, 2)).argmax(1)) == colours


def test_a_segment_beyond_the_end_is_an_error(tmp_path: Path) -> None:
    path = make_video(tmp_path / "v.mp4", [("red", 2.0)], size=(64, 48))
    with pytest.raises(MediaError, match=r"ends after 2\.0 s"):
        read_frames(path, start=2.5)


@pytest.mark.parametrize("rotation", [0, 90, 180, -90])
def test_frames_are_upright_and_at_most_the_short_side(tmp_path: Path, rotation: int) -> None:
    path = make_video(
        tmp_path / "turned.mp4",
        [Scene("red", 1, "square")],
        size=(160, 96),
        rotation=rotation,
        pixel_aspect=Fraction(4, 3),
    )
    assert np.array_equal(read_frames(path, 10, short_side=48), all_frames(path, 48))
    assert min(read_frames(path, 1, short_side=48).shape[1:3]) == 48


@pytest.mark.parametrize(
    "name",
    [
        "clips/002_asl_help.mkv",
        "clips/056_child_bike.mp4",
        "clips/077_classroom.mp4",
        "clips/083_woman_head.mpg",
        "odd/valid_animation.gif",
        "odd/valid_hevc_10bit.mkv",
        "odd/valid_interlaced.mpg",
        "odd/valid_motion_jpeg.avi",
        "odd/valid_one_frame.mp4",
        "odd/valid_starts_at_one_hour.ts",
        "odd/valid_variable_rate.mp4",
        "odd/video_90.mov",
    ],
)
def test_frames_of_real_files_equal_those_of_a_full_decode(shared_data: Path, name: str) -> None:
    assert_middles(shared_data / name, 12)


def spoil(path: Path, runs: range, gop: int) -> None:
    """Overwrite the coded pictures of some groups of pictures, numbered from 0, and nothing else."""
    with av.open(str(path)) as container:
        packets = [(packet.pos, packet.size) for packet in container.demux(video=0) if packet.size]
    content = bytearray(path.read_bytes())
    for number, (position, size) in enumerate(packets):
        if number // gop in runs:
            assert position is not None
            content[position : position + size] = b"\x00" * size
    path.write_bytes(bytes(content))


def test_only_the_groups_of_pictures_with_a_wanted_frame_are_decoded(tmp_path: Path) -> None:
    path = make_video(
        tmp_path / "v.mp4", [Scene("red", 10, "stripes")], size=(64, 48), gop=10, options={"bf": "0"}
    )
    sound = read_frames(path, 2)  # frames 24 and 74 of 100
    for runs in (range(2), range(3, 7), range(8, 10)):
        spoil(path, runs, 10)
    assert np.array_equal(read_frames(path, 2), sound)
    spoil(path, range(7, 8), 10)
    with pytest.raises(MediaError, match="damaged: 1 of 2 frames"):
        read_frames(path, 2)


@pytest.mark.parametrize("kind", ["bad_*", "hostile_*"])
def test_what_is_damaged_or_hostile_is_a_plain_error(
    shared_data: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: object) -> None:
        raise AssertionError("a video opened a socket")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    readable = {"bad_bit_errors.mp4", "bad_claims_65535px.mp4", "bad_claims_endless.mp4"}
    paths = [path for path in sorted((shared_data / "odd").glob(kind)) if path.name not in readable]
    assert len(paths) >= 3
    for path in paths:
        with pytest.raises(MediaError):
            read_frames(path)


def test_a_cut_off_video_says_how_much_is_there(shared_data: Path) -> None:
    with pytest.raises(MediaError, match="66 of its 150 frames"):
        read_frames(shared_data / "odd" / "bad_second_half_missing.mp4")


def test_what_is_no_file_is_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.mp4")
    for path in (tmp_path / "pipe.mp4", tmp_path, tmp_path / "gone.mp4"):
        with pytest.raises(MediaError):
            read_frames(path)
    with pytest.raises(ValueError, match="0 frames"):
        read_frames(tmp_path / "gone.mp4", 0)
