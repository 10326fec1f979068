"""The moments of one outcome as an item model: a row for each card on view."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from enum import IntEnum
from itertools import islice
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from app.catalogue.records import Folder, Presence
from app.search.outcome import Moment, SearchOutcome, Verdict
from app.ui.results.arrangement import Card, Layout, arrange
from app.ui.results.cards import card_words
from app.ui.wording import formatting as fmt

AnyIndex = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()
FEW = 6
"""So many less likely cards are shown without being asked for: hiding them would save nothing."""


class MomentRole(IntEnum):
    """What the delegate asks for beyond Qt's own roles."""

    MOMENT = Qt.ItemDataRole.UserRole
    FADED = Qt.ItemDataRole.UserRole + 1
    """Whether the picture is shown in grey: the outcome says that nothing matches."""
    STATE = Qt.ItemDataRole.UserRole + 2
    """A few words: what is in the way of playing it; empty where nothing is."""
    BESIDE = Qt.ItemDataRole.UserRole + 3
    """A few words: how many other moments or files there are; empty where none."""
    FAVOURITE = Qt.ItemDataRole.UserRole + 4
    """Whether it is one."""


class ResultsModel(QAbstractListModel):
    """Likely cards, then those that are less likely, which are rows only while they are open."""

    arranged = Signal()
    """What is likely, or how it is laid out, is another now."""

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self._outcome: SearchOutcome | None = None
        self._layout = Layout()
        self._likely: list[Card] = []
        self._less_likely: list[Card] = []
        self._open = False
        self._rows: dict[int, list[int]] | None = None
        """Rows by the frame they show; None where it is not known."""
        self._folders: tuple[Folder, ...] = ()
        self._is_favourite: Callable[[Moment], bool] = lambda _moment: False

    @property
    def outcome(self) -> SearchOutcome | None:
        return self._outcome

    @property
    def layout_chosen(self) -> Layout:
        """How moments are laid out."""
        return self._layout

    @property
    def likely(self) -> int:
        """Cards before the divider."""
        return len(self._likely)

    @property
    def less_likely(self) -> int:
        """Cards behind it, whether they are rows or not."""
        return len(self._less_likely)

    @property
    def is_open(self) -> bool:
        """Whether the less likely cards are rows."""
        return self._open

    @property
    def moments(self) -> Iterator[Moment]:
        """All moments, also those that are no rows, in order of the cards."""
        return (moment for card in self._cards() for moment in card.moments)

    def show(self, outcome: SearchOutcome | None) -> None:
        """Replace all rows; what is less likely is closed again unless it is little."""
        self.beginResetModel()
        self._outcome = outcome
        self._lay_out(outcome.moments if outcome else (), opened=False)
        self.endResetModel()
        self.arranged.emit()

    def lay_out(self, layout: Layout) -> None:
        """Lay the same moments out in another way."""
        if layout == self._layout:
            return
        by_match = sorted(self.moments, key=lambda moment: moment.rank)
        self.beginResetModel()
        self._layout = layout
        self._lay_out(by_match, opened=self._open)
        self.endResetModel()
        self.arranged.emit()

    def extend(self, outcome: SearchOutcome) -> None:
        """Take in what else the same search found; what was shown keeps its order and comes before it."""
        if self._outcome is None:
            return
        shown = sorted(self.moments, key=lambda moment: moment.rank)
        known = _by_video(shown)
        last = shown[-1].rank if shown else 0
        more = [
            moment
            for moment in outcome.moments
            if not any(_overlap(moment, other) for other in known.get(moment.video_id, ()))
        ]
        behind = [replace(moment, rank=last + number) for number, moment in enumerate(more, start=1)]
        self.beginResetModel()
        self._outcome = replace(self._outcome, moments=(*shown, *behind))
        self._lay_out(self._outcome.moments, opened=self._open)
        self.endResetModel()
        self.arranged.emit()

    def set_open(self, opened: bool) -> None:
        """Show what is less likely, or put it away; no other row moves."""
        if opened == self._open or not self._less_likely:
            return
        first, last = self.likely, self.likely + self.less_likely - 1
        if opened:
            self.beginInsertRows(ROOT, first, last)
        else:
            self.beginRemoveRows(ROOT, first, last)
        self._open, self._rows = opened, None
        (self.endInsertRows if opened else self.endRemoveRows)()
        self.arranged.emit()

    def renew(self, outcome: SearchOutcome, presence: Mapping[int, Presence]) -> int:
        """Bring the rows up to date and leave them where they are: none comes, only what is gone goes.

        Args:
            outcome: of the same search, now.
            presence: where the files are, by the id of the video.

        Returns:
            How many moments of the outcome are not shown and likely.
        """
        shown = list(self.moments)
        fresh = _by_video(outcome.moments)
        now = {id(moment): _renewed(moment, fresh.get(moment.video_id, ()), presence) for moment in shown}
        likely = [_card(card, now) for card in self._likely]
        less_likely = [_card(card, now) for card in self._less_likely]
        gone = [row for row, card in enumerate([*likely, *less_likely]) if card is None]
        before = list(self._cards())
        for first, last in reversed(_runs([row for row in gone if row < self.rowCount()])):
            self.beginRemoveRows(ROOT, first, last)
            behind = max(first - self.likely, 0), max(last + 1 - self.likely, 0)
            del self._less_likely[slice(*behind)]
            del self._likely[first : last + 1]
            self._rows = None
            self.endRemoveRows()
        self._likely = [card for card in likely if card is not None]
        self._less_likely = [card for card in less_likely if card is not None]
        self._rows = None
        missing = set(gone)
        left = [card for row, card in enumerate(before) if row not in missing]
        for row, (old, new) in enumerate(zip(left[: self.rowCount()], self._cards(), strict=False)):
            if old is not new:
                self.dataChanged.emit(self.index(row), self.index(row))
        self.arranged.emit()
        known = _by_video(shown)
        return sum(
            moment.strength >= self._layout.strictness
            and not any(_overlap(moment, other) for other in known.get(moment.video_id, ()))
            for moment in outcome.moments
        )

    def set_folders(self, folders: tuple[Folder, ...]) -> None:
        """The watched folders, to name the one that has to be connected."""
        self._folders = folders

    def set_favourites(self, is_favourite: Callable[[Moment], bool]) -> None:
        """What says, at once, whether a moment is a favourite; call it again when that has changed."""
        self._is_favourite = is_favourite
        if self.rowCount():
            self.dataChanged.emit(self.index(0), self.index(self.rowCount() - 1), [MomentRole.FAVOURITE])

    def is_favourite(self, moment: Moment) -> bool:
        """Whether a moment is one."""
        return self._is_favourite(moment)

    def card(self, row: int) -> Card:
        """The card in a row."""
        return self._likely[row] if row < self.likely else self._less_likely[row - self.likely]

    def moment(self, row: int) -> Moment:
        """The moment that the card in a row shows."""
        return self.card(row).moment

    def row_of(self, moment: Moment) -> int:
        """The row of the card that a moment is on, -1 where it is on none."""
        return next(iter(self.rows_of([moment])), -1)

    def rows_of(self, moments: Iterable[Moment]) -> list[int]:
        """The rows of the cards that moments are on, ascending; those on none are left out."""
        wanted = {_key(moment) for moment in moments}
        cards = islice(self._cards(), self.rowCount())
        return [
            row for row, card in enumerate(cards) if any(_key(moment) in wanted for moment in card.moments)
        ]

    def step(self, moment: Moment, by: int) -> Moment | None:
        """The moment that comes `by` after one: in its video by time where a card is a video, then on the
        next card; None where there is none, or the moment is on no card."""
        row = self.row_of(moment)
        if row < 0:
            return None
        here = self.card(row).in_time
        place = next(number for number, each in enumerate(here) if _key(each) == _key(moment)) + by
        while not 0 <= place < len(here):
            row += 1 if by > 0 else -1
            if not 0 <= row < self.rowCount():
                return None
            place += -len(here) if by > 0 else 0
            here = self.card(row).in_time
            place += len(here) if by < 0 else 0
        return here[place]

    def moments_of(self, path: Path) -> tuple[Moment, ...]:
        """All moments found in one video, in the order of time."""
        return tuple(sorted((m for m in self.moments if m.path == path), key=lambda m: m.start))

    def obstacle(self, moment: Moment) -> str:
        """Why a moment does not play now and what to do, a sentence; empty where it does."""
        return card_words.obstacle(moment, self._folders)

    def picture_arrived(self, frame: int) -> None:
        """Have the rows that show this frame painted again."""
        if self._rows is None:
            self._rows = {}
            for row in range(self.rowCount()):
                self._rows.setdefault(self.moment(row).frame_id, []).append(row)
        for row in self._rows.get(frame, ()):
            index = self.index(row)
            self.dataChanged.emit(index, index, [Qt.ItemDataRole.DecorationRole])

    def rowCount(self, parent: AnyIndex = ROOT) -> int:
        if parent.isValid():
            return 0
        return len(self._likely) + (len(self._less_likely) if self._open else 0)

    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        enabled = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
        return enabled | Qt.ItemFlag.ItemIsDragEnabled if index.isValid() else Qt.ItemFlag.NoItemFlags

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or self._outcome is None:
            return None
        card = self.card(index.row())
        moment = card.moment
        answer: Any = None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                answer = fmt.file_name(moment.path)
            case Qt.ItemDataRole.ToolTipRole:
                answer = card_words.tool_tip(card, self._folders)
            case Qt.ItemDataRole.AccessibleTextRole:
                answer = card_words.spoken(
                    card,
                    self._folders,
                    favourite=self._is_favourite(moment),
                    less_likely=index.row() >= self.likely,
                )
            case MomentRole.STATE:
                answer = card_words.state(moment, self._folders)
            case MomentRole.BESIDE:
                answer = card_words.beside(card)
            case MomentRole.MOMENT:
                answer = moment
            case MomentRole.FADED:
                answer = self._outcome.verdict is Verdict.NONE
            case MomentRole.FAVOURITE:
                answer = self._is_favourite(moment)
        return answer

    def _cards(self) -> Iterator[Card]:
        yield from self._likely
        yield from self._less_likely

    def _lay_out(self, moments: Iterable[Moment], *, opened: bool) -> None:
        verdict = self._outcome.verdict if self._outcome else Verdict.NONE
        made = arrange(moments, verdict, self._layout)
        self._likely, self._less_likely = list(made.likely), list(made.less_likely)
        self._open = bool(made.less_likely) and (opened or len(made.less_likely) <= FEW)
        self._rows = None


