"""The program: one window at a time, what it is asked for by later starts, and its language."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication

from app.ui.desktop.single_instance import StartRequest
from app.ui.shell.main_window import MainWindow
from app.ui.system.preferences import Preferences, PreferenceStore
from app.ui.system.window_language import Languages
from app.ui.widgets.theme import Theme

if TYPE_CHECKING:
    from app.remote_library.server_place import ServerPlace


class Program(QObject):
    """Holds the window. Another language means another window in its place, on the same page."""

    window_changed = Signal(object)
    """MainWindow that shows from now on."""
    broke = Signal(object)
    """The exception that ended an operation and is an error of ours; it is in the log already."""
    leaving = Signal()
    """The last window begins to close."""
    ended = Signal()
    """Everything has stopped."""

    def __init__(
        self,
        app: QApplication,
        preferences: PreferenceStore,
        library: Path,
        model: Path | None,
        server: ServerPlace | None = None,
    ) -> None:
        super().__init__(app)
        self._preferences = preferences
        self._library = library
        self._model = model
        self._server = server
        self._language = Languages(app)
        self._language.use(preferences.current.language)
        self._language.changed.connect(self._speak_otherwise)
        self.theme = Theme(app)
        preferences.changed.connect(self._on_preferences)
        self.window = self._make()

    def start(self, request: StartRequest) -> None:
        """Show the window, open the library, and search for what is asked for."""
        self.window_changed.emit(self.window)
        self.window.show()
        self.window.start()
        self.window.take(request)

    def quit(self) -> None:
        """Close the window, and with it all."""
        self.window.quit()

    def take(self, request: StartRequest) -> None:
        """Do what a later start asks for: come to the front, and search."""
        if request.token:
            os.environ["XDG_ACTIVATION_TOKEN"] = request.token
        self.window.come_to_front()
        self.window.take(request)

    def _make(self) -> MainWindow:
        window = MainWindow(self.theme, self._library, self._model, self._preferences, self._server)
        window.operations.broke.connect(self.broke)
        window.leaving.connect(lambda: self._on_leaving(window))
        window.closed.connect(lambda: self._on_closed(window))
        return window

    def _on_leaving(self, window: MainWindow) -> None:
        if window is self.window:
            self.leaving.emit()

    def _on_closed(self, window: MainWindow) -> None:
        if window is self.window:
            self.ended.emit()
        else:
            window.deleteLater()
            self.window.start()

    def _on_preferences(self, preferences: Preferences) -> None:
        self._language.use(preferences.language)

    def _speak_otherwise(self) -> None:
        """As soon as nothing is being written for somebody: what runs is not cut off by a language."""
        _when_idle(self.window, self._replace)

    def _replace(self) -> None:
        before = self.window
        before.remember()
        self.window = self._make()
        self.window.setGeometry(before.geometry())
        self.window_changed.emit(self.window)
        self.window.show()
        if before.shows_settings:
            self.window.go_on_in_settings()
        before.quit()


def _when_idle(window: MainWindow, then: Callable[[], None]) -> None:
    if window.operations.busy:
        again = partial(_when_idle, window, then)
        window.operations.idle.connect(
            lambda: QTimer.singleShot(0, window, again), Qt.ConnectionType.SingleShotConnection
        )
    else:
        then()
