"""What is done with the models on this computer, off the GUI thread.

Each function loads what it needs: a window is shown without any of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from app.errors import ReelfindError

if TYPE_CHECKING:
    from app.model_store.making_process import AddProgress
    from app.model_store.recommended import RecommendedModel
    from app.model_store.store import InstalledModel
    from app.session import Session


@dataclass(frozen=True, slots=True)
class ModelCatalogue:
    """The models there are."""

    installed: tuple[InstalledModel, ...]
    recommended: tuple[RecommendedModel, ...]
    """Those that are not installed, as this computer runs them best."""
    known: Mapping[str, RecommendedModel]
    """What is known of installed models that are recommended, by name."""
    lacking: tuple[str, ...]
    """Packages that have to be installed before a model that nobody has published as ONNX can be made."""
    memory: int | None = None
    """Bytes of memory of this computer, None where it does not say."""


@dataclass(frozen=True, slots=True)
class LibrarySize:
    """How much a model would have to look at."""

    videos: int
    frames: int


Report = Callable[["AddProgress"], None]
Stopping = Callable[[], bool]


def read_models() -> ModelCatalogue:
    """What is installed and what is recommended."""
    from app.engines.model_choice import real_folder
    from app.model_store.conversion import missing_packages
    from app.model_store.hardware import memory
    from app.model_store.recommended import ranked
    from app.model_store.store import ModelStore

    installed = tuple(replace(model, folder=real_folder(model.folder)) for model in ModelStore().installed())
    names = {model.name for model in installed}
    known = ranked()
    return ModelCatalogue(
        installed,
        tuple(model for model in known if model.slug not in names),
        {model.slug: model for model in known if model.slug in names},
        tuple(missing_packages()),
        memory(),
    )


def measure_speeds() -> Mapping[str, float]:
    """Frames per second by name that the recommended models are expected to reach here."""
    from app.model_store.recommended import recommended_models, speed

    return {model.name: speed(model) for model in recommended_models()}


def count_library(session: Session) -> LibrarySize:
    """How many videos and frames are indexed for the active model."""
    videos = sum(folder.indexed for folder in session.folders())
    return LibrarySize(videos, session.catalogue.frame_count(session.bundle.identity))


def add_recommended(model: RecommendedModel, report: Report, stopping: Stopping) -> InstalledModel:
    """Fetch a recommended model: as ONNX where somebody published it, else made by torch."""
    if not model.needs_torch:
        return add_published(model.source, report, stopping)
    from app.model_store.conversion import add_model
    from app.model_store.store import ModelStore

    return add_model(model.name, ModelStore(), report=report, stopping=stopping)


def add_published(source: str, report: Report, stopping: Stopping) -> InstalledModel:
    """Fetch and check an export: a repository `owner/name`."""
    from app.model_store import adding
    from app.model_store.store import ModelStore

    return adding.add_published(source, ModelStore(), report=report, stopping=stopping)


def import_model(source: Path, report: Report, stopping: Stopping) -> InstalledModel:
    """Take in a bundle of Reelfind's, or an export of a kind that it understands, from this computer."""
    from app.model_store import adding
    from app.model_store.store import ModelStore

    return adding.import_model(source, ModelStore(), report=report, stopping=stopping)


def remove_model(name: str) -> None:
    """Delete a model's files."""
    from app.model_store.store import ModelStore

    ModelStore().remove(name)


REELFIND = "Reelfind"
MOST_PATHS = 5_000
"""Of a folder or an archive that are looked at."""


def recognise(source: Path) -> str:
    """Which kind of model lies in a folder or a zip file: `Reelfind`, a layout's name, or empty."""
    return _layout_in(_paths_in(source))


def _layout_in(paths: list[str]) -> str:
    from app.model_intake.layouts.detection import wanted_files

    depth = 1 if all("/" in path for path in paths) else 0
    if any(path.count("/") <= depth and path.endswith("manifest.json") for path in paths):
        return REELFIND
    wanted = wanted_files(paths)
    return "" if wanted is None else wanted.layout


def _paths_in(source: Path) -> list[str]:
    """Paths of the files in a folder or a zip file, at most `MOST_PATHS`; none where it cannot be read."""
    from app.model_intake.archives import opened_archive
    from app.model_intake.layouts.detection import paths_below

    try:
        if source.is_dir():
            return list(islice(paths_below(source), MOST_PATHS))
        with opened_archive(source, MOST_PATHS) as archive:
            return archive.namelist()
    except (OSError, ReelfindError):  # adding it says what is wrong
        return []
