"""When something is offered below the search box, and what becomes of what is taken."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent

from app.query.completion import Completion, start_of_last
from app.ui.background.remembered_searches import Searches
from app.ui.search.dropdown import Dropdown
from app.ui.search.offers import Offer, OfferKind, completions_offered, searches_offered
from app.ui.search.search_field import SearchField
from app.ui.widgets.theme import Theme


class Suggestions(QObject):
    """Ties the field to the list below it; an event filter of the field. The keyboard stays in the field.

    Down and Up choose, Enter takes what is chosen, Tab takes it or the first, Esc closes the list, Delete
    forgets a past search. As long as nothing is chosen, Enter searches as always.
    """

    completions_wanted = Signal(str)
    """The text up to the cursor."""
    search_wanted = Signal(str)
    """A saved or past search was taken."""
    forget_wanted = Signal(object)
    """A past search that is to be forgotten, None for all."""

    def __init__(self, theme: Theme, field: SearchField) -> None:
        super().__init__(field)
        self._field = field
        self._searches = Searches()
        self._asked_for = False
        self.dropdown = Dropdown(theme, field)
        self.dropdown.taken.connect(self._take)
        self.dropdown.forgotten.connect(lambda offer: self.forget_wanted.emit(offer.text))
        field.textEdited.connect(self._on_edited)
        field.pressed.connect(self._on_pressed)
        field.unfocused.connect(self.dropdown.hide)

    def show_searches(self, searches: Searches) -> None:
        """What is remembered is another now."""
        self._searches = searches
        if self.dropdown.isVisible() and not self._field.text():
            self.dropdown.offer(searches_offered(searches))

    def show_completions(self, typed: str, found: Sequence[Completion]) -> None:
        """Offer ways to go on, if that is still what is typed."""
        if typed != self._before_cursor() or not self._field.hasFocus():
            return
        last = typed[start_of_last(typed) :]
        self.dropdown.offer(completions_offered(found, last, asked_for=self._asked_for))

    def ask(self) -> None:
        """Offer whatever there is: searches where nothing is typed, else every way to go on."""
        self._field.setFocus()
        if not self._field.text():
            self.dropdown.offer(searches_offered(self._searches))
            return
        self._asked_for = True
        self.completions_wanted.emit(self._before_cursor())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and self._handle(event):
            return True
        return super().eventFilter(watched, event)

    def _handle(self, event: QKeyEvent) -> bool:
        """Whether a key is for the list."""
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return False
        shown = self.dropdown.isVisible()
        if not shown and event.key() == Qt.Key.Key_Down and not self._field.text():
            self.ask()
            return self.dropdown.isVisible()
        return shown and self._handle_shown(Qt.Key(event.key()))

    def _handle_shown(self, key: Qt.Key) -> bool:
        """Whether a key is for the list, which is shown."""
        handled = True
        match key:
            case Qt.Key.Key_Down:
                self.dropdown.move_choice(1)
            case Qt.Key.Key_Up:
                self.dropdown.move_choice(-1)
            case Qt.Key.Key_Tab:
                handled = self.dropdown.take(first=bool(self._field.text()))
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                handled = self.dropdown.take()
                if not handled:
                    self.dropdown.hide()
            case Qt.Key.Key_Escape:
                self.dropdown.hide()
            case Qt.Key.Key_Delete:
                handled = self.dropdown.forget()
            case _:
                handled = False
        return handled

    def _before_cursor(self) -> str:
        return self._field.text()[: self._field.cursorPosition()]

    def _on_edited(self, text: str) -> None:
        self._asked_for = False
        if not self._field.hasFocus():
            return
        if not text:
            self.dropdown.offer(searches_offered(self._searches))
        elif start_of_last(self._before_cursor()) == self._field.cursorPosition():
            self.dropdown.hide()  # a word has ended
        else:
            self.completions_wanted.emit(self._before_cursor())

    def _on_pressed(self) -> None:
        if not self._field.text():
            self.ask()

    def _take(self, offer: Offer) -> None:
        match offer.kind:
            case OfferKind.COMPLETION:
                typed = self._before_cursor()
                ending = "" if offer.text.endswith(":") else " "
                self.dropdown.hide()
                self._field.replace(start_of_last(typed), len(typed), offer.text + ending)
            case OfferKind.CLEAR:
                self.dropdown.hide()
                self.forget_wanted.emit(None)
            case OfferKind.SAVED | OfferKind.PAST:
                self.search_wanted.emit(offer.text)
                self.dropdown.hide()
