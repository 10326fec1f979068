"""The window's one link to the models on this machine: listing, adding, importing and removing them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.ui.background.latest_reading import LatestReading
from app.ui.background.operations import Operation, Operations
from app.ui.models import store_work
from app.ui.models.download_rate import DownloadRate
from app.ui.models.store_work import LibrarySize, ModelCatalogue

if TYPE_CHECKING:
    from app.model_store.making_process import AddProgress
    from app.model_store.recommended import RecommendedModel
    from app.model_store.store import InstalledModel
    from app.session import Session

DOWNLOAD = "download"
"""The stage in which bytes come."""


@dataclass(frozen=True, slots=True)
class Adding:
    """A model that is being added or imported."""

    name: str
    """Of the recommended model; of another the repository, or the folder or file it comes from."""
    title: str
    progress: AddProgress | None = None
    """None until the first word of it comes, and for imports."""
    stopping: bool = False
    """Whether it was asked to stop."""
    can_stop: bool = True
    rate: float | None = None
    """Bytes per second of a download, where known."""


class ModelsControl(QObject):
    """Works on the store through operations; adding goes on whether or not a dialog looks on."""

    shelf_read = Signal(object)
    """ModelCatalogue."""
    library_counted = Signal(object)
    """LibrarySize of the library that is open."""
    recognised = Signal(str, str)
    """A path, and which kind of model lies there (see `store_work.recognise`)."""
    speeds_measured = Signal(object)
    """Mapping of a recommended model's name to estimated frames per second on this machine."""
    adding_changed = Signal(object)
    """Adding, or None once nothing is being added."""
    added = Signal(object)
    """InstalledModel that was added or imported."""
    removed = Signal(object)
    """InstalledModel that is there no more."""
    failed = Signal(str, str, str)
    """Name of a model (as in `Adding`; empty where it is about none), sentence and advice."""

    def __init__(self, operations: Operations, parent: QObject) -> None:
        super().__init__(parent)
        self._operations = operations
        self._shelf = LatestReading(self._start_to_read, self)
        self._shelf.arrived.connect(self._on_read)
        self._shelf.failed.connect(lambda sentence, advice: self.failed.emit("", sentence, advice))
        self._adding: Adding | None = None
        self._stop = threading.Event()
        self._closing = False
        self._rate = DownloadRate()
        self.arrived: dict[str, int] = {}
        """Bytes of a download that ended before its end, by name as in `Adding`: they are kept."""
        self.library: LibrarySize | None = None
        """As last counted."""
        self.shelf: ModelCatalogue | None = None
        """As last read."""
        self.speeds: Mapping[str, float] = {}
        """As measured, see `speeds_measured`."""

    @property
    def adding(self) -> Adding | None:
        """What is being added now."""
        return self._adding

    def refresh(self) -> None:
        """Read the store again."""
        self._shelf.read()

    def measure(self) -> None:
        """Estimate how quick the recommended models are here; measured once."""
        if not self.speeds:
            self._read("measure speed", store_work.measure_speeds, self._on_measured)

    def count(self, session: Session) -> None:
        """Count what a model would have to look at again."""
        self._read("count frames", lambda: store_work.count_library(session), self._on_counted)

    def recognise(self, source: Path) -> None:
        """Find out which kind of model lies in a folder or a zip file."""
        self._read(
            f"look at {source.name}",
            lambda: store_work.recognise(source),
            lambda kind: self.recognised.emit(str(source), kind),
        )

    def add(self, model: RecommendedModel) -> None:
        """Download a model and make it ready for this program; one at a time."""
        self._start(
            Adding(model.name, model.title),
            lambda report, stopping: store_work.add_recommended(model, report, stopping),
        )

    def add_from_repository(self, name: str) -> None:
        """Download a model from a repository `owner/name` and make it ready; one at a time."""
        self._start(
            Adding(name, name), lambda report, stopping: store_work.add_published(name, report, stopping)
        )

    def import_from(self, source: Path) -> None:
        """Take in a model from a folder or a zip file; one at a time."""
        self._start(
            Adding(str(source), source.name, can_stop=False),  # until it says how far it is
            lambda report, stopping: store_work.import_model(source, report, stopping),
        )

    def add_again(self, name: str) -> None:
        """Try again what could not be added: `name` as in `Adding`."""
        known = self.shelf.recommended if self.shelf is not None else ()
        model = next((model for model in known if model.name == name), None)
        if model is not None:
            self.add(model)
        elif Path(name).is_absolute():
            self.import_from(Path(name))
        else:
            self.add_from_repository(name)

    def stop_adding(self) -> None:
        """Ask what is being added to stop; what was downloaded is kept for another time."""
        if self._adding is not None and self._adding.can_stop:
            self._stop.set()
            self._set_adding(replace(self._adding, stopping=True))

    def remove(self, model: InstalledModel) -> None:
        """Delete a model's files."""
        if self._closing:
            return
        removing = self._operations.change(
            f"remove {model.name}", lambda: store_work.remove_model(model.name)
        )
        removing.finished.connect(lambda: self._on_removed(model))
        self._tell_failure(removing, model.name)

    def close(self) -> None:
        """Start nothing more and stop what is being added."""
        self._closing = True
        self._stop.set()

    def _start(
        self,
        adding: Adding,
        work: Callable[[Callable[[AddProgress], None], Callable[[], bool]], InstalledModel],
    ) -> None:
        if self._adding is not None or self._closing:
            return
        self._stop.clear()
        self._rate.forget()
        self._set_adding(adding)
        stopping = self._stop.is_set
        operation = self._operations.run_with_progress(
            f"add {adding.title}", lambda report: work(report, stopping)
        )
        operation.progress.connect(self._on_progress)
        operation.finished.connect(self._on_added)
        operation.failed.connect(lambda sentence, advice: self._on_not_added(adding.name, sentence, advice))

    def _start_to_read(self) -> Operation | None:
        return None if self._closing else self._operations.run("read models", store_work.read_models)

    def _read(self, name: str, work: Callable[[], object], done: Callable[..., None]) -> None:
        if self._closing:
            return
        reading = self._operations.run(name, work)
        reading.finished.connect(done)
        self._tell_failure(reading, "")

    def _tell_failure(self, operation: Operation, model: str) -> None:
        operation.failed.connect(lambda sentence, advice: self.failed.emit(model, sentence, advice))

    def _on_read(self, shelf: ModelCatalogue) -> None:
        self.shelf = shelf
        self.shelf_read.emit(shelf)

    def _on_measured(self, speeds: Mapping[str, float]) -> None:
        self.speeds = speeds
        self.speeds_measured.emit(speeds)
        self.refresh()  # now it is known what runs well here

    def _on_counted(self, library: LibrarySize) -> None:
        self.library = library
        self.library_counted.emit(library)

    def _on_progress(self, progress: AddProgress) -> None:
        if self._adding is None:
            return
        if progress.stage == DOWNLOAD:
            self._rate.note(progress.done)
            self.arrived[self._adding.name] = progress.done
        else:
            self._rate.forget()
        if not self._adding.stopping:
            self._set_adding(replace(self._adding, progress=progress, can_stop=True, rate=self._rate.rate))

    def _on_added(self, model: InstalledModel) -> None:
        if self._adding is not None:
            self.arrived.pop(self._adding.name, None)
        self._set_adding(None)
        self.added.emit(model)
        self.refresh()

    def _on_not_added(self, name: str, sentence: str, advice: str) -> None:
        stopped = self._stop.is_set()
        self._set_adding(None)
        if not stopped:
            self.failed.emit(name, sentence, advice)

    def _on_removed(self, model: InstalledModel) -> None:
        self.removed.emit(model)
        self.refresh()

    def _set_adding(self, adding: Adding | None) -> None:
        self._adding = adding
        self.adding_changed.emit(adding)
