"""Progress is counted in bytes of video, never runs backwards at the end, and guesses the time left."""

from pathlib import Path

import pytest

from app.indexing.runs.run_progress import ProgressMeter

A, B = Path("a.mp4"), Path("b.mp4")


class Clock:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def meter(clock: Clock) -> ProgressMeter:
    meter = ProgressMeter(clock)
    meter.expect([100, 300])
    return meter


def test_nothing_done_is_nothing(meter: ProgressMeter) -> None:
    report = meter.report()
    assert (report.done, report.total, report.fraction, report.rate, report.eta) == (0, 2, 0.0, 0.0, None)


def test_two_videos_at_once_add_up(meter: ProgressMeter) -> None:
    meter.advance(A, 100, 0.5, 5.0)
    meter.advance(B, 300, 0.5, 10.0)
    assert meter.report().fraction == pytest.approx(0.5)
    meter.finish(A, 100)
    assert meter.report().fraction == pytest.approx(250 / 400)
    meter.finish(B, 300)
    report = meter.report()
    assert (report.done, report.fraction) == (2, 1.0)


def test_rate_and_time_left_follow_the_work(meter: ProgressMeter, clock: Clock) -> None:
    clock.now += 10
    meter.advance(B, 300, 1.0, 200.0)
    meter.finish(B, 300)
    report = meter.report()
    assert report.rate == pytest.approx(20.0)
    assert report.eta == pytest.approx(100 / 30)


def test_the_rate_forgets_what_is_long_ago(meter: ProgressMeter, clock: Clock) -> None:
    meter.advance(A, 100, 0.9, 1000.0)
    for _ in range(20):
        clock.now += 5
        meter.advance(A, 100, 0.9, 0.0)
    assert meter.report().rate == 0.0


def test_reports_are_at_most_ten_a_second(meter: ProgressMeter, clock: Clock) -> None:
    assert meter.due()
    meter.report()
    assert not meter.due()
    clock.now += 0.11
    assert meter.due()


def test_a_broken_fraction_stays_within_the_file(meter: ProgressMeter) -> None:
    meter.advance(A, 100, 7.0, 1.0)
    assert meter.report().fraction == pytest.approx(0.25)
