"""What the models dialog looks like in each of its states; nothing is downloaded for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from app.model_store import hardware, recommended
from app.model_store.making_process import AddProgress
from app.ui.models.model_rows import RecommendedRow
from app.ui.models.models_control import Adding
from app.ui.models.models_dialog import ModelsDialog
from tests.ui.gallery.stage import Stage

SMALL_MEMORY = 4 << 30
OFFLINE = (
    "The hub cannot be reached: this computer seems to be offline.",
    "Connect to the internet and try again; what arrived is kept. Where the hub is blocked, name a mirror in "
    "HF_ENDPOINT, or add the model from a folder or a zip file that you got otherwise.",
)
REFUSED = (
    "The model may not be used: captions do not find their pictures with it.",
    "Choose another model, or tell whoever published it.",
)


def listed(stage: Stage) -> ModelsDialog:
    """Open the dialog, and wait for its list with all figures."""
    stage.window.status.models_wanted.emit()
    dialog = stage.window.choosing.dialog
    stage.until(lambda: bool(_rows(dialog)) and all(row.again.text() for row in _rows(dialog)), "the list")
    stage.rest(0.5)
    return dialog


def question(stage: Stage) -> None:
    """Asked before anything is downloaded."""
    _rows(listed(stage))[0].add.click()


def research(stage: Stage) -> None:
    """Asked about a model that is for research only."""
    row = next(row for row in _rows(listed(stage)) if row.model.use == "research")
    row.add.click()


def working(progress: AddProgress, rate: float | None = None) -> Callable[[Stage], None]:
    """While a model is being added."""

    def show(stage: Stage) -> None:
        model = _rows(listed(stage))[0].model
        stage.window.choosing.models.adding_changed.emit(Adding(model.name, model.title, progress, rate=rate))

    return show


def stopped(stage: Stage) -> None:
    """A download that was broken off."""
    dialog = listed(stage)
    control = stage.window.choosing.models
    control.arrived[_rows(dialog)[0].model.name] = 412_000_000
    control.adding_changed.emit(None)


def failed(sentence: str, advice: str) -> Callable[[Stage], None]:
    """Why a model could not be added."""

    def show(stage: Stage) -> None:
        dialog = listed(stage)
        dialog.show_failure(_rows(dialog)[0].model.name, sentence, advice)

    return show


def not_fitting(stage: Stage) -> None:
    """On a computer with little memory, the end of the list."""
    before = hardware.memory, recommended.memory
    hardware.memory = recommended.memory = lambda: SMALL_MEMORY
    try:
        dialog = listed(stage)
        area = dialog.findChildren(RecommendedRow)[0].parentWidget()
        assert area is not None
        dialog._area.verticalScrollBar().setValue(area.height())
        stage.rest(0.3)
    finally:
        hardware.memory, recommended.memory = before


def untrained(stage: Stage) -> None:
    """A model with random weights among those of this computer."""
    dialog = listed(stage)
    shelf = stage.window.choosing.models.shelf
    assert shelf is not None
    [first, *others] = shelf.installed
    tried = replace(first, name="random", title="random-vit", bundled=False, identity="", trained=False)
    dialog.show_shelf(replace(shelf, installed=(first, *others, tried)))


def ready(stage: Stage) -> None:
    """A model that has just been added."""
    dialog = listed(stage)
    shelf = stage.window.choosing.models.shelf
    assert shelf is not None
    known = shelf.recommended[0]
    fresh = replace(
        shelf.installed[0],
        name=known.slug,
        title=known.title,
        licence=known.licence,
        folder=shelf.installed[0].folder / "new",
        bundled=False,
        identity="new",
        has_head=False,
        bytes=known.download_bytes,
    )
    dialog._fresh = known.slug
    dialog.show_shelf(
        replace(
            shelf,
            installed=(*shelf.installed, fresh),
            recommended=shelf.recommended[1:],
            known={known.slug: known},
        )
    )


def another_working(stage: Stage) -> None:
    """While a model that is not recommended is being added."""
    listed(stage)
    stage.window.choosing.models.adding_changed.emit(
        Adding(
            "someone/some-clip",
            "someone/some-clip",
            AddProgress("download", 98_000_000, 605_000_000),
            rate=4_200_000.0,
        )
    )


def another(text: str) -> Callable[[Stage], None]:
    """Asked for a model that is not recommended."""

    def show(stage: Stage) -> None:
        listed(stage).ask_for_another().set_source(text)

    return show


def _rows(dialog: ModelsDialog) -> list[RecommendedRow]:
    return [row for row in dialog.findChildren(RecommendedRow) if row.window() is dialog]
