"""What the palette lists: the model that sorts it, and how a row looks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app.ui.desktop.fuzzy import Fit, fit
from app.ui.widgets.theme import RADIUS_SMALL, Space, Theme, Type, font

Index = QModelIndex | QPersistentModelIndex
ENTRY = Qt.ItemDataRole.UserRole
FIT = ENTRY + 1


@dataclass(frozen=True, slots=True)
class PaletteEntry:
    """One thing that the palette offers."""

    id: str
    """By which it is remembered."""
    title: str
    group: str
    run: Callable[[], object]
    keys: str = ""
    """Its shortcut, as the system writes it."""


class PaletteModel(QAbstractListModel):
    """The entries that fit what is typed, the best first; those used last, where nothing is typed."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._entries: Sequence[PaletteEntry] = ()
        self._recent: Sequence[str] = ()
        self._shown: list[tuple[PaletteEntry, Fit]] = []

    def set_entries(self, entries: Sequence[PaletteEntry], recent: Sequence[str]) -> None:
        """Offer these; `recent` are ids, the last used first."""
        self._entries, self._recent = entries, recent
        self.filter("")

    def filter(self, typed: str) -> None:
        """Show those that fit."""
        self.beginResetModel()
        last = {used: place for place, used in enumerate(self._recent)}
        fitting = [(entry, found) for entry in self._entries if (found := _fit(typed, entry)) is not None]
        fitting.sort(key=lambda pair: (-pair[1].score, last.get(pair[0].id, len(last))))
        self._shown = fitting
        self.endResetModel()

    def entry(self, row: int) -> PaletteEntry:
        """The entry of a row."""
        return self._shown[row][0]

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._shown)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        entry, found = self._shown[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return entry.title
            case Qt.ItemDataRole.AccessibleTextRole:
                return ", ".join(part for part in (entry.title, entry.group, entry.keys) if part)
            case _ if role == ENTRY:
                return entry
            case _ if role == FIT:
                return found
        return None


def _fit(typed: str, entry: PaletteEntry) -> Fit | None:
    """As its title fits; with its group's name before it where that is typed too."""
    found = fit(typed, entry.title)
    if found is None and fit(typed, f"{entry.group} {entry.title}") is not None:
        return Fit(0.0, ())
    return found


class PaletteDelegate(QStyledItemDelegate):
    """The title with the letters that were typed in bold, its group, and at the far end its shortcut."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(120, QFontMetrics(font(Type.BODY)).height() + 2 * Space.S)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        entry: PaletteEntry = index.data(ENTRY)
        found: Fit = index.data(FIT)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.colour("accent_soft"))
            painter.drawRoundedRect(option.rect, RADIUS_SMALL, RADIUS_SMALL)
        line = option.rect.adjusted(Space.M, 0, -Space.M, 0)
        mirrored = option.direction == Qt.LayoutDirection.RightToLeft
        line = self._write(painter, line, entry.keys, "dim", Type.SMALL, at_end=not mirrored)
        line = self._write(painter, line, entry.group, "dim", Type.SMALL, at_end=not mirrored)
        self._write_title(painter, line, entry.title, set(found.places), mirrored=mirrored)
        painter.restore()

    def _write(
        self, painter: QPainter, line: QRect, text: str, token: str, size: Type, *, at_end: bool
    ) -> QRect:
        """Write at one end of the line; returns the room that is left."""
        if not text:
            return line
        painter.setFont(font(size))
        painter.setPen(self._theme.colour(token))
        width = painter.fontMetrics().horizontalAdvance(text)
        place = QRect(line.right() - width if at_end else line.left(), line.top(), width + 1, line.height())
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, text)
        gap = width + Space.L
        return line.adjusted(0, 0, -gap, 0) if at_end else line.adjusted(gap, 0, 0, 0)

    def _write_title(
        self, painter: QPainter, line: QRect, title: str, bold: set[int], *, mirrored: bool
    ) -> None:
        painter.setPen(self._theme.colour("text"))
        strong, plain = font(Type.BODY, QFont.Weight.Bold), font(Type.BODY)
        painter.setFont(plain)
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
        elided = painter.fontMetrics().elidedText(title, Qt.TextElideMode.ElideRight, line.width())
        if mirrored or elided != title:  # letters that join are not cut apart
            side = Qt.AlignmentFlag.AlignRight if mirrored else Qt.AlignmentFlag.AlignLeft
            painter.drawText(line, flags | side, elided)
            return
        for place, letter in enumerate(title):
            painter.setFont(strong if place in bold else plain)
            painter.drawText(line, flags, letter)
            line.setLeft(line.left() + painter.fontMetrics().horizontalAdvance(letter))
