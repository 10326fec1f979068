"""What people keep, through the real window: the side panel, marks on moments, and the way back."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragMoveEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QInputDialog, QMessageBox

from app.catalogue.kept.kept_records import MarkKind
from app.search.outcome import Moment
from app.session import Session
from app.ui.background import kept_reader
from app.ui.kept.kept_entries import EntryKind, EntryRole
from app.ui.kept.kept_sections import EntryList
from app.ui.kept.mark_dialog import MarkDialog
from app.ui.shell.main_window import MainWindow
from app.ui.widgets.theme import Space
from tests.bundles import make_bundle
from tests.keeping.test_keeping import BLUE, RED, fill
from tests.ui.conftest import OpenWindow, close
from tests.ui.loop import spin_until


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of three indexed videos, to copy."""
    place = tmp_path_factory.mktemp("kept")
    with Session(place / "library", make_bundle(place / "colours")) as session:
        fill(
            session,
            place / "movies",
            {
                "a.mp4": np.stack([RED, RED, BLUE, BLUE, RED, RED]),
                "b.mp4": np.stack([RED, RED, BLUE, BLUE]),
                "c.mp4": np.stack([BLUE, BLUE]),
            },
        )
    return place / "library"


@pytest.fixture
def window(open_window: OpenWindow, tmp_path: Path, library: Path) -> MainWindow:
    """The window on a copy of that library."""
    shutil.copytree(library, tmp_path / "library")
    shown = open_window()
    assert spin_until(lambda: shown.control.session_here is not None and shown.contents is not None)
    return shown


def found(window: MainWindow, text: str) -> list[Moment]:
    """What a search finds, as it is on view."""
    window.search_flow.ask(text)
    assert spin_until(lambda: answered(window, text)), text
    return moments(window)


def answered(window: MainWindow, text: str) -> bool:
    answer = window.search_flow.answered
    return answer is not None and answer.text == text


def moments(window: MainWindow) -> list[Moment]:
    return [window.results_model.moment(row) for row in range(window.results_model.rowCount())]


def rows(entries: EntryList) -> list[tuple[str, str]]:
    model = entries.entries
    return [
        (model.index(row).data(), model.index(row).data(EntryRole.TRAILING))
        for row in range(model.rowCount())
    ]


def take_back(window: MainWindow) -> None:
    assert spin_until(lambda: window.parts.undo_bar.can_undo)
    window.parts.undo_bar.undo.click()


def favourites(window: MainWindow) -> str:
    return rows(window.parts.kept_sections.library)[0][1]


def test_favourites_are_counted_shown_and_taken_back(window: MainWindow) -> None:
    first, *_ = found(window, "red")
    window.parts.actions.favourite.emit([first], True)
    assert spin_until(lambda: favourites(window) == "1")
    assert window.parts.kept.snapshot.marks.is_favourite(first)
    assert spin_until(window.parts.undo_bar.isVisible)
    assert "favourites" in window.parts.undo_bar.text.full_text
    library = window.parts.kept_sections.library
    QTest.mouseClick(
        library.viewport(),
        Qt.MouseButton.LeftButton,
        pos=library.visualRect(library.entries.index(0)).center(),
    )
    assert spin_until(lambda: answered(window, "is:favourite"))
    assert [each.path for each in moments(window)] == [first.path]
    assert library.selectionModel().isSelected(library.entries.index(0))
    take_back(window)
    assert spin_until(lambda: favourites(window) == "0" and not moments(window))
    assert not window.parts.kept.snapshot.marks.is_favourite(first)


def test_many_moments_go_into_a_collection_at_once(window: MainWindow) -> None:
    red = found(window, "red")
    window.parts.actions.collect.emit(red, "Trip “1” <b>")
    collections = window.parts.kept_sections.collections
    assert spin_until(lambda: rows(collections) == [("Trip “1” <b>", str(len(red)))])
    entry = collections.entries.entry(0)
    window.kept_flow.show_entry(entry)
    assert spin_until(lambda: answered(window, entry.query))
    assert len(moments(window)) == len(red)
    take_back(window)
    assert spin_until(lambda: rows(collections) == []), "the collection was made for it"


def test_a_collection_is_made_renamed_and_deleted(window: MainWindow) -> None:
    sections = window.parts.kept_sections
    sections.new_collection.click()
    (dialog,) = window.findChildren(QInputDialog)
    dialog.setTextValue(" Holidays ")
    dialog.accept()
    assert spin_until(lambda: rows(sections.collections) == [("Holidays", "0")])
    entry = sections.collections.entries.entry(0)
    window.kept_flow.ask_to_rename(entry)
    dialog = window.findChildren(QInputDialog)[-1]
    assert dialog.textValue() == "Holidays"
    dialog.setTextValue("Trips")
    dialog.accept()
    assert spin_until(lambda: rows(sections.collections) == [("Trips", "0")])
    window.kept_flow.ask_to_remove(sections.collections.entries.entry(0))
    (box,) = window.findChildren(QMessageBox)
    assert "Trips" in box.text()
    assert box.defaultButton().text() == "Keep"
    box.buttons()[0].click()
    assert spin_until(lambda: rows(sections.collections) == [])


