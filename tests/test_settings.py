"""Settings survive a round trip, and nonsense in the library does not stop it from opening."""

import pytest

from app.errors import UsageError
from app.settings import VERSION, Settings
from tests.conftest import ROOT


def test_settings_come_back_as_they_were() -> None:
    settings = Settings(
        model="/models/large",
        next_model="/models/larger",
        keep_frames=True,
        max_rate=2.0,
        rescan_every=60.0,
        settle=0.0,
        keep_gone=0.0,
        exclude="*.tmp\nArchive/",
        scorer="max",
        qb_norm=True,
    )
    assert Settings.from_json(settings.to_json()) == settings


def test_unknown_and_ill_typed_values_give_way_to_the_defaults() -> None:
    content = {"version": 99, "model": 7, "max_rate": "fast", "rescan_every": True, "colour": "blue"}
    content |= {"scorer": 1, "qb_norm": 1, "next_model": None, "keep_frames": "yes"}
    assert Settings.from_json(content) == Settings()


def test_a_whole_number_is_a_rate_too() -> None:
    assert Settings.from_json({"max_rate": 2}).max_rate == 2.0


def test_rates_and_times_that_cannot_be_give_way_to_the_defaults() -> None:
    for value in (0, -1.0, float("nan"), float("inf"), 10**400, 1e-6, 1e8):
        assert Settings.from_json({"max_rate": value, "rescan_every": value}) == Settings()


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("max_rate", "2", 2.0),
        ("rescan_every", "1e3", 1000.0),
        ("qb_norm", "On", True),
        ("qb_norm", "no", False),
        ("scorer", "max", "max"),
        ("model", "", ""),
        ("next_model", "/models/larger", "/models/larger"),
        ("keep_frames", "on", True),
        ("settle", "0", 0.0),
        ("exclude", "Archive/, /2019/*", "Archive/, /2019/*"),
    ],
)
def test_a_value_is_taken_as_it_is_typed(name: str, text: str, value: object) -> None:
    changed = Settings(model="/models/large", rescan_every=60.0).changed(name, text)
    assert changed.get(name) == value
    assert type(changed.get(name)) is type(value)
    assert Settings.from_json(changed.to_json()) == changed


def test_default_resets_one_setting_and_no_other() -> None:
    settings = Settings(max_rate=2.0, scorer="max", qb_norm=True)
    assert settings.changed("max_rate", "default") == Settings(scorer="max", qb_norm=True)
    assert settings.changed("qb_norm", "default") == Settings(max_rate=2.0, scorer="max")


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("max_rate", "0", "“0” is not a valid value for max_rate"),
        ("max_rate", "-1", "max_rate"),
        ("max_rate", "nan", "max_rate"),
        ("max_rate", "1e400", "max_rate"),
        ("rescan_every", "often", "rescan_every"),
        ("rescan_every", "0.000001", "from 10 to 86400"),
        ("max_rate", "1e8", "from 0.05 to 10"),
        ("settle", "-1", "from 0 to 3600"),
        ("keep_gone", "1e9", "from 0 to 3650"),
        ("exclude", "Archive/, !", "“!” is not a valid pattern"),
        ("qb_norm", "perhaps", "qb_norm"),
        ("colour", "blue", "no setting “colour”"),
        ("about", "x", "no setting “about”"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(name: str, text: str, sentence: str) -> None:
    with pytest.raises(UsageError) as caught:
        Settings().changed(name, text)
    assert sentence in str(caught.value)
    assert caught.value.advice


def test_every_setting_says_what_it_is() -> None:
    assert set(Settings.about()) == set(Settings().to_json()) - {"version"}
    assert all(Settings.about().values())
    assert "(10 to 86400)" in Settings.about()["rescan_every"]


def test_what_version_1_stored_is_carried_forward() -> None:
    stored = {"version": 1, "max_rate": 2.0, "exclude": "*.tmp", "speech_model": "tiny", "speech": True}
    settings = Settings.from_json(stored)
    assert settings == Settings(max_rate=2.0, exclude="*.tmp", speech_model="tiny", speech=True)
    assert settings.to_json()["version"] == VERSION == 2


def test_what_a_newer_version_stored_is_kept_though_it_means_nothing_here() -> None:
    stored = {"version": 9, "max_rate": 2.0, "colour": "blue", "cores": {"big": 2, "small": 4}}
    settings = Settings.from_json(stored).changed("qb_norm", "on")
    assert settings == Settings(max_rate=2.0, qb_norm=True)
    kept = settings.to_json()
    assert (kept["version"], kept["colour"]) == (9, "blue")
    assert "colour" not in Settings.from_json({**stored, "version": 2}).to_json()


@pytest.mark.parametrize("text", ["-1", "2.5", "many", "257", ""])
def test_cores_are_a_whole_number(text: str) -> None:
    with pytest.raises(UsageError, match="cores"):
        Settings().changed("cores", text)
    assert Settings().changed("cores", "2").cores == 2


def test_hours_are_stored_as_they_are_read() -> None:
    assert Settings().changed("index_between", "22-6").index_between == "22:00-06:00"
    assert Settings.from_json({"index_between": "at night"}) == Settings()


def test_every_setting_is_in_the_documentation() -> None:
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    described = {
        name: about
        for name, about in Settings.about().items()
        if f"| `{name}` | {as_typed(Settings.default(name))} | {about} |" in page
    }
    assert described == Settings.about()


def as_typed(value: object) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return f"{value:g}" if isinstance(value, int | float) else str(value) or "–"
