"""The moments of one outcome as an item model."""

from enum import IntEnum
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from app.catalogue.records import Folder
from app.search.outcome import Moment, SearchOutcome, Verdict
from app.ui.widgets import formatting as fmt
from app.ui.widgets import whereabouts
from app.ui.widgets.controls import plain_tooltip

AnyIndex = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()
COPIES = 8
"""More copies than these are only counted."""


class Role(IntEnum):
    """What the delegate asks for beyond Qt's own roles."""

    MOMENT = Qt.ItemDataRole.UserRole
    FADED = Qt.ItemDataRole.UserRole + 1
    """Whether the picture is shown in grey: the outcome says that nothing matches."""
    STATE = Qt.ItemDataRole.UserRole + 2
    """A few words: what is in the way of playing it; empty where nothing is."""
    COPIES = Qt.ItemDataRole.UserRole + 3
    """A few words: how many other files hold the same video; None where none does."""


class ResultsModel(QAbstractListModel):
    """One row per moment, best first."""

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self._outcome: SearchOutcome | None = None
        self._moments: tuple[Moment, ...] = ()
        self._rows: dict[int, list[int]] = {}
        self._folders: tuple[Folder, ...] = ()

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

    def set_folders(self, folders: tuple[Folder, ...]) -> None:
        """The watched folders, to name the one that has to be connected."""
        self._folders = folders

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
                answer = fmt.file_name(moment.path)
            case Qt.ItemDataRole.ToolTipRole:
                answer = self._tool_tip(moment)
            case Qt.ItemDataRole.AccessibleTextRole:
                answer = self._spoken(moment)
            case Role.STATE:
                answer = whereabouts.brief_state(moment.path, moment.presence, self._folder_of(moment))
            case Role.COPIES if moment.copies:
                number = len(moment.copies)
                answer = (
                    self.tr("+1 copy") if number == 1 else self.tr("+{n} copies").format(n=fmt.count(number))
                )
            case Role.MOMENT:
                answer = moment
            case Role.FADED:
                answer = self._outcome.verdict is Verdict.NONE
        return answer

    def _spoken(self, moment: Moment) -> str:
        words = self.tr("{name} at {time}, match {match}").format(
            name=fmt.file_name(moment.path), time=fmt.clock(moment.best), match=fmt.percent(moment.strength)
        )
        state = whereabouts.brief_state(moment.path, moment.presence, self._folder_of(moment))
        return f"{words}, {state}" if state else words

    def _tool_tip(self, moment: Moment) -> str:
        span = self.tr("{start} – {end} · match {match}").format(
            start=fmt.clock(moment.start), end=fmt.clock(moment.end), match=fmt.percent(moment.strength)
        )
        lines = [fmt.file_name(moment.path), fmt.full_path(moment.path.parent), span]
        lines.append(whereabouts.state(moment.path, moment.presence, self._folder_of(moment)))
        if moment.copies:
            lines.append(self.tr("The same video is also here:"))
            lines += [fmt.full_path(copy) for copy in moment.copies[:COPIES]]
        if len(moment.copies) > COPIES:
            lines.append(self.tr("… and {count} more").format(count=fmt.count(len(moment.copies) - COPIES)))
        return plain_tooltip(*lines)

    def _folder_of(self, moment: Moment) -> Path | None:
        return whereabouts.watched_folder(moment.path, self._folders)