def test_moments_are_dropped_on_a_collection(window: MainWindow) -> None:
    collections = window.parts.kept_sections.collections
    window.kept_flow._make_collection("Trips")
    assert spin_until(lambda: len(rows(collections)) == 1)
    found(window, "red")
    window.results.select(0)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile("/x.mp4")])
    where = collections.visualRect(collections.entries.index(0)).center()
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    entry = collections.entries.entry(0)
    strange = QDragMoveEvent(where, Qt.DropAction.CopyAction, data, left, none)
    collections.dragMoveEvent(strange)
    assert not strange.isAccepted(), "files of other programs are no moments"
    outside = QDropEvent(QPointF(where), Qt.DropAction.CopyAction, data, left, none)
    collections.dropEvent(outside)
    assert rows(collections) == [("Trips", "0")]
    collections.dropped.emit(entry)
    assert spin_until(lambda: rows(collections) == [("Trips", "1")])


def test_tags_and_a_note_of_several_moments(window: MainWindow) -> None:
    red = found(window, "red")[:2]
    window.parts.actions.tag.emit(red)
    (dialog,) = window.findChildren(MarkDialog)
    QTest.keyClicks(dialog.tags.field, "Garden")
    QTest.keyClick(dialog.tags.field, Qt.Key.Key_Return)
    QTest.keyClicks(dialog.tags.field, "sun,")
    QTest.keyClicks(dialog.tags.field, "late")
    dialog.note.setPlainText("he barks")
    dialog.save.click()
    tags = window.parts.kept_sections.tags
    assert spin_until(lambda: rows(tags) == [("Garden", "2"), ("late", "2"), ("sun", "2")])
    marks = window.parts.kept.snapshot.marks
    assert all(marks.of(each).note == "he barks" for each in red)
    window.parts.actions.tag.emit(red[:1])
    dialog = window.findChildren(MarkDialog)[-1]
    assert dialog.tags.names == ("Garden", "late", "sun")
    QTest.keyClick(dialog.tags.field, Qt.Key.Key_Backspace)
    dialog.note.setPlainText("")
    dialog.save.click()
    assert spin_until(lambda: ("sun", "1") in rows(tags))
    assert window.parts.kept.snapshot.marks.of(red[0]).note == ""
    assert window.parts.kept.snapshot.marks.of(red[1]).note == "he barks"


def test_a_hidden_video_leaves_the_answer_until_it_is_shown_again(window: MainWindow) -> None:
    first, *_ = found(window, "red")
    window.parts.actions.hide.emit([first])
    assert spin_until(lambda: moments(window) and first.path not in {each.path for each in moments(window)})
    library = window.parts.kept_sections.library
    assert spin_until(lambda: ("Hidden", "1") in rows(library))
    (hidden,) = found(window, "is:hidden")
    assert hidden.path == first.path
    window.parts.actions.hide.emit([hidden])
    assert spin_until(lambda: not moments(window) and ("Hidden", "1") not in rows(library))
    assert first.path in {each.path for each in found(window, "red")}


def test_a_saved_search_says_what_is_new_to_it(
    window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_reader, "COUNT_MS", 100)  # not every 20 s only
    found(window, "red")
    window.kept_flow._save_search("Reds", "red")
    searches = window.parts.kept_sections.searches
    assert spin_until(lambda: rows(searches) == [("Reds", "")])
    session = window.control.session_here
    assert session is not None
    fill(session, tmp_path / "more", {"d.mp4": np.stack([RED, RED])})
    assert spin_until(lambda: rows(searches) == [("Reds", "1 new")])
    window.kept_flow.show_entry(searches.entries.entry(0))
    assert spin_until(lambda: rows(searches) == [("Reds", "")])
    window.kept_flow._rename(searches.entries.entry(0), "Red things")
    assert spin_until(lambda: rows(searches) == [("Red things", "")])
    window.kept_flow._remove(searches.entries.entry(0))
    assert spin_until(lambda: rows(searches) == [])


