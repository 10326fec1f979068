"""The main window: puts the parts together and knows none of their insides."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, QEvent, QSettings, Qt, QUrl, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QMainWindow, QSplitter, QVBoxLayout, QWidget

from app.ui.background.snapshots import LibrarySnapshot
from app.ui.shell.desktop_flow import DesktopFlow
from app.ui.shell.library_flow import LibraryFlow
from app.ui.shell.model_menu import ModelMenu
from app.ui.shell.moment_flow import MomentFlow
from app.ui.shell.parts import Parts
from app.ui.shell.player_flow import PlayerFlow
from app.ui.shell.search_flow import SearchFlow
from app.ui.shell.window_commands import window_commands
from app.ui.widgets.file_urls import path_of
from app.ui.widgets.preferences import PreferenceStore
from app.ui.widgets.theme import Space, Theme

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
    ) -> None:
        """Put the window together.

        Args:
            theme: its look.
            library: the library's folder.
            model: folder of the encoder bundle, the library's own choice where None.
            preferences: what is preferred on this computer; the library's folder keeps its own where None.
        """
        super().__init__()
        self.setWindowTitle(self.tr("Reelfind"))
        self.setMinimumSize(640, 440)
        self.setAcceptDrops(True)
        self._state = QSettings(str(library / "window.ini"), QSettings.Format.IniFormat)
        self._leaving = False
        preferences = preferences or PreferenceStore(library / "preferences.json", self)
        self.parts = parts = Parts(self, theme, library, model, preferences)
        self.operations, self.control, self.searching = parts.operations, parts.control, parts.searching
        self.thumbnails, self.results_model, self.results = (
            parts.thumbnails,
            parts.results_model,
            parts.results,
        )
        self.folders, self.search_bar, self.banner = parts.folders, parts.search_bar, parts.banner
        self.empty, self.player, self.problems = parts.empty, parts.player, parts.problems
        self.status, self.stack = parts.status, parts.pages
        self.choosing = ModelMenu(theme, self.operations, self.control, self.status, self)
        self._assemble()
        self._connect()
        self._restore()
        self.search_bar.focus()

    @property
    def contents(self) -> LibrarySnapshot | None:
        """What is in the library, once it is known."""
        return self.parts.contents

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
        self.parts.filmstrips.stop()
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
        self.player_flow = PlayerFlow(parts, self.search_flow, self)
        self.library_flow = LibraryFlow(parts, self)
        self.moment_flow = MomentFlow(parts, self)
        self.library_flow.view_changing.connect(self.player_flow.close)
        self.library_flow.drops_wanted.connect(self.setAcceptDrops)
        self.player_flow.full_screen_wanted.connect(self._set_full_screen)
        self.choosing.changed.connect(self.searching.repeat)
        self.choosing.failed.connect(parts.warn)
        self.control.closed.connect(self._on_closed)
        parts.commands.add(window_commands(parts, self))
        self.desktop_flow = DesktopFlow(parts, self)
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
