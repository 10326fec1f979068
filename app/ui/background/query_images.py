"""Pictures of what a query is to be like, and pictures that were pasted, off the GUI thread."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QIODevice, QObject, QSize, Qt, Signal
from PySide6.QtGui import QImage

from app.disk.formats import is_ambiguous, is_video_name
from app.paths import is_folder
from app.query.like_values import read_likeness
from app.query.parsed_query import Likeness
from app.query.query_error import QueryError
from app.ui.background.operations import Operations

if TYPE_CHECKING:
    from app.session import Session

SMALL = 96
"""Longer side of the picture on a chip, pixels."""
LARGE = 720
"""Shorter side of the picture that a part is chosen of, pixels."""
REMEMBERED = 32
LONGEST_SIDE = 4096
"""A pasted picture that is larger is made smaller: no model looks so closely."""


class QueryImages(QObject):
    """Pictures of the open library's queries; small ones are remembered."""

    arrived = Signal(str, QImage)
    """What stands behind `like:`, and its picture, the part of it that is meant."""
    opened = Signal(object, QImage)
    """A Likeness, and its whole picture."""
    kept = Signal(Path)
    """File of a picture that was pasted."""
    sorted_out = Signal(object, object, object)
    """Of what was dropped: folders, pictures and videos, lists of paths."""
    failed = Signal(str, str)
    """Sentence and advice of what was asked for."""

    def __init__(self, operations: Operations, parent: QObject) -> None:
        super().__init__(parent)
        self._operations = operations
        self._session: Session | None = None
        self._small: OrderedDict[str, QImage] = OrderedDict()
        self._asked: set[str] = set()

    def set_session(self, session: Session) -> None:
        """From now on there is a library to ask; pasted pictures that nothing names are deleted."""
        self._session = session
        self._operations.change("tidy pictures", session.prompts.tidy_pictures)

    def stop(self) -> None:
        """Ask nothing more."""
        self._session = None

    def small(self, typed: str) -> QImage | None:
        """The small picture of what is typed behind `like:`; None where it has not come: it is asked for."""
        session = self._session
        if typed in self._small:
            self._small.move_to_end(typed)
            return self._small[typed]
        if session is not None and typed not in self._asked:
            self._asked.add(typed)
            reading = self._operations.run("picture of a query", lambda: _small(session, typed))
            reading.finished.connect(lambda image: self._on_small(typed, image))
            reading.failed.connect(lambda *_: self._asked.discard(typed))
            reading.cancelled.connect(lambda: self._asked.discard(typed))
        return None

    def open(self, likeness: Likeness) -> None:
        """Read a whole picture; `opened` or `failed` follows."""
        session = self._session
        if session is None:
            return
        reading = self._operations.run("open picture", lambda: _still(session, likeness, LARGE))
        reading.finished.connect(lambda image: self.opened.emit(likeness, image))
        reading.failed.connect(self.failed)

    def keep(self, image: QImage) -> None:
        """Make a file of a picture that was pasted; `kept` or `failed` follows."""
        session = self._session
        if session is None:
            return
        keeping = self._operations.change("keep picture", lambda: session.prompts.pictures.keep(_png(image)))
        keeping.finished.connect(self.kept)
        keeping.failed.connect(self.failed)

    def sort_out(self, paths: Iterable[Path]) -> None:
        """Find out which paths are folders, pictures and videos; `sorted_out` follows."""
        wanted = list(paths)
        sorting = self._operations.run("look at what was dropped", lambda: _sorted_out(wanted))
        sorting.finished.connect(lambda found: self.sorted_out.emit(*found))

    def _on_small(self, typed: str, image: QImage) -> None:
        self._asked.discard(typed)
        self._small[typed] = image
        while len(self._small) > REMEMBERED:
            self._small.popitem(last=False)
        if self._session is not None and not image.isNull():
            self.arrived.emit(typed, image)


def _small(session: Session, typed: str) -> QImage:
    try:
        likeness = read_likeness(typed, 1.0, 0)
    except QueryError:
        return QImage()
    stored = session.prompts.pictures.stored(likeness)
    image = QImage.fromData(stored) if stored is not None else _still(session, likeness, 2 * SMALL)
    if likeness.crop is not None:
        left, top, right, bottom = likeness.crop
        width, height = image.width(), image.height()
        image = image.copy(
            round(left * width),
            round(top * height),
            max(1, round((right - left) * width)),
            max(1, round((bottom - top) * height)),
        )
    return image.scaled(
        QSize(SMALL, SMALL), Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    )


def _still(session: Session, likeness: Likeness, short_side: int) -> QImage:
    pixels = session.prompts.pictures.still(likeness, short_side)
    height, width, _ = pixels.shape
    return QImage(pixels.tobytes(), width, height, 3 * width, QImage.Format.Format_RGB888).copy()


def _png(image: QImage) -> bytes:
    if max(image.width(), image.height()) > LONGEST_SIDE:
        image = image.scaled(
            QSize(LONGEST_SIDE, LONGEST_SIDE),
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(buffer.data().data())


def _sorted_out(paths: list[Path]) -> tuple[list[Path], list[Path], list[Path]]:
    folders = [path for path in paths if is_folder(path)]
    files = [path for path in paths if path not in folders]
    videos = [path for path in files if is_video_name(path.name) and not is_ambiguous(path.name)]
    return folders, [path for path in files if path not in videos], videos
