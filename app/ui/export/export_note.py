"""In the status bar: how far an export is, and a way to stop it, while its dialog is closed."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from app.exporting.export_request import ExportProgress
from app.ui.widgets.controls import IconButton, plain_action
from app.ui.widgets.theme import Theme
from app.ui.wording import formatting as fmt


class ExportNote(QWidget):
    """Hidden while nothing is exported."""

    opened = Signal()
    """The dialog is to be shown."""
    stop_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text = QToolButton()
        self.text.setObjectName("engine")
        self.text.setCursor(Qt.CursorShape.PointingHandCursor)
        self.text.setToolTip(self.tr("Show the export"))
        self.stop = IconButton(theme, "close", self.tr("Stop the export"))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.text)
        layout.addWidget(self.stop)
        self.text.clicked.connect(self.opened)
        self.stop.clicked.connect(self.stop_wanted)
        self.hide()

    def show_progress(self, progress: ExportProgress) -> None:
        """Say how far it is."""
        self.say(self.tr("Exporting {percent}").format(percent=fmt.percent(progress.share)))

    def say(self, text: str) -> None:
        """Say something, and be seen."""
        self.text.setText(plain_action(text))
        self.text.setAccessibleName(text)
        self.show()
