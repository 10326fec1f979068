"""A library with a small model, three videos, and a run to its end."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.indexing.events import IndexingEvent
from app.session import Session
from tests.bundles import make_bundle
from tests.videos import make_video

RED, GREEN, BLUE = (255, 0, 0), (0, 255, 0), (0, 0, 255)


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """A real encoder bundle that knows colours."""
    return make_bundle(tmp_path / "bundle")


@pytest.fixture
def session(tmp_path: Path, bundle: Path) -> Iterator[Session]:
    """An empty library."""
    with Session(tmp_path / "library", bundle) as session:
        yield session


@pytest.fixture(scope="session")
def three_colours(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of three videos, to be copied."""
    folder = tmp_path_factory.mktemp("colours")
    for name, colour in (("red", RED), ("green", GREEN), ("blue", BLUE)):
        make_video(folder / f"{name}.mp4", [(colour, 3)], size=(96, 72), rate=5)
    return folder


@pytest.fixture
def videos(tmp_path: Path, three_colours: Path) -> Path:
    """A folder with a red, a green and a blue video of three seconds each."""
    return shutil.copytree(three_colours, tmp_path / "videos")


def run(session: Session) -> list[IndexingEvent]:
    """Index everything; returns the events."""
    events: list[IndexingEvent] = []
    unsubscribe = session.indexer.subscribe(events.append)
    session.indexer.start()
    assert session.indexer.wait(60)
    unsubscribe()
    return events
