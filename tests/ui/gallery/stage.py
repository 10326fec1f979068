"""One real window in one look, and pictures of it."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QApplication, QWidget

from app.ui.shell.main_window import MainWindow
from app.ui.system.preferences import PreferenceStore
from app.ui.system.window_language import Languages
from app.ui.widgets.theme import Theme
from tests.ui.gallery.looks import Look
from tests.ui.loop import spin_until

PATIENCE = 60.0
"""Seconds."""


class Stage:
    """Opens the window on a library and photographs it."""

    def __init__(self, look: Look, library: Path, out: Path) -> None:
        app = QApplication.instance() or QApplication(["reelfind"])
        assert isinstance(app, QApplication)
        self.app = app
        self.look = look
        self._out = out
        app.setQuitOnLastWindowClosed(False)
        store = PreferenceStore(library.with_suffix(".preferences.json"), app)
        store.change(appearance=look.appearance, text_size=look.text_size, language=look.language)
        Languages(app).use(look.language)
        app.setLayoutDirection(
            Qt.LayoutDirection.RightToLeft if look.mirrored else Qt.LayoutDirection.LeftToRight
        )
        scheme = Qt.ColorScheme.Dark if look.appearance == "dark" else Qt.ColorScheme.Light
        self.window = MainWindow(Theme(app, scheme), library, None, store)
        self.window.resize(*look.size)
        self.window.show()
        self.window.start()

    def until(self, condition: Callable[[], object], what: str) -> None:
        """Run the window until something is so."""
        if not spin_until(condition, PATIENCE):
            sys.stderr.write(f"{self.look.name}: waited in vain for {what}\n")

    def rest(self, seconds: float = 0.3) -> None:
        """Let what fades and loads come to rest."""
        end = time.monotonic() + seconds
        spin_until(lambda: time.monotonic() > end)

    def ready(self) -> None:
        """Wait for the library with its model."""
        self.until(lambda: self.window.contents is not None, "the contents")
        self.until(lambda: not self.window.operations.busy, "the model")

    def ask(self, text: str) -> None:
        """Search, and wait for the pictures."""
        self.window.search_flow.ask(text)
        self.until(lambda: self.window.results_model.rowCount() > 0, f"answers to {text}")
        self.until(lambda: not self.window.operations.busy, "thumbnails")
        self.rest(0.6)

    def do(self, command: str) -> None:
        """What a command does."""
        self.window.parts.commands.run(command)
        self.rest()

    def photograph(self, name: str) -> None:
        """A picture of the window with what lies over it."""
        self.rest(0.2)
        picture = self.window.grab()
        painter = QPainter(picture)
        for over in sorted(self.app.topLevelWidgets(), key=_depth):
            if over is not self.window and over.isVisible():
                place = self._place(over)
                painter.drawPixmap(place, over.grab())
                if over.windowType() == Qt.WindowType.Dialog and not over.testAttribute(
                    Qt.WidgetAttribute.WA_TranslucentBackground
                ):
                    painter.setPen(self.window.parts.theme.colour("field_line"))  # the frame of a system
                    painter.drawRect(QRect(place, over.size()))
        painter.end()
        target = self._out / f"{name}-{self.look.name}.png"
        target.parent.mkdir(parents=True, exist_ok=True)
        picture.save(str(target))

    def close(self) -> None:
        """Close as a person does."""
        done: list[bool] = []
        self.window.closed.connect(lambda: done.append(True))
        self.window.quit()
        self.until(lambda: bool(done), "the end")
        self.window.deleteLater()

    def _place(self, over: QWidget) -> QPoint:
        """Where it lies; dialogs without a window manager lie anywhere: those are centred."""
        place = self.window.mapFromGlobal(over.pos())
        if not self.window.rect().contains(place) or over.pos() == QPoint(0, 0):
            return QPoint(
                (self.window.width() - over.width()) // 2, (self.window.height() - over.height()) // 2
            )
        return place


def _depth(part: QWidget) -> int:
    """How many parts it belongs to: a dialog's dialog lies over it."""
    above = part.parentWidget()
    return 0 if above is None else 1 + _depth(above)
