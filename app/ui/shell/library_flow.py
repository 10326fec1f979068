"""From the open library to folders, problems, status and banner, and back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QStandardPaths, Signal

from app.indexing.events import IndexingEvent, RunFinished, ScanFailed
from app.ui.background.snapshots import LibrarySnapshot
from app.ui.folders.folder_dialog import find_places
from app.ui.shell.parts import Parts
from app.ui.widgets import reveal

if TYPE_CHECKING:
    from app.session import Session


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
        control, folders, problems = parts.control, parts.folders, parts.problems
        activity = parts.activity
        activity.left.connect(self._leave_activity)
        activity.log_wanted.connect(self._copy_log)
        activity.run.pause_wanted.connect(parts.status.set_paused)
        activity.run.now_wanted.connect(control.index_now)
        activity.folders.rescan_wanted.connect(control.look_through)
        activity.failed.clicked.connect(self._on_page)
        activity.now.clicked.connect(self._on_page)
        parts.settings_control.sources.connect(activity.show_sources)
        problems.show_wanted.connect(reveal.show_in_folder)
        problems.retry_wanted.connect(control.retry)
        problems.rescan_wanted.connect(control.look_through)
        folders.add_wanted.connect(control.add_folder)
        folders.remove_wanted.connect(control.remove_folder)
        folders.show_wanted.connect(reveal.open_file)
        folders.scan_wanted.connect(control.look_through)
        folders.places_wanted.connect(self._find_places)
        folders.problems_wanted.connect(lambda: self.show_activity(problems=True))
        parts.empty.add_wanted.connect(folders.ask_for_folder)
        parts.status.pause_wanted.connect(control.set_paused)
        parts.status.pause_wanted.connect(activity.run.show_paused)
        parts.status.now_wanted.connect(control.index_now)
        parts.status.activity_wanted.connect(self.show_activity)
        parts.pages.currentChanged.connect(self._on_page)
        control.opened.connect(self._on_opened)
        control.ready.connect(self._on_ready)
        control.problems.connect(problems.show_videos)
        control.contents.connect(self._on_contents)
        control.findable.connect(self._on_findable)
        control.event_received.connect(parts.status.show_event)
        control.event_received.connect(parts.empty.show_event)
        control.event_received.connect(activity.show_event)
        control.event_received.connect(self._on_event)
        control.failed.connect(parts.warn)
        control.broken.connect(self._on_broken)

    def _on_opened(self, session: Session) -> None:
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
        parts.activity.show_contents(contents)
        parts.results_model.set_folders(contents.folders)
        self.drops_wanted.emit(not contents.read_only)
        parts.empty.set_read_only(contents.read_only)
        parts.banner.show_impairments(contents.impairments)
        if not parts.searching.text:
            parts.empty.show_contents(contents)

    def _on_findable(self) -> None:
        self._parts.filmstrips.forget()
        if self._parts.searching.text:
            self._parts.searching.look_again()

    def _on_page(self) -> None:
        parts = self._parts
        shown = parts.pages.is_shown(parts.activity)
        parts.control.want_problems(shown and parts.activity.shows_problems)

    def _on_event(self, event: IndexingEvent) -> None:
        if isinstance(event, ScanFailed):
            self._parts.warn(event.reason, event.advice)
        elif isinstance(event, RunFinished) and self._parts.pages.is_shown(self._parts.activity):
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
        reading = self._parts.control.read_library(
            "read log", lambda session: session.upkeep.last_of_log(LOG_LINES)
        )
        if reading is not None:
            reading.finished.connect(self._parts.activity.show_log)
