"""The grid of cards."""

from collections.abc import Iterable, Iterator, Mapping, Set
from contextlib import contextmanager

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPoint,
    QRect,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QWidget

from app.catalogue.records import Presence
from app.search.outcome import Moment, SearchOutcome
from app.ui.results.arrangement import Layout, SortOrder
from app.ui.results.card_grid import CardGrid
from app.ui.results.cards.match_strips import MatchStrips
from app.ui.results.cards.results_delegate import ResultsDelegate, check_of, frame_of
from app.ui.results.cards.scrubber import Scrubber
from app.ui.results.moment_drag import DragSource, MomentDrag
from app.ui.results.new_matches import NewMatches
from app.ui.results.results_model import FEW, ResultsModel
from app.ui.results.thumbnails import Thumbnails
from app.ui.widgets.theme import Theme

AHEAD = 2
"""So many screens before the end more is asked for."""
TIDY_MS = 120
"""So long after the last scroll is told what is still on view."""


class ResultsView(CardGrid):
    """Reflows its cards; arrows move, Enter or a click plays, Up from the first row and Esc leave."""

    chosen = Signal(int)
    """Row of the moment to play."""
    left = Signal()
    """The keyboard leaves the grid for the search box."""
    new_wanted = Signal(object)
    """SearchOutcome with the new matches that were offered."""
    more_wanted = Signal(bool)
    """The end of what was found comes near; true where the order needs all there is."""
    menu_wanted = Signal(QPoint)
    """A place on the screen: what can be done with the selected moments."""
    selection_changed = Signal()
    """Other moments are selected."""

    def __init__(
        self,
        theme: Theme,
        thumbnails: Thumbnails,
        strips: MatchStrips,
        scrubber: Scrubber,
        model: ResultsModel,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, model, ResultsDelegate(theme, thumbnails, strips, scrubber), parent)
        self._thumbnails = thumbnails
        self._strips = strips
        self._scrubber = scrubber
        self._newest: SearchOutcome | None = None
        """What is offered."""
        self._modifiers = Qt.KeyboardModifier.NoModifier
        self._rearranging = False
        """Whether rows change that hold the same moments."""
        self._toggled = False
        """Whether the last press selected a card by its circle: its release plays nothing."""
        self._drag = MomentDrag(thumbnails, self)
        self.new_matches = NewMatches(theme, self)
        self.new_matches.wanted.connect(self.show_new)
        self.divider.toggled.connect(self._on_divider)
        self.divider.up.connect(lambda: self._focus_row(model.likely - 1))
        self.divider.down.connect(lambda: self._focus_row(model.likely))
        self.setAccessibleName(self.tr("Found moments"))
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setDragEnabled(True)
        self._tidy = QTimer(self, singleShot=True, interval=TIDY_MS)
        self._tidy.timeout.connect(self._keep_waiting)
        self.selectionModel().selectionChanged.connect(self._on_selection)
        self.selectionModel().currentChanged.connect(scrubber.leave)
        self.scrolled.connect(scrubber.leave)
        self.scrolled.connect(self._tidy.start)
        self.clicked.connect(self._on_clicked)
        model.modelReset.connect(self._on_reset)
        model.arranged.connect(self._on_arranged)
        thumbnails.arrived.connect(model.picture_arrived)
        thumbnails.faded.connect(self._on_faded)
        strips.arrived.connect(self.viewport().update)
        scrubber.changed.connect(self._on_scrubbed)
        theme.changed.connect(self._on_theme)

    def show_outcome(self, outcome: SearchOutcome | None, *, same: bool) -> None:
        """Show other moments.

        Args:
            outcome: the moments.
            same: whether it answers what the last one did: then the grid stays where it is.
        """
        top, row, had_keyboard = self.verticalScrollBar().value(), self.currentIndex().row(), self.hasFocus()
        self._strips.set_query(outcome.query if outcome else "")
        self._moments.show(outcome)
        if self._moments.layout_chosen.order is not SortOrder.MATCH:
            self.more_wanted.emit(True)
        if not same:
            return
        if 0 <= row < self._moments.rowCount() and (had_keyboard or self.isHidden()):
            self.selectionModel().setCurrentIndex(self._moments.index(row), _ONLY)
        self.doItemsLayout()
        self.verticalScrollBar().setValue(top)

    def renew(self, outcome: SearchOutcome, presence: Mapping[int, Presence]) -> None:
        """Bring what is shown up to date where it stands, and offer what is new; see `ResultsModel.renew`."""
        self._newest = outcome
        self.new_matches.offer(self._moments.renew(outcome, presence))

    def show_new(self) -> bool:
        """Have the new matches shown that are offered; whether there are any."""
        if self._newest is None or self.new_matches.isHidden():
            return False
        had_keyboard = self.hasFocus() or self.new_matches.show_them.hasFocus()
        self.new_wanted.emit(self._newest)
        if had_keyboard:
            self.enter()
        return True

    def lay_out(self, layout: Layout) -> None:
        """Lay the same moments out in another way; what is selected stays so."""
        with self._keeping_selection():
            self._moments.lay_out(layout)
        self.scrollTo(self.currentIndex())
        if layout.order is not SortOrder.MATCH:
            self.more_wanted.emit(True)

    def extend(self, outcome: SearchOutcome) -> None:
        """Take in what else the same search found; what is on view stays where it is."""
        top = self.verticalOffset()
        first = next(iter(self.card_layout().between(top, top)), 0)
        anchor = self._moments.moment(first) if self._moments.rowCount() else None
        place = self.card_layout().rect(first).top() - top
        with self._keeping_selection():
            self._moments.extend(outcome)
        if anchor is not None and (row := self._moments.row_of(anchor)) >= 0:
            self.verticalScrollBar().setValue(self.card_layout().rect(row).top() - place)
        self._tidy.start()

    def set_drag_source(self, source: DragSource) -> None:
        """What is handed to another program where moments are dragged to it; their files until it is set."""
        self._drag.source = source

    def enter(self) -> None:
        """Take the keyboard, on the row that had it last."""
        if self._moments.rowCount() == 0:
            if self.divider.isVisible():
                self.divider.button.setFocus(Qt.FocusReason.ShortcutFocusReason)
            return
        if not self.currentIndex().isValid():
            self.selectionModel().setCurrentIndex(self._moments.index(0), _ONLY)
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def select(self, row: int) -> None:
        """Make this row the current one, alone selected, and bring it into view."""
        index = self._moments.index(row)
        self.selectionModel().setCurrentIndex(index, _ONLY)  # whatever keys are held down
        self.scrollTo(index)

    @property
    def current_moment(self) -> Moment | None:
        """The one that the keyboard is on."""
        row = self.currentIndex().row()
        return self._moments.moment(row) if 0 <= row < self._moments.rowCount() else None

    @property
    def selecting(self) -> bool:
        """Whether several cards are selected."""
        return self._delegate.selecting

    def selected_moments(self) -> tuple[Moment, ...]:
        """All moments of the selected cards, in order; of the current one where none is selected."""
        rows = self._selected_rows()
        if not rows and self.currentIndex().isValid():
            rows = [self.currentIndex().row()]
        return tuple(moment for row in rows for moment in self._moments.card(row).moments)

    def clear_to_current(self) -> None:
        """Select no more than the current card."""
        current = self.currentIndex()
        if current.isValid():
            self.selectionModel().setCurrentIndex(current, _ONLY)
        else:
            self.clearSelection()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self.currentIndex().row()
        shifted = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if row >= 0:
                self.chosen.emit(row)
            case Qt.Key.Key_Space if row >= 0 and not event.modifiers():
                self.chosen.emit(row)
            case Qt.Key.Key_Escape if self.selecting:
                self.clear_to_current()
            case Qt.Key.Key_Escape:
                self.left.emit()
            case Qt.Key.Key_Up if not shifted and self.card_layout().above(row) < 0:
                self.left.emit()
            case Qt.Key.Key_Down if not shifted and row >= 0 and self._leads_to_divider(row):
                self.divider.button.setFocus(Qt.FocusReason.TabFocusReason)
            case _:
                super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        self._toggled = (
            event.button() == Qt.MouseButton.LeftButton
            and index.isValid()
            and not event.modifiers()
            and check_of(self.visualRect(index)).contains(event.position().toPoint())
        )
        if self._toggled:
            flags = QItemSelectionModel.SelectionFlag
            # The first circle that is clicked begins a selection of its own.
            flag = flags.Toggle if self.selecting or self._circled else flags.ClearAndSelect
            self._circled = True
            self.selectionModel().setCurrentIndex(index, flag)
        else:
            super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._modifiers = event.modifiers()
        if self._toggled:
            self._toggled = False
        else:
            super().mouseReleaseEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self._hover(event.position().toPoint(), scrubs=not event.buttons())

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Leave, QEvent.Type.HoverLeave):
            self._hover(QPoint(-1, -1), scrubs=True)
        return super().viewportEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        place = event.pos()
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            self.scrollTo(self.currentIndex())
            place = self.visualRect(self.currentIndex()).center()
        index = self.indexAt(place)
        if not index.isValid():
            return
        if not self.selectionModel().isSelected(index):
            self.selectionModel().setCurrentIndex(index, _ONLY)
        self.menu_wanted.emit(self.viewport().mapToGlobal(place))

    def startDrag(self, actions: Qt.DropAction) -> None:
        moments = self.selected_moments()
        if moments:
            self._drag.start(moments)

    def _on_selection(self) -> None:
        count = len(self._selected_rows())
        self._circled = self._circled and count > 0
        several = count > 1 or self._circled
        if several != self._delegate.selecting:
            self._delegate.selecting = several
            self.viewport().update()
        self.selection_changed.emit()

    _circled = False
    """Whether a selection was begun by a card's circle: then one is a selection too."""

    def scrub(self, by: int) -> None:
        """Show the frame `by` further of the current card's moment."""
        moment = self.current_moment
        if moment is not None:
            self._scrubber.step(moment, by)

    def _hover(self, place: QPoint, *, scrubs: bool) -> None:
        index = self.indexAt(place)
        row = index.row()
        if row != self._hovered:
            before, self._hovered = self._hovered, row
            for changed in (before, row):
                if 0 <= changed < self._moments.rowCount():
                    self.update(self._moments.index(changed))
        frame = frame_of(self.visualRect(index)) if row >= 0 else QRect()
        if scrubs and frame.contains(place) and not check_of(self.visualRect(index)).contains(place):
            share = (place.x() - frame.left()) / max(frame.width(), 1)
            self._scrubber.go_to(self._moments.moment(row), share)
        else:
            self._scrubber.leave()

    def _on_scrubbed(self) -> None:
        self.viewport().update()

    def _leads_to_divider(self, row: int) -> bool:
        return (
            self._moments.less_likely > 0 and not self._moments.is_open and self.card_layout().below(row) < 0
        )

    def _focus_row(self, row: int) -> None:
        if 0 <= row < self._moments.rowCount():
            self.select(row)
            self.setFocus(Qt.FocusReason.TabFocusReason)
        elif row < 0:
            self.left.emit()

    def _selected_rows(self) -> list[int]:
        ranges = self.selectionModel().selection().toList()
        return sorted(row for chosen in ranges for row in range(chosen.top(), chosen.bottom() + 1))

    @contextmanager
    def _keeping_selection(self) -> Iterator[None]:
        """Whatever becomes of the rows inside, what is selected and what is offered stay so."""
        current = self.current_moment
        selected = self.selected_moments() if self.selecting else ()
        self._rearranging = True
        try:
            yield
        finally:
            self._rearranging = False
        self._select_again(selected, current)

    def _select_again(self, moments: Iterable[Moment], current: Moment | None) -> None:
        """Select the cards that these moments are on, or only the current one's where there are none."""
        selection = QItemSelection()
        for row in self._moments.rows_of(moments):
            selection.select(self._moments.index(row), self._moments.index(row))
        flags = QItemSelectionModel.SelectionFlag
        self.selectionModel().select(selection, flags.ClearAndSelect)
        if current is not None and (row := self._moments.row_of(current)) >= 0:
            alone = selection.isEmpty()
            self.selectionModel().setCurrentIndex(
                self._moments.index(row), flags.ClearAndSelect if alone else flags.NoUpdate
            )

    def _on_divider(self) -> None:
        opened, had_keyboard = not self._moments.is_open, self.window().focusWidget() is self.divider.button
        self._moments.set_open(opened)
        if had_keyboard and opened:
            self._focus_row(self._moments.likely)

    def _on_arranged(self) -> None:
        model = self._moments
        self.divider.show_count(model.less_likely, is_open=model.is_open, closes=model.less_likely > FEW)
        self.divider.setVisible(model.less_likely > 0)
        self.updateGeometries()
        self.viewport().update()
        self._tidy.start()

    def _keep_waiting(self) -> None:
        top = self.verticalOffset()
        rows = self.card_layout().between(top, top + self.viewport().height())
        moments = [self._moments.moment(row) for row in rows]
        self._thumbnails.keep_waiting({moment.frame_id for moment in moments})
        self._strips.keep_waiting({moment.video_id for moment in moments})
        self.viewport().update()
        if not self._moments.less_likely or self._moments.is_open:
            bar = self.verticalScrollBar()
            if bar.maximum() - bar.value() < AHEAD * bar.pageStep():
                self.more_wanted.emit(False)

    def _on_clicked(self, index: QModelIndex) -> None:
        if not self._modifiers & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier):
            self.chosen.emit(index.row())

    def _on_theme(self) -> None:
        self.updateGeometries()
        self.viewport().update()

    def _on_faded(self, frames: Set[int]) -> None:
        """Paint again what shows these frames, and no other card."""
        layout, top = self.card_layout(), self.verticalOffset()
        for row in layout.between(top, top + self.viewport().height()):
            if self._moments.moment(row).frame_id in frames:
                self.viewport().update(frame_of(layout.rect(row).translated(0, -top)))

    def _on_reset(self) -> None:
        self._hovered = -1
        self._scrubber.leave()
        if not self._rearranging:
            self._newest = None
            self.new_matches.offer(0)
            self.scrollToTop()


_ONLY = QItemSelectionModel.SelectionFlag.ClearAndSelect
