"""The ways to export one thing: a round button each, with a line about it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QRadioButton, QVBoxLayout, QWidget

from app.ui.export.export_choices import Way
from app.ui.widgets.controls import PlainLabel
from app.ui.widgets.theme import Space

_ASIDE = 26
"""Logical pixels: the line below stands where the words of the button do."""


class WayButtons(QWidget):
    """One of them is chosen."""

    chosen = Signal(object)
    """Way."""

    def __init__(self, ways: Sequence[Way], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ways = tuple(ways)
        self._group = QButtonGroup(self)
        self.buttons: list[QRadioButton] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        for number, way in enumerate(self._ways):
            button = QRadioButton(way.title)
            button.setAccessibleName(way.title)
            button.setAccessibleDescription(way.about)
            button.setCursor(Qt.CursorShape.PointingHandCursor)
            about = PlainLabel(way.about, tone="dim", scale="small")
            about.setWordWrap(True)
            about.setContentsMargins(_ASIDE, 0, 0, Space.S)
            self._group.addButton(button, number)
            self.buttons.append(button)
            column.addWidget(button)
            column.addWidget(about)
        self.buttons[0].setChecked(True)
        self._group.idClicked.connect(lambda number: self.chosen.emit(self._ways[number]))

    @property
    def way(self) -> Way:
        """The one that is chosen."""
        return self._ways[max(0, self._group.checkedId())]

    def choose(self, way_id: str) -> bool:
        """Choose the one of this id; whether there is one."""
        for button, way in zip(self.buttons, self._ways, strict=True):
            if way.id == way_id:
                button.setChecked(True)
                return True
        return False
