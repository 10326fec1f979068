"""Settings survive a round trip, and nonsense in the library does not stop it from opening."""

from app.settings import Settings


def test_settings_come_back_as_they_were() -> None:
    settings = Settings(model="/models/large", max_rate=2.0, rescan_every=60.0)
    assert Settings.from_json(settings.to_json()) == settings


def test_unknown_and_ill_typed_values_give_way_to_the_defaults() -> None:
    content = {"version": 99, "model": 7, "max_rate": "fast", "rescan_every": True, "colour": "blue"}
    assert Settings.from_json(content) == Settings()


def test_a_whole_number_is_a_rate_too() -> None:
    assert Settings.from_json({"max_rate": 2}).max_rate == 2.0


def test_rates_and_times_that_cannot_be_give_way_to_the_defaults() -> None:
    for value in (0, -1.0, float("nan"), float("inf"), 10**400):
        assert Settings.from_json({"max_rate": value, "rescan_every": value}) == Settings()
