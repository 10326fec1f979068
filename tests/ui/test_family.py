"""A window on a library that a real server has: the main job, one person's favourites, an outage."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton

from app.connecting.service_address import read_address
from app.remote_library.remote_session import RemoteSession
from app.remote_library.server_errors import unreachable
from app.remote_library.server_place import ServerPlace
from app.ui.flows.elsewhere import ABSENT
from app.ui.kept.mark_dialog import MarkDialog
from app.ui.shell.main_window import MainWindow
from app.ui.widgets.theme import Theme
from tests.certificates import make_certificate
from tests.conftest import ROOT
from tests.encoder_service.service_process import TOKEN, free_port
from tests.remote_library.server_process import LONG, Server, copied_library, running_server
from tests.ui.conftest import close
from tests.ui.loop import spin_until

SCREENSHOTS = ROOT / "build" / "screenshots"
OpenPlace = Callable[[ServerPlace], MainWindow]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("fastapi", reason="the extra serve is not installed")
    return copied_library(tmp_path_factory)


@pytest.fixture(scope="module")
def server(library: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("server-home")
    with running_server(library, home, certificate=make_certificate(home)) as running:
        yield running


@pytest.fixture
def open_place(theme: Theme) -> Iterator[OpenPlace]:
    """Shows the real window of a person on a server; closed and checked at the end."""
    windows: list[MainWindow] = []

    def open_one(place: ServerPlace) -> MainWindow:
        window = MainWindow(theme, place.folder, server=place)
        windows.append(window)
        window.resize(1280, 800)
        window.show()
        window.start()
        return window

    yield open_one
    for window in windows:
        if window.isVisible():
            close(window)
        window.deleteLater()
        QCoreApplication.sendPostedEvents(window, QEvent.Type.DeferredDelete)


def search(window: MainWindow, text: str) -> None:
    window.search_bar.field.setText(text)
    window.searching.search_now()
    assert spin_until(lambda: answered(window) == text), window.search_bar.line.text()


def answered(window: MainWindow) -> str:
    """What the answer on view is to."""
    wanted = window.search_flow.answered
    return "" if wanted is None else wanted.text


def session_of(window: MainWindow) -> RemoteSession:
    session = window.control.session
    assert isinstance(session, RemoteSession)
    return session


def row_of(window: MainWindow, name: str) -> int:
    moments = list(window.results_model.moments)
    return next(row for row, moment in enumerate(moments) if moment.path.name == name)


def names(window: MainWindow) -> list[str]:
    return [moment.path.name for moment in window.results_model.moments]


def test_the_main_job_through_the_window(server: Server, open_place: OpenPlace) -> None:
    window = open_place(server.place("ada"))
    assert spin_until(lambda: window.contents is not None and window.contents.indexed == 3)
    assert str(server.port) in window.windowTitle()
    assert window.folders.server.title.full_text == "library"
    assert window.folders.server.isVisible()
    search(window, "blue")
    assert names(window)[0] == "red then blue.mp4"
    best = window.results_model.moment(0)
    assert spin_until(lambda: window.thumbnails.picture(best.frame_id) is not None)
    search(window, "red")
    row = row_of(window, LONG)
    moment = window.results_model.moment(row)
    times: list[float] = []
    window.player.playback.pictured.connect(lambda _, at: times.append(at))
    window.player_flow.play(row)
    assert spin_until(lambda: len(times) > 3, 30), window.player.stage.notice
    assert times[0] == pytest.approx(moment.best, abs=0.06), "it opens at the moment"
    video = session_of(window).video(moment)
    assert 0 < video.bytes_read < video.size()
    assert spin_until(lambda: window.parts.filmstrips.picture(moment.video_id, 60.0) is not None)
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    window.grab().save(str(SCREENSHOTS / "family-player.png"))
    QTest.keyClick(window.player, Qt.Key.Key_Escape)
    assert spin_until(lambda: window.stack.is_shown(window.parts.results_page))
    window.grab().save(str(SCREENSHOTS / "family-results.png"))


def test_what_a_server_does_not_do_is_not_in_the_window(server: Server, open_place: OpenPlace) -> None:
    window = open_place(server.place("ada"))
    assert spin_until(lambda: window.contents is not None)
    search(window, "blue")
    ids = {command.id for command in window.parts.commands.all()}
    assert not ids & ABSENT
    assert {"results.favourite", "results.tag", "player.why", "window.settings", "player.loop"} <= ids
    assert window.control.session_here is None
    visible = {button.text() for button in window.findChildren(QAbstractButton) if button.isVisible()}
    assert not [text for text in visible if "Add folder" in text or "Export" in text]
    assert not window.acceptDrops()
    assert not window.status.engine.isVisible()
    window.parts.commands.run("window.settings")
    titles = [section.title for section in window.parts.settings.sections]
    assert titles[:3] == ["Appearance", "Language", "Notifications"]
    assert not {"Folders", "Models", "Privacy"} & set(titles)


def test_a_favourite_is_a_persons_own(server: Server, open_place: OpenPlace) -> None:
    ada, bob = open_place(server.place("ada")), open_place(server.place("bob"))
    search(ada, "blue")
    moment = ada.results_model.moment(0)
    ada.parts.actions.favourite.emit((moment,), True)
    assert spin_until(lambda: ada.parts.kept.snapshot.favourites == 1)
    assert ada.results_model.is_favourite(moment)
    search(bob, "blue")
    bob.parts.kept.read()
    assert spin_until(lambda: not bob.operations.busy)
    assert bob.parts.kept.snapshot.favourites == 0
    ada.parts.undo_bar.take_back()
    assert spin_until(lambda: ada.parts.kept.snapshot.favourites == 0)


def test_a_tag_is_everybodys_and_only_that_can_be_given(server: Server, open_place: OpenPlace) -> None:
    ada = open_place(server.place("ada"))
    search(ada, "blue")
    moment = ada.results_model.moment(0)
    tags = ada.parts.kept_sections.sections["tags"]
    assert tags.isHidden()
    ada.parts.actions.tag.emit((moment,))
    (dialog,) = ada.findChildren(MarkDialog)
    assert not dialog.note.isVisible()
    assert not dialog.collections.isVisible()
    dialog.tags.field.setText("Sea")
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    dialog.grab().save(str(SCREENSHOTS / "family-tags.png"))
    dialog.save.click()
    assert spin_until(lambda: [each.name for each in ada.parts.kept.snapshot.tags] == ["Sea"])
    assert spin_until(lambda: not tags.isHidden())
    (entry,) = ada.parts.kept_sections.tags.entries.entries
    menu = ada.kept_flow.menu(entry)
    assert len(menu.actions()) == 1, "its name is the library's"
    menu.deleteLater()
    ada.parts.kept_sections.chosen.emit(entry)
    assert spin_until(lambda: answered(ada) == entry.query)
    assert names(ada) == ["red then blue.mp4"]
    assert ada.parts.kept.snapshot.marks.of(ada.results_model.moment(0)).tags == ("Sea",)
    ada.parts.undo_bar.take_back()
    assert spin_until(lambda: not ada.parts.kept.snapshot.tags)


def test_why_a_moment_was_found_is_shown_over_its_picture(server: Server, open_place: OpenPlace) -> None:
    window = open_place(server.place("ada"))
    search(window, "blue")
    window.player_flow.play(0)
    assert window.player.header.why.isVisible()
    assert spin_until(lambda: window.player.stage.shows_video, 30)
    window.parts.commands.run("player.why")
    assert spin_until(lambda: window.player.stage.shows_evidence, 30)
    window.grab().save(str(SCREENSHOTS / "family-why.png"))


def test_examples_of_the_server_are_offered(server: Server, open_place: OpenPlace) -> None:
    window = open_place(server.place("bob"))
    assert spin_until(lambda: not window.empty.ready.chips.isHidden(), 60)
    window.grab().save(str(SCREENSHOTS / "family-examples.png"))


def test_an_outage_is_one_sentence_and_what_failed_is_made_up_for(
    library: Path, tmp_path: Path, open_place: OpenPlace
) -> None:
    with running_server(library, tmp_path / "server") as first:
        window = open_place(first.place("ada"))
        search(window, "blue")
        shown = names(window)
        first.kill()
        assert spin_until(lambda: not window.banner.isHidden())
        assert "cannot be reached" in window.banner.sentence.text()
        assert names(window) == shown, "what is on view stays"
        window.search_bar.field.setText("green")
        window.searching.search_now()
        assert spin_until(lambda: not window.operations.busy)
        assert window.search_bar.line.isHidden(), "once is enough"
        assert names(window) == shown
        window.grab().save(str(SCREENSHOTS / "family-away.png"))
        with running_server(library, tmp_path / "server", port=first.port):
            assert spin_until(window.banner.isHidden)
            assert spin_until(lambda: names(window)[:1] == ["green.mkv"]), "nobody had to ask again"
            close(window)


def test_an_outage_that_is_over_before_anybody_looked_is_made_up_for_too(
    server: Server, open_place: OpenPlace
) -> None:
    window = open_place(server.place("ada"))
    assert spin_until(lambda: window.contents is not None and window.contents.indexed == 3)
    made_up: list[bool] = []
    window.control.recovered.connect(lambda: made_up.append(True))
    session = session_of(window)
    session._on_went(unreachable("studio"))
    session._on_came()
    assert spin_until(lambda: made_up == [True])
    assert window.banner.isHidden(), "nobody saw it"


def test_a_video_that_breaks_off_goes_on_when_the_server_is_back(
    library: Path, tmp_path: Path, open_place: OpenPlace
) -> None:
    with running_server(library, tmp_path / "server") as first:
        window = open_place(first.place("ada"))
        search(window, "red")
        playback = window.player.playback
        row = row_of(window, LONG)
        window.player_flow.play(row)
        assert spin_until(lambda: window.player.stage.shows_video, 30)
        first.kill()
        session_of(window).video(window.results_model.moment(row))._blocks.clear()  # little was read ahead
        playback.seek(100.0)
        assert spin_until(lambda: not playback.is_playing, 30)
        assert "cannot be reached" in window.player.stage.note.text()
        with running_server(library, tmp_path / "server", port=first.port):
            assert spin_until(lambda: playback.is_playing and not playback.is_waiting, 60)
            assert playback.seconds == pytest.approx(100, abs=10)
            assert not window.player.stage.notice
            close(window)


def test_a_window_opens_before_its_server(library: Path, tmp_path: Path, open_place: OpenPlace) -> None:
    port = free_port()
    window = open_place(ServerPlace(read_address(f"http://127.0.0.1:{port}"), TOKEN))
    assert spin_until(lambda: not window.banner.isHidden())
    with running_server(library, tmp_path / "server", port=port):
        assert spin_until(lambda: window.contents is not None and window.contents.indexed == 3)
        assert spin_until(window.banner.isHidden)
        search(window, "green")
        close(window)


def test_a_wrong_token_is_said_in_the_middle(server: Server, open_place: OpenPlace) -> None:
    window = open_place(replace(server.place(), token=server.tokens["ada"][::-1]))
    assert spin_until(lambda: "does not take" in window.empty.broken.title.text())
    assert "--token-file" in window.empty.broken.text.text()


def test_a_certificate_that_nobody_vouches_for_is_said_in_the_middle(
    server: Server, open_place: OpenPlace
) -> None:
    window = open_place(replace(server.place("ada"), certificate=""))
    assert spin_until(lambda: "is not trusted here" in window.empty.broken.title.text())
    assert "--server-certificate" in window.empty.broken.text.text()
