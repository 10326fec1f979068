"""The main window: puts the parts together and knows none of their insides."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QMainWindow, QSplitter, QVBoxLayout, QWidget

from app.ui.background.snapshots import LibrarySnapshot
from app.ui.desktop.single_instance import StartRequest
from app.ui.flows import elsewhere
from app.ui.flows.desktop_flow import DesktopFlow
from app.ui.flows.duplicates_flow import DuplicatesFlow
from app.ui.flows.finding.player_flow import PlayerFlow
from app.ui.flows.finding.prompt_flow import PromptFlow
from app.ui.flows.finding.search_flow import SearchFlow
from app.ui.flows.finding.start_flow import StartFlow
from app.ui.flows.first_steps_flow import FirstStepsFlow
from app.ui.flows.library_flow import LibraryFlow
from app.ui.flows.moments.export_flow import ExportFlow
from app.ui.flows.moments.kept_flow import KeptFlow
from app.ui.flows.moments.marks_flow import MarksFlow
from app.ui.flows.moments.moment_flow import MomentFlow
from app.ui.flows.parts import Parts
from app.ui.flows.settings_flow import SettingsFlow
from app.ui.flows.window_commands import window_commands
from app.ui.player.engine.speeds import nearest_speed
from app.ui.search.search_field import is_to_be_liked
from app.ui.shell.model_menu import ModelMenu
from app.ui.shell.window_memory import WindowMemory
from app.ui.system.preferences import PreferenceStore
from app.ui.widgets.theme import Space, Theme

if TYPE_CHECKING:
    from app.remote_library.server_place import ServerPlace
    from app.ui.activity.problems import Problems

PANEL_WIDTH = 236


class MainWindow(QMainWindow):
    """One library in one window."""

    leaving = Signal()
    """It begins to close."""
    closed = Signal()
    """Everything has stopped; the program may end."""

    def __init__(
        self,
        theme: Theme,
        library: Path,
        model: Path | None = None,
        preferences: PreferenceStore | None = None,
        server: ServerPlace | None = None,
    ) -> None:
        """Put the window together.

        Args:
            theme: its look.
            library: the library's folder; where a server has it, that of what is private to this person.
            model: folder of the encoder bundle, the library's own choice where None.
            preferences: what is preferred on this computer; the library's folder keeps its own where None.
            server: has the library; None where it lies on this computer.
        """
        super().__init__()
        self.setWindowTitle(self.tr("Reelfind"))
        self.setMinimumSize(640, 440)
        self.setAcceptDrops(True)
        self._memory = WindowMemory(library)
        self._leaving = False
        self._quitting = False
        preferences = preferences or PreferenceStore(library / "preferences.json", self)
        with theme.applied_at_the_end():
            absent = frozenset[str]() if server is None else elsewhere.ABSENT
            self.parts = parts = Parts(self, theme, library, model, preferences, server=server, absent=absent)
            self.operations, self.control, self.searching = parts.operations, parts.control, parts.searching
            self.thumbnails, self.results_model = parts.thumbnails, parts.results_model
            self.results, self.folders, self.search_bar = parts.results, parts.folders, parts.search_bar
            self.banner, self.empty, self.player = parts.banner, parts.empty, parts.player
            self.status, self.stack = parts.status, parts.pages
            self.choosing = ModelMenu(theme, self.operations, self.control, self.status, self)
            self._assemble()
            self._connect()
            if server is not None:
                elsewhere.leave_out(parts, server.address)
                self.setWindowTitle(elsewhere.window_title(server.address.place))
        self._restore()
        self.search_bar.focus()

    @property
    def contents(self) -> LibrarySnapshot | None:
        """What is in the library, once it is known."""
        return self.parts.contents

    @property
    def problems(self) -> Problems:
        """What could not be read."""
        return self.parts.problems

    def start(self) -> None:
        """Open the library; call it once the window is shown."""
        self.control.open()

    def take(self, request: StartRequest) -> None:
        """Do what a start asks for, the first or a later one."""
        self.start_flow.take(request)

    @property
    def shows_settings(self) -> bool:
        """Whether the page of settings is on view."""
        return self.stack.is_shown(self.parts.settings_page.made)

    def go_on_in_settings(self) -> None:
        """Show the page of settings, also when the search that comes back with the window is answered."""
        self.parts.commands.run("window.settings")
        if self.searching.text:
            self.searching.found.connect(
                lambda: self.parts.commands.run("window.settings"), Qt.ConnectionType.SingleShotConnection
            )

    def come_to_front(self) -> None:
        """Be seen, from behind other windows or from the tray."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def quit(self) -> None:
        """Close, also where closing would only hide it in the tray."""
        self._quitting = True
        self.close()

    def remember(self) -> None:
        """Write down what the next window of this library is to look like."""
        keeps_searches = self.control.session is None or self.control.session.keeps_history
        self._memory.keep(
            geometry=self.saveGeometry(),
            panes=self.splitter.saveState(),
            volume=self.player.playback.sound.volume,
            muted=float(self.player.playback.sound.muted),
            speed=self.player.playback.speed,
            transcript=float(not self.player.transcript.isHidden()),
            captions=float(self.player.words.captions_shown),
            query=self.searching.text if keeps_searches else "",
            scroll=self.results.verticalScrollBar().value(),
            commands=self.desktop_flow.palette.recent,
            folded=self.folders.folded,
        )
        self._memory.write()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Vanish at once, then stop everything off the GUI thread; `closed` follows.

        With an icon in the tray it only vanishes.
        """
        if self._leaving:
            return
        if self.desktop_flow.tray.keeps_running and not self._quitting:
            event.ignore()
            self.player_flow.close()
            self.remember()
            self.hide()
            self.desktop_flow.tray.say_where()
            return
        self._leaving = True
        self.leaving.emit()
        self.remember()
        self.hide()
        self.player_flow.stop()
        self.searching.stop()
        self.prompt_flow.stop()
        self.thumbnails.stop()
        self.parts.kept.close()
        self.parts.duplicates_search.stop()
        self.parts.filmstrips.stop()
        self.parts.strips.stop()
        self.export_flow.close()
        self.choosing.close()
        self.control.close()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        inside = event.source() is not None  # moments that are dragged out of this window
        if not inside and is_to_be_liked(event.mimeData()):
            event.acceptProposedAction()
            self._set_drag_active(active=True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._set_drag_active(active=False)

    def dropEvent(self, event: QDropEvent) -> None:
        self._set_drag_active(active=False)
        self.prompt_flow.take(event.mimeData())

    def _set_drag_active(self, *, active: bool) -> None:
        if (welcome := self.empty.welcome_step.made) is not None:
            welcome.set_drag_active(active)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.WindowStateChange:
            self._set_chrome_visible(full=self.isFullScreen() and self.stack.is_shown(self.player))

    def _assemble(self) -> None:
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

    def _connect(self) -> None:
        parts = self.parts
        self.search_flow = SearchFlow(parts, self)
        self.prompt_flow = PromptFlow(parts, self.search_flow, self)
        self.player_flow = PlayerFlow(parts, self.search_flow, self)
        self.library_flow = LibraryFlow(parts, self)
        self.moment_flow = MomentFlow(parts, self)
        self.marks_flow = MarksFlow(parts, self)
        self.duplicates_flow = DuplicatesFlow(parts, self)
        self.duplicates_flow.view_changing.connect(self.player_flow.close)
        self.kept_flow = KeptFlow(parts, self.search_flow, self.marks_flow, self)
        self.prompt_flow.save_wanted.connect(self.kept_flow.ask_to_save_search)
        self.export_flow = ExportFlow(parts, self)
        self.settings_flow = SettingsFlow(parts, self)
        if not parts.control.is_elsewhere:
            self.first_steps_flow = FirstStepsFlow(parts, self)
        self.settings_flow.view_changing.connect(self.player_flow.close)
        self.library_flow.view_changing.connect(self.player_flow.close)
        self.library_flow.drops_wanted.connect(self.setAcceptDrops)
        self.player_flow.full_screen_wanted.connect(self._set_full_screen)
        self.choosing.changed.connect(self.searching.repeat)
        self.choosing.failed.connect(parts.warn)
        self.search_bar.models_wanted.connect(self.status.models_wanted)
        self.control.closed.connect(self._on_closed)
        parts.commands.add(window_commands(parts, self.quit))
        self.desktop_flow = DesktopFlow(parts, self)
        self.desktop_flow.open_wanted.connect(self.come_to_front)
        self.desktop_flow.quit_wanted.connect(self.quit)
        self.start_flow = StartFlow(parts, self.search_flow, self)
        parts.commands.set_own_keys(parts.preferences.current.shortcuts)

    def _on_closed(self) -> None:
        self.operations.shut_down()
        self.closed.emit()

    def _set_full_screen(self, full: bool) -> None:
        if full != self.isFullScreen():
            self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def _set_chrome_visible(self, *, full: bool) -> None:
        for part in (self.folders, self.search_bar, self.status):
            part.setVisible(not full)
        self.player.set_full_screen(full)

    def _restore(self) -> None:
        memory = self._memory
        geometry, panes = memory.bytes_of("geometry"), memory.bytes_of("panes")
        if geometry is None or not self.restoreGeometry(geometry):
            self.resize(1180, 760)
        if panes is not None:
            self.splitter.restoreState(panes)
        self.folders.fold(memory.names("folded"))
        self.player.set_volume(memory.number("volume", 1.0, 0, 1), memory.number("muted", 0, 0, 1) > 0)
        self.player.playback.set_speed(nearest_speed(memory.number("speed", 1.0, 0, 10)))
        self.player.words.show_transcript(shown=memory.number("transcript", 0, 0, 1) > 0)
        self.player.words.show_captions(shown=memory.number("captions", 0, 0, 1) > 0)
        self.desktop_flow.palette.recent = memory.names("commands")
        if query := memory.words("query"):
            scroll = round(memory.number("scroll", 0, 0, 1e9))
            self.search_bar.field.setText(query)
            self.searching.found.connect(
                lambda: QTimer.singleShot(0, self, lambda: self.results.verticalScrollBar().setValue(scroll)),
                Qt.ConnectionType.SingleShotConnection,
            )
