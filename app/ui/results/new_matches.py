"""Says over the grid that there is more to see, and moves nothing until someone asks for it."""

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from app.ui.widgets.controls import FittingLabel, IconButton, TextButton
from app.ui.widgets.theme import Space, Theme
from app.ui.wording import formatting as fmt


class NewMatches(QFrame):
    """A quiet bar over the lower edge of the grid, its parent; hidden while there is nothing new."""

    wanted = Signal()
    """Show them."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("newMatches")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._grid = parent
        self._count = 0
        self._dismissed = 0
        self.text = FittingLabel(scale="strong")
        self.show_them = TextButton(theme, self.tr("Show"), kind="small")
        self.dismiss = IconButton(theme, "close", self.tr("Not now"))
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.L, Space.XS, Space.S, Space.XS)
        row.setSpacing(Space.S)
        row.addWidget(self.text)
        row.addSpacing(Space.XS)
        row.addWidget(self.show_them)
        row.addWidget(self.dismiss)
        self.show_them.clicked.connect(self.wanted)
        self.dismiss.clicked.connect(self._on_dismissed)
        parent.installEventFilter(self)
        self.hide()

    @property
    def count(self) -> int:
        """How many are offered."""
        return self._count

    def offer(self, count: int) -> None:
        """Offer that many; those that were declined are not offered again until there are more."""
        self._count = count
        if count <= self._dismissed:
            self._dismissed = min(self._dismissed, count)
            self.hide()
            return
        words = self.tr("%Ln new matches", "", count)
        self.text.ensurePolished()
        self.text.set_wordings(words, fmt.count(count))
        self.show_them.setAccessibleName(self.tr("Show {matches}").format(matches=words))
        self._place()
        self.show()
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        room = self._grid.size()
        wanted = self.sizeHint()
        self.resize(min(wanted.width(), room.width() - 2 * Space.L), wanted.height())
        self.move(QPoint((room.width() - self.width()) // 2, room.height() - self.height() - Space.L))

    def _on_dismissed(self) -> None:
        self._dismissed = self._count
        had_keyboard = self.dismiss.hasFocus()
        self.hide()
        if had_keyboard:
            self._grid.setFocus(Qt.FocusReason.OtherFocusReason)
