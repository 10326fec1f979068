"""Parts that stand inside a row: a problem with its advice, a question, work under way."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from app.ui.widgets import icons
from app.ui.widgets.controls import (
    ElidedLabel,
    IconButton,
    PlainLabel,
    TextButton,
    plain_tooltip,
)
from app.ui.widgets.theme import Space, Theme
from app.ui.wording import formatting as fmt

ICON = 18


class Notice(QWidget):
    """What went wrong, what to do, and where that helps a command to copy or a button to try again."""

    closed = Signal()
    again_wanted = Signal()

    def __init__(
        self,
        theme: Theme,
        sentence: str,
        advice: str,
        command: str = "",
        again: str = "",
        parent: QWidget | None = None,
    ) -> None:
        """`again` is what the button that tries it again is called; without it there is none."""
        super().__init__(parent)
        self._theme = theme
        self._mark = QLabel()
        self._mark.setFixedSize(ICON, ICON)
        self.sentence = PlainLabel(fmt.sentence(sentence))
        self.advice = PlainLabel(fmt.sentence(advice), tone="dim")
        words = QVBoxLayout()
        words.setSpacing(2)
        for label in (self.sentence, self.advice):
            label.setWordWrap(True)
            if not label.text():
                label.hide()
            words.addWidget(label)
        if command:
            words.addSpacing(Space.XS)
            words.addWidget(Command(theme, command))
        self.again = TextButton(theme, again, kind="small", parent=self)
        self.again.clicked.connect(self.again_wanted)
        self.again.setVisible(bool(again))
        if again:
            words.addSpacing(Space.XS)
            words.addWidget(self.again, 0, Qt.AlignmentFlag.AlignLeft)
        dismiss = IconButton(theme, "close", self.tr("Dismiss"))
        dismiss.clicked.connect(self.closed)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.S)
        layout.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(words, 1)
        layout.addWidget(dismiss, 0, Qt.AlignmentFlag.AlignTop)
        theme.changed.connect(self._draw)
        self._draw()

    def _draw(self) -> None:
        ratio = self.devicePixelRatioF()
        self._mark.setPixmap(icons.pixmap("warning", self._theme.colour("warning"), ICON, ratio))


class Command(QFrame):
    """A command line that can be copied."""

    def __init__(self, theme: Theme, command: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("command")
        text = ElidedLabel()
        text.setObjectName("commandText")
        text.set_full_text(fmt.sentence(command))
        text.setToolTip(plain_tooltip(fmt.sentence(command)))
        self.copy = TextButton(theme, self.tr("Copy"), kind="small")
        self.copy.setAccessibleName(self.tr("Copy the command"))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(Space.S, Space.XS, Space.XS, Space.XS)
        layout.setSpacing(Space.S)
        layout.addWidget(text, 1)
        layout.addWidget(self.copy)
        self.copy.clicked.connect(lambda: self._copy(command))

    def _copy(self, command: str) -> None:
        QGuiApplication.clipboard().setText(command)
        self.copy.setText(self.tr("Copied"))


class Question(QWidget):
    """Asks before something is done; Esc means no."""

    agreed = Signal()
    declined = Signal()

    def __init__(
        self,
        theme: Theme,
        text: str,
        *,
        yes: str,
        no: str,
        careful: bool,
        parent: QWidget | None = None,
    ) -> None:
        """`careful` puts the keyboard on `no`."""
        super().__init__(parent)
        self._careful = careful
        self.yes = TextButton(theme, yes, kind="" if careful else "primary")
        self.no = TextButton(theme, no)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.S)
        label = PlainLabel(text)
        label.setWordWrap(True)
        layout.addWidget(label)
        buttons = QHBoxLayout()
        buttons.setSpacing(Space.S)
        buttons.addStretch()
        buttons.addWidget(self.no)
        buttons.addWidget(self.yes)
        layout.addLayout(buttons)
        self.yes.clicked.connect(self.agreed)
        self.no.clicked.connect(self.declined)

    def enter(self) -> None:
        """Take the keyboard."""
        (self.no if self._careful else self.yes).setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.declined.emit()
        else:
            super().keyPressEvent(event)


class WorkingNote(QWidget):
    """What is being done, how far it is, and a button to stop it."""

    stop_wanted = Signal()

    def __init__(self, theme: Theme, what: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text = ElidedLabel(tone="dim", scale="small")
        self.bar = QProgressBar(textVisible=False)
        self.bar.setAccessibleName(what)
        self.stop = TextButton(theme, self.tr("Cancel"), kind="small")
        self.stop.setAccessibleName(self.tr("Cancel: {what}").format(what=what))
        lines = QVBoxLayout()
        lines.setSpacing(Space.XS)
        lines.addWidget(self.text)
        lines.addWidget(self.bar)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.M)
        layout.addLayout(lines, 1)
        layout.addWidget(self.stop, 0, Qt.AlignmentFlag.AlignVCenter)
        self.stop.clicked.connect(self.stop_wanted)

    def show_work(self, text: str, share: float | None, *, can_stop: bool) -> None:
        """Say what is done now; `share` is 0..1, or None where nobody knows."""
        self.text.set_full_text(text)
        self.bar.setRange(0, 0 if share is None else 1000)
        if share is not None:
            self.bar.setValue(round(1000 * share))
        self.stop.setVisible(can_stop)
