"""The search box with what helps to fill it, its busy line and the one line that says how the search went."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QProgressBar, QVBoxLayout, QWidget

from app.query import editing
from app.query.parsed_query import Likeness
from app.query.parser import HEAVIEST
from app.query.spans import Span, SpanKind, spans_of, steps_of
from app.ui.search.chips import QueryChips
from app.ui.search.search_field import SearchField
from app.ui.search.suggestions import Suggestions
from app.ui.widgets import icons
from app.ui.widgets.controls import IconButton, PlainLabel, TextButton
from app.ui.widgets.lazy_part import LazyPart
from app.ui.widgets.theme import Space, Theme

if TYPE_CHECKING:
    from app.ui.search.filter_panel import FilterPanel

COMMAND = "reelfind models "
"""Stands in a sentence that says what to do about a model."""


class SearchBar(QWidget):
    """Emits what is typed; Enter asks at once, Down goes to the results.

    The text of the field is the query. Chips, filters and all that can be pressed here only change that text.
    """

    typed = Signal(str)
    entered = Signal()
    down = Signal()
    picture_wanted = Signal()
    """A picture is to be chosen that something is like."""
    filters_wanted = Signal()
    """The filters are about to show: their values are wanted."""
    save_wanted = Signal()
    models_wanted = Signal()
    """The user wants to see the models, of which the line below the box speaks."""
    """What is typed is to be saved under a name, or forgotten where it is saved."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.field = SearchField(theme)
        self.field.setObjectName("searchField")
        self.field.setPlaceholderText(self.tr("Describe a moment, like “a dog running on the beach”"))
        self.field.setAccessibleName(self.tr("Search your videos"))
        self.field.setClearButtonEnabled(True)
        self._glass = QAction(self)
        self.field.addAction(self._glass, QLineEdit.ActionPosition.LeadingPosition)
        self.suggestions = Suggestions(theme, self.field)
        self.picture = IconButton(theme, "picture", self.tr("Search with a picture…"))
        self.then = IconButton(theme, "then", self.tr("Then: add what happens next"))
        self.filters = IconButton(theme, "filter", self.tr("Filters"))
        self.save = IconButton(theme, "save-search", self.tr("Save this search…"))
        self.filter_panel = LazyPart(self._make_panel)
        self.chips = QueryChips(theme)
        self._busy = QProgressBar(textVisible=False)
        self._busy.setRange(0, 0)
        self._busy.setAccessibleName(self.tr("Searching"))
        keep = self._busy.sizePolicy()
        keep.setRetainSizeWhenHidden(True)
        self._busy.setSizePolicy(keep)
        self._busy.hide()
        self.line = PlainLabel(tone="dim")
        self.line.setWordWrap(True)
        self.line.hide()
        self.models = TextButton(theme, self.tr("Models…"), kind="small")
        self.models.hide()
        self.offers_models = True
        """Whether the models are of this computer."""
        self._trouble: int | None = None
        self._arrange()
        self._connect()
        theme.changed.connect(self._draw)
        self._draw()
        self._show_text("")

    @property
    def text(self) -> str:
        """The query as it stands."""
        return self.field.text()

    @property
    def panel(self) -> FilterPanel:
        """The filters to choose from; made now where nobody wanted them yet."""
        return self.filter_panel.get()

    def focus(self) -> None:
        """Put the keyboard into the box with its text selected."""
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    def set_busy(self, busy: bool) -> None:
        self._busy.setVisible(busy)

    def say(self, text: str, *, warning: bool = False) -> None:
        """Show one quiet line below the box; an empty text takes it away.

        What it says of `reelfind models` is offered as a button too.
        """
        self.line.setProperty("tone", "warning" if warning else "dim")
        self.line.style().polish(self.line)
        self.line.setText(text)
        self.line.setVisible(bool(text))
        self.models.setVisible(self.offers_models and COMMAND in text)

    def unsay(self, text: str) -> None:
        """Take the line away where it says this: it is said elsewhere."""
        if self.line.text() == text:
            self.say("")

    def show_trouble(self, at: int | None) -> None:
        """Underline the word that begins at a place of the text, since it cannot be read; none where None."""
        self._trouble = at
        self._show_signs()

    def change(self, text: str) -> None:
        """Make this the query, as typing does, with the cursor at its end."""
        self.field.change_to(text)

    def add_likeness(self, likeness: Likeness) -> None:
        """Look for what is like this, too."""
        self.change(editing.with_piece(self.text, editing.like(likeness)))

    def add_step(self) -> None:
        """Go on with a second description, of what happens then."""
        self.change(editing.with_step(self.text))
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        self.field.end(False)

    def add_term(self) -> None:
        """Go on with something else that is to be seen together with what is described."""
        self.change(editing.with_term(self.text))
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        self.field.end(False)

    def clear_filters(self) -> None:
        """Leave the description, and what it is to be like."""
        self.change(editing.without_filters(self.text))

    def open_filters(self) -> None:
        """Show the filters to choose from."""
        self.filters_wanted.emit()
        self.panel.show_query(spans_of(self.text))
        self.panel.open_below(self.filters)

    def replace_likeness(self, span: Span, likeness: Likeness) -> None:
        """Put another likeness in the place of one, if that is still there."""
        if span in spans_of(self.text):
            self.field.replace(span.start, span.end, editing.like(likeness))

    def set_saved(self, name: str) -> None:
        """Under which name the query is saved; empty where it is not."""
        self.save.set_icon("saved-search" if name else "save-search")
        self.save.set_label(
            self.tr("Remove this search from the saved ones") if name else self.tr("Save this search…")
        )

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Down:
                self.down.emit()
                return True
            if event.key() == Qt.Key.Key_Escape and self.field.text():
                self.field.clear()
                return True
        return super().eventFilter(watched, event)

    def _arrange(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(Space.XS)
        row.addWidget(self.field, 1)
        row.addSpacing(Space.XS)
        for button in (self.picture, self.then, self.filters, self.save):
            row.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(Space.XL, Space.L, Space.XL, 0)
        layout.setSpacing(Space.XS)
        layout.addLayout(row)
        layout.addWidget(self._busy)
        layout.addWidget(self.chips)
        said = QHBoxLayout()
        said.setSpacing(Space.M)
        said.addWidget(self.line, 1)
        said.addWidget(self.models, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(said)

    def _connect(self) -> None:
        self.field.textChanged.connect(self._on_text)
        self.field.returnPressed.connect(self.entered)
        self.field.installEventFilter(self)
        self.field.installEventFilter(self.suggestions)  # the last is asked first
        self.picture.clicked.connect(self.picture_wanted)
        self.then.clicked.connect(self.add_step)
        self.filters.clicked.connect(self.open_filters)
        self.save.clicked.connect(self.save_wanted)
        self.models.clicked.connect(self.models_wanted)
        self.chips.span_removed.connect(self._remove_span)
        self.chips.step_removed.connect(self._remove_step)
        self.chips.turn_wanted.connect(self._turn_round)
        self.chips.weight_wanted.connect(self._weigh)
        self.chips.edit_wanted.connect(self._select)
        self.suggestions.search_wanted.connect(self._ask)

    def _make_panel(self) -> FilterPanel:
        from app.ui.search.filter_panel import FilterPanel  # noqa: PLC0415 - no start needs it

        panel = FilterPanel(self._theme, self)
        panel.value_changed.connect(self._set_value)
        panel.left_out_changed.connect(self._leave_out)
        panel.cleared.connect(self.clear_filters)
        return panel

    def _ask(self, text: str) -> None:
        self.change(text)
        self.entered.emit()

    def _remove_span(self, span: Span) -> None:
        if span.kind is SpanKind.TERM:
            self.change(editing.without_term(self.text, span))
        else:
            self.change(editing.without_piece(self.text, span.start, span.end))

    def _turn_round(self, span: Span) -> None:
        if span in spans_of(self.text):
            self.change(editing.turned_round(self.text, span))

    def _weigh(self, span: Span, weight: float) -> None:
        if span in spans_of(self.text) and weight <= HEAVIEST:
            self.change(editing.with_weight(self.text, span, weight))

    def _remove_step(self, number: int) -> None:
        self.change(editing.without_step(self.text, number))

    def _select(self, start: int, end: int) -> None:
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        self.field.setSelection(start, end - start)

    def _set_value(self, name: str, value: str, among: frozenset[str] | None) -> None:
        self.change(editing.with_value(self.text, name, value, among=among))

    def _leave_out(self, words: str) -> None:
        phrases = [phrase.strip() for phrase in words.split(",")]
        said = [phrase for phrase in phrases if any(letter.isalnum() for letter in phrase)]
        self.change(editing.with_left_out(self.text, said))

    def _on_text(self, text: str) -> None:
        self._trouble = None
        self._show_text(text)
        self.typed.emit(text)

    def _show_text(self, text: str) -> None:
        self._show_signs()
        self.then.setEnabled(bool(text.strip()))
        self.save.setEnabled(bool(text.strip()))
        panel = self.filter_panel.made
        if panel is not None and panel.isVisible():
            panel.show_query(spans_of(text))

    def _show_signs(self) -> None:
        spans = spans_of(self.text)
        self.field.show_signs(spans, self._trouble)
        self.chips.show_query(spans, steps_of(self.text), self._trouble)

    def _draw(self) -> None:
        self._glass.setIcon(icons.icon("search", self._theme.colour("dim")))
