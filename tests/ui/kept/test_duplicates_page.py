"""The page of duplicates, through the real window."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.engines.duplicate_finder import Duplicate, DuplicateGroup
from app.search.outcome import Moment
from app.session import Session
from app.ui.background.duplicates_search import ShownDuplicate
from app.ui.kept.duplicate_tile import DuplicateTile
from app.ui.shell.main_window import MainWindow
from app.ui.widgets.controls import PlainLabel
from tests.catalogue.making import rescan
from tests.keeping.test_keeping import BLUE, RED, fill
from tests.ui.conftest import OpenWindow
from tests.ui.loop import spin_until


@pytest.fixture
def window(open_window: OpenWindow, tmp_path: Path, bundle: Path) -> MainWindow:
    """The window on a library of two indexed videos, of one with a copy."""
    movies = tmp_path / "movies"
    with Session(tmp_path / "library", bundle) as session:
        fill(session, movies, {"a.mp4": np.stack([RED, BLUE]), "b.mp4": np.stack([BLUE, RED])})
        (movies / "copy.mp4").write_bytes((movies / "b.mp4").read_bytes())
        rescan(session.catalogue, movies)
        (copy,) = session.catalogue.videos_at(movies / "copy.mp4")
        named = session.kept.named("b.mp4")
        session.catalogue.commit_copy(copy.id, named.video.id, named.target.fingerprint)
    shown = open_window()
    assert spin_until(lambda: shown.control.session_here is not None and shown.contents is not None)
    return shown


def look(window: MainWindow) -> list[DuplicateTile]:
    page = window.parts.duplicates
    sections = window.parts.kept_sections
    sections.chosen.emit(sections.library.entries.entries[-1])
    assert window.stack.is_shown(page)
    assert page.working.isVisible()
    assert not page.look.isEnabled()
    assert spin_until(page.look.isEnabled)
    return page.tiles


def words(tile: DuplicateTile) -> list[str]:
    return [label.text() for label in tile.findChildren(PlainLabel) if label.text()]


def test_copies_are_shown_and_one_can_be_hidden(window: MainWindow, tmp_path: Path) -> None:
    tiles = look(window)
    copied = next(tile for tile in tiles if tile.shown.duplicate.copies)
    assert str(tmp_path / "movies" / "copy.mp4") in words(copied)
    copied.hide_button.click()
    assert spin_until(lambda: "Hidden from searches" in words(copied))
    assert "find" in copied.hide_button.accessibleName()
    assert spin_until(lambda: window.parts.undo_bar.can_undo)
    window.parts.undo_bar.undo.click()
    assert spin_until(lambda: "Hidden from searches" not in words(copied))
    assert (tmp_path / "movies" / "copy.mp4").exists()


def test_playing_one_leads_back_to_the_page(window: MainWindow) -> None:
    played: list[Moment] = []
    window.parts.actions.play.disconnect()  # the files of this library are no videos
    window.parts.actions.play.connect(played.append)
    tile = look(window)[0]
    tile.picture.click()
    assert [moment.path for moment in played] == [tile.shown.duplicate.video.path]
    window.player.left.emit()
    assert window.stack.is_shown(window.parts.duplicates)
    QTest.keyClick(window.parts.duplicates, Qt.Key.Key_Escape)
    assert not window.stack.is_shown(window.parts.duplicates)


def test_it_can_be_cancelled(window: MainWindow) -> None:
    page = window.parts.duplicates
    window.duplicates_flow.open()
    window.parts.duplicates_search.stop()
    assert spin_until(page.look.isEnabled)
    assert not page.working.isVisible()
    page.look.click()
    assert spin_until(lambda: page.look.isEnabled() and page.tiles)


def test_how_a_video_differs_is_said(window: MainWindow) -> None:
    first = look(window)[0].shown.duplicate
    other = Duplicate(first.video, (), 0.8, 0.9, (3.0, 63.0), ("shorter", "lower resolution"))
    group = DuplicateGroup((first, other))
    window.parts.duplicates.show_groups((tuple(ShownDuplicate(each, 0) for each in group.videos),))
    one, two = window.parts.duplicates.tiles
    assert "The longest of them." in words(one)
    assert "0:03 – 1:03 is in the first one too: 80 % of the shorter video." in words(two)
    assert "Compared with it: shorter, lower resolution." in words(two)
    window.parts.duplicates.show_groups(())
    assert "No two videos" in window.parts.duplicates.text.text()
