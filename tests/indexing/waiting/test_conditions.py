"""What the settings let indexing wait for: hours by the clock on the wall, and power."""

from datetime import time
from pathlib import Path

import pytest

from app.errors import UsageError
from app.indexing.waiting.conditions import Conditions, Wait, WaitReason
from app.indexing.waiting.power_source import linux_on_battery, on_battery
from app.settings import Hours, Settings


@pytest.mark.parametrize(
    ("hours", "inside", "outside"),
    [
        ("22:00-06:00", ["22:00", "23:59", "00:00", "05:59"], ["06:00", "12:00", "21:59"]),
        ("9-17", ["09:00", "16:59"], ["08:59", "17:00", "23:00"]),
        ("18:30 – 24:00", ["18:30", "23:59"], ["00:00", "18:29"]),
        ("08:00-08:00", ["07:59", "08:00"], []),
        ("", ["00:00", "13:00"], []),
    ],
)
def test_hours_hold_from_the_first_minute_to_before_the_last(
    hours: str, inside: list[str], outside: list[str]
) -> None:
    assert all(Hours(hours).hold(time.fromisoformat(now)) for now in inside)
    assert not any(Hours(hours).hold(time.fromisoformat(now)) for now in outside)
    assert str(Hours(str(Hours(hours)))) == str(Hours(hours))


@pytest.mark.parametrize(
    "text", ["night", "25:00-06:00", "22:61-06:00", "22:00", "22:00-24:30", "-", "1-2-3"]
)
def test_what_is_no_time_of_the_day_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="hours of the day"):
        Hours(text)


def waits(settings: Settings, now: str, battery: bool | None) -> Wait | None:
    return Conditions(lambda: settings, clock=lambda: time.fromisoformat(now), battery=lambda: battery).wait()


def test_a_run_waits_for_its_hours_and_says_when_they_begin() -> None:
    nightly = Settings(index_between="22:00-06:00")
    assert waits(nightly, "12:00", None) == Wait(WaitReason.HOURS, "22:00")
    assert waits(nightly, "02:30", True) is None


def test_a_run_waits_for_power_only_where_it_is_to_and_the_system_says_so() -> None:
    careful = Settings(only_plugged_in=True)
    assert waits(careful, "12:00", True) == Wait(WaitReason.POWER)
    assert waits(careful, "12:00", False) is None
    assert waits(careful, "12:00", None) is None
    assert waits(Settings(), "12:00", True) is None


def supply(folder: Path, name: str, **facts: str) -> None:
    (folder / name).mkdir()
    for fact, value in facts.items():
        (folder / name / fact).write_text(f"{value}\n")


def test_linux_tells_by_its_supplies(tmp_path: Path) -> None:
    assert linux_on_battery(tmp_path) is None
    supply(tmp_path, "hid-mouse", type="Battery", scope="Device", status="Discharging")
    assert linux_on_battery(tmp_path) is None
    supply(tmp_path, "BAT0", type="Battery", status="Discharging")
    assert linux_on_battery(tmp_path) is True
    supply(tmp_path, "AC", type="Mains", online="0")
    assert linux_on_battery(tmp_path) is True
    (tmp_path / "AC" / "online").write_text("1\n")
    assert linux_on_battery(tmp_path) is False


def test_a_full_battery_on_a_charger_that_says_nothing_is_plugged_in(tmp_path: Path) -> None:
    supply(tmp_path, "BAT0", type="Battery", status="Not charging")
    assert linux_on_battery(tmp_path) is False


def test_this_system_is_asked_without_an_error() -> None:
    assert on_battery() in (True, False, None)
