"""The line that is typed into: its signs are coloured where they stand, and what is wrong is underlined."""

from collections.abc import Sequence

from PySide6.QtCore import QMimeData, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QFocusEvent,
    QGuiApplication,
    QInputMethodEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QTextCharFormat,
    QTextFormat,
)
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from app.query.spans import Span, SpanKind
from app.ui.widgets.theme import Theme


class SearchField(QLineEdit):
    """Plain text that stays as it was typed, also while an input method composes."""

    pasted = Signal(QMimeData)
    """A picture or files were pasted instead of text."""
    pressed = Signal()
    """It was clicked."""
    unfocused = Signal()
    """The keyboard went elsewhere."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._spans: tuple[Span, ...] = ()
        self._trouble: int | None = None
        self._composing = False
        theme.changed.connect(self._draw)

    def show_signs(self, spans: Sequence[Span], trouble: int | None) -> None:
        """Colour signs, and underline the word at a place where the query cannot be read."""
        if (tuple(spans), trouble) != (self._spans, self._trouble) or spans or trouble is not None:
            self._spans, self._trouble = tuple(spans), trouble
            self._draw()

    def replace(self, start: int, end: int, text: str) -> None:
        """Put a text in the place of another, as typing does: it can be undone."""
        self.setSelection(start, end - start)
        self.insert(text)

    def change_to(self, text: str) -> None:
        """Another text, as typing does."""
        if text != self.text():
            self.selectAll()
            self.insert(text)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        self._composing = bool(event.preeditString())
        super().inputMethodEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Paste):
            data = QGuiApplication.clipboard().mimeData()
            if is_to_be_liked(data):
                self.pasted.emit(data)
                return
        super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        self.pressed.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.unfocused.emit()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if is_to_be_liked(event.mimeData()):
            event.ignore()  # the window takes it
        else:
            super().dragEnterEvent(event)

    def _draw(self) -> None:
        if self._composing:
            return
        cursor = self.cursorPosition()
        kind = QInputMethodEvent.AttributeType.TextFormat
        formats = [
            QInputMethodEvent.Attribute(kind, span.start - cursor, span.end - span.start, self._look(span))
            for span in self._spans
            if span.kind is not SpanKind.TERM
        ]
        if self._trouble is not None and self._trouble < len(self.text()):
            length = len(self.text()[self._trouble :].split(" ", 1)[0]) or 1
            at = self._trouble - cursor
            formats.append(QInputMethodEvent.Attribute(kind, at, length, self._underline()))
        QApplication.sendEvent(self, QInputMethodEvent("", formats))

    def _look(self, span: Span) -> QTextFormat:
        look = QTextCharFormat()
        left_out = span.excluded or span.kind is SpanKind.WITHOUT
        look.setForeground(self._theme.colour("warning" if left_out else "accent"))
        return look

    def _underline(self) -> QTextFormat:
        look = QTextCharFormat()
        look.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
        look.setUnderlineColor(self._theme.colour("warning"))
        look.setForeground(self._theme.colour("warning"))
        return look


def is_to_be_liked(data: QMimeData) -> bool:
    """Whether it is a picture or files, and no text that was copied with a picture of it."""
    if any(url.isLocalFile() for url in data.urls()):
        return True
    return data.hasImage() and not data.hasText()
