"""The window's one link to the models on this machine: listing, adding, importing and removing them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.ui.background.operations import Operation, Operations

if TYPE_CHECKING:
    from app.model_store.conversion import AddProgress
    from app.model_store.recommended import RecommendedModel
    from app.model_store.store import InstalledModel


@dataclass(frozen=True, slots=True)
class ModelCatalogue:
    """The models there are."""

    installed: tuple[InstalledModel, ...]
    recommended: tuple[RecommendedModel, ...]
    """Those that are not installed."""
    languages: Mapping[str, str]
    """Of installed models, by name, where known."""
    lacking: tuple[str, ...]
    """Packages that have to be installed before a model can be added."""


@dataclass(frozen=True, slots=True)
class Adding:
    """A model that is being added or imported."""

    name: str
    """Of the recommended model; of an import the folder or file it comes from."""
    title: str
    progress: AddProgress | None = None
    """None until the first word of it comes, and for imports."""
    stopping: bool = False
    """Whether it was asked to stop."""
    can_stop: bool = True


class ModelsControl(QObject):
    """Works on the store through operations; adding goes on whether or not a dialog looks on."""

    shelf_read = Signal(object)
    """ModelCatalogue."""
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
        self._adding: Adding | None = None
        self._stop = threading.Event()
        self._closing = False
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
        self._read("read models", _read, self._on_read)

    def measure(self) -> None:
        """Estimate how quick the recommended models are here; measured once."""
        if not self.speeds:
            self._read("measure speed", _speeds, self._on_measured)

    def add(self, model: RecommendedModel) -> None:
        """Download a model and make it ready for this program; one at a time."""
        if self._adding is not None or self._closing:
            return
        self._stop.clear()
        stopping = self._stop.is_set
        self._set_adding(Adding(model.name, model.title))
        adding = self._operations.run_with_progress(
            f"add {model.name}",
            lambda report: _add(model.name, report, stopping),
        )
        adding.progress.connect(self._on_progress)
        self._await_model(adding, model.name)

    def import_from(self, source: Path) -> None:
        """Take in a bundle from a folder or a zip file; one at a time."""
        if self._adding is not None or self._closing:
            return
        self._stop.clear()
        self._set_adding(Adding(str(source), source.name, can_stop=False))
        importing = self._operations.run(f"import {source.name}", lambda: _import(source))
        self._await_model(importing, str(source))

    def stop_adding(self) -> None:
        """Ask what is being added to stop; what was downloaded is kept for another time."""
        if self._adding is not None and self._adding.can_stop:
            self._stop.set()
            self._set_adding(replace(self._adding, stopping=True))

    def remove(self, model: InstalledModel) -> None:
        """Delete a model's files."""
        if self._closing:
            return
        removing = self._operations.change(f"remove {model.name}", lambda: _remove(model.name))
        removing.finished.connect(lambda: self._on_removed(model))
        self._tell_failure(removing, model.name)

    def close(self) -> None:
        """Start nothing more and stop what is being added."""
        self._closing = True
        self._stop.set()

    def _read(self, name: str, work: Callable[[], object], done: Callable[..., None]) -> None:
        if self._closing:
            return
        reading = self._operations.run(name, work)
        reading.finished.connect(done)
        self._tell_failure(reading, "")

    def _tell_failure(self, operation: Operation, model: str) -> None:
        operation.failed.connect(lambda sentence, advice: self.failed.emit(model, sentence, advice))

    def _await_model(self, operation: Operation, name: str) -> None:
        operation.finished.connect(self._on_added)
        operation.failed.connect(lambda sentence, advice: self._on_not_added(name, sentence, advice))

    def _on_read(self, shelf: ModelCatalogue) -> None:
        self.shelf = shelf
        self.shelf_read.emit(shelf)

    def _on_measured(self, speeds: Mapping[str, float]) -> None:
        self.speeds = speeds
        self.speeds_measured.emit(speeds)

    def _on_progress(self, progress: AddProgress) -> None:
        if self._adding is not None and not self._adding.stopping:
            self._set_adding(replace(self._adding, progress=progress))

    def _on_added(self, model: InstalledModel) -> None:
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


# What follows works off the GUI thread and loads what it needs: a window is shown without any of it.


def _read() -> ModelCatalogue:
    from app.engines.model_choice import real_folder
    from app.model_store.conversion import missing_packages
    from app.model_store.recommended import ranked
    from app.model_store.store import ModelStore

    installed = tuple(replace(model, folder=real_folder(model.folder)) for model in ModelStore().installed())
    names = {model.name for model in installed}
    known = ranked()
    return ModelCatalogue(
        installed,
        tuple(model for model in known if model.slug not in names),
        {model.slug: model.languages for model in known if model.slug in names},
        tuple(missing_packages()),
    )


def _speeds() -> Mapping[str, float]:
    from app.model_store.recommended import recommended_models, speed

    return {model.name: speed(model) for model in recommended_models()}


def _add(name: str, report: Callable[[AddProgress], None], stopping: Callable[[], bool]) -> InstalledModel:
    from app.model_store.conversion import add_model
    from app.model_store.store import ModelStore

    return add_model(name, ModelStore(), report=report, stopping=stopping)


def _import(source: Path) -> InstalledModel:
    from app.model_store.importing import import_bundle
    from app.model_store.store import ModelStore

    return import_bundle(source, ModelStore())


def _remove(name: str) -> None:
    from app.model_store.store import ModelStore

    ModelStore().remove(name)
