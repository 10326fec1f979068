"""Which frames come out of a video, and that each is truly the file's frame at that time."""

from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pytest

from app.media.decoder import Decoder
from app.media.frames import Frame, Origin, Sampling, VideoFacts
from tests.media.reference import assert_true_frames, frame_times
from tests.videos import Scene, make_video

SCENES = [Scene("red", 4), Scene("blue", 4, "stripes"), Scene("yellow", 3)]


def read(decoder: Decoder, path: Path, sampling: Sampling | None = None) -> tuple[VideoFacts, list[Frame]]:
    with decoder.open(path, sampling or Sampling()) as stream:
        frames = list(stream)
        assert stream.warning == ""
        return stream.facts, frames


@pytest.mark.parametrize(
    ("codec", "suffix", "gop"),
    [
        ("libx264", "mp4", 250),
        ("libx264", "mkv", 10),
        ("libx264", "ts", 25),
        ("libx265", "mp4", 30),
        ("libx265", "mkv", 250),
        ("libvpx-vp9", "webm", 40),
        ("libvpx", "webm", 40),
        ("libsvtav1", "mkv", 40),
        ("mpeg4", "mp4", 12),
        ("mpeg2video", "mpg", 12),
    ],
)
def test_every_frame_is_a_frame_of_the_file_at_its_own_time(
    decoder: Decoder, tmp_path: Path, codec: str, suffix: str, gop: int
) -> None:
    size = (240, 180)
    video = make_video(tmp_path / f"video.{suffix}", SCENES, codec=codec, size=size, rate=25, gop=gop)
    facts, frames = read(decoder, video)
    assert_true_frames(video, frames, Sampling())
    assert facts.duration == pytest.approx(11, abs=0.1)
    assert 9 <= len(frames) <= 12
    gaps = [after.time - before.time for before, after in pairwise(frames)]
    assert min(gaps) > 0.1, "a shot's first frame may come between"
    assert max(gaps) < 1.6
    assert frames[0].time < 0.05


@pytest.mark.parametrize(("codec", "suffix"), [("libx264", "mp4"), ("libvpx-vp9", "webm")])
def test_a_shot_begins_with_its_first_frame(
    decoder: Decoder, tmp_path: Path, codec: str, suffix: str
) -> None:
    """Key frames every five seconds, and none at the cuts."""
    scenes = [Scene("red", 3.48), Scene("blue", 4.2, "stripes"), Scene("green", 3)]
    options = {"preset": "medium", "x264-params": "scenecut=0"} if codec == "libx264" else None
    video = make_video(tmp_path / f"v.{suffix}", scenes, codec=codec, rate=25, gop=125, options=options)
    _, frames = read(decoder, video)
    first = {frame.clip: frame.time for frame in reversed(frames)}
    assert sorted(first.values()) == pytest.approx([0.0, 3.48, 7.68], abs=0.05)


def test_variable_rate_keeps_the_times_of_the_file(decoder: Decoder, tmp_path: Path) -> None:
    times = [0.0, 0.1, 0.2, 1.7, 1.75, 1.8, 4.0, 4.5, 9.25, 9.3]
    video = make_video(tmp_path / "v.mp4", [Scene("red", 1, "stripes")], times=times, rate=10)
    _, frames = read(decoder, video)
    assert_true_frames(video, frames, Sampling())
    assert [frame.time for frame in frames] == [0, 1.7, 4.0, 4.5, 9.25]


def test_key_frames_alone_are_enough_where_they_are_a_second_apart(decoder: Decoder, tmp_path: Path) -> None:
    video = make_video(tmp_path / "v.mp4", [Scene("red", 8, "stripes")], rate=10, gop=10)
    _, frames = read(decoder, video)
    assert [frame.time for frame in frames] == pytest.approx(range(8))
    assert all(frame.key for frame in frames)


@pytest.mark.parametrize("count", [1, 2, 3, 4, 20])
def test_a_short_video_still_gives_the_least_number_of_frames(
    decoder: Decoder, tmp_path: Path, count: int
) -> None:
    video = make_video(tmp_path / "v.mp4", [Scene("red", count / 10)], rate=10)
    _, frames = read(decoder, video)
    assert len(frames) == min(3, count)
    assert_true_frames(video, frames, Sampling())


def test_a_still_video_is_told_by_few_frames_spread_over_it(decoder: Decoder, tmp_path: Path) -> None:
    video = make_video(tmp_path / "v.mp4", [Scene("black", 30, "still")], rate=5)
    _, frames = read(decoder, video)
    assert [frame.time for frame in frames] == pytest.approx([0, 10, 20], abs=1)


