"""What is photographed, one function a scene."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtTest import QTest

from app.model_store.making_process import AddProgress
from app.ui.shell.error_dialog import ErrorDialog
from tests.ui.gallery import model_scenes
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


def _ready(stage: Stage) -> None:
    stage.until(stage.window.empty.ready.chips.isVisible, "examples")


def _command(command: str, rest: float = 0.6) -> Callable[[Stage], None]:
    def show(stage: Stage) -> None:
        stage.do(command)
        stage.rest(rest)

    return show


def _asked(query: str = QUERY, *commands: str) -> Callable[[Stage], None]:
    """Results of a search, and what a few commands make of them."""

    def show(stage: Stage) -> None:
        stage.ask(query)
        if commands:
            stage.window.results.enter()
        for command in commands:
            stage.do(command)
        stage.rest(0.4)

    return show


def _playing(query: str, name: str, *commands: str) -> Callable[[Stage], None]:
    """The player, paused in the first moment of a file so named, and what a few commands make of it."""

    def show(stage: Stage) -> None:
        stage.ask(query)
        moments = stage.window.results_model.moments
        row = next((row for row, moment in enumerate(moments) if name in moment.path.name), 0)
        stage.window.results.chosen.emit(row)
        stage.until(stage.window.player.isVisible, "the player")
        stage.rest(1.5)
        stage.do("player.play")
        for command in commands:
            stage.do(command)
        stage.rest(1.0)

    return show


def _divider(stage: Stage) -> None:
    stage.ask(QUERY)
    stage.do("results.less-likely")
    stage.window.results.verticalScrollBar().setValue(120)


def _menu(stage: Stage) -> None:
    stage.ask(QUERY)
    stage.window.results.enter()
    view = stage.window.results
    stage.window.results.menu_wanted.emit(view.visualRect(view.currentIndex()).center())


def _kept(stage: Stage) -> None:
    session = stage.window.control.session_here
    assert session is not None
    stage.ask(QUERY)
    moments = [stage.window.results_model.moment(row) for row in range(3)]
    stage.window.parts.actions.favourite.emit(tuple(moments[:2]), True)
    stage.window.parts.actions.collect.emit(tuple(moments), "Best of summer")
    stage.rest(0.5)
    stage.window.results.enter()
    stage.do("results.tag")


def _duplicates(stage: Stage) -> None:
    stage.window.duplicates_flow.open()
    stage.until(lambda: not stage.window.parts.duplicates_search.running, "duplicates")
    stage.rest(1.0)


def _suggestions(stage: Stage) -> None:
    for query in ("a child on a bike", "coffee", "a dog on grass"):
        stage.ask(query)
    stage.window.search_bar.field.clear()
    stage.window.search_bar.focus()
    stage.do("search.suggest")
    stage.rest(0.8)


def _typing(stage: Stage) -> None:
    field = stage.window.search_bar.field
    field.setFocus()
    QTest.keyClicks(field, "a dog longer:5s in:")
    stage.rest(1.0)


def _chips(stage: Stage) -> None:
    stage.ask("a dog -car longer:5s")


def _first_reading(stage: Stage) -> None:
    stage.until(lambda: bool(stage.window.contents and stage.window.contents.folders), "folders")
    stage.rest(0.4)


def _indexing(stage: Stage) -> None:
    stage.until(stage.window.status.bar.isVisible, "progress")
    stage.rest(1.0)


def _settings_search(stage: Stage) -> None:
    stage.do("window.settings")
    stage.window.parts.settings.search.setText("battery")
    stage.rest(0.4)


def _models(stage: Stage) -> None:
    model_scenes.listed(stage)


def _broken(stage: Stage) -> None:
    stage.window.control.broken.emit(
        "The library’s file is damaged.", "Close Reelfind and run: reelfind doctor --repair"
    )


def _error(stage: Stage) -> None:
    dialog = ErrorDialog(
        stage.window.parts.theme, "Traceback (most recent call last): …", Path("reelfind.log"), stage.window
    )
    dialog.show()


SCENES = (
    Scene("first-run", _nothing, "empty"),
    Scene("first-steps", _first_reading, "fresh"),
    Scene("indexing", _indexing, "fresh"),
    Scene("ready", _ready),
    Scene("suggestions", _suggestions),
    Scene("typing", _typing),
    Scene("chips", _chips),
    Scene("filters", _command("search.filters")),
    Scene("results", _asked()),
    Scene("by-video", _asked(QUERY, "results.by-video")),
    Scene("divider", _divider),
    Scene("scrub", _asked(QUERY, "results.next-frame", "results.next-frame")),
    Scene("selection", _asked(QUERY, "results.select-all")),
    Scene("menu", _menu),
    Scene("player", _playing(QUERY, "plaza")),
    Scene("transcript", _playing("the train is late", "train", "player.transcript")),
    Scene("why", _playing(QUERY, "plaza", "player.why")),
    Scene("kept", _kept),
    Scene("duplicates", _duplicates),
    Scene("export", _asked(QUERY, "results.export")),
    Scene("settings", _command("window.settings")),
    Scene("settings-search", _settings_search),
    Scene("activity", _command("window.activity")),
    Scene("models", _models),
    Scene("models-question", model_scenes.question),
    Scene("models-research", model_scenes.research),
    Scene(
        "models-downloading",
        model_scenes.working(AddProgress("download", 412_000_000, 1_500_000_000), 11_800_000.0),
    ),
    Scene("models-making", model_scenes.working(AddProgress("export image", 0, None))),
    Scene("models-stopped", model_scenes.stopped),
    Scene("models-refused", model_scenes.failed(*model_scenes.REFUSED)),
    Scene("models-offline", model_scenes.failed(*model_scenes.OFFLINE)),
    Scene("models-not-fitting", model_scenes.not_fitting),
    Scene("models-ready", model_scenes.ready),
    Scene("models-another-working", model_scenes.another_working),
    Scene("models-untrained", model_scenes.untrained),
    Scene("models-another", model_scenes.another("someone/some-clip")),
    Scene("models-another-folder", model_scenes.another("/media/disk/clip-export")),
    Scene("palette", _command("window.palette")),
    Scene("sheet", _command("window.shortcuts")),
    Scene("other-language", _asked("ein Hund läuft am Strand")),
    Scene("nothing-found", _asked("qwertz uiop")),
    Scene("broken", _broken),
    Scene("error", _error),
)


def library_of(scene: Scene, folder: Path) -> Path:
    """Where the library of a scene is."""
    return folder / scene.library
