"""A film beside a clock that goes ahead of it."""

from pathlib import Path

import pytest

from app.media.decoding.opening import container
from app.media.decoding.playing.film import Film, Shown
from tests.videos import Scene, make_video

RATE, GOP = 10, 20


def shown(clip: Path, *, jumps_at: float, to: float) -> list[Shown]:
    """The pictures of a film whose clock jumps ahead once, and then waits for them."""
    clock = [0.0]
    with container.open_source(clip, 2) as source:
        film = Film(source, at=0.0, speed=1.0, sound=False, box=lambda: (64, 48), now=lambda: clock[0])
        pictures = []
        for item in film:
            assert isinstance(item, Shown)
            pictures.append(item)
            at_least = to if item.time >= jumps_at else 0.0
            clock[0] = max(clock[0], at_least, item.time)
    return pictures


@pytest.mark.parametrize("codec", ["libx264", "mpeg4"])
def test_behind_a_key_frame_that_is_not_late_every_picture_comes_again(tmp_path: Path, codec: str) -> None:
    """A decoder gives a picture back only some packets after it got it: that is no lag."""
    clip = make_video(
        tmp_path / "clip.mp4", [Scene("red", 16, "stripes")], codec=codec, rate=RATE, gop=GOP, size=(64, 48)
    )
    pictures = shown(clip, jumps_at=1.0, to=7.0)
    times = [picture.time for picture in pictures]
    again = 6.0  # the last key frame that the clock, at 7, is not very late for
    assert sum(picture.dropped for picture in pictures) > 0
    after = [time for time in times if time >= 7.0]
    assert len(after) >= 0.97 * (16 - 7) * RATE  # one that no other needs may be left out on the way
    assert after[0] == pytest.approx(7.0)
    assert len([time for time in times if time < again]) < again * RATE / 2
