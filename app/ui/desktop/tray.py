"""The icon in the system's tray, and what the system says for us while another window is in front."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu, QSystemTrayIcon, QWidget

from app.ui.system.preferences import Preferences, PreferenceStore
from app.ui.widgets import icons

SHOWN_MS = 8000
"""How long a notification stands, and the icon for its sake where no icon is wanted."""


class Tray(QObject):
    """Off unless preferred. With an icon in the tray, closing the window hides it."""

    open_wanted = Signal()
    quit_wanted = Signal()

    def __init__(self, store: PreferenceStore, window: QWidget) -> None:
        super().__init__(window)
        self._store = store
        self._window = window
        self._said_where = False
        self.icon = QSystemTrayIcon(icons.program_icon(), self)
        self.icon.setToolTip(self.tr("Reelfind"))
        self._menu = QMenu(window)
        self._menu.addAction(self.tr("Open Reelfind")).triggered.connect(self.open_wanted)
        self._menu.addAction(self.tr("Quit")).triggered.connect(self.quit_wanted)
        self.icon.setContextMenu(self._menu)
        self.icon.activated.connect(self._on_activated)
        self.icon.messageClicked.connect(self.open_wanted)
        self._away = QTimer(self, singleShot=True, interval=SHOWN_MS)
        self._away.timeout.connect(self._follow)
        store.changed.connect(self._follow)
        self._follow()

    @property
    def keeps_running(self) -> bool:
        """Whether a window that is closed stays behind the icon."""
        return self._store.current.tray and self.icon.isVisible() and QSystemTrayIcon.isSystemTrayAvailable()

    def show_progress(self, share: str) -> None:
        """Say at the icon how far indexing is; nothing where it is not going on."""
        words = self.tr("Reelfind · indexing, {share}").format(share=share) if share else self.tr("Reelfind")
        self.icon.setToolTip(words)

    def say_where(self) -> None:
        """The window was closed and the program goes on: said once."""
        if not self._said_where:
            self._said_where = True
            self._show(self.tr("Reelfind goes on here"), self.tr("Choose Quit in this menu to end it."))

    def tell(self, title: str, text: str) -> None:
        """Have the system say something, where that is preferred and no window of ours is in front."""
        if self._store.current.notifications and QGuiApplication.focusWindow() is None:
            self._show(title, text)

    def _show(self, title: str, text: str) -> None:
        if QSystemTrayIcon.supportsMessages() and QSystemTrayIcon.isSystemTrayAvailable():
            self.icon.show()
            self.icon.showMessage(title, text, icons.program_icon(), SHOWN_MS)
            self._away.start()

    def _follow(self, _: Preferences | None = None) -> None:
        self.icon.setVisible(self._store.current.tray and QSystemTrayIcon.isSystemTrayAvailable())
        if not self._store.current.tray and self._window.isHidden() and self._said_where:
            self.open_wanted.emit()

    def _on_activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason == QSystemTrayIcon.ActivationReason.Trigger:
            self.open_wanted.emit()
