"""The one dialog for errors of ours: calm, not in the way, with the details for whoever wants them."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from app.ui.system import reveal
from app.ui.widgets import icons
from app.ui.widgets.controls import PlainLabel, TextButton
from app.ui.widgets.theme import Space, Theme

WIDTH, DETAILS_HEIGHT = 480, 220
"""Logical pixels."""
KEPT = 50
"""Errors whose details are shown; further ones are only counted (the log has them)."""


class ErrorDialog(QDialog):
    """Says that something went wrong and that the work goes on. Further errors are added to it."""

    def __init__(self, theme: Theme, details: str, log_file: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._log_file = log_file
        self._errors = [details]
        self._count = 1
        self.setModal(False)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Reelfind"))
        self._text = PlainLabel(tone="dim")
        self._text.setWordWrap(True)
        self._details = _details_field(self.tr("Details"))
        self.more = TextButton(theme, self.tr("Details"), kind="quiet")
        self.more.setCheckable(True)
        self.copy = TextButton(theme, self.tr("Copy"), kind="quiet")
        self.open_log = TextButton(theme, self.tr("Open log"), kind="quiet")
        self.close_button = TextButton(theme, self.tr("Close"), kind="primary")
        self.close_button.setDefault(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(Space.XL, Space.XL, Space.XL, Space.L)
        layout.setSpacing(Space.L)
        layout.addLayout(self._head(theme))
        layout.addWidget(self._details)
        layout.addLayout(self._buttons())
        self.setFixedWidth(WIDTH)
        self.close_button.setFocus()
        self.more.toggled.connect(self._toggle)
        self.copy.clicked.connect(self._copy)
        self.open_log.clicked.connect(lambda: reveal.open_file(self._log_file))
        self.close_button.clicked.connect(self.close)
        self._say()

    def add(self, details: str) -> None:
        """One error more while the dialog is open."""
        self._count += 1
        if details not in self._errors and len(self._errors) < KEPT:
            self._errors.append(details)
        self._say()

    @property
    def details(self) -> str:
        """What `Copy` copies."""
        return "\n".join(self._errors)

    @property
    def text(self) -> str:
        """What it says."""
        return self._text.text()

    def _head(self, theme: Theme) -> QHBoxLayout:
        mark = QLabel()
        mark.setPixmap(icons.icon("warning", theme.colour("warning")).pixmap(24, 24))
        title = PlainLabel(self.tr("Something went wrong in Reelfind"), scale="title")
        words = QVBoxLayout()
        words.setSpacing(Space.S)
        words.addWidget(title)
        words.addWidget(self._text)
        head = QHBoxLayout()
        head.setSpacing(Space.M)
        head.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(words, 1)
        return head

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(Space.S)
        for button in (self.more, self.copy, self.open_log):
            row.addWidget(button)
        row.addStretch()
        row.addWidget(self.close_button)
        return row

    def _say(self) -> None:
        text = self.tr(
            "Your videos and what was indexed are not affected, and Reelfind goes on. "
            "If something does not work as it should, close Reelfind and open it again."
        )
        if self._count > 1:
            text = self.tr("{text} This happened {n} times.").format(text=text, n=self._count)
        self._text.setText(text)
        self._details.setPlainText(self.details)
        self._fit()

    def _toggle(self, shown: bool) -> None:
        self._details.setVisible(shown)
        self._fit()

    def _fit(self) -> None:
        layout = self.layout()
        if layout is not None:
            layout.activate()
            self.resize(WIDTH, layout.totalHeightForWidth(WIDTH))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.details)
        self.copy.setText(self.tr("Copied"))


def _details_field(name: str) -> QPlainTextEdit:
    field = QPlainTextEdit()
    field.setReadOnly(True)
    field.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
    field.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
    field.setAccessibleName(name)
    field.setFixedHeight(DETAILS_HEIGHT)
    field.hide()
    return field