def test_fewer_frames_per_second_can_be_asked_for(decoder: Decoder, tmp_path: Path) -> None:
    video = make_video(tmp_path / "v.mp4", [Scene("red", 12)], rate=10, gop=20)
    _, frames = read(decoder, video, Sampling(max_rate=0.25))
    assert [frame.time for frame in frames] == pytest.approx([0, 4, 8], abs=0.2)


def test_no_clip_spans_a_hard_cut_nor_grows_too_long(decoder: Decoder, tmp_path: Path) -> None:
    scenes = [("red", 5.0), ("blue", 3.3), ("green", 20.0), ("white", 2.1), ("black", 4.0)]
    video = make_video(tmp_path / "v.mp4", scenes, rate=10, gop=300)
    _, frames = read(decoder, video, Sampling(clip_frames=6))
    starts = np.cumsum([0] + [seconds for _, seconds in scenes])
    clips: dict[int, set[int]] = {}
    for frame in frames:
        scene = int(np.searchsorted(starts, frame.time + 1e-6, side="right"))
        clips.setdefault(frame.clip, set()).add(scene)
    assert all(len(scenes_of_clip) == 1 for scenes_of_clip in clips.values())
    sizes = [sum(frame.clip == clip for frame in frames) for clip in clips]
    assert max(sizes) <= 6
    assert list(clips) == list(range(len(clips)))
    assert len(clips) <= 9


