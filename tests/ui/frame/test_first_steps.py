"""The first steps with an empty library, in the real window: folders, what is read, and that it works."""

import shutil
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDropEvent

from app.disk.folder_census import count_videos
from app.session import stored_settings
from app.ui.flows import first_steps_flow
from app.ui.flows.first_steps_flow import suggested
from app.ui.settings.editors import Switch
from tests.ui.conftest import OpenWindow
from tests.ui.loop import spin_until
from tests.videos import make_video


@pytest.fixture
def movies(tmp_path: Path) -> Path:
    """A folder as systems have them, with one video."""
    folder = tmp_path / "Movies"
    folder.mkdir()
    make_video(folder / "red.mp4", [((255, 0, 0), 1)])
    return folder


def test_folders_that_hold_videos_are_offered_with_how_many(tmp_path: Path, movies: Path) -> None:
    (tmp_path / "Pictures").mkdir()
    (movies / ".hidden").mkdir()
    shutil.copy(movies / "red.mp4", movies / ".hidden" / "red.mp4")
    found = suggested([movies, tmp_path / "Pictures", movies, tmp_path / "absent"])
    assert [(census.folder, census.videos, census.complete) for census in found] == [(movies, 1, True)]


def test_counting_ends_where_there_is_too_much(movies: Path) -> None:
    for number in range(20):
        (movies / f"{number}.mp4").touch()
    census = count_videos(movies, most_entries=10)
    assert not census.complete
    assert 0 < census.videos <= 10


def test_the_three_steps_lead_from_an_empty_library_to_a_search(
    open_window: OpenWindow, movies: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        first_steps_flow.QStandardPaths, "standardLocations", staticmethod(lambda _: [str(movies)])
    )
    window = open_window()
    empty = window.empty
    assert spin_until(lambda: empty.welcome.suggestions)
    [offer] = empty.welcome.suggestions
    assert offer.text().startswith("Movies · 1 video")
    offer.setChecked(False)
    assert not empty.welcome.add_chosen.isEnabled()
    offer.setChecked(True)
    empty.welcome.add_chosen.click()
    assert spin_until(lambda: empty.currentWidget() is empty.reading)
    subtitles = next(row for row in empty.reading.rows if row.name == "subtitles")
    editor = cast(Switch, subtitles.editor)
    assert spin_until(editor.isChecked)
    editor.click()
    session = window.control.session_here
    assert session is not None
    assert spin_until(lambda: not stored_settings(session.catalogue).subtitles)
    assert spin_until(lambda: window.contents is not None and window.contents.indexed == 1)
    assert empty.currentWidget() is empty.reading, "nothing moves under the pointer"
    empty.reading.next.click()
    assert empty.currentWidget() is empty.ready


def test_a_folder_that_is_dropped_works_at_once_and_a_search_needs_no_step(
    open_window: OpenWindow, movies: Path
) -> None:
    window = open_window()
    assert spin_until(lambda: window.contents is not None)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(movies))])
    where, action = QPoint(5, 5).toPointF(), Qt.DropAction.CopyAction
    window.dropEvent(
        QDropEvent(where, action, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    )
    assert spin_until(lambda: window.contents is not None and window.contents.indexed == 1)
    window.search_bar.field.setText("red")
    assert spin_until(lambda: window.results_model.outcome is not None)
    assert window.stack.is_shown(window.parts.results_page)


def test_a_library_with_folders_begins_without_steps(
    open_window: OpenWindow, movies: Path, tmp_path: Path
) -> None:
    from app.catalogue.catalogue import Catalogue  # noqa: PLC0415

    with Catalogue(tmp_path / "library") as catalogue:
        catalogue.add_folder(movies)
    window = open_window()
    assert spin_until(lambda: window.contents is not None and window.contents.indexed == 1)
    assert window.empty.currentWidget() is window.empty.ready
