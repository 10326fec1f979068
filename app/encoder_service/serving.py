"""Running the service: a port is opened, uvicorn answers on it until a signal ends it."""

from collections.abc import Callable

from app.connecting.service_address import ServiceAddress, read_address
from app.errors import ReelfindError
from app.extras import install_command
from app.runtime.frame_encoding import FrameEncoding
from app.serving.listening_place import Place, listen

EXTRA = "serve"
MOST_CONNECTIONS = 192


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
        from app.encoder_service.encoder_server import EncoderServer  # noqa: PLC0415 - an extra
        from app.serving.running import run  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise ReelfindError(
            "Serving other computers needs packages that are not installed.",
            f"Install them with: {install_command(EXTRA)}",
        ) from error
    with listen(place) as listening:
        app = EncoderServer(open_encoder(), token=token, name=name).app
        run(
            app,
            place,
            listening,
            ready=lambda url: ready(read_address(url)),
            most_connections=MOST_CONNECTIONS,
        )
