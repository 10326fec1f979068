"""Running the service: a port is opened, uvicorn answers on it until a signal ends it."""

import platform
import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.connecting.service_address import ServiceAddress
from app.errors import ReelfindError, UsageError
from app.extras import install_command
from app.runtime.frame_encoding import FrameEncoding

EXTRA = "serve"
MOST_CONNECTIONS = 64
_IDLE_SECONDS = 75
"""After which a connection that says nothing more is closed."""
_ENDING_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Place:
    """Where the service is to be reached."""

    host: str
    port: int
    certificate: Path | None = None
    key: Path | None = None

    @property
    def scheme(self) -> str:
        """Encrypted where there is a certificate."""
        return "http" if self.certificate is None else "https"


def serve(
    open_encoder: Callable[[], FrameEncoding],
    place: Place,
    *,
    token: str,
    name: str = "",
    ready: Callable[[ServiceAddress], None],
) -> None:
    """Serve until a signal comes; uvicorn then raises it again, once what was begun has ended.

    Args:
        open_encoder: gives the encoder, once the port is ours.
        place: where.
        token: which every request has to bring.
        name: of this computer, for people.
        ready: told the address from which on requests are answered.

    Raises:
        ReelfindError: the extra is absent, the port is taken, the certificate cannot be read.
    """
    try:
        import uvicorn  # noqa: PLC0415 - an extra

        from app.encoder_service.encoder_server import EncoderServer  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise ReelfindError(
            "Serving other computers needs packages that are not installed.",
            f"Install them with: {install_command(EXTRA)}",
        ) from error
    with _listening(place) as listening:
        app = EncoderServer(open_encoder(), token=token, name=name).app
        config = uvicorn.Config(app, **_options(place))
        try:
            config.load()
        except OSError as error:
            raise UsageError(
                f"The certificate or its key cannot be used: {error.strerror or error}.",
                "Name files in PEM format with --certificate and --key.",
            ) from error
        ready(ServiceAddress(place.scheme, reachable_as(place.host), listening.getsockname()[1]))
        uvicorn.Server(config).run(sockets=[listening])


def reachable_as(host: str) -> str:
    """What other computers call a host that one listens at; for all addresses the usual network's."""
    if host not in {"", "0.0.0.0", "::"}:  # noqa: S104 - compared
        return host
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.connect(("192.0.2.1", 9))  # for documentation: nothing is sent, a route is chosen
            return str(probe.getsockname()[0])
    except OSError:
        return platform.node().lower() or "localhost"


def _options(place: Place) -> dict[str, Any]:
    return dict(  # noqa: C408 - as uvicorn.Config has them
        loop="asyncio",
        http="h11",
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="error",
        access_log=False,
        server_header=False,
        date_header=False,
        proxy_headers=False,
        limit_concurrency=MOST_CONNECTIONS,
        timeout_keep_alive=_IDLE_SECONDS,
        timeout_graceful_shutdown=_ENDING_SECONDS,
        ssl_certfile=None if place.certificate is None else str(place.certificate),
        ssl_keyfile=None if place.key is None else str(place.key),
    )


def _listening(place: Place) -> socket.socket:
    try:
        found = socket.getaddrinfo(place.host, place.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        return socket.create_server(found[0][4][:2], family=found[0][0])
    except OSError as error:
        raise UsageError(
            f"The service cannot listen at {place.host}, port {place.port}: {error.strerror or error}.",
            "Choose another one with --host and --port.",
        ) from error
