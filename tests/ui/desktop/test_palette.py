"""Whatever can be done is found by a few letters, and its shortcut on one sheet."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.ui.background.snapshots import LibrarySnapshot
from app.ui.desktop.fuzzy import fit
from app.ui.desktop.palette_list import PaletteEntry
from app.ui.shell.main_window import MainWindow
from app.ui.widgets.command_list import Command
from app.ui.widgets.theme import Theme
from tests.ui.conftest import close
from tests.ui.loop import spin_until
from tests.ui.test_layout import FOLDER


@pytest.fixture
def window(theme: Theme, tmp_path: Path) -> Iterator[MainWindow]:
    """The window, its session not opened."""
    shown = MainWindow(theme, tmp_path / "library")
    shown.show()
    assert spin_until(shown.isActiveWindow)
    yield shown
    close(shown)
    shown.deleteLater()


def titles(window: MainWindow) -> list[str]:
    model = window.desktop_flow.palette.model
    return [model.entry(row).title for row in range(model.rowCount())]


@pytest.mark.parametrize(
    ("typed", "better", "worse"),
    [
        ("af", "Add folder", "Leaf"),
        ("quit", "Quit", "Queue its items"),
        ("ze", "Zeitlupe", "Maze"),
        ("uber", "Über Reelfind", "Tuba everywhere"),
    ],
)
def test_letters_at_the_start_of_words_weigh_more(typed: str, better: str, worse: str) -> None:
    one, other = fit(typed, better), fit(typed, worse)
    assert one is not None
    assert other is None or one.score > other.score


def test_letters_have_to_come_in_their_order() -> None:
    assert fit("dda", "Add folder") is None
    found = fit("add f", "Add a folder…")
    assert found is not None
    assert found.places == (0, 1, 2, 6)


def test_a_few_letters_find_a_command_and_enter_does_it(window: MainWindow) -> None:
    done: list[str] = []
    window.parts.commands.add(
        [
            Command("test.one", "Loop the moment", "Test", lambda: done.append("loop")),
            Command("test.two", "Hidden", "Test", lambda: None, listed=False),
            Command("test.three", "Not now", "Test", lambda: None, enabled=lambda: False),
        ]
    )
    window.search_bar.focus()
    QTest.keyClick(window.search_bar.field, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    palette = window.desktop_flow.palette
    assert palette.isVisible()
    assert "Loop the moment" in titles(window)
    assert not {"Hidden", "Not now"} & set(titles(window))
    QTest.keyClicks(palette.field, "lopmom")
    assert titles(window) == ["Loop the moment"]
    assert "Loop the moment" in palette.field.accessibleDescription()
    QTest.keyClick(palette.field, Qt.Key.Key_Return)
    assert done == ["loop"]
    assert not palette.isVisible()
    palette.show_commands()
    assert titles(window)[0] == "Loop the moment", "what was used last comes first"


def test_what_else_there_is_can_be_offered(window: MainWindow) -> None:
    chosen: list[str] = []
    palette = window.desktop_flow.palette
    entry = PaletteEntry("folder.1", "Holidays", "Folders", lambda: chosen.append("Holidays"))
    palette.add_source(lambda: [entry])
    palette.show_commands()
    QTest.keyClicks(palette.field, "holid")
    QTest.keyClick(palette.field, Qt.Key.Key_Return)
    assert chosen == ["Holidays"]


def test_folders_and_what_is_kept_are_found_too(window: MainWindow) -> None:
    window.control.contents.emit(LibrarySnapshot((FOLDER,), scanning=False))
    chosen: list[object] = []
    window.folders.folder_chosen.connect(chosen.append)
    palette = window.desktop_flow.palette
    palette.show_commands()
    assert {"Favourites", "Search in “videos”"} <= set(titles(window))
    QTest.keyClicks(palette.field, "search in videos")
    QTest.keyClick(palette.field, Qt.Key.Key_Return)
    assert chosen == [FOLDER.path]


def test_arrows_go_round_and_letters_that_fit_nothing_say_so(window: MainWindow) -> None:
    palette = window.desktop_flow.palette
    palette.show_commands()
    QTest.keyClick(palette.field, Qt.Key.Key_Up)
    assert palette.list.currentIndex().row() == palette.model.rowCount() - 1
    QTest.keyClick(palette.field, Qt.Key.Key_Down)
    assert palette.list.currentIndex().row() == 0
    QTest.keyClicks(palette.field, "qqqzzz")
    assert palette.nothing.isVisible()
    QTest.keyClick(palette.field, Qt.Key.Key_Return)
    assert palette.isVisible()
    QTest.keyClick(palette.field, Qt.Key.Key_Escape)
    assert not palette.isVisible()


def test_the_sheet_lists_every_shortcut_as_it_is_now(window: MainWindow) -> None:
    commands, sheet = window.parts.commands, window.desktop_flow.sheet
    window.results.setFocus()
    QTest.keyClick(window, Qt.Key.Key_F1)
    assert sheet.isVisible()
    listed = {title: keys for rows in sheet.groups().values() for title, keys in rows}
    for command in commands.all():
        if command.listed and command.keys:
            assert len(listed[command.title]) == len(command.keys), command.id
    sheet.close()
    commands.set_own_keys({"window.quit": ("Ctrl+W",)})
    sheet.show_shortcuts()
    assert ("Quit", ("Ctrl+W",)) in sheet.groups()["General"]
    sheet.close()


def test_no_shortcut_is_taken_twice(window: MainWindow) -> None:
    assert list(window.parts.commands.shared_keys()) == []


def test_a_shortcut_that_two_would_take_is_told(window: MainWindow) -> None:
    commands = window.parts.commands
    nothing = lambda: None  # noqa: E731
    commands.add([Command("test.a", "A", "Test", nothing, keys=("Ctrl+Alt+J",))], window.player)
    assert list(commands.shared_keys()) == []
    commands.add([Command("test.b", "B", "Test", nothing, keys=("Ctrl+Alt+J",))], window.results)
    assert list(commands.shared_keys()) == []
    commands.add([Command("test.c", "C", "Test", nothing, keys=("Ctrl+Alt+J",))])
    assert {(one, other) for _, one, other in commands.shared_keys()} == {
        ("test.a", "test.c"),
        ("test.b", "test.c"),
    }
