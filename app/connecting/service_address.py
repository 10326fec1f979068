"""Where an encoder service is: an address that a person types, and whether pictures may be sent there.

Pictures of a person's videos go over the wire: unencrypted to addresses of the own network only, and to any
other only by https.
"""

import ipaddress
import re
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

from app.errors import UsageError

PORT = 8731
"""Of a service, where none is named."""

_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?|[0-9A-Fa-f:.]+(%[A-Za-z0-9._-]+)?")
_MOST_LETTERS = 300
EXAMPLE = f"http://192.168.1.20:{PORT}"
_EXAMPLE = f"Write it like {EXAMPLE}."


@dataclass(frozen=True, slots=True)
class ServiceAddress:
    """One address, in one spelling."""

    scheme: str
    """`http` or `https`."""
    host: str
    """A name or a number, lower-case; no brackets."""
    port: int

    def __str__(self) -> str:
        return f"{self.scheme}://{self.place}"

    @property
    def place(self) -> str:
        """Host and port, for people and for the header `Host`."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def read_address(text: str, *, port: int = PORT) -> ServiceAddress:
    """Read an address as it is typed; `http` and `port` where it does not say.

    Raises:
        UsageError: it is none.
    """
    text = text.strip()
    try:
        if len(text) > _MOST_LETTERS or re.search(r"[\s\\\x00-\x1f\x7f]", text):
            raise ValueError(text)
        parts = urlsplit(text if "://" in text else f"http://{text}")
        host, named = (parts.hostname or "").lower(), parts.port
        rest = parts.path.strip("/") or parts.query or parts.fragment
        if parts.scheme not in {"http", "https"} or rest or not _HOST.fullmatch(host) or named == 0:
            raise ValueError(text)
        if parts.username is not None or parts.password is not None:
            raise ValueError(text)
    except ValueError:
        raise UsageError(f"“{text[:_MOST_LETTERS]}” is not the address of a service.", _EXAMPLE) from None
    return ServiceAddress(parts.scheme, host, named or port)


def split_setting(text: str) -> tuple[str, str]:
    """What is typed for the setting: an address, and a token behind a space.

    Returns:
        The address in one spelling and the token; each empty where it is not given.

    Raises:
        UsageError: it is something else.
    """
    words = text.split()
    if not words:
        return "", ""
    if len(words) > 2:
        raise UsageError("An address and a token are two words.", f"{_EXAMPLE} The token goes behind it.")
    return str(read_address(words[0])), words[1] if len(words) == 2 else ""


def connect_to(address: ServiceAddress) -> str:
    """The host to connect to: the address that was checked, so that no name can mean another one later.

    Returns:
        A number where it is `http`; the host as it is where it is `https`: its certificate names that.

    Raises:
        UsageError: it is not of the own network, and not encrypted.
        OSError: the name is not known.
    """
    if address.scheme == "https":
        return address.host
    found = [
        str(entry[4][0]) for entry in socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)
    ]
    if not found or not all(is_of_own_network(number) for number in found):
        raise UsageError(
            f"{address.host} is not in your own network, so that pictures would travel unencrypted.",
            "Use an address that begins with https://.",
        )
    return found[0]


def is_of_own_network(number: str) -> bool:
    """Whether a numeric address is this computer's or lies in a private network."""
    try:
        address = ipaddress.ip_address(number.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    if address.is_loopback or address.is_link_local:
        return True
    return any(address.version == network.version and address in network for network in _PRIVATE)


_PRIVATE = [
    ipaddress.ip_network(network) for network in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")
]
"""Python's own `is_private` holds more: networks for documentation, in some versions every mapped address."""
