"""A file that is away, a folder that is closed, copies, and a library that can only be read."""

import errno
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextDocument

from app.catalogue.records import (
    Folder,
    Presence,
    ProblemCounts,
    ProblemVideos,
    UnreachablePath,
    Video,
    VideoState,
)
from app.database import connections
from app.disk import system_watches
from app.session import Impairment, Session
from app.ui.background.snapshots import LibrarySnapshot
from app.ui.folders.folder_model import FolderModel, FolderRole
from app.ui.frame.banner import Banner
from app.ui.frame.placeholders import REPAIR
from app.ui.player.player_page import PlayerPage
from app.ui.results.results_model import MomentRole, ResultsModel
from app.ui.shell.main_window import MainWindow
from app.ui.widgets.theme import Theme
from app.ui.wording import whereabouts
from tests.bundles import make_bundle
from tests.ui.conftest import OpenWindow, close
from tests.ui.loop import spin_until
from tests.ui.outcomes import moment, outcome
from tests.videos import Scene, make_video

RED = [Scene((230, 20, 20), 2, "still")]
DISK = Path("/run/media/ana/Archive 2019/Films/dog.mkv")


def plain(tip: str) -> list[str]:
    document = QTextDocument()
    document.setHtml(tip)
    return document.toPlainText().splitlines()


@pytest.mark.parametrize(
    ("path", "name"),
    [
        (DISK, "Archive 2019"),
        (Path("/media/ana/USB/a.mp4"), "USB"),
        (Path("/media/USB/a.mp4"), "USB"),
        (Path("/Volumes/Films/a.mp4"), "Films"),
        (Path("/mnt/nas/x/a.mp4"), "nas"),
        (Path("/srv/videos/a.mp4"), ""),
        (Path("/mnt/a.mp4"), ""),
    ],
)
def test_the_disk_is_named_as_the_system_shows_it(path: Path, name: str) -> None:
    assert whereabouts.disk_name(path) == name


def test_a_card_says_what_to_connect_and_what_is_closed(theme: Theme) -> None:
    model = ResultsModel()
    away = replace(moment(1, DISK), presence=Presence.AWAY)
    closed = replace(moment(2), presence=Presence.UNREACHABLE)
    model.show(outcome(away, closed, moment(3)))
    assert model.index(0).data(MomentRole.STATE) == "Connect “Archive 2019”"
    assert model.index(1).data(MomentRole.STATE) == "Folder cannot be opened"
    assert model.index(2).data(MomentRole.STATE) == ""
    tip = plain(model.index(0).data(Qt.ItemDataRole.ToolTipRole))
    assert "The disk “Archive 2019” is not connected. Connect it to play this video." in tip
    tip = plain(model.index(1).data(Qt.ItemDataRole.ToolTipRole))
    assert "Its folder cannot be opened: check its permissions." in tip
    assert "Connect “Archive 2019”" in model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)


def test_copies_are_counted_on_the_card_and_listed_in_its_tooltip(theme: Theme) -> None:
    model = ResultsModel()
    two = (Path("/backup/<b>dog.mp4"), Path("/backup/dog\u202e.mp4"))
    many = tuple(Path(f"/backup/{number}.mp4") for number in range(11))
    model.show(outcome(replace(moment(1), copies=two), replace(moment(2), copies=many[:1]), moment(3)))
    assert [model.index(row).data(MomentRole.BESIDE) for row in range(3)] == ["+2 copies", "+1 copy", ""]
    tip = plain(model.index(0).data(Qt.ItemDataRole.ToolTipRole))
    assert "/backup/<b>dog.mp4" in tip
    assert "/backup/dog‹U+202E›.mp4" in tip
    model.show(outcome(replace(moment(1), copies=many)))
    assert plain(model.index(0).data(Qt.ItemDataRole.ToolTipRole))[-1] == "… and 3 more"


