"""Parts of videos, copied and encoded: in sync, in their shape, with what belongs to them."""

from collections.abc import Iterator
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from app.errors import Cause, MediaError
from app.media.cut_requests import MovingPicture
from app.media.cutter import Cutter
from tests.media.subtitles.making import srt
from tests.media.subtitles.test_subtitle_reader import needs_ffmpeg, with_tracks
from tests.videos import Scene, make_video

SCENES = [Scene("red", 4), Scene("blue", 4)]


@pytest.fixture(scope="module")
def cutter() -> Iterator[Cutter]:
    with Cutter() as made:
        yield made


@pytest.fixture(autouse=True, scope="module")
def child_is_known(cutter: Cutter, tmp_path_factory: pytest.TempPathFactory) -> None:
    """The child that all tests here share is there before the first of them is watched."""
    cutter.facts(make_video(tmp_path_factory.mktemp("first") / "v.mp4", [Scene("red", 1)]))


def nobody(_: float) -> None:
    """Is told how far it is."""


def pictures(path: Path) -> list[tuple[float, Any]]:
    with av.open(str(path)) as container:
        start = container.streams.video[0].start_time or 0
        return [
            (float((frame.pts - start) * frame.time_base), frame.to_ndarray(format="rgb24").mean((0, 1)))
            for frame in container.decode(video=0)
        ]


def sound_seconds(path: Path) -> tuple[float, float]:
    """Where the sound begins after the picture, and how long it is."""
    with av.open(str(path)) as container:
        first = next(container.decode(video=0)).time or 0.0
    with av.open(str(path)) as container:
        frames = list(container.decode(audio=0))
        return (frames[0].time or 0.0) - first, sum(frame.samples for frame in frames) / frames[0].sample_rate


@pytest.mark.parametrize("suffix", [".mp4", ".mov", ".mkv", ".ts", ".avi"])
def test_a_copy_begins_at_a_key_frame_with_its_sound(cutter: Cutter, tmp_path: Path, suffix: str) -> None:
    video = make_video(tmp_path / f"v{suffix}", SCENES, gop=20, audio=True)
    cut = cutter.copy(video, 3.1, 5.0, tmp_path / "part", nobody)
    assert cut.suffix == (".mkv" if suffix == ".avi" else suffix)
    assert cut.start == pytest.approx(2.0, abs=0.06)
    assert cut.end == pytest.approx(5.0, abs=0.4)
    assert cut.left_out == ()
    found = pictures(tmp_path / "part")
    assert len(found) == pytest.approx((cut.end - cut.start) * 10, abs=1)
    assert found[0][1][0] > 150, "red first"
    changes = next(time for time, colour in found if colour[2] > 150)
    assert changes == pytest.approx(4.0 - cut.start, abs=0.06)
    begin, length = sound_seconds(tmp_path / "part")
    assert begin == pytest.approx(0.0, abs=0.06)
    assert length == pytest.approx(cut.end - cut.start, abs=0.2)


def test_an_exact_clip_is_exact_at_both_ends(cutter: Cutter, tmp_path: Path) -> None:
    video = make_video(tmp_path / "v.mkv", SCENES, gop=20, audio=True)
    cut = cutter.encode(video, 3.1, 5.0, tmp_path / "part", nobody)
    assert (cut.start, cut.end, cut.suffix) == (3.1, pytest.approx(5.0), ".mp4")
    found = pictures(tmp_path / "part")
    assert len(found) == pytest.approx(19, abs=1)
    assert next(time for time, colour in found if colour[2] > 150) == pytest.approx(0.9, abs=0.01)
    begin, length = sound_seconds(tmp_path / "part")
    assert begin == pytest.approx(0.0, abs=0.03)
    assert length == pytest.approx(1.9, abs=0.06)


def test_frames_of_a_variable_rate_keep_their_times(cutter: Cutter, tmp_path: Path) -> None:
    times = [0.0, 0.1, 0.5, 0.55, 1.2, 1.3, 2.0, 2.05, 2.6, 3.0]
    video = make_video(tmp_path / "v.mp4", [Scene("red", 1)], times=times, gop=4)
    cutter.encode(video, 0.5, 2.1, tmp_path / "exact", nobody)
    assert [time for time, _ in pictures(tmp_path / "exact")] == pytest.approx(
        [0.0, 0.05, 0.7, 0.8, 1.5, 1.55], abs=0.002
    )
    cut = cutter.copy(video, 1.25, 2.1, tmp_path / "copy", nobody)
    assert cut.start == pytest.approx(1.2)
    assert [time for time, _ in pictures(tmp_path / "copy")][:4] == pytest.approx(
        [0, 0.1, 0.8, 0.85], abs=0.002
    )


