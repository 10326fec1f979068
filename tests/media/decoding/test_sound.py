"""Sound is decoded on the running time of the video, in pieces of bounded size."""

import itertools
from pathlib import Path

import numpy as np
import pytest

from app.media.decoding.sound import RATE, Sound, read_sound, sound_tracks
from tests.speech.voices import noise, silence, video_saying


def spans(path: Path, number: int = 0) -> list[tuple[float, float]]:
    """Begin and end of each part without gaps."""
    found: list[list[float]] = []
    for piece in read_sound(path, number):
        end = piece.start + len(piece.samples) / RATE
        if found and abs(piece.start - found[-1][1]) < 1e-6:
            found[-1][1] = end
        else:
            found.append([piece.start, end])
    return [(begin, end) for begin, end in found]


@pytest.mark.parametrize("suffix", ["mp4", "mkv", "mov", "ts"])
def test_it_is_as_long_as_it_was_and_begins_at_zero(tmp_path: Path, suffix: str) -> None:
    video = video_saying(tmp_path / f"v.{suffix}", noise(5))
    [(begin, end)] = spans(video)
    assert begin == pytest.approx(0.0, abs=0.1)
    assert end == pytest.approx(5.0, abs=0.2)


def test_pieces_are_small_and_in_range(tmp_path: Path) -> None:
    pieces: list[Sound] = list(read_sound(video_saying(tmp_path / "v.mp4", 3 * noise(3))))
    assert max(len(piece.samples) for piece in pieces) < RATE
    for piece in pieces:
        assert piece.samples.dtype == np.float32
        assert np.abs(piece.samples).max(initial=0) <= 1


def test_tracks_are_named_and_read_one_by_one(tmp_path: Path) -> None:
    video = video_saying(tmp_path / "v.mkv", noise(2), silence(4), languages=("ger", "eng"))
    assert sound_tracks(video) == ("ger", "eng")
    assert spans(video, 0)[0][1] == pytest.approx(2.0, abs=0.2)
    assert spans(video, 1)[0][1] == pytest.approx(4.0, abs=0.2)
    assert spans(video, 2) == []


def test_joined_recordings_go_on_where_the_one_before_ended(tmp_path: Path) -> None:
    """Two broadcasts, byte after byte: the clock starts again, the running time does not."""
    one = video_saying(tmp_path / "one.ts", noise(4))
    joined = tmp_path / "joined.ts"
    joined.write_bytes(one.read_bytes() * 2)
    found = spans(joined)
    assert found[0][0] == pytest.approx(0.0, abs=0.1)
    assert found[-1][1] == pytest.approx(8.0, abs=0.6)
    assert all(after[0] >= before[1] - 0.4 for before, after in itertools.pairwise(found))
    assert sum(end - begin for begin, end in found) == pytest.approx(8.0, abs=1.0)


def test_a_file_that_is_cut_off_gives_what_it_has(tmp_path: Path) -> None:
    video = video_saying(tmp_path / "v.mkv", noise(6))
    data = video.read_bytes()
    video.write_bytes(data[: len(data) // 2])
    [(begin, end)] = spans(video)
    assert begin == pytest.approx(0.0, abs=0.1)
    assert 1.0 < end < 6.0
