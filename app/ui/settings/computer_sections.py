"""The settings of this computer, whatever library is open: `Preferences`."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from app.ui.settings.editors import Switch
from app.ui.settings.setting_row import Section, SettingRow
from app.ui.widgets.choice import Choice
from app.ui.widgets.preferences import Appearance, Preferences
from app.ui.widgets.theme import Theme
from app.ui.widgets.window_language import LANGUAGES

SIZES = (80, 90, 100, 110, 125, 150, 175, 200)
"""Percent."""


def computer_sections(theme: Theme) -> list[Section]:
    """Appearance, language, notifications."""
    return [_appearance(theme), _language(theme), _notifications(theme)]


def _appearance(theme: Theme) -> Section:
    section = Section(theme, _tr("Appearance"))
    looks = (
        (Appearance.SYSTEM.value, _tr("Like the system")),
        (Appearance.LIGHT.value, _tr("Light")),
        (Appearance.DARK.value, _tr("Dark")),
        (Appearance.HIGH_CONTRAST.value, _tr("High contrast")),
    )
    section.add(_row(theme, "appearance", _tr("Colours"), _tr("Changes at once."), Choice(theme, looks)))
    sizes = tuple((size, _tr("{size} %").format(size=size)) for size in SIZES)
    size = _row(
        theme,
        "text_size",
        _tr("Text size"),
        _tr("Compared with the size the system uses."),
        Choice(theme, sizes),
    )
    section.add(size)
    section.add(
        _row(
            theme,
            "reduced_motion",
            _tr("Reduce motion"),
            _tr("Nothing slides, fades or plays by itself."),
            Switch(theme),
        )
    )
    return section


def _language(theme: Theme) -> Section:
    section = Section(theme, _tr("Language"))
    languages = (("", _tr("Like the system")), *LANGUAGES.items())
    section.add(
        _row(
            theme,
            "language",
            _tr("Language of the window"),
            _tr("Queries are understood in the languages of the model, whatever you choose here."),
            Choice(theme, languages),
        )
    )
    return section


def _notifications(theme: Theme) -> Section:
    section = Section(theme, _tr("Notifications"))
    section.add(
        _row(
            theme,
            "notifications",
            _tr("Notify me when work ends"),
            _tr("Only while another window is in front."),
            Switch(theme),
        )
    )
    section.add(
        _row(
            theme,
            "tray",
            _tr("Show an icon in the system tray"),
            _tr("It shows progress and opens the window."),
            Switch(theme),
        )
    )
    return section


def _row(theme: Theme, name: str, title: str, about: str, editor: Choice | Switch) -> SettingRow:
    return SettingRow(theme, name, title, about, editor, default=getattr(Preferences(), name))


def _tr(text: str) -> str:
    return QCoreApplication.translate("Settings", text)
