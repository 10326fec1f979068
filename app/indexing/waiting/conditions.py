"""Whether the settings let indexing go on now, and what it waits for where they do not."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum

from app.indexing.waiting.power_source import on_battery
from app.settings import Hours, Settings


class WaitReason(StrEnum):
    """What a run waits for."""

    HOURS = "hours"
    POWER = "power"


@dataclass(frozen=True, slots=True)
class Wait:
    """What is in the way."""

    reason: WaitReason
    until: str = ""
    """When the hours begin, like `22:00`, by the local clock; empty where nobody knows when it ends."""


class Conditions:
    """Asks clock and system. A system that does not say whether it runs on battery counts as plugged in."""

    def __init__(
        self,
        settings: Callable[[], Settings],
        *,
        clock: Callable[[], time] = lambda: datetime.now().time(),
        battery: Callable[[], bool | None] = on_battery,
    ) -> None:
        """Ask nothing yet.

        Args:
            settings: gives the library's settings as they are.
            clock: the time of day.
            battery: see `on_battery`.
        """
        self._settings = settings
        self._clock = clock
        self._battery = battery

    def wait(self) -> Wait | None:
        """What indexing has to wait for now, None where it may go on."""
        settings = self._settings()
        hours = Hours(settings.index_between)
        if not hours.hold(self._clock()):
            return Wait(WaitReason.HOURS, f"{hours.start:%H:%M}")
        if settings.only_plugged_in and self._battery():
            return Wait(WaitReason.POWER)
        return None
