"""Cases that need the window's own parts: what plays, and what is noticed while it is open."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.session import Session
from app.ui.player.player_page import PlayerPage
from app.ui.widgets.theme import Theme
from tests.bundles import make_bundle
from tests.conftest import wait_until
from tests.faults import cases
from tests.faults.harness.clips import pattern
from tests.ui import conftest as ui
from tests.ui.loop import spin_until
from tests.ui.outcomes import moment

application, theme, home = ui.application, ui.theme, ui.home
qt_messages, slot_errors, nothing_ticks_on = ui.qt_messages, ui.slot_errors, ui.nothing_ticks_on


@pytest.fixture
def player(theme: Theme) -> Iterator[PlayerPage]:
    made = PlayerPage(theme)
    made.resize(640, 400)
    made.show()
    made.set_volume(1.0, muted=True)
    yield made
    made.shut_down()
    made.close()
    made.deleteLater()


@pytest.mark.fault("a file name that is not UTF-8, or holds %, #, ? or a newline", "plays")
@pytest.mark.parametrize(
    "name",
    [
        b"caf\xe9.mp4",
        b"caf\xe9/a.mp4",
        b"100%25 # why?.mp4",
        b"a\nb.mp4",
        b"\xff\xfe.mp4",
        b"e\xcc\x81\xe9.mp4",
    ],
)
def test_17_any_name_plays(player: PlayerPage, tmp_path: Path, name: bytes) -> None:
    made = pattern(tmp_path / "made.mp4", 3)
    path = tmp_path / os.fsdecode(name)
    path.parent.mkdir(exist_ok=True)
    shutil.move(made, path)
    wanted = moment(1, path, start=0, end=3, best=1)
    player.show_moment(wanted, [wanted], None, "1 of 1")
    assert spin_until(lambda: player.stage.shows_video or player.stage.notice, timeout=30)
    assert not player.stage.notice
    assert player.stage.shows_video


@pytest.fixture
def open_session(tmp_path: Path) -> Iterator[Callable[[Path], Session]]:
    """Opens a library that watches a folder, as the window does."""
    sessions: list[Session] = []

    def open_one(folder: Path) -> Session:
        session = Session(tmp_path / "library", make_bundle(tmp_path / "bundle"))
        sessions.append(session)
        session.add_folder(folder)
        session.start_watching()
        session.indexer.start()
        return session

    yield open_one
    for session in sessions:
        session.close()


def names(session: Session) -> set[str]:
    return {video.path.name for video in session.catalogue.videos() if video.facts is not None}


@pytest.mark.fault("a new file behind a linked folder while the window is open", "noticed as others are")
@pytest.mark.parametrize("kind", ["there from the start", "linked later", "a link behind a link"])
def test_18_a_new_file_behind_a_link_is_noticed(
    tmp_path: Path, open_session: Callable[[Path], Session], kind: str
) -> None:
    watched, elsewhere = cases.linked_folder(tmp_path)
    if kind == "a link behind a link":
        (tmp_path / "further").mkdir()
        (elsewhere / "on").symlink_to("../further")
        elsewhere = tmp_path / "further"
    if kind == "linked later":
        (watched / "link").unlink()
    session = open_session(watched)
    assert wait_until(lambda: names(session) == {"a.mp4"}, timeout=60)
    if kind == "linked later":
        (watched / "link").symlink_to("../elsewhere")
    new = pattern(tmp_path / "made.mp4", 2)
    shutil.move(new, elsewhere / "new.mp4")
    assert wait_until(lambda: names(session) == {"a.mp4", "new.mp4"}, timeout=60)


@pytest.mark.fault("a file deleted, then restored, while the window is open", "gone at once, back at once")
def test_a_deleted_file_leaves_the_results_at_once(
    tmp_path: Path, open_session: Callable[[Path], Session]
) -> None:
    watched, _ = cases.linked_folder(tmp_path)
    session = open_session(watched)
    assert wait_until(lambda: names(session) == {"a.mp4"}, timeout=60)
    assert session.search("red").moments
    (watched / "a.mp4").rename(tmp_path / "away.mp4")
    assert wait_until(lambda: not session.search("red").moments, timeout=60)
    (tmp_path / "away.mp4").rename(watched / "a.mp4")
    assert wait_until(lambda: bool(session.search("red").moments), timeout=60)
