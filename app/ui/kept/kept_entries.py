"""The rows of the side panel that are not folders: each is a query, or a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, IntEnum, auto
from typing import Any

from PySide6.QtCore import QAbstractListModel, QCoreApplication, QModelIndex, QPersistentModelIndex, Qt

from app.query.printer import quoted
from app.text import safe
from app.ui.background.kept_marks import KeptSnapshot
from app.ui.widgets.controls import plain_tooltip
from app.ui.wording import formatting as fmt

AnyIndex = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()


class EntryKind(Enum):
    """What a row stands for."""

    FAVOURITES = auto()
    HIDDEN = auto()
    DUPLICATES = auto()
    COLLECTION = auto()
    SEARCH = auto()
    TAG = auto()


ICONS = {
    EntryKind.FAVOURITES: "favourites",
    EntryKind.HIDDEN: "hidden",
    EntryKind.DUPLICATES: "copies",
    EntryKind.COLLECTION: "collection",
    EntryKind.SEARCH: "search",
    EntryKind.TAG: "tag",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One row."""

    kind: EntryKind
    name: str
    """As it was given, or our own words."""
    query: str = ""
    """What it asks for; empty where it opens a page."""
    count: int | None = None
    """Videos and moments in it, None where nobody counts."""
    new: int = 0
    """Matches of a saved search that came since it was run."""

    @property
    def takes_moments(self) -> bool:
        """Whether moments can be put into it."""
        return self.kind in (EntryKind.FAVOURITES, EntryKind.COLLECTION, EntryKind.TAG)


def favourite_entries(kept: KeptSnapshot) -> list[Entry]:
    """A person's favourites."""
    return [Entry(EntryKind.FAVOURITES, _tr("Favourites"), "is:favourite", kept.favourites)]


def library_entries(kept: KeptSnapshot) -> list[Entry]:
    """Favourites, what is hidden, and the pages about the whole library."""
    found = favourite_entries(kept)
    if kept.hidden:
        found.append(Entry(EntryKind.HIDDEN, _tr("Hidden"), "is:hidden", kept.hidden))
    return [*found, Entry(EntryKind.DUPLICATES, _tr("Duplicates"))]


def collection_entries(kept: KeptSnapshot) -> list[Entry]:
    """The collections by name."""
    return [
        Entry(EntryKind.COLLECTION, each.name, f"in-collection:{quoted(each.name)}", each.count)
        for each in kept.collections
    ]


def search_entries(kept: KeptSnapshot) -> list[Entry]:
    """The saved searches by name."""
    return [
        Entry(EntryKind.SEARCH, each.name, each.query, new=kept.new.get(each.name, 0))
        for each in kept.searches
    ]


def tag_entries(kept: KeptSnapshot) -> list[Entry]:
    """The tags by name."""
    return [Entry(EntryKind.TAG, each.name, f"tag:{quoted(each.name)}", each.count) for each in kept.tags]


class EntryRole(IntEnum):
    """What the delegate asks for beyond Qt's own roles."""

    ENTRY = Qt.ItemDataRole.UserRole
    TRAILING = Qt.ItemDataRole.UserRole + 1
    """A few characters at the end of the row."""


class EntryModel(QAbstractListModel):
    """Entries in order."""

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self._entries: tuple[Entry, ...] = ()

    @property
    def entries(self) -> tuple[Entry, ...]:
        return self._entries

    def show(self, entries: Sequence[Entry]) -> None:
        """Show these; where only their counts are others, rows keep their selection."""
        fresh = tuple(entries)
        if fresh == self._entries:
            return
        same = [(each.kind, each.name) for each in fresh] == [
            (each.kind, each.name) for each in self._entries
        ]
        if same:
            self._entries = fresh
            self.dataChanged.emit(self.index(0), self.index(len(fresh) - 1))
            return
        self.beginResetModel()
        self._entries = fresh
        self.endResetModel()

    def entry(self, row: int) -> Entry:
        """The entry in a row."""
        return self._entries[row]

    def row_of_query(self, query: str) -> int:
        """The row that asks for just this; -1 where none does."""
        return next((row for row, each in enumerate(self._entries) if query and each.query == query), -1)

    def rowCount(self, parent: AnyIndex = ROOT) -> int:
        return 0 if parent.isValid() else len(self._entries)

    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        flags = super().flags(index)
        if index.isValid() and self._entries[index.row()].takes_moments:
            flags |= Qt.ItemFlag.ItemIsDropEnabled
        return flags

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        entry = self._entries[index.row()]
        answer: Any = None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                answer = safe(entry.name)
            case Qt.ItemDataRole.ToolTipRole if entry.kind is EntryKind.SEARCH:
                answer = plain_tooltip(safe(entry.name), safe(entry.query))
            case Qt.ItemDataRole.ToolTipRole:
                answer = plain_tooltip(safe(entry.name))
            case Qt.ItemDataRole.AccessibleTextRole:
                answer = self._spoken(entry)
            case EntryRole.ENTRY:
                answer = entry
            case EntryRole.TRAILING:
                if entry.new:
                    answer = self.tr("%Ln new", "", entry.new)
                else:
                    answer = "" if entry.count is None else fmt.count(entry.count)
        return answer

    def _spoken(self, entry: Entry) -> str:
        name = safe(entry.name)
        if entry.new:
            matches = self.tr("%Ln new matches", "", entry.new)
            return self.tr("{name}, {matches}").format(name=name, matches=matches)
        if entry.count is None:
            return name
        things = self.tr("%Ln videos and moments", "", entry.count)
        return self.tr("{name}, {things}").format(name=name, things=things)


def _tr(text: str) -> str:
    return QCoreApplication.translate("KeptEntries", text)
