"""Says over the lower edge of a page what was done, and offers for some seconds to take it back."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QHideEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget

from app.ui.widgets.controls import FittingLabel, IconButton, TextButton
from app.ui.widgets.theme import Space, Theme
from app.ui.wording import formatting as fmt

SHOWN_MS = 8000


class UndoBar(QFrame):
    """One sentence and a button; it goes by itself. What was done last can be taken back by a key as well.

    Args:
        pages: it lies over the one on view.
        foot: pixels at the lower edge of that page that stay free.
    """

    def __init__(self, theme: Theme, pages: QStackedWidget, foot: Callable[[], int] = lambda: 0) -> None:
        super().__init__(pages)
        self.setObjectName("undoBar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._pages, self._foot = pages, foot
        self._undo: Callable[[], object] | None = None
        self._gone = QTimer(self, singleShot=True, interval=SHOWN_MS)
        self._gone.timeout.connect(self.hide)
        self.text = FittingLabel(scale="strong")
        self.undo = TextButton(theme, self.tr("Undo"), kind="small")
        self.dismiss = IconButton(theme, "close", self.tr("Dismiss"))
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.L, Space.XS, Space.S, Space.XS)
        row.setSpacing(Space.S)
        row.addWidget(self.text)
        row.addSpacing(Space.XS)
        row.addWidget(self.undo)
        row.addWidget(self.dismiss)
        self.undo.clicked.connect(self.take_back)
        self.dismiss.clicked.connect(self.hide)
        pages.installEventFilter(self)
        pages.currentChanged.connect(self._on_page)
        self.hide()

    @property
    def can_undo(self) -> bool:
        """Whether there is something to take back."""
        return self._undo is not None

    def say(self, sentence: str, undo: Callable[[], object] | None = None) -> None:
        """Say what was done; `undo` takes it back, where it can be."""
        words = fmt.sentence(sentence)
        self._undo = undo
        self.undo.setHidden(undo is None)
        self.undo.setAccessibleDescription(words)
        self.text.ensurePolished()
        self.text.set_wordings(words)
        self._place()
        self.show()
        self.raise_()
        self._gone.start()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, words))

    def take_back(self) -> None:
        """Undo what was done last."""
        undo, self._undo = self._undo, None
        had_keyboard = self.isAncestorOf(self.focusWidget()) if self.focusWidget() else False
        self.hide()
        if had_keyboard:
            self._pages.setFocus(Qt.FocusReason.OtherFocusReason)
        if undo is not None:
            undo()

    def hideEvent(self, event: QHideEvent) -> None:
        self._gone.stop()
        super().hideEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def _on_page(self) -> None:
        self._place()
        self.raise_()

    def _place(self) -> None:
        room = self._pages.size()
        wanted = self.sizeHint()
        self.resize(min(wanted.width(), room.width() - 2 * Space.L), wanted.height())
        self.move(
            QPoint((room.width() - self.width()) // 2, room.height() - self._foot() - self.height() - Space.L)
        )
