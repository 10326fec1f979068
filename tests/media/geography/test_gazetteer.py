"""Coordinates become names that people type, on this computer alone."""

import socket
from collections.abc import Iterator

import pytest

from app.media.geography.gazetteer import Gazetteer


@pytest.fixture(scope="module")
def gazetteer() -> Iterator[Gazetteer]:
    """Whoever asks the network gets an error, while it is loaded and used."""

    def refuse(*_: object) -> None:
        raise AssertionError("the network was asked")

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(socket.socket, "connect", refuse)
        found = Gazetteer()
        yield found
        found.release()


@pytest.mark.parametrize(
    ("position", "names", "aliases"),
    [
        ((38.7110, -9.1300), {"Alfama", "Lisbon", "Portugal"}, {"PRT"}),
        (
            (50.9400, 6.9600),
            {"Köln", "Nordrhein-Westfalen", "Germany"},
            {"Cologne", "North Rhine-Westphalia"},
        ),
        ((37.3800, -5.9800), {"Sevilla", "Andalucía", "Spain"}, {"Seville", "Andalusia"}),
        ((40.6900, -73.9900), {"New York City", "New York", "United States"}, {"Brooklyn", "USA"}),
        ((40.7350, -74.1700), {"Newark", "New Jersey"}, set()),
        ((51.5000, -0.1200), {"London", "England", "United Kingdom"}, {"UK"}),
        ((50.4150, -5.0800), {"Newquay", "Cornwall"}, set()),
        ((37.5500, 126.9900), {"Seoul", "South Korea"}, set()),
        ((55.7500, 37.6200), {"Moscow", "Russia"}, set()),
        ((48.2600, 11.4340), {"Dachau", "Bayern"}, {"Bavaria"}),
    ],
)
def test_a_position_has_the_names_of_its_quarter_city_region_and_country(
    gazetteer: Gazetteer, position: tuple[float, float], names: set[str], aliases: set[str]
) -> None:
    place = gazetteer.place(*position)
    assert place is not None
    assert names <= set(place.names)
    assert aliases <= set(place.aliases)
    assert not any("," in name for name in place.names)


def test_a_large_city_does_not_reach_into_another_region(gazetteer: Gazetteer) -> None:
    newark, dachau = gazetteer.place(40.735, -74.17), gazetteer.place(48.26, 11.434)
    assert newark is not None
    assert dachau is not None
    assert "New York City" not in newark.names + newark.aliases
    assert "Munich" not in dachau.names + dachau.aliases


@pytest.mark.parametrize("position", [(0.5, -30.0), (90.0, 0.0), (-90.0, 180.0), (-48.0, -123.0)])
def test_the_open_sea_has_no_name(gazetteer: Gazetteer, position: tuple[float, float]) -> None:
    place = gazetteer.place(*position)
    assert place is not None
    assert place.names == ()


def test_the_earth_is_round(gazetteer: Gazetteer) -> None:
    east, west = gazetteer.place(63.06, 179.99), gazetteer.place(63.06, -179.9)
    assert east is not None
    assert east.names[-1:] == ("Russia",)
    assert west is not None
    assert west.names == east.names


def test_nothing_is_asked_of_the_network(gazetteer: Gazetteer) -> None:
    with pytest.raises(AssertionError, match="asked"), socket.socket() as asking:
        asking.connect(("127.0.0.1", 1))
    assert gazetteer.place(38.711, -9.13) is not None
