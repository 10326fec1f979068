"""The settings of this computer, whatever library is open: `Preferences`."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QCoreApplication

from app.ui.settings.editors import Switch
from app.ui.settings.setting_row import Row, Section, SettingRow
from app.ui.system.preferences import Appearance, Preferences
from app.ui.system.window_language import LANGUAGES
from app.ui.widgets.choice import Choice
from app.ui.widgets.theme import Theme

SIZES = (80, 90, 100, 110, 125, 150, 175, 200)
"""Percent."""


def computer_sections(theme: Theme) -> list[Section]:
    """Appearance, language, notifications."""
    return [
        Section(theme, _tr("Appearance")).fill_with(_appearance),
        Section(theme, _tr("Language")).fill_with(_language),
        Section(theme, _tr("Notifications")).fill_with(_notifications),
    ]


def _appearance(theme: Theme) -> Iterator[Row]:
    looks = (
        (Appearance.SYSTEM.value, _tr("Like the system")),
        (Appearance.LIGHT.value, _tr("Light")),
        (Appearance.DARK.value, _tr("Dark")),
        (Appearance.HIGH_CONTRAST.value, _tr("High contrast")),
    )
    yield _row(theme, "appearance", _tr("Colours"), _tr("Changes at once."), Choice(theme, looks))
    sizes = tuple((size, _tr("{size} %").format(size=size)) for size in SIZES)
    about = _tr("Compared with the size the system uses.")
    yield _row(theme, "text_size", _tr("Text size"), about, Choice(theme, sizes))
    about = _tr("Nothing slides, fades or plays by itself.")
    yield _row(theme, "reduced_motion", _tr("Reduce motion"), about, Switch(theme))


def _language(theme: Theme) -> Iterator[Row]:
    languages = (("", _tr("Like the system")), *LANGUAGES.items())
    about = _tr("Queries are understood in the languages of the model, whatever you choose here.")
    yield _row(theme, "language", _tr("Language of the window"), about, Choice(theme, languages))


def _notifications(theme: Theme) -> Iterator[Row]:
    about = _tr("Only while another window is in front.")
    yield _row(theme, "notifications", _tr("Notify me when work ends"), about, Switch(theme))
    about = _tr("It shows progress and opens the window.")
    yield _row(theme, "tray", _tr("Show an icon in the system tray"), about, Switch(theme))


def _row(theme: Theme, name: str, title: str, about: str, editor: Choice | Switch) -> SettingRow:
    return SettingRow(theme, name, title, about, editor, default=getattr(Preferences(), name))


def _tr(text: str) -> str:
    return QCoreApplication.translate("Settings", text)
