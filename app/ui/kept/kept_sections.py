"""The sections of the side panel below the folders: favourites, collections, saved searches, tags."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QObject, QPoint, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent, QKeyEvent, Qt
from PySide6.QtWidgets import QListView, QVBoxLayout, QWidget

from app.ui.background.kept_marks import KeptSnapshot
from app.ui.kept.entry_delegate import EntryDelegate
from app.ui.kept.kept_entries import (
    Entry,
    EntryModel,
    EntryRole,
    collection_entries,
    favourite_entries,
    library_entries,
    search_entries,
    tag_entries,
)
from app.ui.widgets.controls import PlainLabel
from app.ui.widgets.section import FittedList, Section
from app.ui.widgets.theme import Space, Theme


class EntryList(FittedList):
    """Rows to click; F2 renames, Delete removes, moments can be dropped on those that take them."""

    chosen = Signal(object)
    """Entry."""
    rename_wanted = Signal(object)
    remove_wanted = Signal(object)
    dropped = Signal(object)
    """Entry that moments were dropped on."""

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.entries = EntryModel(self)
        self.setModel(self.entries)
        self.setItemDelegate(EntryDelegate(theme, self))
        self.setAccessibleName(name)
        self.setAcceptDrops(True)
        self.setDropIndicatorShown(False)
        self.setDragDropMode(QListView.DragDropMode.DropOnly)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.clicked.connect(self._on_clicked)
        theme.changed.connect(self.fit)
        theme.changed.connect(self.viewport().update)

    @property
    def current(self) -> Entry | None:
        """The entry that has the keyboard."""
        index = self.currentIndex()
        return self.entries.entry(index.row()) if index.isValid() else None

    def select_query(self, query: str) -> None:
        """Mark the row that asks for this, none where none does."""
        row = self.entries.row_of_query(query)
        if row < 0:
            self.selectionModel().clearSelection()
            return
        flag = QItemSelectionModel.SelectionFlag.ClearAndSelect
        self.selectionModel().setCurrentIndex(self.entries.index(row), flag)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        entry = self.current
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter | Qt.Key.Key_Space if entry is not None:
                self.chosen.emit(entry)
            case Qt.Key.Key_F2 if entry is not None:
                self.rename_wanted.emit(entry)
            case Qt.Key.Key_Delete | Qt.Key.Key_Backspace if entry is not None:
                self.remove_wanted.emit(entry)
            case _:
                super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _holds_moments(event):
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        entry = self._entry_at(event.position().toPoint())
        if _holds_moments(event) and entry is not None and entry.takes_moments:
            self.select_query(entry.query)
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
        else:
            self.selectionModel().clearSelection()
            event.ignore()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.selectionModel().clearSelection()

    def dropEvent(self, event: QDropEvent) -> None:
        entry = self._entry_at(event.position().toPoint())
        self.selectionModel().clearSelection()
        if _holds_moments(event) and entry is not None and entry.takes_moments:
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self.dropped.emit(entry)

    def _entry_at(self, where: QPoint) -> Entry | None:
        entry: Entry | None = self.indexAt(where).data(EntryRole.ENTRY)
        return entry

    def _on_clicked(self, index: QModelIndex) -> None:
        self.chosen.emit(self.entries.entry(index.row()))


class KeptSections(QObject):
    """The sections, in the order of the panel."""

    chosen = Signal(object)
    """Entry."""
    rename_wanted = Signal(object)
    remove_wanted = Signal(object)
    dropped = Signal(object)
    menu_wanted = Signal(object, QPoint)
    """Entry, and where on the screen."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._query = ""
        self.of_server = False
        """Whether another computer has the library: not all that a library keeps can be changed from here."""
        self.library = EntryList(theme, self.tr("Library"))
        self.collections = EntryList(theme, self.tr("Collections"))
        self.searches = EntryList(theme, self.tr("Saved searches"))
        self.tags = EntryList(theme, self.tr("Tags"))
        self._hints: list[tuple[EntryList, PlainLabel]] = []
        self.sections = {
            "library": Section(theme, self.tr("Library"), self.library),
            "collections": Section(
                theme,
                self.tr("Collections"),
                self._with_hint(self.collections, self.tr("Drag moments here, or make a collection with +.")),
            ),
            "searches": Section(
                theme,
                self.tr("Saved searches"),
                self._with_hint(
                    self.searches, self.tr("Press the star beside the search box to keep a search here.")
                ),
            ),
            "tags": Section(theme, self.tr("Tags"), self.tags),
        }
        self.more = self.sections["library"].add_button("more", self.tr("Export and import"))
        self.new_collection = self.sections["collections"].add_button("add", self.tr("New collection…"))
        for each in self.lists:
            each.chosen.connect(self.chosen)
            each.rename_wanted.connect(self.rename_wanted)
            each.remove_wanted.connect(self.remove_wanted)
            each.dropped.connect(self.dropped)
            each.menu_wanted.connect(self._on_menu)
        self.show(KeptSnapshot())

    @property
    def lists(self) -> tuple[EntryList, ...]:
        """The lists of all sections."""
        return self.library, self.collections, self.searches, self.tags

    def show(self, kept: KeptSnapshot) -> None:
        """Show what is kept."""
        rows: Sequence[tuple[EntryList, Callable[[KeptSnapshot], list[Entry]]]] = (
            (self.library, favourite_entries if self.of_server else library_entries),
            (self.collections, collection_entries),
            (self.searches, search_entries),
            (self.tags, tag_entries),
        )
        for each, entries in rows:
            each.entries.show(entries(kept))
        for each, hint in self._hints:
            hint.setHidden(bool(each.entries.rowCount()))
        self.sections["tags"].setHidden(not kept.tags)
        self.new_collection.setEnabled(not kept.read_only)
        self.select(self._query)

    def select(self, query: str) -> None:
        """Mark the row that asks for what is searched."""
        self._query = query
        for each in self.lists:
            each.select_query(query)

    def _with_hint(self, entries: EntryList, text: str) -> QWidget:
        hint = PlainLabel(text, tone="dim", scale="small")
        hint.setWordWrap(True)
        hint.setContentsMargins(Space.S, 0, Space.S, Space.XS)
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(hint)
        column.addWidget(entries)
        self._hints.append((entries, hint))
        return body

    def _on_menu(self, index: QModelIndex, where: QPoint) -> None:
        self.menu_wanted.emit(index.data(EntryRole.ENTRY), where)


def _holds_moments(event: QDropEvent) -> bool:
    """Whether what is dragged comes from this program, and is files and no text."""
    return event.source() is not None and event.mimeData().hasUrls()
