"""The activity page in the real window: what runs, what waits, what happened, what failed, the log."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from app import paths
from app.indexing.events import LinesProgress, Progress, RunFinished, RunResumed, RunWaiting, VideoIndexed
from app.indexing.waiting.conditions import WaitReason
from app.lines.line import Source
from app.ui.activity.activity_page import ActivityPage
from app.ui.shell.main_window import MainWindow
from tests.ui.conftest import OpenWindow
from tests.ui.loop import spin_until
from tests.videos import make_video


@pytest.fixture
def window(open_window: OpenWindow) -> MainWindow:
    """On an open library, the activity on view."""
    made = open_window()
    assert spin_until(lambda: made.control.session_here is not None and made.contents is not None)
    made.status.activity.click()
    assert made.parts.pages.is_shown(made.parts.activity)
    return made


def page_of(window: MainWindow) -> ActivityPage:
    return window.parts.activity


def test_what_runs_is_said_for_each_pass_and_can_be_paused(window: MainWindow) -> None:
    page, control = page_of(window), window.control
    assert window.contents is not None
    control.contents.emit(replace(window.contents, scanning=True))
    control.event_received.emit(Progress(3, 20, Path("/v/dog.mp4"), 0.3, 14.0, 130.0))
    assert page.run.title.text() == "Indexing pictures"
    assert page.run.details.full_text == "4 of 20 · 2 min left · 14× real time · dog.mp4"
    page.run.pause.click()
    assert page.run.title.text() == "Paused: Indexing pictures"
    assert window.status.text.full_text.startswith("Paused at 4 of 20")
    window.status.pause.click()
    assert page.run.pause.text() == "Pause"
    control.event_received.emit(LinesProgress(Source.SPEECH, 0, 2, Path("/v/dog.mp4"), 0.1, 2.0, None))
    assert page.run.title.text() == "Listening to speech"
    control.event_received.emit(RunFinished(3, 0, False, 2.0))
    control.contents.emit(window.contents and replace(window.contents, scanning=False))
    assert page.run.title.text() == "Nothing to do"


def test_a_run_that_waits_says_for_what_and_can_be_told_to_go_on(
    open_window: OpenWindow, tmp_path: Path
) -> None:
    videos = tmp_path / "videos"
    videos.mkdir()
    make_video(videos / "red.mp4", [((255, 0, 0), 1)])
    window = open_window()
    assert spin_until(lambda: window.contents is not None)
    session = window.control.session_here
    assert session is not None
    session.change_setting("index_between", _never_now())
    window.control.add_folder(videos)
    assert spin_until(window.status.now.isVisible)
    assert window.status.text.full_text.startswith("Waiting until ")
    window.library_flow.show_activity()
    page = page_of(window)
    assert spin_until(lambda: page.run.title.text().startswith("Waiting until "))
    assert page.run.now.text() == "Index now"
    page.run.now.click()
    assert spin_until(lambda: window.contents is not None and window.contents.indexed == 1)
    assert spin_until(lambda: not window.status.now.isVisible())


def _never_now() -> str:
    from datetime import datetime, timedelta  # noqa: PLC0415

    start = datetime.now() + timedelta(hours=6)
    return f"{start:%H:%M}-{start + timedelta(hours=1):%H:%M}"


def test_waiting_for_power_is_said_and_taken_back(window: MainWindow) -> None:
    assert window.contents is not None
    window.control.contents.emit(replace(window.contents, scanning=True))
    window.control.event_received.emit(RunWaiting(WaitReason.POWER))
    assert page_of(window).run.title.text() == "Waiting for power"
    window.control.event_received.emit(RunResumed())
    assert page_of(window).run.title.text() == "Looking through your folders"


def test_events_come_first_and_what_is_looked_at_stays_where_it_is(window: MainWindow) -> None:
    events, quiet = page_of(window).events, page_of(window).quiet
    assert events.isHidden()
    assert not quiet.isHidden()
    for number in range(40):
        window.control.event_received.emit(VideoIndexed(Path(f"/v/{number}.mp4"), 9, 2, 30.0, 1.0))
    assert quiet.isHidden()
    assert events.item(0).text().endswith("Indexed: 39.mp4")
    bar = events.verticalScrollBar()
    assert spin_until(lambda: bar.maximum() > 200)
    bar.setValue(150)
    looked_at = events.itemAt(4, 4)
    window.control.event_received.emit(VideoIndexed(Path("/v/new.mp4"), 9, 2, 30.0, 1.0))
    assert spin_until(lambda: events.itemAt(4, 4) is looked_at)


def test_each_folder_says_how_far_it_is(open_window: OpenWindow, tmp_path: Path) -> None:
    videos = tmp_path / "videos"
    videos.mkdir()
    make_video(videos / "red.mp4", [((255, 0, 0), 1)])
    window = open_window()
    window.control.add_folder(videos)
    assert spin_until(lambda: window.contents is not None and window.contents.indexed == 1)
    [row] = page_of(window).folders.rows.values()
    assert spin_until(lambda: row.counts.text() == "1 of 1")
    assert row.place.full_text == str(tmp_path)


def test_the_last_lines_of_the_log_are_copied_without_the_home_folder(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    paths.log_folder().mkdir(parents=True, exist_ok=True)
    paths.log_file().write_text(f"first\nERROR {tmp_path}/Videos/dog.mp4 broke\n")
    page_of(window).copy_log.click()
    assert spin_until(lambda: "dog.mp4" in QGuiApplication.clipboard().text())
    assert QGuiApplication.clipboard().text().endswith("ERROR ~/Videos/dog.mp4 broke")


def test_the_keyboard_leaves_the_page(window: MainWindow) -> None:
    QTest.keyClick(page_of(window), Qt.Key.Key_Escape)
    assert not window.parts.pages.is_shown(page_of(window))
