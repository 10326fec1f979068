"""A file whose bytes were changed at random ends as frames or as a reason that lies in the file, quickly."""

import random
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.errors import Cause, MediaError
from app.media.decoder import Decoder
from app.media.frames import Sampling
from tests.videos import Scene, make_video

MUTANTS = 6
"""Per format, one of each kind; a longer run with real files is in the fault suite."""

ABSURD = (b"\0" * 4, b"\xff" * 4, b"\x7f\xff\xff\xff", b"\x80\0\0\0")


def flip_bits(data: bytearray, chance: random.Random) -> None:
    for _ in range(chance.choice([1, 20, 200])):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)


def cut(data: bytearray, chance: random.Random) -> None:
    del data[chance.randrange(1, len(data)) :]


def insert(data: bytearray, chance: random.Random) -> None:
    place = chance.randrange(len(data))
    data[place:place] = chance.randbytes(chance.choice([1, 7, 188, 3000]))


def repeat(data: bytearray, chance: random.Random) -> None:
    data += data[chance.randrange(len(data)) :]


def change_header(data: bytearray, chance: random.Random) -> None:
    """Sizes, counts, durations, time scales, dimensions: whatever stands near the names of boxes."""
    boxes = (
        b"mdhd",
        b"mvhd",
        b"stts",
        b"ctts",
        b"stsz",
        b"stsd",
        b"stco",
        b"elst",
        b"tkhd",
        b"avc1",
        b"trak",
    )
    for name in chance.sample(boxes, 4):
        place = data.find(name)
        if place > 4:
            place += chance.randrange(-4, 40)
            data[place : place + 4] = chance.choice(ABSURD)
    for _ in range(3):
        data[chance.randrange(min(600, len(data)))] = chance.randrange(256)


MUTATIONS: tuple[Callable[[bytearray, random.Random], None], ...] = (
    flip_bits,
    cut,
    insert,
    repeat,
    change_header,
    change_header,
)


@pytest.mark.parametrize(
    ("suffix", "codec", "form"),
    [
        ("mp4", "libx264", None),
        ("mkv", "libx264", None),
        ("ts", "mpeg2video", None),
        ("avi", "mpeg4", None),
        ("flv", "libx264", None),
        ("h264", "libx264", "h264"),
        ("mpg", "mpeg2video", None),
        ("gif", "gif", None),
    ],
)
def test_every_mutant_ends_as_frames_or_as_a_fault_of_the_file(
    decoder: Decoder, tmp_path: Path, suffix: str, codec: str, form: str | None
) -> None:
    scenes = [Scene("red", 3, "stripes"), Scene("blue", 3)]
    pix_fmt = "rgb8" if codec == "gif" else "yuv420p"
    rate = 25 if codec == "mpeg2video" else 10
    video = make_video(
        tmp_path / f"v.{suffix}", scenes, codec=codec, rate=rate, gop=10, pix_fmt=pix_fmt, container=form
    )
    data = video.read_bytes()
    for seed in range(MUTANTS):
        chance = random.Random(f"{suffix} {seed}")  # noqa: S311 (no secret)
        mutant = bytearray(data)
        MUTATIONS[seed % len(MUTATIONS)](mutant, chance)
        video.write_bytes(mutant)
        times, duration, cause = outcome(decoder, video)
        assert cause in {None, Cause.FILE}, seed
        assert times == sorted(set(times)), seed
        assert all(0 <= time <= duration <= 100 * 3600 for time in times), seed


def outcome(decoder: Decoder, path: Path) -> tuple[list[float], float, Cause | None]:
    """Times of the frames, the duration, and what is wrong lies in."""
    try:
        with decoder.open(path, Sampling()) as stream:
            times = [frame.time for frame in stream]
            return times, stream.facts.duration, stream.cause
    except MediaError as error:
        return [], 0.0, error.cause


def test_a_header_that_no_decoder_opens_with_is_the_files_fault(decoder: Decoder, tmp_path: Path) -> None:
    """The decoder's context then has no codec any more, which PyAV 19 says otherwise than of damage."""
    video = tmp_path / "v.ogv"
    source = ["-f", "lavfi", "-i", "testsrc2=s=160x120:r=10:d=3", "-c:v", "libtheora"]
    subprocess.run(["ffmpeg", "-v", "error", "-nostdin", *source, video], check=True)
    data = bytearray(video.read_bytes())
    setup = data.index(b"\x82theora")
    data[setup + 40 : setup + 400] = bytes(360)
    video.write_bytes(data)
    assert outcome(decoder, video) == ([], 0.0, Cause.FILE)


def test_a_time_that_one_damaged_bit_put_days_away_lengthens_nothing(
    decoder: Decoder, tmp_path: Path
) -> None:
    video = make_video(tmp_path / "v.flv", [Scene("red", 3, "stripes"), Scene("blue", 3)], rate=10, gop=10)
    data = bytearray(video.read_bytes())
    # Of the second key picture: when it is shown after it is decoded. It becomes negative, which FLV does not
    # have, and libav makes 50 days of it.
    key = [tag for tag in _flv_tags(data) if data[tag + 11 : tag + 13] == b"\x17\x01"][1]
    data[key + 13] ^= 0x80
    video.write_bytes(data)
    times, duration, _ = outcome(decoder, video)
    assert times == sorted(set(times))
    assert len(times) >= 5
    assert duration < 10


def _flv_tags(data: bytearray) -> Iterator[int]:
    """Where each piece of a FLV file begins."""
    place = 13
    while place < len(data):
        yield place
        place += int.from_bytes(data[place + 1 : place + 4]) + 15
