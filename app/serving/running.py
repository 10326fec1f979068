"""An ASGI application answers on a socket until a signal comes. Needs the extra `serve`."""

import asyncio
import socket
from collections.abc import Callable
from typing import Any

import uvicorn

from app.errors import UsageError
from app.serving.listening_place import Place, url_of
from app.serving.patient_connection import PatientConnection

Application = Any
"""Of ASGI 3."""

MOST_CONNECTIONS = 512
_IDLE_SECONDS = 75
"""After which a connection that says nothing more is closed."""
_ENDING_SECONDS = 5
"""For answers that have begun to be whole."""
_SETTLING_SECONDS = 0.02
"""In which a connection that was just taken becomes known: uvicorn would wait for it as for an answer."""


class HttpServer(uvicorn.Server):
    """uvicorn's, which says when it begins to end: what answers for ever has to know.

    Args:
        application: what answers.
        place: with the certificate.
        ending: called when no more requests are taken.
        most_connections: at once; others are told to come again.

    Raises:
        UsageError: the certificate or its key cannot be read.
    """

    def __init__(
        self,
        application: Application,
        place: Place,
        *,
        ending: Callable[[], None] = lambda: None,
        most_connections: int = MOST_CONNECTIONS,
    ) -> None:
        config = uvicorn.Config(application, **_options(place), limit_concurrency=most_connections)
        try:
            config.load()
        except OSError as error:
            raise UsageError(
                f"The certificate or its key cannot be used: {error.strerror or error}.",
                "Name files in PEM format with --certificate and --key.",
            ) from error
        super().__init__(config)
        self._ending = ending

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End in order."""
        self._ending()
        for server in self.servers:
            server.close()
        await asyncio.sleep(_SETTLING_SECONDS)
        await super().shutdown(sockets)


def run(
    application: Application,
    place: Place,
    listening: socket.socket,
    *,
    ready: Callable[[str], None],
    ending: Callable[[], None] = lambda: None,
    most_connections: int = MOST_CONNECTIONS,
) -> None:
    """Serve until a signal comes; uvicorn then raises it again, once what was begun has ended.

    Args:
        application: what answers.
        place: where.
        listening: the socket that listens there.
        ready: told the address from which on requests are answered.
        ending: called when no more requests are taken.
        most_connections: at once.

    Raises:
        UsageError: the certificate cannot be read.
    """
    server = HttpServer(application, place, ending=ending, most_connections=most_connections)
    ready(url_of(place, listening.getsockname()[1]))
    server.run(sockets=[listening])


def _options(place: Place) -> dict[str, Any]:
    return dict(  # noqa: C408 - as uvicorn.Config has them
        loop="asyncio",
        http=PatientConnection,
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="error",
        access_log=False,
        server_header=False,
        date_header=False,
        proxy_headers=False,
        timeout_keep_alive=_IDLE_SECONDS,
        timeout_graceful_shutdown=_ENDING_SECONDS,
        ssl_certfile=None if place.certificate is None else str(place.certificate),
        ssl_keyfile=None if place.key is None else str(place.key),
    )
