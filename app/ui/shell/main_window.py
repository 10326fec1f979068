"""The main window: puts the parts together and knows none of their insides."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QEvent, QSettings, Qt, QUrl, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDragLeaveEvent, QDropEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QMainWindow, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from app.indexing.events import IndexingEvent, ScanFailed
from app.search.outcome import Moment, SearchOutcome, Verdict
from app.ui.background.library_control import LibraryControl
from app.ui.background.operations import Operations
from app.ui.background.searching import Renewal, Searching, Wanted
from app.ui.background.snapshots import LibrarySnapshot
from app.ui.folders.folder_panel import FolderPanel
from app.ui.folders.problems import Problems
from app.ui.player.player_page import PlayerPage
from app.ui.results.results_model import ResultsModel
from app.ui.results.results_view import ResultsView
from app.ui.results.thumbnails import Thumbnails
from app.ui.shell.banner import Banner
from app.ui.shell.model_menu import ModelMenu
from app.ui.shell.placeholders import Empty
from app.ui.shell.search_bar import SearchBar
from app.ui.shell.status_bar import StatusBar
from app.ui.widgets import formatting as fmt
from app.ui.widgets import reveal, whereabouts
from app.ui.widgets.file_urls import path_of
from app.ui.widgets.theme import Space, Theme

if TYPE_CHECKING:
    from app.session import Session

PANEL_WIDTH = 236


class MainWindow(QMainWindow):
    """One library in one window."""

    leaving = Signal()
    """It begins to close."""
    closed = Signal()
    """Everything has stopped; the program may end."""

    def __init__(self, theme: Theme, library: Path, model: Path | None = None) -> None:
        super().__init__()
        self.setWindowTitle(self.tr("Reelfind"))
        self.setMinimumSize(640, 440)
        self.setAcceptDrops(True)
        self._state = QSettings(str(library / "window.ini"), QSettings.Format.IniFormat)
        self.contents: LibrarySnapshot | None = None
        self._leaving = False
        self._answered: Wanted | None = None
        """What the moments on view answer."""
        self.operations = Operations(self)
        self.control = LibraryControl(self.operations, library, model, self)
        self.searching = Searching(self.operations, self)
        self.thumbnails = Thumbnails(self.operations, self)
        self.results_model = ResultsModel(self)
        self.folders = FolderPanel(theme)
        self.search_bar = SearchBar(theme)
        self.banner = Banner(theme)
        self.empty = Empty(theme)
        self.results = ResultsView(theme, self.thumbnails, self.results_model)
        self.player = PlayerPage(theme)
        self.problems = Problems(theme)
        self.status = StatusBar(theme)
        self.choosing = ModelMenu(theme, self.operations, self.control, self.status, self)
        self.stack = QStackedWidget()
        self._assemble()
        self._connect()
        self._restore()
        self.search_bar.focus()

    def start(self) -> None:
        """Open the library; call it once the window is shown."""
        self.control.open()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Vanish at once, then stop everything off the GUI thread; `closed` follows."""
        if self._leaving:
            return
        self._leaving = True
        self.leaving.emit()
        self._save()
        self.hide()
        self.player.close_video()
        self.searching.stop()
        self.thumbnails.stop()
        self.choosing.close()
        self.control.close()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()
            self.empty.welcome.set_drag_active(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.empty.welcome.set_drag_active(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self.empty.welcome.set_drag_active(False)
        for path in _local_paths(event.mimeData().urls()):
            self.control.add_folder(path)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.WindowStateChange:
            self._set_chrome_visible(full=self.isFullScreen() and self.stack.currentWidget() is self.player)

    def _assemble(self) -> None:
        for page in (self.empty, self.results_page(), self.player, self.problems):
            self.stack.addWidget(page)
        page = QWidget()
        page.setObjectName("page")
        page.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.XS)
        column.addWidget(self.search_bar)
        in_line = QVBoxLayout()
        in_line.setContentsMargins(Space.XL, 0, Space.XL, 0)
        in_line.addWidget(self.banner)
        column.addLayout(in_line)
        column.addWidget(self.stack, 1)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setHandleWidth(1)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(self.folders)
        self.splitter.addWidget(page)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setSizes([PANEL_WIDTH, 1000])
        centre = QWidget()
        rows = QVBoxLayout(centre)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addWidget(self.splitter, 1)
        rows.addWidget(self.status)
        self.setCentralWidget(centre)

    def results_page(self) -> QWidget:
        """The grid, its cards in line with the search box."""
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(Space.L, 0, Space.XS, 0)
        layout.addWidget(self.results)
        self._results_page = page
        return page

    def _connect(self) -> None:
        self.search_bar.typed.connect(self.searching.set_text)
        self.search_bar.entered.connect(self._search_now)
        self.search_bar.down.connect(self._enter_middle)
        self.searching.busy.connect(self.search_bar.set_busy)
        self.searching.found.connect(self._show_outcome)
        self.searching.renewed.connect(self._renew_results)
        self.searching.answered.connect(self.control.note_search)
        self.results.new_wanted.connect(self._show_new)
        self.searching.cleared.connect(self._show_nothing_asked)
        self.searching.failed.connect(self._warn)
        self.results.chosen.connect(self._play)
        self.results.left.connect(self.search_bar.focus)
        self.player.left.connect(self._leave_player)
        self.player.step_wanted.connect(self._step)
        self.player.full_screen_wanted.connect(self._set_full_screen)
        self.player.system_player_wanted.connect(lambda moment: reveal.open_file(moment.path))
        self.player.show_wanted.connect(lambda moment: reveal.show_in_folder(moment.path))
        self.player.unopened.connect(self._look_why)
        self.problems.left.connect(self._leave_problems)
        self.problems.show_wanted.connect(reveal.show_in_folder)
        self.problems.retry_wanted.connect(self.control.retry)
        self.problems.rescan_wanted.connect(self.control.look_through)
        self.folders.folder_chosen.connect(self.searching.set_folder)
        self.folders.add_wanted.connect(self.control.add_folder)
        self.folders.remove_wanted.connect(self.control.remove_folder)
        self.folders.show_wanted.connect(reveal.open_file)
        self.folders.problems_wanted.connect(self._show_problems)
        self.empty.add_wanted.connect(self.folders.ask_for_folder)
        self.empty.query_wanted.connect(self._ask)
        self.status.pause_wanted.connect(self.control.set_paused)
        self.choosing.changed.connect(self.searching.repeat)
        self.choosing.failed.connect(self._warn)
        self.control.opened.connect(self._on_opened)
        self.control.ready.connect(self._on_ready)
        self.control.problems.connect(self.problems.show_videos)
        self.control.contents.connect(self._on_contents)
        self.control.findable.connect(self._on_findable)
        self.stack.currentChanged.connect(self._on_page)
        self.control.event_received.connect(self.status.show_event)
        self.control.event_received.connect(self.empty.show_event)
        self.control.event_received.connect(self._on_event)
        self.control.failed.connect(self._warn)
        self.control.broken.connect(self._on_broken)
        self.control.closed.connect(self._on_closed)
        for keys in (QKeySequence.StandardKey.Find, QKeySequence("Ctrl+L")):
            QShortcut(keys, self).activated.connect(self.search_bar.focus)
        QShortcut(QKeySequence.StandardKey.Quit, self).activated.connect(self.close)

    def _on_opened(self, session: Session) -> None:
        self.thumbnails.set_session(session)

    def _on_ready(self) -> None:
        if self.control.session is not None:
            self.searching.set_session(self.control.session)

    def _on_broken(self, sentence: str, advice: str) -> None:
        self.status.engine.clear()
        self.folders.add.setEnabled(False)
        self.setAcceptDrops(False)
        self.empty.show_broken(sentence, advice)
        self.stack.setCurrentWidget(self.empty)

    def _on_contents(self, contents: LibrarySnapshot) -> None:
        self.contents = contents
        self.folders.show_contents(contents)
        self.status.show_contents(contents)
        self.problems.show_contents(contents)
        self.results_model.set_folders(contents.folders)
        self._set_read_only(contents.read_only)
        self.banner.show_impairments(contents.impairments)
        if not self.searching.text:
            self.empty.show_contents(contents)

    def _on_findable(self) -> None:
        if self.searching.text:
            self.searching.look_again()

    def _on_page(self) -> None:
        self.control.want_problems(self.stack.currentWidget() is self.problems)

    def _set_read_only(self, reason: str) -> None:
        self.setAcceptDrops(not reason)
        self.empty.set_read_only(reason)

    def _on_event(self, event: IndexingEvent) -> None:
        if isinstance(event, ScanFailed):
            self._warn(event.reason, event.advice)

    def _on_closed(self) -> None:
        self.operations.shut_down()
        self.closed.emit()

    def _ask(self, text: str) -> None:
        self.search_bar.field.setText(text)
        self.searching.search_now()
        self.search_bar.field.setFocus()

    def _search_now(self) -> None:
        """Enter: what is new in the answer on view is shown, what failed or waits is searched."""
        if self._answered != self.searching.wanted or not self.results.show_new():
            self.searching.search_now()

    def _renew_results(self, renewal: Renewal) -> None:
        """The library changed: what a person looks at stays where it is, and what is new is offered."""
        self.results.renew(renewal.outcome, renewal.presence)
        if not self.results_model.rowCount() and self.stack.currentWidget() is not self.player:
            self._show_outcome(renewal.outcome)

    def _show_new(self, outcome: SearchOutcome) -> None:
        answered, self._answered = self._answered, None  # from the top, as an answer to something else
        self._show_outcome(outcome)
        self._answered = answered

    def _show_outcome(self, outcome: SearchOutcome) -> None:
        self._close_player()
        self.thumbnails.forget_waiting()
        same = self._answered == self.searching.wanted
        self._answered = self.searching.wanted
        self.results.show_outcome(outcome, same=same)
        if same and self.stack.currentWidget() is self.problems:
            return  # the library changed: what a person looks at stays
        if not outcome.moments:
            self.search_bar.say("")
            self.empty.show_nothing(outcome.query)
            self.stack.setCurrentWidget(self.empty)
            return
        match outcome.verdict:
            case Verdict.GOOD:
                self.search_bar.say("")
            case Verdict.WEAK:
                self.search_bar.say(self.tr("No clear match; these come closest."))
            case Verdict.NONE:
                self.search_bar.say(
                    self.tr("Nothing in your videos seems to match “{query}”. Closest below.").format(
                        query=fmt.sentence(outcome.query)
                    )
                )
        if outcome.notice:
            self.search_bar.say(fmt.sentence(outcome.notice))
        self.stack.setCurrentWidget(self._results_page)

    def _show_nothing_asked(self) -> None:
        self._close_player()
        self.search_bar.say("")
        self._answered = None
        self.results_model.show(None)
        if self.contents is not None:
            self.empty.show_contents(self.contents)
        self.stack.setCurrentWidget(self.empty)

    def _warn(self, sentence: str, advice: str) -> None:
        self.search_bar.say(fmt.sentence(f"{sentence} {advice}".strip()), warning=True)

    def _enter_middle(self) -> None:
        if self.stack.currentWidget() is self._results_page:
            self.results.enter()
        else:
            self.focusNextChild()

    def _play(self, row: int) -> None:
        moment: Moment = self.results_model.moment(row)
        place = self.tr("{n} of {m}").format(n=row + 1, m=self.results_model.rowCount())
        self.results.select(row)
        self.stack.setCurrentWidget(self.player)
        self.search_bar.line.hide()
        others = self.results_model.moments_of(moment.path)
        self.player.show_moment(
            moment, others, self.thumbnails.picture(moment.frame_id), place, self._obstacle(moment)
        )
        self.player.setFocus(Qt.FocusReason.OtherFocusReason)
        self.control.note_opened(moment.video_id, self._answered.text if self._answered else "")

    def _obstacle(self, moment: Moment) -> str:
        folders = self.contents.folders if self.contents else ()
        folder = whereabouts.watched_folder(moment.path, folders)
        return whereabouts.state(moment.path, moment.presence, folder)

    def _look_why(self, moment: Moment) -> None:
        """Look off the GUI thread why a file does not open: its disk may take long to answer."""
        looking = self.operations.run("look why", lambda: whereabouts.why_not_opened(moment.path))
        obstacle = self._obstacle(moment)
        looking.finished.connect(lambda found: self.player.explain(moment, found and (obstacle or found)))

    def _step(self, by: int) -> None:
        row = self.results.currentIndex().row() + by
        if 0 <= row < self.results_model.rowCount():
            self._play(row)

    def _leave_player(self) -> None:
        self._close_player()
        self.stack.setCurrentWidget(self._results_page)
        self.search_bar.say(self.search_bar.line.text())
        self.results.enter()

    def _close_player(self) -> None:
        if self.stack.currentWidget() is self.player:
            self._set_full_screen(False)
            self.player.close_video()

    def _show_problems(self) -> None:
        self._close_player()
        self.stack.setCurrentWidget(self.problems)
        self.problems.enter()

    def _leave_problems(self) -> None:
        showing = self.results_model.rowCount() > 0
        self.stack.setCurrentWidget(self._results_page if showing else self.empty)
        self.search_bar.focus()

    def _set_full_screen(self, full: bool) -> None:
        if full != self.isFullScreen():
            self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def _set_chrome_visible(self, *, full: bool) -> None:
        for part in (self.folders, self.search_bar, self.status):
            part.setVisible(not full)
        self.player.set_full_screen(full)

    def _restore(self) -> None:
        geometry, panes = self._state.value("geometry"), self._state.value("panes")
        if not isinstance(geometry, QByteArray) or not self.restoreGeometry(geometry):
            self.resize(1180, 760)
        if isinstance(panes, QByteArray):
            self.splitter.restoreState(panes)
        self.player.set_volume(_volume(self._state.value("volume")), self._state.value("muted") == "true")

    def _save(self) -> None:
        self._state.setValue("geometry", self.saveGeometry())
        self._state.setValue("panes", self.splitter.saveState())
        self._state.setValue("volume", self.player.playback.volume)
        self._state.setValue("muted", "true" if self.player.playback.muted else "false")
        self._state.sync()


def _volume(stored: object) -> float:
    """A volume as it was saved, 0 to 1; full where the file says something else."""
    try:
        volume = float(str(stored))
    except ValueError:
        return 1.0
    return volume if 0 <= volume <= 1 else 1.0


def _local_paths(urls: list[QUrl]) -> list[Path]:
    return [path_of(url) for url in urls if url.isLocalFile()]
