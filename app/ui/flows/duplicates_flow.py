"""From the side panel to the page of duplicates, and from there to the videos."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.search.outcome import Moment
from app.ui.flows.parts import Parts
from app.ui.kept.kept_entries import Entry, EntryKind

if TYPE_CHECKING:
    from app.ui.kept.duplicates_page import DuplicatesPage


class DuplicatesFlow(QObject):
    """Ties the page to who looks for duplicates and to what can be done with them."""

    view_changing = Signal()
    """Another page is about to show: whatever plays is to stop."""

    def __init__(self, parts: Parts, parent: QObject) -> None:
        super().__init__(parent)
        self._parts = parts
        self._looked = self._playing = False
        parts.kept_sections.chosen.connect(self._on_chosen)
        parts.duplicates_page.tie(self._tie)
        parts.kept.changed.connect(
            lambda kept: parts.duplicates_page.tell("marks", lambda page: page.show_marks(kept.marks))
        )
        parts.player.left.connect(self._come_back)
        for signal in (parts.searching.found, parts.searching.cleared):
            signal.connect(self._forget_playing)

    def _tie(self, page: DuplicatesPage) -> None:
        parts, looking = self._parts, self._parts.duplicates_search
        page.left.connect(self._leave)
        page.look_wanted.connect(self.look)
        page.stop_wanted.connect(looking.stop)
        page.play_wanted.connect(self._play)
        page.show_wanted.connect(parts.actions.show_in_folder)
        page.hide_wanted.connect(lambda moment: parts.actions.hide.emit((moment,)))
        looking.progressed.connect(page.show_progress)
        looking.found.connect(page.show_groups)
        looking.stopped.connect(page.show_stopped)
        looking.failed.connect(lambda sentence, advice: page.show_stopped(f"{sentence} {advice}".strip()))

    def open(self) -> None:
        """Show the page; look where that was not done yet."""
        self.view_changing.emit()
        self._playing = False
        self._parts.pages.go(self._parts.duplicates)
        self._parts.duplicates.enter()
        if not self._looked:
            self.look()

    def look(self) -> None:
        """Look for duplicates, again where it was done."""
        session = self._parts.control.session_here
        if session is not None and not self._parts.duplicates_search.running:
            self._looked = True
            self._parts.duplicates.show_progress(None)
            self._parts.duplicates_search.start(session)

    def _on_chosen(self, entry: Entry) -> None:
        if entry.kind is EntryKind.DUPLICATES:
            self.open()

    def _play(self, moment: Moment) -> None:
        self._parts.actions.play.emit(moment)
        self._playing = True

    def _forget_playing(self) -> None:
        self._playing = False

    def _come_back(self) -> None:
        if self._playing:
            self.open()

    def _leave(self) -> None:
        self._parts.pages.leave(self._parts.duplicates)
        self._parts.search_bar.focus()
