"""The list of problems: what is wrong, what becomes of it, and trying again."""

import os
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from app.catalogue.records import (
    Folder,
    Presence,
    ProblemCounts,
    ProblemVideos,
    UnreachablePath,
    Video,
    VideoState,
)
from app.errors import Cause
from app.indexing.events import ScanFailed
from app.ui.activity.problems import (
    BATCH,
    SHOWN,
    GroupHeading,
    Problems,
    groups,
)
from app.ui.background.snapshots import LibrarySnapshot
from app.ui.shell.main_window import MainWindow
from app.ui.widgets.theme import Theme
from app.ui.wording.problem_words import brief_headline, headline
from tests.ui.conftest import OpenWindow
from tests.ui.loop import spin_until
from tests.videos import Scene, make_video

FAILED = Video(1, 1, Path("a.mp4"), 1, 1, None, VideoState.FAILED, Presence.HERE, "It is empty.", "", None)
PARTLY = replace(
    FAILED,
    id=2,
    state=VideoState.INDEXED,
    reason="Only the first 41 s could be read.",
    cause=Cause.FILE,
    read_until=41.0,
)
PASSING = replace(FAILED, id=3, reason="You may not read it.", cause=Cause.ENVIRONMENT, attempts=3)
OURS = replace(FAILED, id=4, reason="An error in Reelfind.", cause=Cause.PROGRAM, attempts=1)
CLOSED = UnreachablePath(1, Path("/videos/private"), "You have no permission to open it.")


@pytest.mark.parametrize(
    ("counts", "unreachable", "text"),
    [
        (ProblemCounts(1), [], "1 file could not be read"),
        (ProblemCounts(2, 1), [], "2 files could not be read, 1 only in part"),
        (ProblemCounts(0, 1), [], "1 file only partly readable"),
        (ProblemCounts(1), [CLOSED], "1 file could not be read, 1 folder cannot be opened"),
        (ProblemCounts(), [CLOSED, CLOSED], "2 folders cannot be opened"),
        (ProblemCounts(), [], "No problems"),
    ],
)
def test_the_headline_counts_every_kind(
    counts: ProblemCounts, unreachable: list[UnreachablePath], text: str
) -> None:
    assert headline(counts, unreachable) == text


def test_the_side_panel_has_room_for_the_brief_headline() -> None:
    assert brief_headline(ProblemCounts(1, 1)) == "2 files with problems"
    assert brief_headline(ProblemCounts(1, 1), [CLOSED]) == "3 problems"
    assert brief_headline(ProblemCounts(), [CLOSED]) == "1 folder cannot be opened"


def test_problems_are_grouped_by_what_becomes_of_them() -> None:
    every = (FAILED, PARTLY, PASSING, OURS)
    found = groups(listed(*every), counted(*every), [CLOSED])
    assert [group.total for group in found] == [2, 1, 1, 1]
    assert [(group.title, group.problems) for group in found] == [
        ("Will be tried again by itself", (PASSING, OURS)),
        ("Not readable", (FAILED,)),
        ("Partly indexed", (PARTLY,)),
        ("Folders that cannot be opened", (CLOSED,)),
    ]


def listed(*videos: Video) -> ProblemVideos:
    """As the library gives them."""
    lasting = [video for video in videos if not video.will_be_retried]
    failed = [video for video in lasting if video.state is VideoState.FAILED]
    return ProblemVideos(
        tuple(video for video in videos if video.will_be_retried)[:SHOWN],
        tuple(failed)[:SHOWN],
        tuple(video for video in lasting if video not in failed)[:SHOWN],
    )


def counted(*videos: Video) -> ProblemCounts:
    failed = [video for video in videos if video.state is VideoState.FAILED]
    partial = [video for video in videos if video.state is not VideoState.FAILED]
    return ProblemCounts(
        len(failed),
        len(partial),
        sum(video.will_be_retried for video in failed),
        sum(video.will_be_retried for video in partial),
    )


def show(problems: Problems, *videos: Video, closed: bool = False, scanning: bool = False) -> None:
    """As the window does when the library has changed."""
    folder = Folder(1, Path("/videos"), True, 1, videos=len(videos), problems=counted(*videos))
    problems.show_videos(listed(*videos))
    problems.show_contents(LibrarySnapshot((folder,), scanning, unreachable=(CLOSED,) if closed else ()))


def panel(theme: Theme, *videos: Video, closed: bool = False) -> Problems:
    made = Problems(theme)
    made.resize(700, 400)
    made.show()
    show(made, *videos, closed=closed)
    return made


def words(problems: Problems) -> list[str]:
    return [label.text() for label in problems.findChildren(QLabel) if label.isVisible()]


def test_each_problem_says_how_far_it_got_and_how_often_it_was_tried(theme: Theme) -> None:
    problems = panel(theme, FAILED, PARTLY, PASSING, OURS, closed=True)
    said = words(problems)
    for text in (
        "Will be tried again by itself · 2",
        "Tried 3 times so far.",
        "Tried once so far.",
        "Not readable · 1",
        "Partly indexed, until 0:41",
        "Folders that cannot be opened · 1",
        "private",
        "/videos",
        CLOSED.reason,
    ):
        assert text in said
    problems.deleteLater()


def test_a_group_is_tried_again_as_a_whole(theme: Theme) -> None:
    problems = panel(theme, FAILED, replace(FAILED, id=7), PASSING)
    videos: list[object] = []
    problems.retry_wanted.connect(videos.append)
    shown = [heading for heading in problems.findChildren(GroupHeading) if heading.retry.isVisible()]
    assert [heading.retry.accessibleName() for heading in shown] == ["Try these again: Not readable · 2"]
    shown[0].retry.click()
    assert videos == [frozenset({1, 7})]
    problems.deleteLater()


