"""Moments that are dragged into another program."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QDrag
from PySide6.QtWidgets import QWidget

from app.search.outcome import Moment
from app.ui.results.thumbnails import Thumbnails
from app.ui.system.file_urls import address_of

DragSource = Callable[[tuple[Moment, ...]], QMimeData]

_WIDTH = 160
"""Of the picture under the pointer, pixels."""


class MomentDrag:
    """Hands over the files of moments, or what another source makes of them."""

    def __init__(self, thumbnails: Thumbnails, parent: QWidget) -> None:
        self._thumbnails = thumbnails
        self._parent = parent
        self.source: DragSource = _files

    def start(self, moments: tuple[Moment, ...]) -> None:
        """Drag them until they are dropped somewhere."""
        drag = QDrag(self._parent)
        drag.setMimeData(self.source(moments))
        picture = self._thumbnails.picture(moments[0].frame_id)
        if picture is not None:
            drag.setPixmap(picture.scaledToWidth(_WIDTH, Qt.TransformationMode.SmoothTransformation))
        drag.exec(Qt.DropAction.CopyAction)


def _files(moments: tuple[Moment, ...]) -> QMimeData:
    """The files of these moments, each once."""
    paths: dict[Path, None] = dict.fromkeys(moment.path for moment in moments if moment.online)
    data = QMimeData()
    data.setUrls([address_of(path) for path in paths])
    return data