@pytest.mark.parametrize("way", ["copy", "encode"])
def test_shape_rotation_and_tags_are_kept(cutter: Cutter, tmp_path: Path, way: str) -> None:
    tags = {
        "title": "A walk",
        "creation_time": "2024-05-01T10:00:00.000000Z",
        "location": "+45.6000+010.7000/",
    }
    video = make_video(
        tmp_path / "v.mp4", SCENES, gop=20, rotation=90, pixel_aspect=Fraction(4, 3), metadata=tags
    )
    getattr(cutter, way)(video, 3.0, 5.0, tmp_path / "part", nobody)
    with av.open(str(tmp_path / "part")) as part:
        stream = part.streams.video[0]
        assert stream.sample_aspect_ratio == Fraction(4, 3)
        assert next(part.decode(stream)).rotation == 90
        assert {name: part.metadata.get(name) for name in tags} == tags


def test_colours_that_are_declared_stay_declared(cutter: Cutter, tmp_path: Path) -> None:
    video = tmp_path / "v.mp4"
    with av.open(str(video), "w") as output:
        stream = output.add_stream("libx264", rate=10, options={"x264-params": "keyint=5"})
        stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
        context = stream.codec_context
        context.color_primaries, context.color_trc, context.colorspace, context.color_range = 1, 1, 1, 1
        for number in range(20):
            frame = av.VideoFrame.from_ndarray(np.full((64, 64, 3), 128, np.uint8), format="rgb24")
            frame.pts = number
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    for name, cut in (("copy", cutter.copy), ("exact", cutter.encode)):
        cut(video, 0.5, 1.5, tmp_path / name, nobody)
        with av.open(str(tmp_path / name)) as part:
            next(part.decode(video=0))
            context = part.streams.video[0].codec_context
            assert (context.color_primaries, context.color_trc, context.colorspace) == (1, 1, 1), name


def test_odd_sides_and_deep_colours_can_be_encoded(cutter: Cutter, tmp_path: Path) -> None:
    odd = make_video(tmp_path / "odd.webm", [Scene("red", 2)], codec="libvpx-vp9", size=(161, 121))
    deep = make_video(tmp_path / "deep.mkv", [Scene("red", 2)], codec="libx265", pix_fmt="yuv420p10le")
    for video in (odd, deep):
        cutter.encode(video, 0.5, 1.5, tmp_path / "part", nobody)
        assert len(pictures(tmp_path / "part")) == 10


@needs_ffmpeg
@pytest.mark.parametrize(("suffix", "codec"), [("mkv", "subrip"), ("mp4", "mov_text")])
def test_text_tracks_stay_with_a_copy(cutter: Cutter, tmp_path: Path, suffix: str, codec: str) -> None:
    video = make_video(tmp_path / "v.mp4", SCENES, gop=20)
    (tmp_path / "t.srt").write_text(srt([(at, at + 2, f"from {at} to {at + 2}") for at in (1.0, 3.0, 5.0)]))
    more = ("-metadata:s:s:0", "language=ger")
    words = with_tracks(tmp_path / f"words.{suffix}", video, tmp_path / "t.srt", codec=codec, more=more)
    assert cutter.copy(words, 3.0, 5.0, tmp_path / "part", nobody).left_out == ()
    with av.open(str(tmp_path / "part")) as part:
        track = part.streams.subtitles[0]
        assert track.metadata.get("language") == "ger"
        texts = {bytes(packet): packet.pts * packet.time_base for packet in part.demux(track) if packet.size}
    ((at,),) = [[at for text, at in texts.items() if text.endswith(b"from 3.0 to 5.0")]]
    assert at == pytest.approx(1.0), "the copy begins at 2"
    assert cutter.encode(words, 3.0, 5.0, tmp_path / "part", nobody).left_out == ("subtitles",)


def test_pictures_that_are_decoded_too_late_are_copied_all_the_same(
    cutter: Cutter, tmp_path: Path, shared_data: Path
) -> None:
    """As telephones store HEVC."""
    cut = cutter.copy(shared_data / "odd" / "dolbyVision-hdr.MOV", 0.0, 0.1, tmp_path / "part", nobody)
    assert cut.suffix == ".mov"
    assert len(pictures(tmp_path / "part")) >= 3