def test_one_shot_stays_one_clip(decoder: Decoder, tmp_path: Path) -> None:
    video = make_video(tmp_path / "v.mp4", [Scene("green", 11, "pan")], rate=25, gop=50)
    _, frames = read(decoder, video)
    assert {frame.clip for frame in frames} == {0}


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_phone_video_stands_upright(decoder: Decoder, tmp_path: Path, rotation: int) -> None:
    """The square is at the left of the coded picture; the matrix turns it counterclockwise."""
    plain = make_video(tmp_path / "plain.mp4", [Scene("black", 1, "square")], size=(320, 240))
    turned = make_video(tmp_path / "t.mp4", [Scene("black", 1, "square")], size=(320, 240), rotation=rotation)
    _, before = read(decoder, plain)
    facts, after = read(decoder, turned)
    assert facts.rotation == 360 - rotation
    assert (facts.width, facts.height) == ((320, 240) if rotation == 180 else (240, 320))
    np.testing.assert_array_equal(after[0].image, np.rot90(before[0].image, rotation // 90))


def test_pixels_become_square(decoder: Decoder, tmp_path: Path) -> None:
    video = make_video(tmp_path / "v.mp4", [("red", 1.0)], size=(320, 240), pixel_aspect=Fraction(2, 1))
    facts, frames = read(decoder, video)
    assert (facts.width, facts.height) == (640, 240)
    assert frames[0].image.shape == (160, 427, 3)


def test_ten_bit_video_has_the_right_colours(decoder: Decoder, tmp_path: Path) -> None:
    video = make_video(
        tmp_path / "v.mkv", [Scene("blue", 1, "still")], codec="libx265", pix_fmt="yuv420p10le"
    )
    _, frames = read(decoder, video)
    assert frames[0].image.reshape(-1, 3).mean(axis=0) == pytest.approx([40, 60, 200], abs=4)


def test_full_range_video_is_not_stretched(decoder: Decoder, tmp_path: Path) -> None:
    video = make_video(
        tmp_path / "v.avi", [Scene((30, 30, 30), 1, "still")], codec="mjpeg", pix_fmt="yuvj420p"
    )
    _, frames = read(decoder, video)
    assert frames[0].image.reshape(-1, 3).mean(axis=0) == pytest.approx([30, 30, 30], abs=4)


def test_images_and_thumbnails_are_never_enlarged(decoder: Decoder, tmp_path: Path) -> None:
    video = make_video(tmp_path / "v.mp4", [("red", 1.0)], size=(64, 48))
    _, frames = read(decoder, video)
    assert frames[0].image.shape == (48, 64, 3)
    thumbnail = cv2.imdecode(np.frombuffer(frames[0].thumbnail, np.uint8), cv2.IMREAD_COLOR)
    assert thumbnail is not None
    assert thumbnail.shape == (48, 64, 3)


def test_thumbnails_are_webp_of_the_asked_width(decoder: Decoder, tmp_path: Path) -> None:
    video = make_video(tmp_path / "v.mp4", [Scene("purple", 1, "still")], size=(640, 480))
    _, frames = read(decoder, video, Sampling(thumbnail_width=200, short_side=100))
    thumbnail = cv2.imdecode(np.frombuffer(frames[0].thumbnail, np.uint8), cv2.IMREAD_COLOR)
    assert thumbnail is not None
    assert frames[0].thumbnail[8:12] == b"WEBP"
    assert thumbnail.shape == (150, 200, 3)
    assert thumbnail.reshape(-1, 3).mean(axis=0) == pytest.approx([160, 40, 140], abs=8)
    assert frames[0].image.shape == (100, 133, 3)


def test_facts_tell_what_the_file_says(decoder: Decoder, tmp_path: Path) -> None:
    video = make_video(
        tmp_path / "v.mp4", [("red", 4.0)], audio=True, metadata={"creation_time": "2021-05-06T07:08:09Z"}
    )
    facts = decoder.probe(video)
    assert facts == VideoFacts(
        container="mov,mp4,m4a,3gp,3g2,mj2",
        codec="h264",
        width=320,
        height=240,
        rotation=0,
        duration=facts.duration,
        frame_rate=10.0,
        created="2021-05-06T07:08:09+00:00",
        has_audio=True,
        size=video.stat().st_size,
        origin=Origin(),
    )
    assert facts.duration == pytest.approx(4, abs=0.05)


def test_a_date_that_no_clock_set_is_none(decoder: Decoder, tmp_path: Path) -> None:
    video = make_video(tmp_path / "v.mp4", [("red", 1.0)], metadata={"creation_time": "1904-01-01T00:00:00Z"})
    assert decoder.probe(video).created is None


def test_positions_grow_to_the_end(decoder: Decoder, tmp_path: Path) -> None:
    video = make_video(tmp_path / "v.mp4", [("red", 5.0)])
    with decoder.open(video, Sampling()) as stream:
        positions = [stream.position for _ in stream]
        assert positions == sorted(positions)
        assert stream.position == pytest.approx(5, abs=0.2)


def test_real_clips_give_true_frames(decoder: Decoder, shared_data: Path, nightly: bool) -> None:
    """By day one in each container."""
    names = ["033_dog_plaza.mp4", "068_tractor.webm", "083_woman_head.mpg"]
    more = ["023_stage_bow.mp4", "061_trail_runner.mp4", "077_classroom.mp4", "069_gutter_water.webm"]
    for name in [*names, *(more if nightly else [])]:
        video = shared_data / "clips" / name
        facts, frames = read(decoder, video)
        assert_true_frames(video, frames, Sampling())
        assert len(frames) == pytest.approx(max(3, facts.duration), abs=2)
        assert frame_times(video)[0] == pytest.approx(frames[0].time, abs=0.1)


@pytest.mark.parametrize(
    ("codec", "suffix", "gop"), [("libx264", "mp4", 50), ("libx265", "mkv", 50), ("libx264", "ts", 400)]
)
def test_a_first_look_reads_key_frames_only(
    decoder: Decoder, tmp_path: Path, codec: str, suffix: str, gop: int
) -> None:
    scenes = [Scene("red", 40, "stripes")]
    video = make_video(tmp_path / f"v.{suffix}", scenes, codec=codec, size=(160, 120), rate=10, gop=gop)
    sampling = Sampling(first_look=True)
    with decoder.open(video, sampling) as stream:
        frames = list(stream)
        assert (stream.warning, stream.first_look) == ("", True)
        assert stream.facts.duration == pytest.approx(40, abs=0.2)
    assert_true_frames(video, frames, sampling)
    assert all(frame.key for frame in frames)
    assert [round(frame.time) for frame in frames] == list(range(0, 40, gop // 10))


@pytest.mark.parametrize(("seconds", "gop"), [(40, 10), (20, 50)])
def test_a_first_look_at_a_short_video_or_close_key_frames_is_the_whole(
    decoder: Decoder, tmp_path: Path, seconds: int, gop: int
) -> None:
    scenes = [Scene("red", seconds, "stripes")]
    video = make_video(tmp_path / "v.mp4", scenes, size=(160, 120), rate=10, gop=gop)
    with decoder.open(video, Sampling()) as stream:
        whole = [frame.time for frame in stream]
    with decoder.open(video, Sampling(first_look=True)) as stream:
        assert [frame.time for frame in stream] == whole
        assert not stream.first_look
