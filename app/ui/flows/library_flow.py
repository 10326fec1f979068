"""From the open library to folders, problems, status and banner, and back."""

from __future__ import annotations

from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QStandardPaths, QTime, Signal

from app.indexing.events import IndexingEvent, RunFinished, ScanFailed
from app.ui.activity import run_words
from app.ui.background.snapshots import LibrarySnapshot
from app.ui.flows.parts import Parts
from app.ui.folders.folder_dialog import find_places
from app.ui.system import reveal
from app.ui.wording import formatting as fmt

if TYPE_CHECKING:
    from app.open_library import OpenLibrary
    from app.ui.activity.activity_page import ActivityPage


LOG_LINES = 100
"""That are copied."""


class LibraryFlow(QObject):
    """Ties what is known of the library to what shows it, and what is asked of it to who does it."""

    view_changing = Signal()
    """Another page is about to show: whatever plays is to stop."""
    drops_wanted = Signal(bool)
    """Whether folders may be dropped on the window."""

    def __init__(self, parts: Parts, parent: QObject) -> None:
        super().__init__(parent)
        self._parts = parts
        self._happened: deque[tuple[QTime, IndexingEvent]] = deque(maxlen=run_words.MOST)
        """What is to be told of where the page of activity is not made yet."""
        control, folders, activity = parts.control, parts.folders, parts.activity_page
        activity.tie(self._tie_activity)
        parts.settings_control.sources.connect(
            lambda states: activity.tell("sources", lambda page: page.show_sources(states))
        )
        folders.add_wanted.connect(control.add_folder)
        folders.remove_wanted.connect(control.remove_folder)
        folders.show_wanted.connect(reveal.open_file)
        folders.scan_wanted.connect(control.look_through)
        folders.places_wanted.connect(self._find_places)
        folders.problems_wanted.connect(lambda: self.show_activity(problems=True))
        parts.empty.add_wanted.connect(folders.ask_for_folder)
        parts.status.pause_wanted.connect(control.set_paused)
        parts.status.pause_wanted.connect(
            lambda paused: activity.tell("paused", lambda page: page.run.show_paused(paused))
        )
        parts.status.now_wanted.connect(control.index_now)
        if not control.is_elsewhere:
            parts.status.activity_wanted.connect(self.show_activity)
        parts.pages.currentChanged.connect(self._on_page)
        control.opened.connect(self._on_opened)
        control.ready.connect(self._on_ready)
        control.problems.connect(
            lambda videos: activity.tell("problems", lambda page: page.problems.show_videos(videos))
        )
        control.contents.connect(self._on_contents)
        control.findable.connect(self._on_findable)
        control.recovered.connect(self._on_recovered)
        control.event_received.connect(parts.status.show_event)
        control.event_received.connect(parts.empty.show_event)
        control.event_received.connect(self._on_event)
        control.failed.connect(parts.warn)
        control.broken.connect(self._on_broken)

    def _tie_activity(self, page: ActivityPage) -> None:
        control = self._parts.control
        page.left.connect(self._leave_activity)
        page.log_wanted.connect(self._copy_log)
        page.run.pause_wanted.connect(self._parts.status.set_paused)
        page.run.now_wanted.connect(control.index_now)
        page.folders.rescan_wanted.connect(control.look_through)
        page.failed.clicked.connect(self._on_page)
        page.now.clicked.connect(self._on_page)
        page.problems.show_wanted.connect(reveal.show_in_folder)
        page.problems.retry_wanted.connect(control.retry)
        page.problems.rescan_wanted.connect(control.look_through)
        while self._happened:
            at, event = self._happened.popleft()
            page.events.show_event(event, at)

    def _on_opened(self, session: OpenLibrary) -> None:
        self._parts.thumbnails.set_session(session)
        self._parts.filmstrips.set_session(session)
        self._parts.strips.set_session(session)

    def _on_ready(self) -> None:
        if self._parts.control.session is not None:
            self._parts.searching.set_session(self._parts.control.session)

    def _on_broken(self, sentence: str, advice: str) -> None:
        parts = self._parts
        parts.status.engine.clear()
        parts.folders.add.setEnabled(False)
        self.drops_wanted.emit(False)
        parts.empty.show_broken(sentence, advice)
        parts.pages.go(parts.empty)

    def _on_contents(self, contents: LibrarySnapshot) -> None:
        parts = self._parts
        parts.contents = contents
        parts.folders.show_contents(contents)
        parts.status.show_contents(contents)
        parts.activity_page.tell("contents", lambda page: page.show_contents(contents))
        parts.results_model.set_folders(contents.folders)
        self.drops_wanted.emit(not contents.read_only and not parts.control.is_elsewhere)
        parts.empty.set_read_only(contents.read_only)
        parts.banner.show_impairments(contents.impairments)
        for each in contents.impairments:
            parts.search_bar.unsay(fmt.sentence(f"{each.sentence} {each.advice}".strip()))
        if not parts.searching.text:
            parts.empty.show_contents(contents)

    def _on_findable(self) -> None:
        self._parts.filmstrips.forget()
        if self._parts.searching.text:
            self._parts.searching.look_again()

    def _on_recovered(self) -> None:
        """What did not come while the server was away is asked for again."""
        parts = self._parts
        parts.thumbnails.forget_waiting()
        parts.results.viewport().update()
        parts.searching.try_again()
        parts.kept.read()
        parts.player.try_again()

    def _on_page(self) -> None:
        parts = self._parts
        page = parts.activity_page.made
        parts.control.want_problems(page is not None and parts.pages.is_shown(page) and page.shows_problems)

    def _on_event(self, event: IndexingEvent) -> None:
        page = self._parts.activity_page
        if page.made is not None:
            page.made.show_event(event)
        else:
            page.tell(type(event).__name__, lambda page: page.run.show_event(event))
            if run_words.happened(event):
                self._happened.append((QTime.currentTime(), event))
        if isinstance(event, ScanFailed):
            self._parts.warn(event.reason, event.advice)
        elif isinstance(event, RunFinished) and self._parts.pages.is_shown(page.made):
            self._parts.settings_control.read_sources()

    def _find_places(self) -> None:
        """Look off the GUI thread where videos may lie: a disk may take long to answer."""
        watched = (
            tuple(folder.path for folder in self._parts.contents.folders) if self._parts.contents else ()
        )
        videos = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.MoviesLocation)
        looking = self._parts.operations.run("find places", lambda: find_places(Path(videos), watched))
        looking.finished.connect(self._parts.folders.show_dialog)

    def show_activity(self, *, problems: bool = False) -> None:
        """Show what goes on, or the problems."""
        parts = self._parts
        self.view_changing.emit()
        parts.activity.enter(problems=problems)
        parts.pages.go(parts.activity)
        parts.activity.back.setFocus()
        parts.settings_control.read_sources()
        self._on_page()

    def _leave_activity(self) -> None:
        self._parts.pages.leave(self._parts.activity)
        self._parts.search_bar.focus()

    def _copy_log(self) -> None:
        reading = self._parts.control.read_here(
            "read log", lambda session: session.upkeep.last_of_log(LOG_LINES)
        )
        if reading is not None:
            reading.finished.connect(self._parts.activity.show_log)
