"""SMPTE timecode, drop-frame and not, at the rates that cameras have."""

from fractions import Fraction

import pytest

from app.exporting.timelines import timecode

NTSC, FILM, FAST = Fraction(30000, 1001), Fraction(24000, 1001), Fraction(60000, 1001)


@pytest.mark.parametrize(
    ("frame", "rate", "drop", "text"),
    [
        (0, NTSC, True, "00:00:00;00"),
        (1799, NTSC, True, "00:00:59;29"),
        (1800, NTSC, True, "00:01:00;02"),
        (17981, NTSC, True, "00:09:59;29"),
        (17982, NTSC, True, "00:10:00;00"),
        (107892, NTSC, True, "01:00:00;00"),
        (108000, NTSC, False, "01:00:00:00"),
        (3599, FAST, True, "00:00:59;59"),
        (3600, FAST, True, "00:01:00;04"),
        (215784, FAST, True, "01:00:00;00"),
        (86400, FILM, True, "01:00:00:00"),
        (90000, Fraction(25), False, "01:00:00:00"),
        (26 * 90000, Fraction(25), False, "02:00:00:00"),
    ],
)
def test_frames_are_written_as_cameras_do(frame: int, rate: Fraction, drop: bool, text: str) -> None:
    assert timecode.to_text(frame, rate, drop=drop) == text


@pytest.mark.parametrize("rate", [NTSC, FAST])
def test_each_frame_has_a_timecode_of_its_own_that_leads_back(rate: Fraction) -> None:
    count = round(rate * 60 * 11)
    written = [timecode.to_text(frame, rate, drop=True) for frame in range(count)]
    assert len(set(written)) == count
    assert [timecode.to_frame(text, rate) for text in written] == list(range(count))


def test_an_hour_of_drop_frame_is_an_hour() -> None:
    for rate in (NTSC, FAST):
        frame = timecode.to_frame("10:00:00;00", rate)
        assert frame is not None
        assert abs(frame / rate - 36_000) < 0.05


@pytest.mark.parametrize("text", ["", "1:00:00:00", "01:00:00", "aa:00:00:00", "01:00:00:00 x"])
def test_what_is_no_timecode_is_none(text: str) -> None:
    assert timecode.to_frame(text, Fraction(25)) is None