def test_everything_kept_goes_to_a_file_and_comes_back(window: MainWindow, tmp_path: Path) -> None:
    window.parts.actions.favourite.emit(found(window, "red")[:1], True)
    assert spin_until(lambda: favourites(window) == "1")
    window.kept_flow._export(QUrl.fromLocalFile(str(tmp_path / "out.json")))
    assert spin_until((tmp_path / "out.json").exists)
    window.parts.actions.favourite.emit(moments(window)[:1], False)
    assert spin_until(lambda: favourites(window) == "0")
    window.kept_flow._import(QUrl.fromLocalFile(str(tmp_path / "out.json")))
    assert spin_until(lambda: favourites(window) == "1")


def test_sections_fold_and_stay_folded(window: MainWindow, open_window: OpenWindow) -> None:
    section = window.parts.kept_sections.sections["collections"]
    assert section.heading.accessibleName() == "Collections, open"
    QTest.keyClick(section.heading, Qt.Key.Key_Space)
    assert not window.parts.kept_sections.collections.isVisible()
    assert section.heading.accessibleName() == "Collections, closed"
    close(window)
    again = open_window()
    assert not again.parts.kept_sections.sections["collections"].is_open
    assert again.parts.kept_sections.sections["searches"].is_open


def test_the_arrows_go_through_all_sections(window: MainWindow) -> None:
    window.activateWindow()
    folders, library = window.folders.list, window.parts.kept_sections.library
    folders.setFocus()
    assert spin_until(folders.hasFocus)
    for _ in range(3):  # beyond the last folder
        if folders.hasFocus():
            QTest.keyClick(folders, Qt.Key.Key_Down)
    for _ in range(3):  # a heading, and its button
        if not library.hasFocus():
            QTest.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
    assert library.hasFocus()
    assert library.current is not None
    assert library.current.kind is EntryKind.FAVOURITES
    index = library.entries.index(0)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole).startswith("Favourites")


def test_the_last_change_is_taken_back_by_a_command(window: MainWindow) -> None:
    commands = window.parts.commands
    assert "Ctrl+Z" in commands.keys_of("kept.undo")
    window.parts.actions.favourite.emit(found(window, "red")[:1], True)
    assert spin_until(lambda: favourites(window) == "1" and window.parts.undo_bar.can_undo)
    commands.run("kept.undo")
    assert spin_until(lambda: favourites(window) == "0")
    assert not window.parts.undo_bar.can_undo
    commands.run("kept.favourites")
    assert spin_until(lambda: answered(window, "is:favourite"))


def test_what_was_done_is_said_above_the_controls_of_the_player(window: MainWindow) -> None:
    first, *_ = found(window, "red")
    parts = window.parts
    parts.actions.favourite.emit([first], True)
    assert spin_until(parts.undo_bar.isVisible)
    for page, free in ((parts.player, parts.player.foot), (parts.results_page, 0)):
        parts.pages.go(page)
        below = parts.pages.rect().bottom() - parts.undo_bar.geometry().bottom()
        assert below == free + Space.L
    assert parts.player.foot > 60


def test_what_is_hidden_is_offered_to_be_shown_again(window: MainWindow) -> None:
    window.parts.actions.hide.emit(found(window, "red")[:1])
    library = window.parts.kept_sections.library
    assert spin_until(lambda: ("Hidden", "1") in rows(library))
    action = window.parts.commands.action("results.hide")
    assert action.text() == "Hide from searches"
    found(window, "is:hidden")
    window.results.select(0)
    assert action.text() == "Show again in searches"
    hidden = library.entries.entry(1)
    menu = {each.text(): each for each in window.kept_flow.menu(hidden).actions()}
    menu["Show all again"].trigger()
    assert spin_until(lambda: ("Hidden", "1") not in rows(library))


def test_nothing_is_asked_of_what_cannot_be_renamed(window: MainWindow) -> None:
    window.kept_flow.ask_to_rename(window.parts.kept_sections.library.entries.entry(0))
    assert not window.findChildren(QInputDialog)
    assert MarkKind.HIDDEN.is_named is False


def test_a_listed_moment_claims_no_match(window: MainWindow) -> None:
    found(window, "in:movies")
    index = window.results_model.index(0)
    assert "match" not in index.data(Qt.ItemDataRole.AccessibleTextRole)
    assert "match" not in index.data(Qt.ItemDataRole.ToolTipRole)
    assert window.results_model.rowCount() == 3


def test_the_heart_of_the_player_shows_and_turns_what_the_moment_is(window: MainWindow) -> None:
    found(window, "red")
    window.results.chosen.emit(0)
    player = window.player
    assert player.moment is not None
    heart = player.header.favourite
    assert heart.accessibleName().startswith("Add")
    heart.click()
    assert spin_until(lambda: heart.accessibleName().startswith("Remove"))
    assert favourites(window) == "1"
    window.parts.commands.run("player.favourite")
    assert spin_until(lambda: heart.accessibleName().startswith("Add") and favourites(window) == "0")
