"""Numbers as a person reads them."""

import pytest

from app.ui.wording import formatting as fmt


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(0, "0:00"), (7.9, "0:07"), (67, "1:07"), (750, "12:30"), (3723, "1:02:03"), (-1, "0:00")],
)
def test_a_clock_never_runs_ahead_of_the_video(seconds: float, shown: str) -> None:
    assert fmt.clock(seconds) == shown


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0, "0 s"),
        (42.4, "42 s"),
        (60, "1 min"),
        (299, "5 min"),
        (3600, "1 h"),
        (8040, "2 h 14 min"),
        (3599, "1 h"),
    ],
)
def test_a_duration_is_rounded_to_what_matters(seconds: float, shown: str) -> None:
    assert fmt.duration(seconds) == shown


def test_counts_have_thousands_apart() -> None:
    assert fmt.count(1204) == "1,204"


@pytest.mark.parametrize(
    ("speed", "shown"),
    [(0, ""), (0.62, "0.6× real time"), (14.2, "14× real time"), (1500, "1,500× real time")],
)
def test_speed_is_told_against_real_time(speed: float, shown: str) -> None:
    assert fmt.rate(speed) == shown


def test_a_share_stays_between_nothing_and_all() -> None:
    assert [fmt.percent(share) for share in (-0.2, 0.824, 1.7)] == ["0 %", "82 %", "100 %"]


def test_providers_go_by_their_everyday_names() -> None:
    assert fmt.provider("CUDAExecutionProvider") == fmt.provider("CUDA") == "CUDA"


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (0, "0 kB"),
        (640_000, "640 kB"),
        (605 * 10**6, "605 MB"),
        (9996 * 10**5, "1.0 GB"),
        (7_140 * 10**6, "7.1 GB"),
    ],
)
def test_sizes(number: int, shown: str) -> None:
    assert fmt.size(number) == shown


@pytest.mark.parametrize(
    ("rate", "shown"),
    [(0.31, "0.3 frames/s"), (14.4, "14 frames/s"), (184.0, "180 frames/s"), (1234.0, "1,230 frames/s")],
)
def test_frames_per_second(rate: float, shown: str) -> None:
    assert fmt.frames_per_second(rate) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Pocket 2", "Pocket 2"),
        ("two\nlines\tand \x07 bells", "two lines and bells"),
        ("\u202efdp.exe\u202c", "fdp.exe"),
        ("x" * 30, "x" * 19 + "…"),
        ("نموذج", "\u2068نموذج\u2069"),
    ],
)
def test_foreign_words_stay_on_their_line(text: str, shown: str) -> None:
    assert fmt.one_line(text, 20) == shown


@pytest.mark.parametrize("name", ["x" * 200, "/videos/" + "a_name-" * 30, "é\u0301" * 60, "ab" * 20])
def test_no_word_is_too_long_to_be_broken(name: str) -> None:
    parts = fmt.breakable(f"In {name} of it").split("\u200b")
    assert "".join(parts) == f"In {name} of it"
    assert max(map(len, parts)) <= 45
    assert not any(part.startswith("\u0301") for part in parts)


def test_words_of_usual_length_stay_as_they_are() -> None:
    assert (
        fmt.breakable("One sentence about Donaudampfschifffahrt.")
        == "One sentence about Donaudampfschifffahrt."
    )
