"""`reelfind serve`: a library is opened, indexed and answers until a signal comes."""

import logging
import socket
import threading
from collections.abc import Callable, Iterable
from pathlib import Path

from app.errors import ReelfindError
from app.server.access.client_limits import Limits
from app.server.access.people import People
from app.server.api_app import build
from app.server.library_service import LibraryService
from app.serving.listening_place import Place
from app.serving.running import run
from app.session import Session

logger = logging.getLogger(__name__)


def serve_library(
    library: Path,
    place: Place,
    listening: socket.socket,
    *,
    people: People,
    names: Iterable[str] = (),
    indexes: bool = True,
    ready: Callable[[str, Session], None],
) -> None:
    """Serve until a signal comes; it is raised again once everything is closed.

    Args:
        library: the library's folder.
        place: where.
        listening: the socket that listens there.
        people: who may ask.
        names: host names by which this computer may be called.
        indexes: whether new and changed files are indexed meanwhile.
        ready: told the address from which on requests are answered, and the open library.

    Raises:
        ReelfindError: the library cannot be opened, or the certificate not read.
    """
    with Session(library) as session:
        service = LibraryService(session, people, Limits())
        starting = threading.Thread(target=_start, args=[session, indexes], name="start library")

        def begin(url: str) -> None:
            starting.start()
            ready(url, session)

        try:
            run(build(service, names), place, listening, ready=begin, ending=service.events.close)
        finally:
            if starting.ident is not None:
                starting.join()
            service.close()


def _start(session: Session, indexes: bool) -> None:
    """As the window does: the first search is quick, and new files are indexed."""
    try:
        session.expect_searches()
        if indexes:
            session.start_watching()
        session.warm_up()
        if indexes:
            session.look_through()
    except ReelfindError as error:  # a search says it too
        logger.warning("the library is not ready: %s", error)
