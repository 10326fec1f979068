"""Exports off the GUI thread: prepared, estimated, run one at a time, stopped."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QStandardPaths, Signal

from app.exporting.export_request import (
    ExportMoment,
    ExportProgress,
    ExportReport,
    ExportRequest,
)
from app.paths import is_folder
from app.search.outcome import Moment
from app.ui.background.operations import Operations, Progress

if TYPE_CHECKING:
    from app.exporting.export_space import SpaceEstimate
    from app.exporting.exporter import Export
    from app.session import Session


class ExportControl(QObject):
    """Knows what is being exported; at most one export runs."""

    prepared = Signal(object)
    """ExportMoments: what was asked for, with what the library knows of it."""
    estimated = Signal(object)
    """SpaceEstimate of the last request that `estimate` was given, None where the folder cannot be used."""
    started = Signal(object)
    """ExportRequest."""
    progressed = Signal(object)
    """ExportProgress."""
    finished = Signal(object)
    """ExportReport."""
    failed = Signal(str, str)
    """Sentence and advice: nothing more is exported."""

    def __init__(self, operations: Operations, parent: QObject) -> None:
        super().__init__(parent)
        self._operations = operations
        self._session: Session | None = None
        self._export: Export | None = None
        self._stopping = False
        self._preparing = 0
        self._estimating = 0
        self.request: ExportRequest | None = None
        """What is being exported; None while nothing is."""
        self.usual_folder = Path.home()
        """Where exports go while nobody has chosen a folder: that of videos, where there is one."""

    @property
    def running(self) -> bool:
        """Whether something is being exported."""
        return self.request is not None

    def set_session(self, session: Session) -> None:
        """From now on moments can be looked up."""
        self._session = session

    def prepare(self, moments: Sequence[Moment], query: str) -> None:
        """Look up what is known of the videos; `prepared` follows, unless others are asked for before."""
        session = self._session
        if session is None or not moments:
            return
        self._preparing += 1
        number = self._preparing

        def work() -> tuple[tuple[ExportMoment, ...], Path]:
            from app.exporting.moments_to_export import found_moments

            return found_moments(session.catalogue, moments, query), _folder_of_videos()

        preparing = self._operations.run("prepare export", work)
        preparing.finished.connect(
            lambda found: self._on_prepared(*found) if number == self._preparing else None
        )
        preparing.failed.connect(self.failed)

    def estimate(self, request: ExportRequest) -> None:
        """Find out how much space it takes; `estimated` follows."""
        self._estimating += 1
        number = self._estimating

        def work() -> SpaceEstimate:
            from app.exporting.export_space import estimate

            return estimate(request)

        def tell(found: object) -> None:
            if number == self._estimating:
                self.estimated.emit(found)

        estimating = self._operations.run("estimate export", work)
        estimating.finished.connect(tell)
        estimating.failed.connect(lambda *_: tell(None))

    def start(self, request: ExportRequest) -> None:
        """Export, unless something is being exported already."""
        if self.running:
            return
        self.request, self._stopping = request, False
        self.started.emit(request)

        def work(progress: Progress) -> ExportReport:
            from app.exporting.exporter import Export

            export = self._export = Export(request)
            if self._stopping:
                export.cancel()
            return export.run(progress)

        running = self._operations.run_with_progress("export", work)
        running.progress.connect(self._on_progress)
        running.finished.connect(self._on_finished)
        running.failed.connect(self._on_failed)
        running.cancelled.connect(
            lambda: self._on_finished(ExportReport(request.kind, request.folder, (), (), True))
        )

    def stop(self) -> None:
        """Stop what runs; what was written stays."""
        self._stopping = True
        if self._export is not None:
            self._export.cancel()

    def _on_prepared(self, moments: tuple[ExportMoment, ...], folder: Path) -> None:
        self.usual_folder = folder
        self.prepared.emit(moments)

    def _on_progress(self, progress: ExportProgress) -> None:
        if not self._stopping:
            self.progressed.emit(progress)

    def _on_finished(self, report: ExportReport) -> None:
        self.request = self._export = None
        self.finished.emit(report)

    def _on_failed(self, sentence: str, advice: str) -> None:
        self.request = self._export = None
        self.failed.emit(sentence, advice)


def _folder_of_videos() -> Path:
    """The person's own, else their home. Takes as long as its disk does."""
    found = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.MoviesLocation)
    return Path(found) if found and is_folder(Path(found)) else Path.home()
