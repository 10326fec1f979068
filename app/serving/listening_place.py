"""Where a service is to be reached, and the socket that listens there."""

import ipaddress
import platform
import socket
from dataclasses import dataclass
from pathlib import Path

from app.errors import UsageError


@dataclass(frozen=True, slots=True)
class Place:
    """Where a service is to be reached."""

    host: str
    port: int
    """0: any that is free."""
    certificate: Path | None = None
    key: Path | None = None

    @property
    def scheme(self) -> str:
        """Encrypted where there is a certificate."""
        return "http" if self.certificate is None else "https"

    @property
    def is_of_this_computer(self) -> bool:
        """Whether no other computer can reach it."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False


def listen(place: Place) -> socket.socket:
    """A socket that listens there.

    Raises:
        UsageError: the port is taken, or the address is not this computer's.
    """
    try:
        found = socket.getaddrinfo(place.host, place.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        return socket.create_server(found[0][4][:2], family=found[0][0])
    except OSError as error:
        raise UsageError(
            f"The service cannot listen at {place.host}, port {place.port}: {error.strerror or error}.",
            "Choose another one with --host and --port.",
        ) from error


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


def url_of(place: Place, port: int) -> str:
    """The address of a service as other computers write it, without a slash at its end."""
    host = reachable_as(place.host)
    return f"{place.scheme}://[{host}]:{port}" if ":" in host else f"{place.scheme}://{host}:{port}"
