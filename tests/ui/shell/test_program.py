"""The program speaks another language at once, goes on in the tray where that is preferred, and remembers."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QApplication, QSystemTrayIcon

from app.indexing.events import RunFailed
from app.ui.desktop.single_instance import StartRequest
from app.ui.desktop.tray import Tray
from app.ui.shell.program import Program
from app.ui.system.preferences import PreferenceStore
from app.ui.system.window_language import Languages, spoken
from app.ui.widgets.theme import Theme
from tests.ui.conftest import OpenWindow, close
from tests.ui.loop import spin_until


@pytest.fixture
def program(application: QApplication, theme: Theme, tmp_path: Path, bundle: Path) -> Iterator[Program]:
    """The program on a library of the test's own, in English."""
    store = PreferenceStore(tmp_path / "preferences.json", application)
    store.change(language="en")
    made = Program(application, store, tmp_path / "library", bundle)
    yield made
    ended: list[bool] = []
    made.ended.connect(lambda: ended.append(True))
    made.quit()
    assert spin_until(lambda: bool(ended))
    made.window.deleteLater()
    made.deleteLater()
    store.deleteLater()
    Languages(application).use("en")
    Theme(application, theme._scheme)


def test_another_language_shows_at_once_and_loses_nothing(program: Program) -> None:
    program.start(StartRequest("red"))
    before = program.window
    assert spin_until(lambda: before.contents is not None)
    before.resize(900, 650)
    assert spin_until(lambda: before.search_flow.answered and not before.operations.busy)
    before.parts.commands.run("window.settings")
    shown: list[object] = []
    program.window_changed.connect(shown.append)
    before.parts.preferences.change(language="de")
    assert spin_until(lambda: bool(shown) and not program.window.operations.busy)
    after = program.window
    assert after is not before
    assert spin_until(lambda: after.contents is not None)
    assert after.isVisible()
    assert (after.width(), after.height()) == (900, 650)
    assert after.search_bar.field.text() == "red"
    assert spin_until(lambda: after.search_flow.answered and not after.operations.busy)
    assert after.shows_settings, "whoever chose the language goes on where that was"
    assert QLocale().language() == QLocale.Language.German
    assert after.windowTitle() == "Reelfind"
    assert after.search_bar.field.accessibleName() == "Ihre Videos durchsuchen"
    after.parts.preferences.change(language="en")
    assert spin_until(lambda: program.window is not after and program.window.contents is not None)


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        (["de-AT", "en-US"], "de"),
        (["zh-Hans-CN"], "zh_CN"),
        (["zh-Hant-TW", "en"], "en"),
        (["fr-FR"], "en"),
        ([], "en"),
    ],
)
def test_the_systems_language_is_spoken_where_there_is_one(wanted: list[str], code: str) -> None:
    assert spoken(wanted) == code


def test_the_window_remembers_what_was_searched_for(open_window: OpenWindow) -> None:
    window = open_window()
    assert spin_until(lambda: window.contents is not None)
    window.search_flow.ask("a red thing")
    assert spin_until(lambda: not window.operations.busy)
    window.desktop_flow.palette.recent = ["window.quit"]
    close(window)
    again = open_window()
    assert again.search_bar.field.text() == "a red thing"
    assert again.desktop_flow.palette.recent == ["window.quit"]


def test_nothing_is_remembered_where_searches_are_not_to_be(open_window: OpenWindow) -> None:
    window = open_window()
    assert spin_until(lambda: window.contents is not None)
    assert window.control.session_here is not None
    window.control.session_here.change_setting("history", "off")
    window.search_flow.ask("a red thing")
    assert spin_until(lambda: not window.operations.busy)
    close(window)
    assert open_window().search_bar.field.text() == ""


def test_without_a_tray_closing_closes(open_window: OpenWindow) -> None:
    window = open_window()
    assert spin_until(lambda: window.contents is not None)
    tray = window.desktop_flow.tray
    assert not tray.icon.isVisible()
    window.parts.preferences.change(tray=True)
    assert tray.keeps_running is QSystemTrayIcon.isSystemTrayAvailable()
    if not tray.keeps_running:
        close(window)


def test_the_tray_tells_that_indexing_stopped_and_not_that_another_reelfind_indexes(
    open_window: OpenWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[str, str]] = []
    monkeypatch.setattr(Tray, "tell", lambda _, title, text: told.append((title, text)))
    window = open_window()
    assert spin_until(lambda: window.contents is not None)
    told.clear()
    window.control.event_received.emit(
        RunFailed("Another Reelfind indexes.", "Nothing to do.", elsewhere=True)
    )
    window.control.event_received.emit(RunFailed("The disk is full.", "Free some space."))
    assert told == [("Indexing stopped", "The disk is full. Free some space.")]


def test_closing_hides_behind_the_icon_in_the_tray(
    open_window: OpenWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Tray, "keeps_running", property(lambda tray: True))  # test machines have no tray
    window = open_window()
    assert spin_until(lambda: window.contents is not None)
    window.close()
    assert not window.isVisible()
    assert window.control.session_here is not None
    window.desktop_flow.tray.open_wanted.emit()
    assert window.isVisible()
    done: list[bool] = []
    window.closed.connect(lambda: done.append(True))
    window.parts.commands.run("window.quit")
    assert spin_until(lambda: bool(done))
