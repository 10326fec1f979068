"""What lies over the video on the full screen: it fades when nobody moves, and is back when somebody does."""

from PySide6.QtCore import QObject, QPropertyAnimation, Qt, QTimer
from PySide6.QtWidgets import QApplication, QGraphicsOpacityEffect, QWidget

from app.ui.widgets.theme import Theme

REST_MS = 2500
FADE_MS = 180


class FadingBar(QObject):
    """Lays a widget over the lower edge of another while it is on.

    Args:
        bar: what fades.
        host: what it lies on; the pointer vanishes there too.
    """

    def __init__(self, theme: Theme, bar: QWidget, host: QWidget) -> None:
        super().__init__(host)
        self._theme = theme
        self._bar = bar
        self._host = host
        self.is_on = False
        self.may_fade = True
        """Whether it fades at all: not while it is paused."""
        self._effect = QGraphicsOpacityEffect(bar)
        self._effect.setEnabled(False)
        bar.setGraphicsEffect(self._effect)
        self._fade = QPropertyAnimation(self._effect, b"opacity", self)
        self._fade.setDuration(FADE_MS)
        self._fade.finished.connect(self._on_faded)
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self.hide_now)

    @property
    def is_hidden(self) -> bool:
        """Whether it has faded."""
        return self.is_on and self._bar.isHidden()

    def set_on(self, on: bool) -> None:
        """Begin to fade after a rest, or stay."""
        self.is_on = on
        self._rest.stop()
        self._fade.stop()
        self._effect.setEnabled(False)
        self._bar.show()
        self._host.unsetCursor()
        if on:
            self.place()
            self._rest.start()

    def place(self) -> None:
        """Lie on the lower edge."""
        if self.is_on:
            height = self._bar.sizeHint().height()
            self._bar.setGeometry(0, self._host.height() - height, self._host.width(), height)
            self._bar.raise_()

    def stir(self) -> None:
        """Somebody moved."""
        if not self.is_on:
            return
        self._fade.stop()
        self._effect.setEnabled(False)
        if self._bar.isHidden():
            self._bar.show()
            self.place()
        self._host.unsetCursor()
        self._rest.start()

    def hide_now(self) -> None:
        """Fade, unless somebody uses it."""
        focus = QApplication.focusWidget()
        in_use = focus is not None and self._bar.isAncestorOf(focus)
        if not self.is_on or not self.may_fade or in_use or self._bar.underMouse():
            self._rest.start()
            return
        self._host.setCursor(Qt.CursorShape.BlankCursor)
        if self._theme.reduced_motion:
            self._bar.hide()
            return
        self._effect.setEnabled(True)
        self._fade.setStartValue(1.0)
        self._fade.setEndValue(0.0)
        self._fade.start()

    def _on_faded(self) -> None:
        self._effect.setEnabled(False)
        if self.is_on:
            self._bar.hide()
