"""The grid of moments."""

from collections.abc import Mapping

from PySide6.QtCore import QModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from app.catalogue.records import Presence
from app.search.outcome import SearchOutcome
from app.ui.results.new_matches import NewMatches
from app.ui.results.results_delegate import ResultsDelegate, card_height
from app.ui.results.results_model import ResultsModel
from app.ui.results.thumbnails import Thumbnails
from app.ui.widgets.theme import Theme

NARROWEST = 216
"""A card is at least this wide, logical pixels, its gap included."""


class ResultsView(QListView):
    """Reflows its cards; arrows move, Enter or a click plays, Up from the first row and Esc leave."""

    chosen = Signal(int)
    """Row of the moment to play."""
    left = Signal()
    """The keyboard leaves the grid for the search box."""
    new_wanted = Signal(object)
    """SearchOutcome with the new matches that were offered."""

    def __init__(
        self, theme: Theme, thumbnails: Thumbnails, model: ResultsModel, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._moments = model
        self._delegate = ResultsDelegate(theme, thumbnails, self)
        self._newest: SearchOutcome | None = None
        """What is offered."""
        self.new_matches = NewMatches(theme, self)
        self.new_matches.wanted.connect(self.show_new)
        self.setModel(model)
        self.setItemDelegate(self._delegate)
        self.setAccessibleName(self.tr("Found moments"))
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setMouseTracking(True)
        self.verticalScrollBar().setSingleStep(28)
        self.clicked.connect(self._on_clicked)
        model.modelReset.connect(self._on_reset)
        thumbnails.arrived.connect(model.picture_arrived)
        thumbnails.faded.connect(self.viewport().update)
        theme.changed.connect(self.viewport().update)

    def show_outcome(self, outcome: SearchOutcome | None, *, same: bool) -> None:
        """Show other moments.

        Args:
            outcome: the moments.
            same: whether it answers what the last one did: then the grid stays where it is.
        """
        top, row, had_keyboard = self.verticalScrollBar().value(), self.currentIndex().row(), self.hasFocus()
        self._moments.show(outcome)
        if not same:
            return
        if 0 <= row < self._moments.rowCount() and (had_keyboard or self.isHidden()):
            self.setCurrentIndex(self._moments.index(row))
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

    def enter(self) -> None:
        """Take the keyboard, on the row that had it last."""
        if self._moments.rowCount() == 0:
            return
        if not self.currentIndex().isValid():
            self.setCurrentIndex(self._moments.index(0))
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def select(self, row: int) -> None:
        """Make this row the current one and bring it into view."""
        index = self._moments.index(row)
        self.setCurrentIndex(index)
        self.scrollTo(index)

    @property
    def columns(self) -> int:
        """Cards in a row."""
        return max(1, self.viewport().width() // NARROWEST)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()
        super().resizeEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self.currentIndex().row()
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter | Qt.Key.Key_Space if row >= 0:
                self.chosen.emit(row)
            case Qt.Key.Key_Escape:
                self.left.emit()
            case Qt.Key.Key_Up if row < self.columns:
                self.left.emit()
            case Qt.Key.Key_Left if row > 0:
                self.select(row - 1)
            case Qt.Key.Key_Right if row + 1 < self._moments.rowCount():
                self.select(row + 1)
            case _:
                super().keyPressEvent(event)

    def _fit(self) -> None:
        width = self.viewport().width() // self.columns
        self._delegate.cell = QSize(width, card_height(width, self._delegate.text_height()))
        self.setGridSize(self._delegate.cell)

    def _on_clicked(self, index: QModelIndex) -> None:
        self.chosen.emit(index.row())

    def _on_reset(self) -> None:
        self._delegate.forget()
        self._newest = None
        self.new_matches.offer(0)
        self.scrollToTop()