def _by_video(moments: Iterable[Moment]) -> dict[int, list[Moment]]:
    found: defaultdict[int, list[Moment]] = defaultdict(list)
    for moment in moments:
        found[moment.video_id].append(moment)
    return found


def _runs(rows: Sequence[int]) -> list[tuple[int, int]]:
    """Runs of ascending rows that follow one another, first and last."""
    runs: list[tuple[int, int]] = []
    for row in rows:
        if runs and runs[-1][1] == row - 1:
            runs[-1] = (runs[-1][0], row)
        else:
            runs.append((row, row))
    return runs


def _card(card: Card, now: Mapping[int, Moment | None]) -> Card | None:
    """A card as it is now, the same one where nothing changed; None where all of its moments are gone."""
    moments = tuple(moment for each in card.moments if (moment := now[id(each)]) is not None)
    if moments == card.moments:
        return card
    return Card(moments) if moments else None


def _key(moment: Moment) -> tuple[int, int, float]:
    """What tells the moments of one outcome apart."""
    return moment.video_id, moment.frame_id, moment.start


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
        if where is Presence.GONE:
            return None
        return shown if where is shown.presence else replace(shown, presence=where)
    now = next((moment for moment in same if moment.frame_id == shown.frame_id), None)
    if now is None:  # it was indexed again, its frames are others
        return replace(same[0], rank=shown.rank, strength=shown.strength)
    if (now.path, now.presence, now.copies) == (shown.path, shown.presence, shown.copies):
        return shown
    return replace(shown, path=now.path, presence=now.presence, copies=now.copies)
