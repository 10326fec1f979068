"""What a person does while the GUI thread is listened to. Each is played in a window of its own."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path
from statistics import fmean, median
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.exporting.export_request import ExportKind, ExportMoment, ExportReport, ExportRequest
from app.search.outcome import Moment, SearchOutcome
from app.ui.system.preferences import Appearance
from benchmarks.responsiveness.stage import Stage, Steps

if TYPE_CHECKING:
    from app.session import Session

_KEY = 0.06
"""Seconds between two keys of somebody who types fast."""
_TURN = 1 / 60
"""Seconds between two pictures of a screen."""
_PLAYED = 5
"""Moments that are opened in the player."""
_EXPORTED = 8
"""Moments that become clips."""
_VIEWS = ("window.palette", "window.shortcuts", "window.settings", "window.activity")
"""Commands."""
_TEXTS = ("a dog running on the beach", "people dancing in the street at night", "a boat on a lake")


class LibraryKind(Enum):
    """Which library a scenario is played in."""

    NONE = "none yet"
    CLIPS = "of real clips"
    LARGE = "a large one"


@dataclass(frozen=True, slots=True)
class Scenario:
    """Something that is done in a window."""

    title: str
    library: LibraryKind
    play: Callable[[Stage], Steps]
    alters: bool = False
    """Whether it changes the library, and is given a copy."""


def _starting(stage: Stage) -> Steps:
    """From the first turn of the event loop until everything is loaded, and a moment longer."""
    yield _is_ready(stage)
    yield 1.0


def _indexing(stage: Stage) -> Steps:
    yield _is_ready(stage)
    stage.measure()
    stage.window.control.add_folder(stage.material.clips)
    yield _is_indexed(stage)


def _additions(stage: Stage) -> Steps:
    """Clips are indexed while results are on view."""
    yield _is_ready(stage)
    yield from _ask(stage, _TEXTS[0])
    stage.measure()
    before = _count(stage)
    stage.window.control.add_folder(stage.material.more_clips)
    yield lambda: _count(stage) > before
    yield _is_indexed(stage)


def _typing(stage: Stage) -> Steps:
    yield _is_ready(stage)
    stage.measure()
    for text in _TEXTS:
        stage.window.search_bar.field.clear()
        yield from _type(stage, text)
        yield _is_answered(stage, text)
        yield 0.5  # its thumbnails come


def _scrolling(stage: Stage) -> Steps:
    """Through many results: slowly, by pages and by the handle; then as fast as they can be painted."""
    window = stage.window
    yield _is_ready(stage)
    gathered: list[SearchOutcome] = []
    session = window.control.session_here
    assert session is not None
    gathering = window.operations.run("gather", lambda: _many_moments(session, stage.material.results))
    gathering.finished.connect(gathered.append)
    yield lambda: gathered
    stage.figures["results"] = len(gathered[0].moments)
    stage.measure()
    window.searching.found.emit(gathered[0])
    yield window.results.isVisible
    window.results_model.set_open(True)
    bar = window.results.verticalScrollBar()
    yield lambda: bar.maximum() > 0
    for step in (12, 120, max(bar.maximum() // 60, 1)):
        yield from _scroll(stage, step)
    bar.setValue(0)
    yield 0.2
    painted, worked = [], []
    until = time.perf_counter() + stage.material.seconds
    while time.perf_counter() < until:
        begun, before = time.perf_counter(), time.thread_time()
        _scroll_on(stage, 40)
        window.results.viewport().repaint()
        painted.append(time.perf_counter() - begun)
        worked.append(time.thread_time() - before)
        yield 0.0
    stage.figures["frames_per_second"] = 1 / median(painted)
    stage.figures["frames_per_second_of_work"] = 1 / median(worked)
    stage.figures["slow_frames"] = fmean(each > _TURN for each in worked)


def _scrubbing(stage: Stage) -> Steps:
    """The pointer runs along the pictures of the results."""
    window = stage.window
    yield _is_ready(stage)
    yield from _ask(stage, _TEXTS[0])
    yield 0.5
    results = window.results
    stage.measure()
    for row in range(min(3, window.results_model.rowCount())):
        area = results.visualRect(window.results_model.index(row))
        steps = max(round(stage.material.seconds / 3 / _TURN), 2)
        for step in range(steps):
            across = area.width() * (0.1 + 0.8 * step / steps)
            _point(results.viewport(), QPointF(area.left() + across, area.center().y()))
            yield _TURN


def _playing(stage: Stage) -> Steps:
    """One moment after the other is opened and left again."""
    window = stage.window
    yield _is_ready(stage)
    yield from _ask(stage, _TEXTS[0])
    stage.measure()
    shown: list[float] = []
    for row in range(min(_PLAYED, window.results_model.rowCount())):
        begun = time.perf_counter()
        window.results.chosen.emit(row)
        area = window.player.stage
        yield lambda area=area: area.shows_video or area.notice  # type: ignore[misc]
        shown.append(time.perf_counter() - begun)
        yield 0.5
        window.player.left.emit()
        yield 0.1
    stage.figures["first_picture"] = median(shown)


def _exporting(stage: Stage) -> Steps:
    """The first moments become clips, while the results are scrolled."""
    window, control = stage.window, stage.window.parts.export_control
    yield _is_ready(stage)
    yield from _ask(stage, _TEXTS[0])
    yield 0.5
    prepared: list[tuple[ExportMoment, ...]] = []
    reports: list[ExportReport] = []
    control.prepared.connect(prepared.append)
    control.finished.connect(reports.append)
    stage.measure()
    window.parts.actions.export.emit(tuple(window.results_model.moments)[:_EXPORTED])
    yield lambda: prepared and QApplication.activeModalWidget()
    yield 0.5
    folder = Path(tempfile.mkdtemp(dir=stage.material.scratch))
    control.start(ExportRequest(ExportKind.CLIPS, prepared[0], folder))
    _leave(window)
    while not reports:
        _scroll_on(stage, 12)
        yield _TURN
    shutil.rmtree(folder)


def _theming(stage: Stage) -> Steps:
    """Light and dark in turns, over results."""
    yield _is_ready(stage)
    yield from _ask(stage, _TEXTS[0])
    yield 0.5
    stage.measure()
    for appearance in (Appearance.DARK, Appearance.LIGHT) * 2:
        stage.window.parts.preferences.change(appearance=appearance.value)
        yield 0.4


def _opening(stage: Stage) -> Steps:
    """Whatever opens a page or a sheet is opened and left again."""
    window, commands = stage.window, stage.window.parts.commands
    yield _is_ready(stage)
    yield from _ask(stage, _TEXTS[0])
    yield 0.5
    stage.measure()
    for name in _VIEWS:
        if name in {command.id for command in commands.all()}:
            commands.run(name)
            yield 0.5
            _leave(window)
            yield 0.2


SCENARIOS = {
    "start": Scenario("Start without a library", LibraryKind.NONE, _starting),
    "start-large": Scenario("Start with {frames:,} frames", LibraryKind.LARGE, _starting),
    "indexing": Scenario("Indexing {clips} clips", LibraryKind.NONE, _indexing),
    "additions": Scenario(
        "Clips are indexed while results are shown", LibraryKind.CLIPS, _additions, alters=True
    ),
    "typing": Scenario("Typing letter by letter, {frames:,} frames", LibraryKind.LARGE, _typing),
    "scrolling": Scenario("Scrolling {results:,} results", LibraryKind.LARGE, _scrolling),
    "scrubbing": Scenario("The pointer along the results’ pictures", LibraryKind.CLIPS, _scrubbing),
    "playing": Scenario("Opening the player", LibraryKind.CLIPS, _playing),
    "exporting": Scenario("Exporting clips while results are scrolled", LibraryKind.CLIPS, _exporting),
    "opening": Scenario("Opening settings, activity, palette and shortcuts", LibraryKind.CLIPS, _opening),
    "theme": Scenario("Light and dark in turns", LibraryKind.CLIPS, _theming),
}


def _is_ready(stage: Stage) -> Callable[[], object]:
    """The library is open, its model loaded, and its contents known."""
    ready: list[object] = []
    stage.window.control.ready.connect(ready.append)
    return lambda: ready and stage.window.contents is not None


def _is_indexed(stage: Stage) -> Callable[[], object]:
    def is_indexed() -> bool:
        contents = stage.window.contents
        return contents is not None and contents.indexed > 0 and not contents.scanning

    return is_indexed


def _count(stage: Stage) -> int:
    return stage.window.contents.indexed if stage.window.contents else 0


def _is_answered(stage: Stage, text: str) -> Callable[[], object]:
    model = stage.window.results_model
    return lambda: model.outcome is not None and model.outcome.query == text


def _ask(stage: Stage, text: str) -> Steps:
    stage.window.search_bar.field.setText(text)
    stage.window.search_bar.entered.emit()
    yield _is_answered(stage, text)


def _type(stage: Stage, text: str) -> Steps:
    stage.window.search_bar.focus()
    for letter in text:
        QTest.keyClicks(stage.window.search_bar.field, letter)
        yield _KEY


def _leave(window: QWidget) -> None:
    """Esc, wherever the keyboard is."""
    QTest.keyClick(QApplication.activeModalWidget() or window.focusWidget() or window, Qt.Key.Key_Escape)


def _scroll(stage: Stage, step: int) -> Steps:
    bar = stage.window.results.verticalScrollBar()
    until = time.perf_counter() + stage.material.seconds
    while time.perf_counter() < until:
        _scroll_on(stage, step)
        yield _TURN
    bar.setValue(0)


def _scroll_on(stage: Stage, step: int) -> None:
    bar = stage.window.results.verticalScrollBar()
    bar.setValue(bar.value() + step if bar.value() < bar.maximum() else 0)


def _point(widget: QWidget, where: QPointF) -> None:
    """Move the pointer over a widget, as the system tells it."""
    none = Qt.MouseButton.NoButton
    at = widget.mapToGlobal(where)
    moved = QMouseEvent(QEvent.Type.MouseMove, where, at, none, none, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(widget, moved)


def _many_moments(session: Session, count: int) -> SearchOutcome:
    """An outcome with so many moments, each with a frame of its own, of as many queries as it takes."""
    from app.search.scorers.hubness import bank_texts  # noqa: PLC0415 - not before the window

    found: dict[int, Moment] = {}
    outcome = None
    for text in bank_texts():
        outcome = session.search(text, limit=count)
        for moment in outcome.moments:
            found.setdefault(moment.frame_id, moment)
        if len(found) >= count:
            break
    assert outcome is not None
    return replace(outcome, moments=tuple(_ranked(list(found.values())[:count])))


def _ranked(moments: list[Moment]) -> Iterator[Moment]:
    moments.sort(key=lambda moment: -moment.strength)
    for rank, moment in enumerate(moments, start=1):
        yield replace(moment, rank=rank)