def test_trying_again_asks_for_one_for_all_or_for_a_folder(theme: Theme) -> None:
    problems = panel(theme, FAILED, PASSING, closed=True)
    videos: list[object] = []
    folders: list[int] = []
    problems.retry_wanted.connect(videos.append)
    problems.rescan_wanted.connect(folders.append)
    for card in problems.cards:
        card.retry.click()
        assert not card.retry.isEnabled(), "once is enough"
    problems.retry_all.click()
    assert videos == [frozenset({PASSING.id}), frozenset({FAILED.id}), None]
    assert folders == [CLOSED.folder_id]
    show(problems, FAILED, PASSING, closed=True)
    assert problems.retry_all.isEnabled()
    assert all(card.retry.isEnabled() for card in problems.cards), "nothing came of it: it can be tried again"
    problems.deleteLater()


def test_a_long_list_does_not_hold_up_the_window(theme: Theme) -> None:
    videos = [replace(FAILED, id=number, path=Path(f"/v/{number}.mp4")) for number in range(400)]
    problems = panel(theme, *videos)
    assert 0 < len(problems.cards) <= BATCH
    assert spin_until(lambda: len(problems.cards) == SHOWN)
    assert [card.problem for card in problems.cards] == videos[:SHOWN]
    assert "… and 350 more" in words(problems)
    problems.deleteLater()


def test_the_list_stays_where_it_is_while_it_changes(theme: Theme) -> None:
    videos = [replace(FAILED, id=number, path=Path(f"/v/{number}.mp4")) for number in range(40)]
    problems = panel(theme, *videos)
    bar = problems.findChildren(type(problems._area))[0].verticalScrollBar()
    assert spin_until(lambda: len(problems.cards) == len(videos) and bar.maximum() > 1000)
    bar.setValue(900)
    watched = next(card for card in problems.cards if card.y() >= 900)
    place = watched.y() - bar.value()
    watched.retry.setFocus(Qt.FocusReason.OtherFocusReason)
    # One before it is gone, two that are tried again have come: three cards above it change.
    show(problems, PASSING, OURS, *videos[1:], scanning=True)
    QApplication.processEvents()
    assert watched in problems.cards
    assert watched.y() - bar.value() == place
    assert watched.retry.hasFocus() or QApplication.focusWidget() is None
    problems.deleteLater()


@pytest.fixture
def window(open_window: OpenWindow, tmp_path: Path) -> MainWindow:
    folder = tmp_path / "Videos"
    folder.mkdir()
    make_video(folder / "red.mp4", [Scene((230, 20, 20), 2, "still")])
    for name in ("one.mp4", "two.mp4"):
        (folder / name).write_bytes(b"this is no video" * 100)
        os.utime(folder / name, (1_600_000_000, 1_600_000_000))
    shown = open_window()
    shown.folders.add_wanted.emit(folder)
    assert spin_until(lambda: at_rest(shown) and problems_of(shown) == ProblemCounts(failed=2))
    return shown


def problems_of(window: MainWindow) -> ProblemCounts:
    return window.contents.problems if window.contents else ProblemCounts()


def at_rest(window: MainWindow) -> bool:
    return window.contents is not None and not window.contents.scanning


def test_a_mended_file_is_read_after_try_again(window: MainWindow, tmp_path: Path) -> None:
    """The same size and the same date: only a person knows that it is another one now."""
    path = tmp_path / "Videos" / "one.mp4"
    window.folders.problems.click()
    assert spin_until(lambda: len(window.problems.cards) == 2)
    card = next(card for card in window.problems.cards if card.problem.path == path)
    whole = make_video(tmp_path / "blue.mp4", [Scene((20, 20, 230), 2, "still")]).read_bytes()
    path.write_bytes(whole)
    os.utime(path, (1_600_000_000, 1_600_000_000))
    QTest.mouseClick(card.retry, Qt.MouseButton.LeftButton)
    assert spin_until(
        lambda: at_rest(window) and [card.problem.path.name for card in window.problems.cards] == ["two.mp4"]
    )
    assert problems_of(window) == ProblemCounts(failed=1)
    assert window.stack.currentWidget() is window.parts.activity, "the list stays open"


def test_the_list_stays_open_while_what_is_searched_for_grows(window: MainWindow, tmp_path: Path) -> None:
    window.searching.set_text("red")
    assert spin_until(lambda: window.results_model.rowCount() == 1)
    window.folders.problems.click()
    assert spin_until(lambda: len(window.problems.cards) == 2)
    cards = window.problems.cards
    make_video(tmp_path / "Videos" / "more.mp4", [Scene((230, 30, 30), 3, "still")])
    assert spin_until(lambda: window.results.new_matches.count == 1)
    assert window.stack.currentWidget() is window.parts.activity
    assert window.problems.cards == cards, "none was made anew"
    QTest.keyClick(window.problems, Qt.Key.Key_Escape)
    assert window.results.isVisible()
    assert window.results.new_matches.isVisible()
    assert window.results_model.rowCount() == 1


def test_a_folder_that_failed_to_be_looked_through_is_told(open_window: OpenWindow, tmp_path: Path) -> None:
    window = open_window()
    assert spin_until(lambda: at_rest(window))
    event = ScanFailed(tmp_path, "“Videos” could not be looked through.", "The details are in the log.")
    window.control.event_received.emit(event)
    assert "could not be looked through" in window.search_bar.line.text()
    assert "could not be looked through" in window.status.text.full_text
