"""Small widgets that several rooms use: text that is never markup, buttons with our icons."""

import html

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QLabel, QPushButton, QToolButton, QWidget

from app.ui import icons
from app.ui.theme import Space, Theme


class PlainLabel(QLabel):
    """A label that shows every character as it is: a file called `<b>.mp4` stays `<b>.mp4`."""

    def __init__(
        self, text: str = "", *, tone: str = "", scale: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)
        if tone:
            self.setProperty("tone", tone)
        if scale:
            self.setProperty("scale", scale)


class ElidedLabel(PlainLabel):
    """One line that gives up its middle when there is no room; the whole text is its accessible name."""

    def __init__(
        self, text: str = "", *, tone: str = "", scale: str = "", parent: QWidget | None = None
    ) -> None:
        self._full = text
        super().__init__(text, tone=tone, scale=scale, parent=parent)
        self.setMinimumWidth(24)

    @property
    def full_text(self) -> str:
        return self._full

    def set_full_text(self, text: str) -> None:
        """Show this text, elided in the middle where it has to be."""
        self._full = text
        self.setAccessibleName(text)
        self._elide()
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        return QSize(QFontMetrics(self.font()).horizontalAdvance(self._full) + 2, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(24, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._elide()

    def _elide(self) -> None:
        metrics = QFontMetrics(self.font())
        self.setText(metrics.elidedText(self._full, Qt.TextElideMode.ElideMiddle, max(self.width(), 24)))


class IconButton(QToolButton):
    """A button that is only an icon; its label is its tooltip and its accessible name."""

    def __init__(self, theme: Theme, name: str, label: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._name = name
        self.setIconSize(QSize(icons.SIZE, icons.SIZE))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.set_label(label)
        self._draw()
        theme.changed.connect(self._draw)

    def set_icon(self, name: str) -> None:
        self._name = name
        self._draw()

    def set_label(self, label: str) -> None:
        self.setToolTip(label)
        self.setAccessibleName(label)

    def _draw(self) -> None:
        self.setIcon(icons.icon(self._name, self._theme.colour("text")))


class TextButton(QPushButton):
    """A button with words; `kind` is one of the style sheet's: primary, chip, quiet, or empty."""

    def __init__(
        self, theme: Theme, text: str, *, kind: str = "", icon: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(text, parent)
        self._theme = theme
        self._icon = icon
        self._kind = kind
        self.setAutoDefault(False)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        if kind:
            self.setProperty("kind", kind)
        if icon:
            self.setIconSize(QSize(icons.SIZE - 2, icons.SIZE - 2))
            self._draw()
            theme.changed.connect(self._draw)

    def _draw(self) -> None:
        token = {"primary": "on_accent", "quiet": "dim"}.get(self._kind, "text")
        self.setIcon(icons.icon(self._icon, self._theme.colour(token), icons.SIZE - 2))


class ElidedButton(TextButton):
    """A button whose words give up their end when there is no room; the tooltip has them all."""

    _full = ""

    def set_full_text(self, text: str) -> None:
        """Show this text, elided where it has to be."""
        self._full = text
        self.setAccessibleName(text)
        self.setToolTip(f"<qt>{html.escape(text)}</qt>")
        self._elide()

    def minimumSizeHint(self) -> QSize:
        return QSize(64, super().minimumSizeHint().height())

    def sizeHint(self) -> QSize:
        return QSize(64, super().sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._elide()

    def _elide(self) -> None:
        room = self.width() - self.iconSize().width() - 2 * Space.M
        self.setText(
            QFontMetrics(self.font()).elidedText(self._full, Qt.TextElideMode.ElideRight, max(room, 24))
        )
