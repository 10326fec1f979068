"""The list of files that could not be read, or in part only, and of folders that cannot be opened."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.catalogue.records import ProblemCounts, ProblemVideos, UnreachablePath, Video
from app.ui.activity.problem_card import Problem, ProblemCard
from app.ui.background.contents_reader import PROBLEMS_READ
from app.ui.background.snapshots import LibrarySnapshot
from app.ui.widgets.controls import PlainLabel, TextButton, plain_tooltip
from app.ui.widgets.theme import Space, Theme
from app.ui.wording import formatting as fmt
from app.ui.wording.problem_words import headline

SHOWN = PROBLEMS_READ
"""More problems than this in one group are only counted."""
BATCH = 10
"""Cards made at one go, so that a long list does not hold up the window; the others follow at once."""


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


class GroupHeading(QWidget):
    """The title of a group, and a button that tries all that is listed of it again."""

    retry_wanted = Signal()

    def __init__(self, theme: Theme, title: str) -> None:
        super().__init__()
        self.retry = TextButton(theme, self.tr("Try these again"), kind="small")
        self.retry.setAccessibleName(self.tr("Try these again: {group}").format(group=title))
        self.retry.clicked.connect(self.retry_wanted)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(PlainLabel(title, tone="dim", scale="heading"), 1)
        layout.addWidget(self.retry)


class Problems(QWidget):
    """One card per problem under a heading per group.

    Cards that stay are not made anew, so that the list keeps its place and the keyboard while it changes.
    """

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
        self._labels: dict[tuple[str, int], QWidget] = {}
        """Headings and the like by their words, and which of those with these words it is."""
        self._stale = True
        self._more = QTimer(self, singleShot=True, interval=0)
        self._more.timeout.connect(self._renew)
        self._title = PlainLabel(tone="dim")
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
        heading.addWidget(self._title, 1)
        heading.addWidget(self.retry_all)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.S)
        layout.addLayout(heading)
        layout.addWidget(self._area, 1)
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
        first = self.retry_all if self.retry_all.isVisible() else self._area
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def showEvent(self, event: QShowEvent) -> None:
        if self._stale:
            self._renew()
        super().showEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        self._stale = self._stale or self._more.isActive()
        self._more.stop()
        super().hideEvent(event)

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
            wanted.append(self._heading(labels, group, above=Space.M if place else 0))
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

    def _label(self, before: dict[tuple[str, int], QWidget], text: str) -> QWidget:
        """A line of the list; the one from `before` where it was there."""
        number = sum(known == text for known, _ in self._labels)
        label = before.pop((text, number), None) or PlainLabel(text, tone="dim", scale="heading")
        self._labels[text, number] = label
        return label

    def _heading(self, before: dict[tuple[str, int], QWidget], group: Group, above: int) -> QWidget:
        """The heading of a group; the one from `before` where it was there."""
        title = f"{group.title} · {fmt.count(group.total)}"
        heading = before.pop((title, 0), None)
        if not isinstance(heading, GroupHeading):
            heading = GroupHeading(self._theme, title)
            heading.retry_wanted.connect(lambda: self._retry_group(group.title))
        heading.setContentsMargins(0, above, Space.XS, 0)
        heading.retry.setHidden(len(group.problems) < 2 or bool(self._contents.read_only))
        self._labels[title, 0] = heading
        return heading

    def _retry_group(self, title: str) -> None:
        contents = self._contents
        for group in groups(self._videos, contents.problems, contents.unreachable):
            if group.title != title:
                continue
            videos = frozenset(each.id for each in group.problems if isinstance(each, Video))
            if videos:
                self.retry_wanted.emit(videos)
            for folder in {each.folder_id for each in group.problems if isinstance(each, UnreachablePath)}:
                self.rescan_wanted.emit(folder)

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
