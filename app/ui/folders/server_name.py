"""Whose library a window shows, where another computer has it."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.ui.widgets.controls import ElidedLabel, plain_tooltip
from app.ui.widgets.theme import Space
from app.ui.wording import formatting as fmt


class ServerName(QWidget):
    """Two plain lines: what the server calls its library, and where it is. Hidden until it is known."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = ElidedLabel(scale="strong")
        self.place = ElidedLabel(tone="dim", scale="small")
        lines = QVBoxLayout(self)
        lines.setContentsMargins(Space.XS, 0, 0, Space.XS)
        lines.setSpacing(0)
        lines.addWidget(self.title)
        lines.addWidget(self.place)
        self.hide()

    def show_server(self, title: str, place: str) -> None:
        """Say it.

        Args:
            title: as the server calls its library; empty while it has not said so.
            place: host and port.
        """
        title, place = fmt.one_line(title), fmt.one_line(place)
        self.title.setVisible(bool(title))
        self.title.set_full_text(title)
        self.place.set_full_text(self.tr("on {server}").format(server=place))
        self.setToolTip(plain_tooltip(title, place))
        self.show()
