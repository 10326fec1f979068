"""What is asked for of moments, passed on to who does it."""

from __future__ import annotations

from PySide6.QtCore import QObject

from app.ui.shell.parts import Parts
from app.ui.widgets import reveal


class MomentFlow(QObject):
    """Ties `MomentActions` to the rest of the window."""

    def __init__(self, parts: Parts, parent: QObject) -> None:
        super().__init__(parent)
        self._parts = parts
        actions = parts.actions
        actions.play_outside.connect(lambda moment: reveal.open_file(moment.path))
        actions.show_in_folder.connect(lambda moment: reveal.show_in_folder(moment.path))
