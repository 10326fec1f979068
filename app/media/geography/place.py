"""What a position is called. Without numpy: the window knows it before anything is loaded."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """What a position is called."""

    names: tuple[str, ...] = ()
    """To be shown: quarter or village, city, county, region, country. Empty where nothing is near."""
    aliases: tuple[str, ...] = ()
    """Other names of the same."""


NOWHERE_NAMED = Place()
