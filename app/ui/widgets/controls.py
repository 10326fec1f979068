"""Small widgets that several rooms use: text that is never markup, buttons with our icons."""

import html

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QAbstractSpinBox, QLabel, QPushButton, QToolButton, QWidget

from app.ui.widgets import icons
from app.ui.widgets.theme import Space, Theme
from app.ui.wording import formatting as fmt


def plain_tooltip(*lines: str) -> str:
    """A tooltip of plain lines: every character is shown as it is, also two spaces, and long lines wrap.

    It is marked as rich text and escaped, so that Qt never takes a file's name for markup.
    """
    escaped = "<br>".join(html.escape(line) for line in lines if line)
    return f'<qt><span style="white-space:pre-wrap">{escaped}</span></qt>' if escaped else ""


def plain_action(text: str) -> str:
    """The text of a button or a menu entry in which `&` is no key."""
    return text.replace("&", "&&")


def inset(field: QAbstractSpinBox) -> None:
    """Keep the words of a field off its edge: a style sheet's padding does not reach them."""
    field.lineEdit().setTextMargins(Space.S, 0, Space.S, 0)


class PlainLabel(QLabel):
    """A label that shows every character as it is: a file called `<b>.mp4` stays `<b>.mp4`.

    Where it may have several lines, no word is too long for it.
    """

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

    def setWordWrap(self, on: bool) -> None:
        super().setWordWrap(on)
        self.setText(self.text())

    def setText(self, text: str) -> None:
        self._text = text
        super().setText(fmt.breakable(text) if self.wordWrap() else text)

    def text(self) -> str:
        return self._text


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


class FittingLabel(PlainLabel):
    """One line that says as much as there is room for: the first of several wordings that fits."""

    def __init__(self, *, tone: str = "", scale: str = "", parent: QWidget | None = None) -> None:
        super().__init__(tone=tone, scale=scale, parent=parent)
        self._wordings: tuple[str, ...] = ("",)

    @property
    def full_text(self) -> str:
        """The longest wording."""
        return self._wordings[0]

    def set_wordings(self, *wordings: str) -> None:
        """Show the first that fits, else the beginning of the last; the first is read aloud."""
        self._wordings = wordings
        self.setAccessibleName(wordings[0])
        self._fit()
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        width = QFontMetrics(self.font()).horizontalAdvance(self._wordings[0]) + 2
        return QSize(width, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(24, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        metrics = QFontMetrics(self.font())
        fitting = (text for text in self._wordings if metrics.horizontalAdvance(text) <= self.width())
        last = metrics.elidedText(self._wordings[-1], Qt.TextElideMode.ElideRight, max(self.width(), 24))
        self.setText(next(fitting, last))
        self.setToolTip("" if self.text() == self._wordings[0] else plain_tooltip(self._wordings[0]))


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
            self.set_kind(kind)
        if icon:
            self.setIconSize(QSize(icons.SIZE - 2, icons.SIZE - 2))
            self._draw()
            theme.changed.connect(self._draw)

    def set_kind(self, kind: str) -> None:
        """Look like another kind."""
        self._kind = kind
        self.setProperty("kind", kind)
        self.style().polish(self)
        if self._icon:
            self._draw()

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
        self.setToolTip(plain_tooltip(text))
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