def test_what_no_format_takes_is_refused_and_can_be_encoded(
    cutter: Cutter, tmp_path: Path, shared_data: Path
) -> None:
    moving = shared_data / "odd" / "valid_animation.gif"
    with pytest.raises(MediaError, match="without encoding"):
        cutter.copy(moving, 0.8, 2.0, tmp_path / "part", nobody)
    assert cutter.encode(moving, 0.8, 2.0, tmp_path / "part", nobody).end == pytest.approx(2.0)


def test_a_clip_of_what_is_cut_off_says_how_far_it_goes(
    cutter: Cutter, tmp_path: Path, shared_data: Path
) -> None:
    half = shared_data / "odd" / "bad_second_half_missing.mp4"
    assert cutter.encode(half, 2.0, 4.0, tmp_path / "part", nobody).end < 2.5


def test_a_part_behind_the_end_is_told(cutter: Cutter, tmp_path: Path) -> None:
    video = make_video(tmp_path / "v.mp4", [Scene("red", 2)], gop=5)
    with pytest.raises(MediaError):
        cutter.encode(video, 30.0, 31.0, tmp_path / "part", nobody)


def test_what_is_no_video_is_told_and_the_next_one_cut(cutter: Cutter, tmp_path: Path) -> None:
    noise = tmp_path / "noise.mp4"
    noise.write_bytes(np.random.default_rng(1).bytes(5000))
    with pytest.raises(MediaError, match="not a video"):
        cutter.copy(noise, 0, 1, tmp_path / "part", nobody)
    with pytest.raises(MediaError, match="no longer there"):
        cutter.copy(tmp_path / "gone.mp4", 0, 1, tmp_path / "part", nobody)


@pytest.mark.parametrize(
    ("rate", "wanted"),
    [
        (Fraction(24000, 1001), Fraction(24000, 1001)),
        (Fraction(25), Fraction(25)),
        (Fraction(30000, 1001), Fraction(30000, 1001)),
        (Fraction(30), Fraction(30)),
        (Fraction(60000, 1001), Fraction(60000, 1001)),
    ],
)
def test_rates_are_told_apart(cutter: Cutter, tmp_path: Path, rate: Fraction, wanted: Fraction) -> None:
    for suffix in (".mp4", ".mkv"):
        video = at_rate(tmp_path / f"v{suffix}", rate)
        facts = cutter.facts(video)
        assert (facts.rate, facts.variable, facts.timecode) == (wanted, False, "")


def test_a_rate_is_never_below_one(cutter: Cutter, tmp_path: Path) -> None:
    facts = cutter.facts(at_rate(tmp_path / "slow.mkv", Fraction(1, 2000)))
    assert facts.rate == 1, "editing programs know none"
    assert facts.duration == pytest.approx(80_000, rel=0.05)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no disk is always full here")
@pytest.mark.parametrize("way", ["copy", "encode", "moving"])
def test_a_full_disk_is_no_fault_of_the_video(cutter: Cutter, tmp_path: Path, way: str) -> None:
    video, target = at_rate(tmp_path / "v.mp4", Fraction(25)), Path("/dev/full")
    cut = (
        partial(cutter.moving, picture=MovingPicture("gif", 64, 10))
        if way == "moving"
        else getattr(cutter, way)
    )
    with pytest.raises(MediaError, match="disk is full") as caught:
        cut(video, 0, 1, target, progress=nobody)
    assert caught.value.cause is Cause.ENVIRONMENT


def test_the_cameras_timecode_is_read(cutter: Cutter, tmp_path: Path) -> None:
    video = at_rate(tmp_path / "v.mov", Fraction(30000, 1001), timecode="10:59:58;12")
    assert cutter.facts(video).timecode == "10:59:58;12"


def at_rate(path: Path, rate: Fraction, timecode: str = "") -> Path:
    """Half a second and some at a steady rate."""
    with av.open(str(path), "w") as output:
        if timecode:
            output.metadata["timecode"] = timecode
        stream = output.add_stream("libx264", rate=rate, options={"preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for number in range(40):
            frame = av.VideoFrame.from_ndarray(np.full((48, 64, 3), number * 3, np.uint8), format="rgb24")
            frame.pts, frame.time_base = number, 1 / rate
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    return path
