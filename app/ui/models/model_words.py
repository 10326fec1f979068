"""What is said about models, in words.

Titles, licences and sources come from elsewhere: they are shown as they are, on one line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from app.ui.models.models_control import Adding
from app.ui.wording import formatting as fmt

if TYPE_CHECKING:
    from app.model_store.conversion import AddProgress
    from app.model_store.recommended import RecommendedModel
    from app.model_store.store import InstalledModel

if TYPE_CHECKING:
    from app.session import PendingModel

TITLE = 48
"""Characters of a model's title that are shown at most."""
FACT = 64


def title(text: str) -> str:
    """A model's title, fit to stand in a sentence."""
    return fmt.one_line(text, TITLE)


def installed_facts(model: InstalledModel, languages: str) -> str:
    """Licence, size on disk, languages where known, and how clips are scored."""
    scored = _tr("with trained re-scoring") if model.has_head else _tr("plain pooling")
    return _joined(fmt.one_line(model.licence, FACT), fmt.size(model.bytes), _languages(languages), scored)


def recommended_facts(model: RecommendedModel) -> str:
    """Download size, licence and languages."""
    download = _tr("{size} to download").format(size=fmt.size(model.download_bytes))
    return _joined(fmt.one_line(model.licence, FACT), download, _languages(model.languages))


def worth(model: RecommendedModel, speed: float | None) -> str:
    """How quick it is here and how good it was found to be."""
    here = "" if speed is None else _tr("about {rate} here").format(rate=fmt.frames_per_second(speed))
    return _joined(here, fmt.one_line(model.quality, FACT))


def about_worth(model: RecommendedModel, speed: float | None) -> str:
    """What the speed means, and where the quality was published."""
    means = ""
    if speed:
        means = _tr("With a frame per second of video, an hour of video takes about {time}.").format(
            time=fmt.duration(3600 / speed)
        )
    quality = ""
    if model.quality:
        quality = _tr(
            "ImageNet: how often the right one of 1,000 things is named. COCO: how often a description finds "
            "its picture first. Published: {source}."
        ).format(source=model.quality_source)
    return " ".join(part for part in (means, quality) if part)


def ready(pending_model: PendingModel) -> str:
    """How far a pending model is."""
    return _tr("{n} of {m} ready").format(n=fmt.count(pending_model.ready), m=fmt.count(pending_model.total))


def stage(adding: Adding) -> str:
    """What is being done to add a model."""
    if adding.stopping:
        return _tr("Stopping…")
    progress = adding.progress
    if progress is None:
        return _tr("Starting…") if adding.can_stop else _tr("Checking and copying…")
    if progress.stage != "download":
        return _STAGES.get(progress.stage, lambda: fmt.one_line(progress.stage, FACT))()
    if progress.total is None:
        return _tr("Downloading: {done}").format(done=fmt.size(progress.done))
    return _tr("Downloading: {done} of {total}").format(
        done=fmt.size(progress.done), total=fmt.size(progress.total)
    )


def share(progress: AddProgress | None) -> float | None:
    """How much of the stage is done, 0..1; None where nobody knows."""
    if progress is None or not progress.total:
        return None
    return min(max(progress.done / progress.total, 0.0), 1.0)


def adding_in_brief(adding: Adding, *, named: bool = True) -> str:
    """That a model is being added, for the status bar; `named` where there is room for its title."""
    part = share(adding.progress)
    switch_status = "…" if part is None or adding.stopping else f" · {fmt.percent(part)}"
    if not named:
        return _tr("Adding") + switch_status
    return _tr("Adding {model}").format(model=fmt.one_line(adding.title, 28)) + switch_status


def _languages(known: str) -> str:
    return _tr("languages: {languages}").format(languages=fmt.one_line(known, FACT)) if known else ""


def _joined(*facts: str) -> str:
    return " · ".join(fact for fact in facts if fact)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Models", text)


_STAGES = {
    "load": lambda: _tr("Reading the weights…"),
    "export image": lambda: _tr("Converting the image encoder…"),
    "export text": lambda: _tr("Converting the text encoder…"),
    "int8": lambda: _tr("Making the quick variant for the processor…"),
    "fp16": lambda: _tr("Making the variant for graphics cards…"),
    "check": lambda: _tr("Comparing it with the original…"),
}
