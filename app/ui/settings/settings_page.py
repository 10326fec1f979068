"""The settings: categories at the left, the rows of one of them at the right, and a search over all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QResizeEvent, QShowEvent
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
from app.ui.settings.encoder_row import EncoderRow
from app.ui.settings.exclude_row import ExcludeRow
from app.ui.settings.library_sections import (
    indexing_section,
    search_section,
    watching_rows,
)
from app.ui.settings.privacy_section import PrivacySection
from app.ui.settings.service_row import ServiceRow
from app.ui.settings.setting_row import Row, Section, SettingRow
from app.ui.settings.settings_control import SettingsControl
from app.ui.settings.shortcut_rows import ShortcutSection
from app.ui.settings.source_rows import SourceRow, SpeechModelRow, source_section
from app.ui.settings.storage_rows import ClearableRow, StorageSection
from app.ui.settings.vector_store_row import VectorStoreRow
from app.ui.system.preferences import Preferences, PreferenceStore
from app.ui.widgets.command_list import Commands
from app.ui.widgets.controls import PlainLabel, TextButton
from app.ui.widgets.theme import Space, Theme
from app.ui.wording import formatting as fmt

if TYPE_CHECKING:
    from app.catalogue.storage_use import StorageUse
    from app.indexing.behind.line_sources import SourceState

NARROW, WIDE = 132, 190
"""Width of the list of categories, logical pixels."""
ROOMY = 760
FILL_MS = 30
"""Between rows that are made while others are on view."""
FIRST, AT_ONCE = 12, 3
"""So many rows of a section are made when it is chosen; then so many at a time."""
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
        *,
        only_computer: bool = False,
    ) -> None:
        """Make it.

        Args:
            theme: its look.
            control: reads and changes the library's settings.
            preferences: those of this computer.
            commands: whose shortcuts can be changed.
            library: the library's folder.
            only_computer: whether the library's settings are another computer's.
        """
        super().__init__(parent)
        self.setObjectName("settingsPage")
        self._theme = theme
        self._control = control
        self._preferences = preferences
        self.exclude = ExcludeRow(theme)
        self.encoder = EncoderRow(theme)
        self.vector_store = VectorStoreRow(theme)
        self.sources = source_section(theme)
        self.storage = StorageSection(theme)
        self.privacy = PrivacySection(theme, library)
        self.shortcuts = ShortcutSection(theme, commands, preferences)
        self._of_computer = computer_sections(theme)
        self.sections: list[Section] = [
            *self._of_computer,
            Section(theme, self.tr("Folders")).fill_with(self._folder_rows),
            indexing_section(theme, self.encoder),
            self.sources,
            Section(theme, self.tr("Models")).fill_with(self._model_rows),
            search_section(theme, self.vector_store),
            self.storage,
            self.privacy,
            self.shortcuts,
        ]
        if only_computer:
            self.sections = [*self._of_computer, self.shortcuts]
        self._settings: Settings | None = None
        self._states: Sequence[SourceState] = ()
        self._use: StorageUse | None = None
        self._assemble()
        self._connect()
        self.show_category(0)

    @property
    def setting_rows(self) -> list[SettingRow]:
        """All rows of settings with one value that are made."""
        return [row for section in self.sections for row in section.setting_rows]

    def row(self, name: str) -> SettingRow:
        """The row of a setting, by its name."""
        for section in self.sections:
            self._fill(section)
        return next(row for row in self.setting_rows if row.name == name)

    def show_category(self, place: int) -> None:
        """Show one category, and nothing that was searched for."""
        self.categories.setCurrentRow(place)
        self._show()

    def enter(self) -> None:
        """Read what may have changed, and take the keyboard."""
        self._control.read()
        self._filling.start()
        self.search.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            if self.search.text():
                self.search.clear()
            else:
                self.left.emit()
        else:
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.categories.ensurePolished()
        self.categories.doItemsLayout()  # rows laid out before the style sheet held are too low

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        usual = WIDE if self.width() >= ROOMY else NARROW
        names = self.categories.sizeHintForColumn(0) + 2 * Space.L  # wider where the text is large
        self._side.setFixedWidth(max(usual, min(names, self.width() * 2 // 5)))

    def hideEvent(self, event: QHideEvent) -> None:
        self._filling.stop()
        super().hideEvent(event)

    def _assemble(self) -> None:
        self._filling = QTimer(self, interval=FILL_MS)
        self._filling.timeout.connect(self._fill_next)
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
        self._area.setAccessibleName(self.tr("Settings"))
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, Space.L, Space.L)
        column.setSpacing(Space.L)
        column.addWidget(self._none)
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
        for section in self.sections:  # last: whatever has many children is not moved from parent to parent
            column.addWidget(section)
        column.addStretch(1)

    def _connect(self) -> None:
        control = self._control
        self._back.clicked.connect(self.left)
        self.search.textChanged.connect(self._show)
        self.categories.currentRowChanged.connect(self._on_category)
        self.categories.itemClicked.connect(lambda _: self.search.clear())
        self.exclude.changed.connect(control.change)
        self.exclude.preview_wanted.connect(control.preview)
        for row in (self.encoder, self.vector_store):
            row.changed.connect(control.change)
        self.encoder.test_wanted.connect(control.test_encoder)
        self.vector_store.test_wanted.connect(control.test_vector_store)
        self._preferences.changed.connect(self._show_preferences)
        control.settings.connect(self.show_settings)
        control.refused.connect(self._on_refused)
        control.sources.connect(self._show_sources)
        control.storage.connect(self._show_storage)
        control.encoder_changed.connect(self.encoder.show_used)
        control.helper_answered.connect(self.encoder.show_helper)
        control.vector_store_changed.connect(self.vector_store.show_used)
        control.vector_store_answered.connect(self.vector_store.show_answered)
        control.left_out.connect(self.exclude.show_left_out)
        control.bad_patterns.connect(self.exclude.show_bad)
        control.searches_kept.connect(self.privacy.show_searches)

    def show_settings(self, settings: Settings) -> None:
        """Show the library's settings as they are."""
        self._settings = settings
        for section in self.sections:
            self._show_values(section)
        self.exclude.show_value(settings.exclude)
        self.encoder.show_value(settings.encoder_url)
        self.vector_store.show_value(settings.vector_store_url)

    def _fill(self, section: Section, most: int | None = None) -> None:
        """Make rows of a section that have still to be made, and have them do something."""
        fresh = section.fill(most)
        if not fresh:
            return
        for row in fresh:
            self._tie(row, of_computer=section in self._of_computer)
        self._show_values(section, fresh)
        if section is self.sources:
            self._show_sources(self._states)
        elif section is self.storage and self._use is not None:
            self.storage.show_storage(self._use)

    def _tie(self, row: Row, *, of_computer: bool) -> None:
        control, preferences = self._control, self._preferences
        if isinstance(row, SettingRow) and of_computer:
            row.changed.connect(lambda name, value: preferences.change(**{name: value}))
            row.reset_wanted.connect(lambda name: preferences.change(**{name: getattr(Preferences(), name)}))
        elif isinstance(row, SettingRow):
            row.changed.connect(control.change)
            row.reset_wanted.connect(lambda name: control.change(name, "default"))
        if isinstance(row, SourceRow | ClearableRow):
            row.clear_wanted.connect(control.clear)

    def _fill_next(self) -> None:
        """Make what is not on view yet, a few rows at a time, so that the search finds it at once."""
        waiting = [section for section in self.sections if not section.filled]
        chosen = self.sections[max(self.categories.currentRow(), 0)]
        if not waiting:
            self._filling.stop()
        else:
            self._fill(chosen if chosen in waiting else waiting[0], AT_ONCE)

    def _show_values(self, section: Section, rows: Sequence[Row] | None = None) -> None:
        """Of some of its rows, else of all."""
        for row in section.rows if rows is None else rows:
            if not isinstance(row, SettingRow):
                continue
            if section in self._of_computer:
                row.show_value(getattr(self._preferences.current, row.name))
            elif self._settings is not None:
                row.show_value(self._settings.get(row.name))

    def _show_preferences(self) -> None:
        for section in self._of_computer:
            self._show_values(section)

    def _show_sources(self, states: Sequence[SourceState]) -> None:
        self._states = states
        by_name = {state.name: state for state in states}
        for row in self.sources.rows:
            if isinstance(row, SourceRow) and row.name in by_name:
                row.show_state(by_name[row.name])
            elif isinstance(row, SpeechModelRow) and "speech" in by_name:
                row.show_models(by_name["speech"].models)

    def _show_storage(self, use: StorageUse) -> None:
        self._use = use
        self.storage.show_storage(use)

    def _on_refused(self, name: str, sentence: str, advice: str) -> None:
        if name == "exclude":
            self.exclude.show_bad(f"{sentence} {advice}")
            return
        rows: list[ServiceRow | SettingRow] = [self.encoder, self.vector_store, *self.setting_rows]
        for row in rows:
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
            chosen = place == self.categories.currentRow()
            if words:
                self._fill(section)
            elif chosen and not section.rows:
                self._fill(section, FIRST)
            hits = section.narrow(words)
            item = self.categories.item(place)
            item.setHidden(bool(words) and not hits)
            item.setSelected(chosen and not words)
            section.setVisible(bool(hits) if words else chosen)
            found += hits
        self._none.setText(
            self.tr("No setting is about “{words}”.").format(words=fmt.one_line(self.search.text()))
        )
        self._none.setVisible(bool(words) and not found)
        if self.isVisible():
            self._filling.start()
        self._area.verticalScrollBar().setValue(0)

    def _folder_rows(self, theme: Theme) -> Iterator[Row]:
        about = self.tr("They are in the side panel. Right-click one there to open or remove it.")
        row = Row(theme, self.tr("Watched folders"), about)
        button = TextButton(theme, self.tr("Add folder…"), kind="small")
        button.clicked.connect(self.add_folder_wanted)
        row.side.addWidget(button)
        yield row
        yield self.exclude
        yield from watching_rows(theme)

    def _model_rows(self, theme: Theme) -> Iterator[Row]:
        about = self.tr("Add, remove and switch the models that understand pictures and queries.")
        row = Row(theme, self.tr("Search models"), about)
        button = TextButton(theme, self.tr("Open models…"), kind="small")
        button.clicked.connect(self.models_wanted)
        row.side.addWidget(button)
        yield row
