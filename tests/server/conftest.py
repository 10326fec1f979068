"""One small library that is served: real videos, the bundled model, a real port."""

import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest

from app.connecting.token_file import new_token
from app.server.access.client_limits import Limits
from app.server.access.entrance import Entrance
from app.server.access.people import OWNER, People, Person
from app.server.api_app import build
from app.server.library_service import LibraryService
from app.session import Session
from tests.certificates import NO_AUTHORITIES
from tests.conftest import wait_until
from tests.serving.live_server import live_server
from tests.videos import make_video

NASTY = '<img src=x onerror="document.title=`hit`">\u202egnp.mp4'
"""Of a file whose name is markup, and turns the direction of writing."""


@dataclass(frozen=True, slots=True)
class Served:
    """A library that answers."""

    port: int
    session: Session
    service: LibraryService
    people: People
    entrance: Entrance
    owner: Person
    anna: Person

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def client(self, person: Person | None = None) -> httpx2.Client:
        """Asks as this person, or as the owner."""
        headers = {"Authorization": f"Bearer {(person or self.owner).token}"}
        return httpx2.Client(
            base_url=f"{self.url}/api/v1", headers=headers, trust_env=False, verify=NO_AUTHORITIES, timeout=60
        )


@pytest.fixture(scope="session")
def served_videos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a few videos: two scenes each, one of them with a nasty name, one a copy."""
    folder = tmp_path_factory.mktemp("served") / "videos"
    folder.mkdir()
    red, blue = ((220, 40, 30), 4, "stripes"), ((30, 40, 220), 8, "checks")
    make_video(folder / "red then blue.mp4", [red, blue], audio=True, gop=10)
    make_video(folder / NASTY, [((30, 160, 60), 6, "stripes")], gop=10)
    make_video(folder / "later.webm", [((200, 200, 40), 3, "checks"), red], codec="libvpx", gop=10)
    (folder / os.fsdecode(b"caf\xe9.mp4")).write_bytes((folder / "red then blue.mp4").read_bytes())
    return folder


@pytest.fixture(scope="session")
def indexed_library(served_videos: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a library that is whole."""
    library = tmp_path_factory.mktemp("library") / "Home videos"
    with Session(library) as session:
        session.add_folder(served_videos)
        session.indexer.start()
        assert wait_until(lambda: session.folders()[0].indexed == 4, timeout=120)
        assert wait_until(lambda: not session.indexer.running, timeout=60)
    return library


@pytest.fixture(scope="session")
def served(indexed_library: Path) -> Iterator[Served]:
    """The library behind a port."""
    owner, anna = Person(OWNER, new_token()), Person("anna", new_token())
    people = People([owner, anna])
    with Session(indexed_library) as session:
        session.warm_up()
        service = LibraryService(session, people, Limits(rate=1000, burst=5000))
        start_threads(service)
        try:
            entrance = build(service, ["studio.home"])
            with live_server(entrance, service.events.close) as port:
                yield Served(port, session, service, people, entrance, owner, anna)
        finally:
            service.close()


def start_threads(service: LibraryService) -> None:
    """Let all threads of a service begin now: one that begins in a test looks as if it were left behind."""
    for pool in (
        *(each._threads for each in (service._searching, service._reading, service._explaining)),
        service.files,
    ):
        together = threading.Barrier(pool._max_workers + 1)
        for _ in range(pool._max_workers):
            pool.submit(together.wait)
        together.wait(10)


@pytest.fixture
def client(served: Served) -> Iterator[httpx2.Client]:
    """Asks as the owner."""
    with served.client() as opened:
        yield opened
