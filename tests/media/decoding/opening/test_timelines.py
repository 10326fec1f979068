"""The times of a video are those a player shows, whatever the clocks in the file do."""

from pathlib import Path

import pytest

from app.media.decoder import Decoder
from app.media.frames import Frame, Sampling, VideoFacts
from tests.videos import Scene, make_video, mux_tracks

PARTS = (("red", 6.0), ("blue", 10.0), ("green", 5.0))


def read(decoder: Decoder, path: Path) -> tuple[VideoFacts, list[Frame]]:
    with decoder.open(path, Sampling()) as stream:
        frames = list(stream)
        assert stream.warning == ""
        assert stream.cause is None
        assert stream.read_until is None
        return stream.facts, frames


def colour(frame: Frame) -> str:
    red, green, blue = frame.image.reshape(-1, 3).mean(axis=0)
    return max((red, "red"), (green, "green"), (blue, "blue"))[1]


def part(
    path: Path,
    scene: str,
    seconds: float,
    *,
    audio: bool = True,
    delay: float = 0.0,
    codec: str = "mpeg2video",
) -> Path:
    times = [delay + number / 25 for number in range(round(seconds * 25))]
    scenes = [Scene(scene, seconds, "stripes")]
    return make_video(path, scenes, codec=codec, size=(160, 120), rate=25, gop=12, audio=audio, times=times)


def joined(folder: Path, suffix: str, *parts: Path) -> Path:
    path = folder / f"joined.{suffix}"
    path.write_bytes(b"".join(one.read_bytes() for one in parts))
    return path


@pytest.mark.parametrize(("suffix", "audio"), [("ts", True), ("ts", False), ("mpg", False), ("m2ts", True)])
def test_recordings_joined_byte_by_byte_are_all_there_on_one_running_time(
    decoder: Decoder, tmp_path: Path, suffix: str, audio: bool
) -> None:
    parts = [
        part(tmp_path / f"{name}.{suffix}", name, seconds, audio=audio, codec="mpeg2video")
        for name, seconds in PARTS
    ]
    facts, frames = read(decoder, joined(tmp_path, suffix, *parts))
    assert facts.duration == pytest.approx(21, abs=0.3)
    assert len(frames) == pytest.approx(21, abs=2)
    for frame in frames:
        if min(abs(frame.time - end) for end in (6, 16)) > 0.3:
            assert colour(frame) == ("red" if frame.time < 6 else "blue" if frame.time < 16 else "green")


def test_the_duration_is_known_before_the_first_frame(decoder: Decoder, tmp_path: Path) -> None:
    parts = [part(tmp_path / f"{name}.ts", name, seconds) for name, seconds in PARTS]
    assert decoder.probe(joined(tmp_path, "ts", *parts)).duration == pytest.approx(21, abs=0.3)


def test_a_last_part_that_is_shorter_than_three_seconds_does_not_make_the_video_short(
    decoder: Decoder, tmp_path: Path
) -> None:
    long, short = part(tmp_path / "l.ts", "red", 12), part(tmp_path / "s.ts", "blue", 1)
    _, frames = read(decoder, joined(tmp_path, "ts", long, short))
    assert len(frames) >= 11
    assert colour(frames[-1]) == "blue"


@pytest.mark.parametrize("hours", [(0.0, 1.0), (1.0, 0.0), (1.0, 0.0, 1.0)])
def test_a_clock_that_leaps_by_an_hour_leaves_no_gap(
    decoder: Decoder, tmp_path: Path, hours: tuple[float, ...]
) -> None:
    parts = [
        mux_tracks(tmp_path / f"{number}s.ts", part(tmp_path / f"{number}.ts", name, 6), shift=3600 * hour)
        for number, (hour, name) in enumerate(zip(hours, ("red", "blue", "green"), strict=False))
    ]
    facts, frames = read(decoder, joined(tmp_path, "ts", *parts))
    assert facts.duration == pytest.approx(6 * len(hours), abs=0.3)
    assert len(frames) == pytest.approx(6 * len(hours), abs=2)
    assert colour(frames[0]) == "red"
    assert colour(frames[-1]) == ("red", "blue", "green")[len(hours) - 1]


