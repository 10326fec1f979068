"""From what is typed to the moments on view."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from app.query.editing import without_filters
from app.search.outcome import SearchOutcome, Verdict
from app.ui.background.searching import Renewal, Wanted
from app.ui.flows.parts import Parts
from app.ui.results.arrangement import SortOrder
from app.ui.wording import formatting as fmt


class SearchFlow(QObject):
    """Ties search box, searching and results to each other."""

    view_changing = Signal()
    """Another page is about to show: whatever plays is to stop."""

    def __init__(self, parts: Parts, parent: QObject) -> None:
        super().__init__(parent)
        self._parts = parts
        self.answered: Wanted | None = None
        """What the moments on view answer."""
        bar, searching = parts.search_bar, parts.searching
        bar.typed.connect(searching.set_text)
        bar.entered.connect(self._search_now)
        bar.down.connect(self._enter_middle)
        searching.busy.connect(bar.set_busy)
        searching.found.connect(self._show_outcome)
        searching.renewed.connect(self._renew_results)
        searching.answered.connect(parts.control.note_search)
        searching.cleared.connect(self._show_nothing_asked)
        searching.failed.connect(self._warn)
        searching.refused.connect(self._underline)
        parts.results.new_wanted.connect(self._show_new)
        parts.results.left.connect(bar.focus)
        parts.folders.folder_chosen.connect(searching.set_folder)
        parts.pages.currentChanged.connect(self._on_page)
        parts.empty.query_wanted.connect(self.ask)
        parts.empty.filters_unwanted.connect(self._search_without_filters)
        parts.ranking.order_chosen.connect(self._sort)
        parts.ranking.strictness_chosen.connect(self._demand)

    def ask(self, text: str) -> None:
        """Search for a text as if it had been typed and entered."""
        self._parts.search_bar.change(text)
        self._parts.searching.search_now()
        self._parts.search_bar.field.setFocus()

    def _on_page(self) -> None:
        """What is said of an answer stands above that answer alone; a warning, above every page."""
        line = self._parts.search_bar.line
        if line.property("tone") != "warning":
            line.setVisible(bool(line.text()) and self._parts.pages.is_shown(self._parts.results_page))

    def _sort(self, order: str) -> None:
        results, chosen = self._parts.results, self._parts.results_model.layout_chosen
        results.lay_out(replace(chosen, order=SortOrder(order)))

    def _demand(self, strictness: float) -> None:
        results, chosen = self._parts.results, self._parts.results_model.layout_chosen
        results.lay_out(replace(chosen, strictness=strictness))

    def _search_without_filters(self) -> None:
        self._parts.search_bar.clear_filters()
        self._parts.searching.search_now()
        self._parts.search_bar.field.setFocus()

    def _warn(self, sentence: str, advice: str) -> None:
        """While ways to go on are offered, nothing is wrong yet."""
        if not self._parts.search_bar.suggestions.dropdown.offers:
            self._parts.warn(sentence, advice)

    def _underline(self, at: int) -> None:
        """What is searched for is the text without the space before it."""
        if self._parts.search_bar.suggestions.dropdown.offers:
            return
        text = self._parts.search_bar.text
        self._parts.search_bar.show_trouble(at + len(text) - len(text.lstrip()))

    def _search_now(self) -> None:
        """Enter: what is new in the answer on view is shown, what failed or waits is searched."""
        if self.answered != self._parts.searching.wanted or not self._parts.results.show_new():
            self._parts.searching.search_now()

    def _renew_results(self, renewal: Renewal) -> None:
        """The library changed: what a person looks at stays where it is, and what is new is offered."""
        parts = self._parts
        parts.results.renew(renewal.outcome, renewal.presence)
        if not any(parts.results_model.moments) and not parts.pages.is_shown(parts.player):
            self._show_outcome(renewal.outcome)

    def _show_new(self, outcome: SearchOutcome) -> None:
        answered, self.answered = self.answered, None  # from the top, as an answer to something else
        self._show_outcome(outcome)
        self.answered = answered

    def _show_outcome(self, outcome: SearchOutcome) -> None:
        parts = self._parts
        self.view_changing.emit()
        parts.thumbnails.forget_waiting()
        same = self.answered == parts.searching.wanted
        self.answered = parts.searching.wanted
        parts.results.show_outcome(outcome, same=same)
        parts.ranking.show_listing(outcome.is_listing)
        if same and parts.pages.is_shown(parts.activity_page.made):
            return  # the library changed: what a person looks at stays
        if not outcome.moments:
            parts.search_bar.say("")
            parts.empty.show_nothing(outcome.query, filtered=without_filters(outcome.query) != outcome.query)
            parts.pages.go(parts.empty)
            return
        parts.search_bar.say(self._said_of(outcome))
        parts.pages.go(parts.results_page)

    def _said_of(self, outcome: SearchOutcome) -> str:
        if outcome.notice:
            return fmt.sentence(outcome.notice)
        match outcome.verdict:
            case Verdict.GOOD:
                return ""
            case Verdict.WEAK:
                return self.tr("No clear match; these come closest.")
            case Verdict.NONE:
                return self.tr("Nothing in your videos seems to match “{query}”. Closest below.").format(
                    query=fmt.sentence(outcome.query)
                )

    def _show_nothing_asked(self) -> None:
        parts = self._parts
        self.view_changing.emit()
        parts.search_bar.say("")
        self.answered = None
        parts.results_model.show(None)
        if parts.contents is not None:
            parts.empty.show_contents(parts.contents)
        parts.pages.go(parts.empty)

    def _enter_middle(self) -> None:
        if self._parts.pages.is_shown(self._parts.results_page):
            self._parts.results.enter()
        else:
            self._parts.pages.focus_first()
