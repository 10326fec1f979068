"""What is said about models, in words.

Titles, licences and sources come from elsewhere: they are shown as they are, on one line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QLocale

from app.ui.models.models_control import DOWNLOAD, Adding
from app.ui.models.store_work import LibrarySize
from app.ui.wording import formatting as fmt

if TYPE_CHECKING:
    from app.model_store.making_process import AddProgress
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


def untrained(model: InstalledModel) -> str:
    """That a model has random weights; empty where it has learnt something."""
    if model.trained:
        return ""
    return _tr("Not trained: its weights are random, and so are its answers. It is for trying things out.")


def recommended_facts(model: RecommendedModel) -> str:
    """Licence, download size and languages."""
    download = _tr("{size} to download").format(size=fmt.size(model.download_bytes))
    return _joined(fmt.one_line(model.licence, FACT), download, _languages(model.languages))


def worth(model: RecommendedModel, speed: float | None) -> str:
    """How quick it is here, how much memory it wants and how good it was found to be."""
    here = "" if speed is None else _tr("about {rate} here").format(rate=fmt.frames_per_second(speed))
    needed = _tr("{size} of memory").format(size=fmt.size(model.memory_bytes))
    return _joined(here, needed, _quality(model))


def about_worth(model: RecommendedModel, speed: float | None) -> tuple[str, ...]:
    """What the speed means, and where the quality was published; a paragraph each."""
    means = ""
    if speed:
        text = _tr("With a frame per second of video, an hour of video takes about {time}.")
        means = _ended(text.format(time=fmt.duration(3600 / speed)))
    quality = _tr(
        "ImageNet: how often the right one of 1,000 things is named. COCO: how often a description finds "
        "its picture first. XM3600: how often an English description finds its picture, as a mean over the "
        "first, the first five and the first ten. Published: {source}."
    ).format(source=model.quality_source)
    known = [
        f"{QLocale(code).nativeLanguageName() or code} {fmt.percent(figure / 100)}"
        for code, figure in model.xm3600.items()
    ]
    spoken = ""
    if model.multilingual and known:
        spoken = _tr("XM3600 in some languages: {figures}.").format(figures=", ".join(known))
    return tuple(part for part in (means, quality, spoken) if part)


def indexing(speed: float | None, library: LibrarySize | None) -> str:
    """How long the videos of the library take at that speed; empty where nobody knows, or there are none."""
    if not speed or library is None or not library.frames or not library.videos:
        return ""
    time = fmt.duration(max(60.0, library.frames / speed))
    text = _tr("Indexing your %Ln videos again takes about {time}.", library.videos)
    return _ended(text.format(time=time))


def licence_note(model: RecommendedModel) -> str:
    """What to know about the licence in a sentence, or empty."""
    known = _LICENCE_NOTES.get(model.licence_note)
    return known() if known else model.licence_note


def shortage(model: RecommendedModel, memory: int | None) -> str:
    """Why a model does not fit, empty where it does."""
    if model.fits or memory is None:
        return ""
    return _tr("It needs about {needed} of memory to be prepared; this computer has {there}.").format(
        needed=fmt.size(model.memory_bytes), there=fmt.size(memory)
    )


def arrived(done: int) -> str:
    """That a download was broken off, and what of it is there."""
    return _tr("{size} of it have arrived and are kept.").format(size=fmt.size(done))


def kind(name: str) -> str:
    """Which kind of model was recognised in a folder or a zip file."""
    if not name:
        return _tr("No kind of model that Reelfind knows was recognised there.")
    if name == "Reelfind":
        return _tr("This is a model of Reelfind’s own kind.")
    return _tr("This is an ONNX export as {publisher} publishes them.").format(
        publisher=_PUBLISHERS.get(name, name)
    )


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
    if progress.stage != DOWNLOAD:
        return _STAGES.get(progress.stage, lambda: fmt.one_line(progress.stage, FACT))()
    if progress.total is None:
        return _tr("Downloading: {done}").format(done=fmt.size(progress.done))
    text = _tr("Downloading: {done} of {total}").format(
        done=fmt.size(progress.done), total=fmt.size(progress.total)
    )
    return _joined(text, *_pace(progress.total - progress.done, adding.rate))


def _pace(left: int, rate: float | None) -> tuple[str, ...]:
    """How quickly it comes and how long it takes still."""
    if not rate:
        return ()
    speed = _tr("{size}/s").format(size=fmt.size(round(rate)))
    return speed, _tr("about {time} left").format(time=fmt.duration(max(left, 0) / rate))


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
    if not known:
        return ""
    spoken = _LANGUAGES[known]() if known in _LANGUAGES else fmt.one_line(known, FACT)
    return _tr("languages: {languages}").format(languages=spoken)


def _joined(*facts: str) -> str:
    return " · ".join(fact for fact in facts if fact)


def _quality(model: RecommendedModel) -> str:
    """What is published of its quality; no line breaks a figure apart."""
    figures = (("ImageNet", model.imagenet), ("COCO", model.coco), ("XM3600", model.xm3600.get("en")))
    space = "\N{NO-BREAK SPACE}"
    return ", ".join(
        f"{name}{space}{fmt.decimal(figure)}{space}%" for name, figure in figures if figure is not None
    )


def _ended(sentence: str) -> str:
    """A sentence whose last word may end with a point of its own, as “Min.” does."""
    return sentence.replace("..", ".")


def _tr(text: str, number: int = -1) -> str:
    return QCoreApplication.translate("Models", text, "", number)


_LANGUAGES = {
    "English": lambda: _tr("English"),
    "more than 100": lambda: _tr("more than 100"),
    "about 100": lambda: _tr("about 100"),
}
_LICENCE_NOTES = {
    "For research only: Apple's licence of the weights allows nothing else.": lambda: _tr(
        "For research only: Apple's licence of the weights allows nothing else."
    ),
    "Not for commercial use: its licence forbids that.": lambda: _tr(
        "Not for commercial use: its licence forbids that."
    ),
    "OpenAI's model card calls any deployed use out of scope.": lambda: _tr(
        "OpenAI's model card calls any deployed use out of scope."
    ),
}
_PUBLISHERS = {"immich": "immich", "transformers.js": "transformers.js", "qdrant": "Qdrant"}


_STAGES = {
    "load": lambda: _tr("Reading the weights…"),
    "export image": lambda: _tr("Converting the image encoder…"),
    "export text": lambda: _tr("Converting the text encoder…"),
    "int8": lambda: _tr("Making the quick variant for the processor…"),
    "fp16": lambda: _tr("Making the variant for graphics cards…"),
    "check": lambda: _tr("Comparing it with the original…"),
}
