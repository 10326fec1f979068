"""Moments that are dragged out of the window: clips of them, made while the pointer is on its way.

A drop wants files that are there. The clips (copied, not encoded) are begun when the drag begins; who asks
for them waits for what is still to come, a few seconds at most, while the event loop goes on. What takes
longer is dragged as its whole video, and so is everything while Alt is held.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEventLoop, QMimeData, QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication

from app.paths import cache_folder
from app.search.outcome import Moment
from app.ui.background.operations import Operations
from app.ui.system.file_urls import address_of
from app.ui.wording import formatting as fmt

if TYPE_CHECKING:
    from app.catalogue.catalogue import Catalogue

WAIT_MS = 5000
"""So long a drop waits for its clips."""
MOST_CLIPS = 20
"""Of more moments the videos are dragged."""
FOLDER = "dragged-clips"
KEPT_DAYS = 30
"""A clip is deleted so long after it was dragged: another program may use it where it is."""
_FILES, _TEXT = "text/uri-list", "text/plain"


class ClipDrags(QObject):
    """Makes what is dragged."""

    def __init__(self, operations: Operations, parent: QObject) -> None:
        super().__init__(parent)
        self._operations = operations
        self._catalogue: Catalogue | None = None
        self._last = threading.Event()
        """Ends what is made for the drag before."""

    def set_catalogue(self, catalogue: Catalogue) -> None:
        """From now on clips can be made; old ones are deleted."""
        self._catalogue = catalogue
        self._operations.run("delete dragged clips", _delete_old)

    def mime_data(self, moments: tuple[Moment, ...]) -> QMimeData:
        """What a drag of these moments carries: files, and as text their places."""
        here = [moment for moment in moments if moment.online]
        whole = bool(QGuiApplication.keyboardModifiers() & Qt.KeyboardModifier.AltModifier)
        data = MomentsMimeData(here)
        self._last.set()
        if self._catalogue is not None and not whole and 0 < len(here) <= MOST_CLIPS:
            catalogue = self._catalogue
            over = self._last = threading.Event()
            making = self._operations.run("clips to drag", lambda: _make_clips(catalogue, here, over))
            data.wait_for_clips()
            making.finished.connect(data.set_clips)
            making.failed.connect(lambda *_: data.set_clips(()))
            making.cancelled.connect(lambda: data.set_clips(()))
            data.destroyed.connect(over.set)  # nobody can ask for them any more
        return data

    def close(self) -> None:
        """The window closes."""
        self._last.set()


class MomentsMimeData(QMimeData):
    """Files of moments and their places as text; the files may still be on their way."""

    def __init__(self, moments: Sequence[Moment]) -> None:
        super().__init__()
        self._videos = list(dict.fromkeys(moment.path for moment in moments))
        self._places = "\n".join(f"{moment.path}@{fmt.clock(moment.best)}" for moment in moments)
        self._clips: tuple[Path, ...] | None = ()
        self._loop: QEventLoop | None = None

    @property
    def files(self) -> list[Path]:
        """Clips where they are there, else videos."""
        return list(self._clips or self._videos)

    def wait_for_clips(self) -> None:
        """Clips are being made."""
        self._clips = None

    def set_clips(self, clips: Sequence[Path]) -> None:
        """They are there; none where they cannot be made."""
        self._clips = tuple(clips)
        if self._loop is not None:
            self._loop.quit()

    def formats(self) -> list[str]:
        return [_FILES, _TEXT] if self._videos else []

    def hasFormat(self, mimetype: str) -> bool:
        return mimetype in self.formats()

    def retrieveData(self, mimetype: str, preferred: Any) -> Any:
        if mimetype == _TEXT:
            return self._places
        if mimetype != _FILES or not self._videos:
            return None
        self._wait()
        return [address_of(path) for path in self.files]

    def _wait(self) -> None:
        if self._clips is not None or self._loop is not None:
            return
        loop = self._loop = QEventLoop()
        timer = QTimer(singleShot=True, interval=WAIT_MS)
        timer.timeout.connect(loop.quit)
        timer.start()
        loop.exec()
        timer.stop()
        self._loop = None


def _make_clips(catalogue: Catalogue, moments: Sequence[Moment], over: threading.Event) -> tuple[Path, ...]:
    """Copy a clip of each into the folder of dragged clips; none where one cannot be made, or it is over."""
    from app.exporting.export_request import ExportKind, ExportRequest
    from app.exporting.exporter import Export
    from app.exporting.moments_to_export import found_moments

    folder = cache_folder() / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    request = ExportRequest(ExportKind.CLIPS, found_moments(catalogue, moments, ""), folder)
    export = Export(request)

    def follow(_: object) -> None:
        if over.is_set():
            export.cancel()

    follow(None)
    report = export.run(follow)
    if over.is_set():  # nobody learns of them
        for file in report.files:
            file.path.unlink(missing_ok=True)
    complete = not report.failures and not report.stopped and not over.is_set()
    return tuple(file.path for file in report.files) if complete else ()


def _delete_old() -> None:
    from app.exporting.staging_folder import delete_old

    delete_old(cache_folder() / FOLDER, KEPT_DAYS)
