"""The moments of one outcome as an item model."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from enum import IntEnum
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from app.catalogue.records import Folder, Presence
from app.search.outcome import Moment, ReasonKind, SearchOutcome, Verdict, verdict_of
from app.text import safe
from app.ui.widgets import formatting as fmt
from app.ui.widgets import whereabouts
from app.ui.widgets.controls import plain_tooltip

AnyIndex = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()
COPIES = 8
"""More copies than these are only counted."""


class MomentRole(IntEnum):
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
        self._set_moments(outcome.moments if outcome else ())
        self.endResetModel()

    def renew(self, outcome: SearchOutcome, presence: Mapping[int, Presence]) -> int:
        """Bring the rows up to date and leave them where they are: none comes, only what is gone goes.

        Args:
            outcome: of the same search, now.
            presence: where the files are, by the id of the video.

        Returns:
            How many moments of the outcome are not shown and match what was described.
        """
        shown = self._moments
        fresh = _by_video(outcome.moments)
        renewed = [_renewed(moment, fresh.get(moment.video_id, ()), presence) for moment in shown]
        for row in range(len(shown) - 1, -1, -1):
            if renewed[row] is None:
                self.beginRemoveRows(ROOT, row, row)
                self._set_moments((*self._moments[:row], *self._moments[row + 1 :]))
                self.endRemoveRows()
        before, now = self._moments, tuple(moment for moment in renewed if moment is not None)
        self._set_moments(now)
        for row, (old, new) in enumerate(zip(before, now, strict=True)):
            if old != new:
                self.dataChanged.emit(self.index(row), self.index(row))
        known = _by_video(shown)
        return sum(
            verdict_of(moment.strength) is not Verdict.NONE
            and not any(_overlap(moment, other) for other in known.get(moment.video_id, ()))
            for moment in outcome.moments
        )

    def _set_moments(self, moments: tuple[Moment, ...]) -> None:
        self._moments = moments
        self._rows = {}
        for row, moment in enumerate(moments):
            self._rows.setdefault(moment.frame_id, []).append(row)

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
            case MomentRole.STATE:
                answer = whereabouts.brief_state(moment.path, moment.presence, self._folder_of(moment))
            case MomentRole.COPIES if moment.copies:
                number = len(moment.copies)
                answer = (
                    self.tr("+1 copy") if number == 1 else self.tr("+{n} copies").format(n=fmt.count(number))
                )
            case MomentRole.MOMENT:
                answer = moment
            case MomentRole.FADED:
                answer = self._outcome.verdict is Verdict.NONE
        return answer

    def _spoken(self, moment: Moment) -> str:
        words = self.tr("{name} at {time}, match {match}").format(
            name=fmt.file_name(moment.path), time=fmt.clock(moment.best), match=fmt.percent(moment.strength)
        )
        words = ", ".join([words, *self._reasons(moment)])
        state = whereabouts.brief_state(moment.path, moment.presence, self._folder_of(moment))
        return f"{words}, {state}" if state else words

    def _reasons(self, moment: Moment) -> list[str]:
        """What of the query is said, written or named, a sentence each."""
        sentences = {
            ReasonKind.SAID: self.tr("Said: “{quote}”"),
            ReasonKind.WRITTEN: self.tr("Written: “{quote}”"),
            ReasonKind.NAMED: self.tr("Named: “{quote}”"),
        }
        return [
            sentences[reason.kind].format(quote=safe(reason.quote))
            for reason in moment.reasons
            if reason.quote and reason.kind in sentences
        ]

    def _tool_tip(self, moment: Moment) -> str:
        span = self.tr("{start} – {end} · match {match}").format(
            start=fmt.clock(moment.start), end=fmt.clock(moment.end), match=fmt.percent(moment.strength)
        )
        lines = [fmt.file_name(moment.path), fmt.full_path(moment.path.parent), span]
        lines += self._reasons(moment)
        lines.append(whereabouts.state(moment.path, moment.presence, self._folder_of(moment)))
        if moment.copies:
            lines.append(self.tr("The same video is also here:"))
            lines += [fmt.full_path(copy) for copy in moment.copies[:COPIES]]
        if len(moment.copies) > COPIES:
            lines.append(self.tr("… and {count} more").format(count=fmt.count(len(moment.copies) - COPIES)))
        return plain_tooltip(*lines)

    def _folder_of(self, moment: Moment) -> Path | None:
        return whereabouts.watched_folder(moment.path, self._folders)


def _by_video(moments: Iterable[Moment]) -> dict[int, list[Moment]]:
    found: defaultdict[int, list[Moment]] = defaultdict(list)
    for moment in moments:
        found[moment.video_id].append(moment)
    return found


def _overlap(one: Moment, other: Moment) -> bool:
    return one.start <= other.end and other.start <= one.end


def _renewed(shown: Moment, fresh: Sequence[Moment], presence: Mapping[int, Presence]) -> Moment | None:
    """A moment as it is now, None where it is gone. Its place and its match stay what they were.

    Args:
        shown: the moment.
        fresh: moments of the same video that are found now.
        presence: where the files are, by the id of the video.
    """
    same = [moment for moment in fresh if _overlap(moment, shown)]
    if not same:
        where = presence.get(shown.video_id, shown.presence)
        return None if where is Presence.GONE else replace(shown, presence=where)
    now = next((moment for moment in same if moment.frame_id == shown.frame_id), None)
    if now is None:  # it was indexed again, its frames are others
        return replace(same[0], rank=shown.rank, strength=shown.strength)
    return replace(shown, path=now.path, presence=now.presence, copies=now.copies)
