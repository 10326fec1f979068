"""The moments of one outcome as an item model."""

import html
from enum import IntEnum
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from app.search.outcome import Moment, SearchOutcome, Verdict
from app.ui import format as fmt

AnyIndex = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()


class Role(IntEnum):
    """What the delegate asks for beyond Qt's own roles."""

    MOMENT = Qt.ItemDataRole.UserRole
    FADED = Qt.ItemDataRole.UserRole + 1
    """Whether the picture is shown in grey: the outcome says that nothing matches."""


class ResultsModel(QAbstractListModel):
    """One row per moment, best first."""

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self._outcome: SearchOutcome | None = None
        self._moments: tuple[Moment, ...] = ()
        self._rows: dict[int, list[int]] = {}

    @property
    def outcome(self) -> SearchOutcome | None:
        return self._outcome

    def show(self, outcome: SearchOutcome | None) -> None:
        """Replace all rows."""
        self.beginResetModel()
        self._outcome = outcome
        self._moments = outcome.moments if outcome else ()
        self._rows = {}
        for row, moment in enumerate(self._moments):
            self._rows.setdefault(moment.frame_id, []).append(row)
        self.endResetModel()

    def moment(self, row: int) -> Moment:
        """The moment in a row."""
        return self._moments[row]

    def moments_of(self, path: Path) -> tuple[Moment, ...]:
        """All moments found in one video, in the order of time."""
        return tuple(sorted((m for m in self._moments if m.path == path), key=lambda m: m.start))

    def picture_arrived(self, frame: int) -> None:
        """Have the rows that show this frame painted again."""
        for row in self._rows.get(frame, ()):
            index = self.index(row)
            self.dataChanged.emit(index, index, [Qt.ItemDataRole.DecorationRole])

    def rowCount(self, parent: AnyIndex = ROOT) -> int:
        return 0 if parent.isValid() else len(self._moments)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or self._outcome is None:
            return None
        moment = self._moments[index.row()]
        answer: Any = None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                answer = moment.path.name
            case Qt.ItemDataRole.ToolTipRole:
                answer = self._tool_tip(moment)
            case Qt.ItemDataRole.AccessibleTextRole:
                answer = self._spoken(moment)
            case Role.MOMENT:
                answer = moment
            case Role.FADED:
                answer = self._outcome.verdict is Verdict.NONE
        return answer

    def _spoken(self, moment: Moment) -> str:
        return self.tr("{name} at {time}, match {match}").format(
            name=moment.path.name, time=fmt.clock(moment.best), match=fmt.percent(moment.strength)
        )

    def _tool_tip(self, moment: Moment) -> str:
        """Marked as rich text and escaped, so that Qt never takes a file's name for markup."""
        span = self.tr("{start} – {end} · match {match}").format(
            start=fmt.clock(moment.start), end=fmt.clock(moment.end), match=fmt.percent(moment.strength)
        )
        lines = [moment.path.name, str(moment.path.parent), span]
        if not moment.online:
            lines.append(self.tr("This file cannot be reached now."))
        return "<qt>" + "<br>".join(html.escape(line) for line in lines) + "</qt>"