def test_a_folder_that_cannot_be_opened_says_so_in_the_side_panel(theme: Theme) -> None:
    folder = Folder(1, Path("/videos"), True, 1, videos=9, indexed=9, seconds=900.0)
    model = FolderModel()
    model.show([folder], unreachable=[UnreachablePath(1, Path("/videos/in"), "You may not open it.")])
    assert model.index(1).data(FolderRole.COUNTS) == "Partly closed · 9 videos"
    assert "/videos/in: You may not open it." in plain(model.index(1).data(Qt.ItemDataRole.ToolTipRole))
    model.show([folder], unreachable=[UnreachablePath(1, Path("/videos"), "You may not open it.")])
    assert model.index(1).data(FolderRole.COUNTS) == "Cannot be opened · 9 videos"


@pytest.fixture
def player(theme: Theme) -> Iterator[PlayerPage]:
    made = PlayerPage(theme)
    made.show()
    yield made
    made.shut_down()
    made.close()
    made.deleteLater()


def test_a_closed_folder_is_told_and_not_called_a_disk(player: PlayerPage) -> None:
    wanted = replace(moment(1), presence=Presence.UNREACHABLE)
    player.show_moment(wanted, [wanted], None, "1 of 1")
    assert player.stage.notice == "Its folder cannot be opened: check its permissions."


@pytest.fixture
def videos(tmp_path: Path) -> Path:
    folder = tmp_path / "Videos"
    folder.mkdir()
    make_video(folder / "red.mp4", RED)
    return folder


def ask_for_red(window: MainWindow) -> None:
    window.searching.set_text("red")
    assert spin_until(lambda: window.results_model.rowCount() == 1)


def indexed(window: MainWindow) -> bool:
    contents = window.contents
    return contents is not None and contents.indexed == 1 and not contents.scanning


def test_a_disk_that_goes_and_comes_back(open_window: OpenWindow, videos: Path) -> None:
    window = open_window()
    window.folders.add_wanted.emit(videos)
    assert spin_until(lambda: indexed(window))
    ask_for_red(window)
    elsewhere = videos.rename(videos.with_name("unplugged"))
    assert window.control.session_here is not None
    window.control.session_here.indexer.start()
    model = window.results_model
    assert spin_until(lambda: model.rowCount() == 1 and model.moment(0).presence is Presence.AWAY)
    assert model.index(0).data(MomentRole.STATE) == "Connect “Videos”"
    window.results.chosen.emit(0)
    player = window.player
    assert "“Videos” is not connected" in player.stage.notice
    assert spin_until(lambda: not window.operations.busy)
    assert "“Videos” is not connected" in player.stage.notice
    window.player.left.emit()
    elsewhere.rename(videos)
    window.results.chosen.emit(0)  # connected since the last scan
    assert spin_until(lambda: player.stage.shows_video)
    assert player.stage.notice == ""


def test_what_is_wrong_with_a_file_that_does_not_open_is_looked_up(videos: Path) -> None:
    path = videos / "red.mp4"
    assert whereabouts.why_not_opened(path) == ""
    assert "is not connected" in whereabouts.why_not_opened(videos / "gone.mp4")
    assert "was moved" in whereabouts.why_not_opened(path / "below")


def test_a_file_that_is_there_and_no_video_is_never_called_moved(
    player: PlayerPage, tmp_path: Path, qt_messages: list[str]
) -> None:
    path = tmp_path / "noise.mp4"
    path.write_bytes(bytes(range(256)) * 64)
    asked: list[object] = []
    player.unopened.connect(asked.append)
    player.unopened.connect(lambda found: player.explain(found, whereabouts.why_not_opened(found.path)))
    wanted = moment(1, path)
    player.show_moment(wanted, [wanted], None, "1 of 1")
    assert spin_until(lambda: player.stage.notice)
    assert player.stage.notice == "This file is not a video Reelfind can read."
    assert asked == []
    qt_messages.clear()


