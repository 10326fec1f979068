"""The settings: categories at the left, the rows of one of them at the right, and a search over all."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.settings import Settings
from app.ui.settings.computer_sections import computer_sections
from app.ui.settings.exclude_row import ExcludeRow
from app.ui.settings.library_sections import (
    indexing_section,
    keep_frames_row,
    search_section,
    watching_rows,
)
from app.ui.settings.privacy_section import PrivacySection
from app.ui.settings.setting_row import Row, Section, SettingRow
from app.ui.settings.settings_control import SettingsControl
from app.ui.settings.shortcut_rows import ShortcutSection
from app.ui.settings.source_rows import SourceRow, source_section
from app.ui.settings.storage_rows import ClearableRow, StorageSection
from app.ui.widgets import formatting as fmt
from app.ui.widgets.command_list import Commands
from app.ui.widgets.controls import PlainLabel, TextButton
from app.ui.widgets.preferences import Preferences, PreferenceStore
from app.ui.widgets.theme import Space, Theme

NARROW, WIDE = 132, 190
"""Width of the list of categories, logical pixels."""
ROOMY = 760
WIDEST = 760
"""Of the rows: longer lines are hard to read."""


class SettingsPage(QWidget):
    """All settings, of this computer and of the open library."""

    left = Signal()
    models_wanted = Signal()
    add_folder_wanted = Signal()

    def __init__(
        self,
        theme: Theme,
        control: SettingsControl,
        preferences: PreferenceStore,
        commands: Commands,
        library: Path,
        parent: QWidget | None = None,
    ) -> None:
        """Make it.

        Args:
            theme: its look.
            control: reads and changes the library's settings.
            preferences: those of this computer.
            commands: whose shortcuts can be changed.
            library: the library's folder.
        """
        super().__init__(parent)
        self.setObjectName("settingsPage")
        self._theme = theme
        self._control = control
        self._preferences = preferences
        self.exclude = ExcludeRow(theme)
        self.sources = source_section(theme)
        self.storage = StorageSection(theme)
        self.privacy = PrivacySection(theme, library)
        self.shortcuts = ShortcutSection(theme, commands, preferences)
        of_computer = computer_sections(theme)
        self.sections: list[Section] = [
            *of_computer,
            self._folders(),
            indexing_section(theme),
            self.sources,
            self._models(),
            search_section(theme),
            self.storage,
            self.privacy,
            self.shortcuts,
        ]
        self.storage.add(keep_frames_row(theme))
        self._of_computer = [row for section in of_computer for row in section.setting_rows]
        self._of_library = [
            row for section in self.sections if section not in of_computer for row in section.setting_rows
        ]
        self._assemble()
        self._connect()
        self._show_preferences(preferences.current)
        self.show_category(0)

    def row(self, name: str) -> SettingRow:
        """The row of a setting, by its name."""
        return next(row for row in (*self._of_computer, *self._of_library) if row.name == name)

    def show_category(self, place: int) -> None:
        """Show one category, and nothing that was searched for."""
        self.categories.setCurrentRow(place)
        self._show()

    def enter(self) -> None:
        """Read what may have changed, and take the keyboard."""
        self._control.read()
        self.search.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            if self.search.text():
                self.search.clear()
            else:
                self.left.emit()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._side.setFixedWidth(WIDE if self.width() >= ROOMY else NARROW)

    def _assemble(self) -> None:
        self._back = TextButton(self._theme, self.tr("Back"), kind="quiet", icon="back")
        self.search = QLineEdit()
        self.search.setObjectName("settingsSearch")
        self.search.setPlaceholderText(self.tr("Search settings"))
        self.search.setAccessibleName(self.tr("Search settings"))
        self.search.setClearButtonEnabled(True)
        self.categories = QListWidget()
        self.categories.setObjectName("settingsCategories")
        self.categories.setAccessibleName(self.tr("Categories"))
        self.categories.addItems([section.title for section in self.sections])
        self.categories.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._none = PlainLabel(tone="dim")
        self._none.setWordWrap(True)
        self._none.hide()
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, Space.L, Space.L)
        column.setSpacing(Space.L)
        column.addWidget(self._none)
        for section in self.sections:
            column.addWidget(section)
        column.addStretch(1)
        inside.setMaximumWidth(WIDEST)
        self._area.setWidget(inside)
        self._side = QWidget()
        side = QVBoxLayout(self._side)
        side.setContentsMargins(0, 0, 0, 0)
        side.setSpacing(Space.S)
        side.addWidget(self.search)
        side.addWidget(self.categories, 1)
        halves = QHBoxLayout()
        halves.setSpacing(Space.XL)
        halves.addWidget(self._side)
        halves.addWidget(self._area, 1)
        top = QHBoxLayout()
        top.addWidget(self._back)
        top.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(Space.XL, Space.XS, Space.S, Space.S)
        layout.setSpacing(Space.S)
        layout.addLayout(top)
        layout.addWidget(PlainLabel(self.tr("Settings"), scale="title"))
        layout.addLayout(halves, 1)

    def _connect(self) -> None:
        control = self._control
        self._back.clicked.connect(self.left)
        self.search.textChanged.connect(self._show)
        self.categories.currentRowChanged.connect(self._on_category)
        for row in self._of_computer:
            row.changed.connect(lambda name, value: self._preferences.change(**{name: value}))
            row.reset_wanted.connect(
                lambda name: self._preferences.change(**{name: getattr(Preferences(), name)})
            )
        for row in self._of_library:
            row.changed.connect(control.change)
            row.reset_wanted.connect(lambda name: control.change(name, "default"))
        for each in (*self.sources.rows, *self.storage.rows, *self.privacy.rows):
            if isinstance(each, SourceRow | ClearableRow):
                each.clear_wanted.connect(control.clear)
        self.exclude.changed.connect(control.change)
        self.exclude.preview_wanted.connect(control.preview)
        self._preferences.changed.connect(self._show_preferences)
        control.settings.connect(self.show_settings)
        control.refused.connect(self._on_refused)
        control.sources.connect(self._show_sources)
        control.storage.connect(self.storage.show_storage)
        control.left_out.connect(self.exclude.show_left_out)
        control.bad_patterns.connect(self.exclude.show_bad)
        control.searches_kept.connect(self.privacy.show_searches)

    def show_settings(self, settings: Settings) -> None:
        """Show the library's settings as they are."""
        for row in self._of_library:
            row.show_value(settings.get(row.name))
        self.exclude.show_value(settings.exclude)

    def _show_preferences(self, preferences: Preferences) -> None:
        for row in self._of_computer:
            row.show_value(getattr(preferences, row.name))

    def _show_sources(self, states: Sequence[object]) -> None:
        by_name = {getattr(state, "name", ""): state for state in states}
        for row in self.sources.rows:
            if isinstance(row, SourceRow) and row.name in by_name:
                row.show_state(by_name[row.name])  # type: ignore[arg-type]

    def _on_refused(self, name: str, sentence: str, advice: str) -> None:
        if name == "exclude":
            self.exclude.show_bad(f"{sentence} {advice}")
            return
        for row in self._of_library:
            if row.name == name:
                row.refuse(sentence, advice)

    def _on_category(self) -> None:
        if self.search.text():
            self.search.clear()
        else:
            self._show()

    def _show(self) -> None:
        """Show what the search finds, else the chosen category."""
        words = self.search.text().lower().split()
        found = 0
        for place, section in enumerate(self.sections):
            hits = section.narrow(words)
            chosen = place == self.categories.currentRow()
            section.setVisible(bool(hits) if words else chosen)
            found += hits
        self._none.setText(
            self.tr("No setting is about “{words}”.").format(words=fmt.one_line(self.search.text()))
        )
        self._none.setVisible(bool(words) and not found)
        self._area.verticalScrollBar().setValue(0)

    def _folders(self) -> Section:
        section = Section(self._theme, self.tr("Folders"))
        row = Row(
            self._theme,
            self.tr("Watched folders"),
            self.tr("They are in the side panel. Right-click one there to open or remove it."),
        )
        button = TextButton(self._theme, self.tr("Add folder…"), kind="small")
        button.clicked.connect(self.add_folder_wanted)
        row.side.addWidget(button)
        for each in (row, self.exclude, *watching_rows(self._theme)):
            section.add(each)
        return section

    def _models(self) -> Section:
        section = Section(self._theme, self.tr("Models"))
        row = Row(
            self._theme,
            self.tr("Search models"),
            self.tr("Add, remove and switch the models that understand pictures and queries."),
        )
        button = TextButton(self._theme, self.tr("Open models…"), kind="small")
        button.clicked.connect(self.models_wanted)
        row.side.addWidget(button)
        section.add(row)
        return section
