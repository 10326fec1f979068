"""One window on an indexed library for the tests of searching that keep nothing."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.session import Session
from app.ui.shell.main_window import MainWindow
from app.ui.widgets.theme import Theme
from tests.bundles import make_bundle
from tests.ui.conftest import OpenWindow, come_to_rest, lasting_window
from tests.ui.loop import spin_until
from tests.videos import Scene, make_video

RED, GREEN = (230, 20, 20), (20, 210, 20)


@pytest.fixture(scope="module")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two videos, one in a folder of its own, and a library in which they are indexed."""
    place = tmp_path_factory.mktemp("search box")
    videos = place / "Videos"
    (videos / "Lake Garda").mkdir(parents=True)
    make_video(videos / "red.mp4", [Scene(RED, 3, "still")], rate=5)
    make_video(videos / "Lake Garda" / "green.mp4", [Scene(GREEN, 3, "still")], rate=5)
    with Session(place / "library", make_bundle(place / "colours")) as session:
        session.add_folder(videos)
        session.indexer.start()
        session.indexer.wait()
        session.catalogue.note_search("green in:videos")
        session.catalogue.note_search("red")
        session.catalogue.save_search("Garda", "green in:garda")
    return place


@pytest.fixture(scope="module")
def lasting(theme: Theme, indexed: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[MainWindow]:
    """A window on a copy of that library, the model loaded, for all tests that keep nothing there."""
    place = tmp_path_factory.mktemp("lasting")
    for name in ("library", "colours"):
        shutil.copytree(indexed / name, place / name)
    with lasting_window(theme, place) as shown:
        yield shown


@pytest.fixture
def window(lasting: MainWindow) -> MainWindow:
    """That window with nothing typed and nothing found."""
    lasting.activateWindow()
    assert spin_until(lasting.isActiveWindow)
    lasting.search_bar.field.clear()
    assert spin_until(lambda: lasting.results_model.outcome is None)
    come_to_rest(lasting)
    lasting.parts.ranking.choose("match")
    lasting.search_bar.focus()
    return lasting


@pytest.fixture
def own_window(open_window: OpenWindow, tmp_path: Path, indexed: Path) -> MainWindow:
    """A window on a copy of a test's own."""
    shutil.copytree(indexed / "library", tmp_path / "library")
    shown = open_window()
    ready: list[object] = []
    shown.control.ready.connect(ready.append)
    assert spin_until(lambda: ready and shown.contents is not None and not shown.contents.scanning)
    shown.search_bar.focus()
    return shown