@pytest.fixture(scope="module")
def indexed_library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of one video."""
    place = tmp_path_factory.mktemp("indexed")
    (place / "Videos").mkdir()
    make_video(place / "Videos" / "red.mp4", RED)
    with Session(place / "library", make_bundle(place / "colours")) as session:
        session.add_folder(place / "Videos")
        session.indexer.start()
        assert session.indexer.wait(60)
    return place / "library"


@pytest.fixture
def read_only(
    open_window: OpenWindow, indexed_library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> MainWindow:
    """The window on a library that lies on a read-only disk, as far as the system tells."""
    shutil.copytree(indexed_library, tmp_path / "library")
    monkeypatch.setattr(connections, "_is_read_only", lambda _folder: True)
    window = open_window()
    told: list[tuple[str, str]] = []
    for complaint in (window.control.failed, window.control.broken):
        complaint.connect(lambda sentence, advice: told.append((sentence, advice)))
    known = lambda: indexed(window) and window.contents is not None and window.contents.read_only  # noqa: E731
    assert spin_until(known), (window.contents, told)
    return window


def test_a_read_only_library_is_searched_and_says_that_it_is_one(read_only: MainWindow) -> None:
    window = read_only
    assert window.banner.isVisible()
    assert "read-only disk" in window.banner.sentence.text()
    assert "Nothing new" in window.banner.more.text()
    for button in (window.folders.add, window.empty.welcome.add):
        assert not button.isEnabled()
        assert "read-only disk" in button.toolTip()
    assert not window.acceptDrops()
    assert window.status.text.full_text == "1 video · 2 s ready to search", "it is said once"
    ask_for_red(window)
    window.results.chosen.emit(0)
    assert spin_until(lambda: window.player.stage.shows_video)
    assert not window.search_bar.line.isVisible() or "read-only" not in window.search_bar.line.text()


def test_a_folder_that_the_system_cannot_watch_is_named(
    open_window: OpenWindow, videos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> None:
        raise OSError(errno.EMFILE, "no instance left")

    monkeypatch.setattr(system_watches, "Observer", refuse)
    window = open_window()
    window.folders.add_wanted.emit(videos)
    assert spin_until(lambda: indexed(window) and window.banner.isVisible())
    assert "no watches left" in window.banner.sentence.text()
    assert window.banner.more.text() == "Changes in it are noticed within 15 minutes."
    window.folders.remove_wanted.emit(videos)
    assert spin_until(lambda: not window.banner.isVisible())


def test_the_banner_says_what_matters_most_and_counts_the_rest(theme: Theme) -> None:
    banner = Banner(theme)
    banner.show_impairments([Impairment(f"Trouble {n}.", f"Advice {n}.") for n in range(5)])
    assert banner.sentence.text() == "Trouble 0."
    assert banner.more.text().splitlines() == [
        "Advice 0.",
        "Trouble 1. Advice 1.",
        "Trouble 2. Advice 2.",
        "And 2 more.",
    ]
    banner.show_impairments([])
    assert banner.isHidden()


def test_nothing_can_be_tried_again_in_a_read_only_library(read_only: MainWindow) -> None:
    window = read_only
    failed = Video(
        1, 1, Path("a.mp4"), 1, 1, None, VideoState.FAILED, Presence.HERE, "It is empty.", "", None
    )
    assert window.contents is not None
    folder = Folder(1, Path("/videos"), True, 1, videos=1, failed=1, problems=ProblemCounts(failed=1))
    window.control.contents.emit(replace(window.contents, folders=(folder,)))
    window.folders.problems.click()
    window.problems.show_videos(ProblemVideos(failed=(failed,)))
    window.problems.show_contents(window.contents)
    for button in (window.problems.retry_all, window.problems.cards[0].retry):
        assert not button.isEnabled()
        assert "read-only disk" in button.toolTip()


def test_a_damaged_library_offers_the_command_that_repairs_it(theme: Theme, tmp_path: Path) -> None:
    window = MainWindow(theme, tmp_path / "library")
    window.show()
    window.control.broken.emit(
        "The library file library.db is damaged.", f"Save what can be saved with: {REPAIR}."
    )
    assert window.empty.broken.command.isVisible()
    window.control.broken.emit("The library is from a newer Reelfind.", "Update Reelfind.")
    assert not window.empty.broken.command.isVisible()
    window.control.contents.emit(LibrarySnapshot((), scanning=False))
    close(window)
    window.deleteLater()
