"""The list of files that could not be read, or in part only, and of folders that cannot be opened."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.catalogue.records import ProblemCounts, ProblemVideos, UnreachablePath, Video
from app.ui.background.contents_reader import PROBLEMS_READ
from app.ui.background.snapshots import LibrarySnapshot
from app.ui.folders.problem_card import Problem, ProblemCard
from app.ui.widgets import formatting as fmt
from app.ui.widgets.controls import PlainLabel, TextButton, plain_tooltip
from app.ui.widgets.theme import Space, Theme

SHOWN = PROBLEMS_READ
"""More problems than this in one group are only counted."""
BATCH = 10
"""Cards made at one go, so that a long list does not hold up the window; the others follow at once."""


def headline(counts: ProblemCounts, unreachable: Sequence[UnreachablePath] = ()) -> str:
    """How many videos could not be read, and in part only, and how many folders cannot be opened."""
    parts = []
    if counts.failed:
        parts.append(_tr("%Ln files could not be read", counts.failed))
        if counts.partial:
            parts.append(_tr("%Ln only in part", counts.partial))
    elif counts.partial:
        parts.append(_tr("%Ln files only partly readable", counts.partial))
    if unreachable:
        parts.append(_tr("%Ln folders cannot be opened", len(unreachable)))
    return ", ".join(parts) if parts else _tr("No problems")


def brief_headline(counts: ProblemCounts, unreachable: Sequence[UnreachablePath] = ()) -> str:
    """How many problems there are, for where there is little room."""
    if not unreachable:
        return _tr("%Ln files with problems", counts.total)
    if not counts.total:
        return headline(counts, unreachable)
    return _tr("%Ln problems", counts.total + len(unreachable))


@dataclass(frozen=True, slots=True)
class Group:
    """Problems of one kind."""

    title: str
    problems: tuple[Problem, ...]
    """The first of them."""
    total: int
    """All of them."""


def groups(
    videos: ProblemVideos, counts: ProblemCounts, unreachable: Sequence[UnreachablePath]
) -> list[Group]:
    """The problems by what becomes of them; groups that hold none are left out."""
    every: list[tuple[str, tuple[Problem, ...], int]] = [
        (_tr("Will be tried again by itself"), videos.retried, counts.retried),
        (_tr("Not readable"), videos.failed, counts.failed - counts.failed_retried),
        (_tr("Partly indexed"), videos.partial, counts.partial - counts.partial_retried),
        (_tr("Folders that cannot be opened"), tuple(unreachable), len(unreachable)),
    ]
    # Counts may be a moment older or newer than the list: what is listed is there.
    return [
        Group(title, found, max(total, len(found)) if len(found) >= SHOWN else len(found))
        for title, found, total in every
        if found
    ]


class Problems(QWidget):
    """One card per problem under a heading per group.

    Cards that stay are not made anew, so that the list keeps its place and the keyboard while it changes.
    """

    left = Signal()
    show_wanted = Signal(Path)
    retry_wanted = Signal(object)
    """Ids of the videos to try again; None for all, folders that cannot be opened among them."""
    rescan_wanted = Signal(int)
    """Id of the watched folder to look through again."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._contents = LibrarySnapshot((), scanning=False)
        self._videos = ProblemVideos()
        self._cards: dict[Problem, ProblemCard] = {}
        self._labels: dict[tuple[str, int], PlainLabel] = {}
        """Headings and the like by their words, and which of those with these words it is."""
        self._stale = True
        self._more = QTimer(self, singleShot=True, interval=0)
        self._more.timeout.connect(self._renew)
        self._back = TextButton(theme, self.tr("Back"), kind="quiet", icon="back")
        self._title = PlainLabel(scale="title")
        self._title.setWordWrap(True)
        self.retry_all = TextButton(theme, self.tr("Try all again"), icon="retry")
        self._area = QScrollArea()
        self._area.setAccessibleName(self.tr("Problems"))
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._inside = QWidget()
        self._column = QVBoxLayout(self._inside)
        self._column.setContentsMargins(0, 0, Space.L, Space.L)
        self._column.setSpacing(Space.S)
        self._column.addStretch()
        self._area.setWidget(self._inside)
        heading = QHBoxLayout()
        heading.setContentsMargins(0, 0, Space.L, 0)
        heading.setSpacing(Space.S)
        heading.addWidget(self._back)
        heading.addStretch(1)
        heading.addWidget(self.retry_all)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(Space.XL, Space.XS, Space.S, Space.S)
        layout.setSpacing(Space.S)
        layout.addLayout(heading)
        layout.addWidget(self._title)
        layout.addSpacing(Space.XS)
        layout.addWidget(self._area, 1)
        self._back.clicked.connect(self.left)
        self.retry_all.clicked.connect(self._on_retry_all)

    @property
    def cards(self) -> list[ProblemCard]:
        """The cards in the order of the list."""
        return list(self._cards.values())

    def show_videos(self, videos: ProblemVideos) -> None:
        """Show these, each with what is wrong, from the next `show_contents` on."""
        self._videos = videos

    def show_contents(self, contents: LibrarySnapshot) -> None:
        """Show how many problems there are, and what can be done; at once where the list is on view."""
        self._contents = contents
        self._stale = True
        if self.isVisible():
            self._renew()

    def enter(self) -> None:
        """Take the keyboard."""
        self._back.setFocus(Qt.FocusReason.OtherFocusReason)

    def showEvent(self, event: QShowEvent) -> None:
        if self._stale:
            self._renew()
        super().showEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        self._stale = self._stale or self._more.isActive()
        self._more.stop()
        super().hideEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def _renew(self) -> None:
        self._stale = False
        contents = self._contents
        found = groups(self._videos, contents.problems, contents.unreachable)
        self._title.setText(headline(contents.problems, contents.unreachable))
        self._offer_all(bool(found))
        anchor = self._anchor()
        had_keyboard = self._inside.isAncestorOf(self.focusWidget()) if self.focusWidget() else False
        self._lay_out(found)
        for card in self._cards.values():
            if not contents.scanning or contents.read_only:
                card.set_read_only(contents.read_only)
        self._hold(anchor)
        if had_keyboard and (self.focusWidget() is None or not self._inside.isAncestorOf(self.focusWidget())):
            self.enter()

    def _offer_all(self, any_problem: bool) -> None:
        reason = self._contents.read_only
        self.retry_all.setVisible(any_problem)
        self.retry_all.setToolTip(plain_tooltip(reason))
        if not self._contents.scanning or reason:
            self.retry_all.setEnabled(not reason)

    def _lay_out(self, found: Sequence[Group]) -> None:
        """Put headings and cards in order; take away those whose problem is no longer there."""
        cards, labels = self._cards, self._labels
        self._cards, self._labels = {}, {}
        wanted: list[QWidget] = []
        room = BATCH
        for place, group in enumerate(found):
            heading = f"{group.title} · {fmt.count(group.total)}"
            wanted.append(self._label(labels, heading, above=Space.M if place else 0))
            for problem in group.problems[:SHOWN]:
                card = cards.pop(problem, None)
                if card is None:
                    if not room:
                        self._more.start()
                        continue
                    card, room = self._card(problem), room - 1
                self._cards[problem] = card
                wanted.append(card)
            if (more := group.total - SHOWN) > 0:
                wanted.append(
                    self._label(labels, self.tr("… and {count} more").format(count=fmt.count(more)))
                )
        for gone in [*labels.values(), *cards.values()]:
            self._column.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        self._arrange(wanted)

    def _label(self, before: dict[tuple[str, int], PlainLabel], text: str, above: int = 0) -> PlainLabel:
        """A line of the list; the one from `before` where it was there."""
        number = sum(known == text for known, _ in self._labels)
        label = before.pop((text, number), None) or PlainLabel(text, tone="dim", scale="heading")
        label.setContentsMargins(0, above, 0, 0)
        self._labels[text, number] = label
        return label

    def _arrange(self, wanted: Sequence[QWidget]) -> None:
        """Bring the column into this order, touching only what stands elsewhere: each place is measured."""
        for place, part in enumerate(wanted):
            item = self._column.itemAt(place)
            if item is None or item.widget() is not part:
                self._column.removeWidget(part)
                self._column.insertWidget(place, part)
                part.show()  # a layout shows it only later, and makes no room for it until then

    def _card(self, problem: Problem) -> ProblemCard:
        card = ProblemCard(self._theme, problem)
        card.show_wanted.connect(self.show_wanted)
        if isinstance(problem, Video):
            card.retry_wanted.connect(lambda: self.retry_wanted.emit(frozenset({problem.id})))
        else:
            card.retry_wanted.connect(lambda: self.rescan_wanted.emit(problem.folder_id))
        return card

    def _anchor(self) -> tuple[Problem, int] | None:
        """The first problem on view and how far its card is from the upper edge; None at the top."""
        top = self._area.verticalScrollBar().value()
        if not top:
            return None
        for problem, card in self._cards.items():
            if card.geometry().bottom() >= top:
                return problem, card.y() - top
        return None

    def _hold(self, anchor: tuple[Problem, int] | None) -> None:
        """Bring that card back to where it was."""
        if anchor is None or anchor[0] not in self._cards:
            return
        # The area would learn the new height by an event; the place has to be right before it is painted.
        for card in self._cards.values():
            if (inner := card.layout()) is not None:
                inner.activate()
        room = self._area.viewport().size()
        height = self._column.totalHeightForWidth(room.width())
        self._inside.resize(room.width(), max(height, room.height()))
        self._column.activate()
        self._area.verticalScrollBar().setValue(self._cards[anchor[0]].y() - anchor[1])

    def _on_retry_all(self) -> None:
        self.retry_all.setEnabled(False)
        self.retry_wanted.emit(None)


def _tr(text: str, number: int = -1) -> str:
    return QCoreApplication.translate("Problems", text, "", number)