def test_the_clock_of_a_broadcast_may_wrap(decoder: Decoder, tmp_path: Path) -> None:
    """33 bits at 90 kHz: 95,443.7 s."""
    video = mux_tracks(tmp_path / "w.ts", part(tmp_path / "v.ts", "red", 10), shift=95_438)
    facts, frames = read(decoder, video)
    assert facts.duration == pytest.approx(10, abs=0.3)
    assert len(frames) == pytest.approx(10, abs=1)


def test_sound_that_begins_before_the_picture_of_a_part_is_counted_in(
    decoder: Decoder, tmp_path: Path
) -> None:
    first, second = part(tmp_path / "a.ts", "red", 6), part(tmp_path / "b.ts", "blue", 6, delay=3)
    _, frames = read(decoder, joined(tmp_path, "ts", first, second))
    blue = [frame.time for frame in frames if colour(frame) == "blue"]
    assert blue[0] == pytest.approx(9, abs=0.3)


@pytest.mark.parametrize("suffix", ["mp4", "mkv", "mov", "ts"])
def test_time_zero_is_the_first_sound_where_the_picture_comes_later(
    decoder: Decoder, tmp_path: Path, suffix: str
) -> None:
    times = [8 + number / 10 for number in range(60)]
    scenes = [Scene("red", 3), Scene("blue", 3)]
    video = make_video(
        tmp_path / f"v.{suffix}", scenes, size=(160, 120), rate=10, gop=10, audio=True, times=times
    )
    facts, frames = read(decoder, video)
    assert frames[0].time == pytest.approx(8, abs=0.1)
    assert min(frame.time for frame in frames if colour(frame) == "blue") == pytest.approx(11, abs=0.1)
    assert facts.duration == pytest.approx(14, abs=0.2)


@pytest.mark.parametrize("suffix", ["mp4", "mkv", "ts", "avi", "flv"])
def test_sound_that_goes_on_after_the_picture_is_no_damage(
    decoder: Decoder, tmp_path: Path, suffix: str
) -> None:
    codec = "mpeg4" if suffix == "avi" else "libx264"
    scenes = [Scene("red", 3, "stripes")]
    video = make_video(
        tmp_path / f"v.{suffix}", scenes, codec=codec, rate=10, gop=10, audio=True, sound_seconds=20
    )
    facts, frames = read(decoder, video)
    assert facts.duration == pytest.approx(20, abs=0.3)
    assert max(frame.time for frame in frames) < 3.1
    assert len(frames) >= 3


def test_a_last_picture_that_is_shown_for_long_is_no_damage(decoder: Decoder, tmp_path: Path) -> None:
    times = [*(number / 10 for number in range(30)), 12.0]
    read(decoder, make_video(tmp_path / "v.mp4", [Scene("red", 3.1, "stripes")], rate=10, times=times))


@pytest.mark.parametrize(
    ("codec", "form"), [("libx264", "h264"), ("libx265", "hevc"), ("mpeg2video", "mpeg2video")]
)
@pytest.mark.parametrize("suffix", ["raw", "mp4"])
def test_elementary_streams_get_their_times_from_their_rate(
    decoder: Decoder, tmp_path: Path, codec: str, form: str, suffix: str
) -> None:
    scenes = [Scene("red", 4, "stripes"), Scene("blue", 4, "stripes")]
    video = make_video(
        tmp_path / f"v.{suffix}", scenes, codec=codec, size=(160, 120), rate=30, gop=30, container=form
    )
    facts, frames = read(decoder, video)
    assert facts.duration == pytest.approx(8, abs=0.2)
    assert len(frames) == pytest.approx(8, abs=2)
    assert min(frame.time for frame in frames if colour(frame) == "blue") == pytest.approx(4, abs=1)


@pytest.mark.parametrize("codec", ["libx264", "libx265"])
def test_open_groups_of_pictures_lose_none_at_a_low_rate(
    decoder: Decoder, tmp_path: Path, codec: str
) -> None:
    """At one picture per second each is wanted, those shown before the key frame they follow as well."""
    settings = "open-gop=1:keyint=12:min-keyint=12:scenecut=0:b-adapt=0:bframes=3"
    if codec == "libx265":
        settings += ":log-level=none:pools=1:frame-threads=1"
    options = {f"{codec[3:]}-params": settings}
    scenes = [Scene("red", 40, "stripes")]
    video = make_video(tmp_path / "v.mkv", scenes, codec=codec, size=(160, 120), rate=1, options=options)
    _, frames = read(decoder, video)
    assert [frame.time for frame in frames] == pytest.approx(range(40))
