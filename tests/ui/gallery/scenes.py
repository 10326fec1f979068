"""What is photographed, one function a scene."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.ui.gallery.stage import Stage

QUERY = "a dog"


@dataclass(frozen=True, slots=True)
class Scene:
    """One state of the window."""

    name: str
    show: Callable[[Stage], None]
    library: str = "indexed"
    """Which library it needs: `empty`, `fresh` (videos not indexed yet) or `indexed`."""


def _nothing(stage: Stage) -> None:
    stage.ready()


def _palette(stage: Stage) -> None:
    stage.do("window.palette")


def _sheet(stage: Stage) -> None:
    stage.do("window.shortcuts")


def _results(stage: Stage) -> None:
    stage.ask(QUERY)


def _player(stage: Stage) -> None:
    stage.ask(QUERY)
    stage.window.results.chosen.emit(0)
    stage.until(stage.window.player.isVisible, "the player")
    stage.rest(2.5)


def _broken(stage: Stage) -> None:
    stage.window.control.broken.emit(
        "The library’s file is damaged.", "Close Reelfind and run: reelfind doctor --repair"
    )


def _nothing_found(stage: Stage) -> None:
    stage.window.search_flow.ask('"xylophone"')
    stage.rest(2.0)


def _indexing(stage: Stage) -> None:
    stage.ready()
    stage.until(stage.window.status.bar.isVisible, "progress")
    stage.rest(1.0)


def after_search(stage: Stage) -> None:
    """Back to an empty box."""
    stage.window.search_bar.field.clear()
    stage.rest(0.3)


SCENES = (
    Scene("first-run", _nothing, "empty"),
    Scene("indexing", _indexing, "fresh"),
    Scene("ready", _nothing),
    Scene("results", _results),
    Scene("player", _player),
    Scene("palette", _palette),
    Scene("sheet", _sheet),
    Scene("nothing-found", _nothing_found),
    Scene("broken", _broken),
)


def library_of(scene: Scene, folder: Path) -> Path:
    """Where the library of a scene is."""
    return folder / scene.library
