"""A client of a Qdrant server: to whom vectors may be sent, and how long an answer is waited for.

Vectors say what a person's videos show: unencrypted they go to addresses of the own network only, and
without a key that was set on this computer to this computer only. A library that comes from somebody else,
with an address in its settings, sends nothing there.
"""

import importlib.util
import ipaddress
import math
from dataclasses import replace
from typing import TYPE_CHECKING

from app.connecting.service_address import ServiceAddress, connect_to, read_address
from app.connecting.token_file import TokenFile
from app.errors import UsageError
from app.extras import install_command
from app.paths import vector_store_keys_file
from app.vectors.stores.store_error import StoreError

if TYPE_CHECKING:
    from qdrant_client import QdrantClient

PORT = 6333
"""Of Qdrant, where none is named."""
KEY_VARIABLE = "REELFIND_VECTOR_STORE_KEY"
"""Environment variable that holds the API key of a vector store when its address is set."""
EXAMPLE = f"http://192.168.1.20:{PORT}"
SEARCH_SECONDS = 2.0
"""For an answer to a search; comparing with every frame of a large library takes longer."""
UPLOAD_SECONDS = 60.0
_MOST_FOUND, _MOST_TOLD = 4 << 20, 32 << 20
"""Bytes of an answer to a search, and to anything else."""


def read_store_address(text: str) -> ServiceAddress:
    """The address of a vector store as it is typed; port 6333 where it does not say.

    Raises:
        UsageError: it is none.
    """
    try:
        return read_address(text, port=PORT)
    except UsageError as error:
        raise UsageError(error.sentence, f"Write it like {EXAMPLE}.") from error


def split_store_setting(text: str, key: str) -> str:
    """What is typed for the setting: an address, and an API key behind a space, which this computer keeps.

    Args:
        text: as it is typed.
        key: to keep where none is typed; empty where there is none.

    Returns:
        The address in one spelling; empty where none is typed.

    Raises:
        UsageError: it is something else, or without a key not to be used.
    """
    words = text.split()
    if not words:
        return ""
    if len(words) > 2:
        raise UsageError(
            "An address and a key are two words.", f"Write it like {EXAMPLE}, and the key behind it."
        )
    address = read_store_address(words[0])
    keys = TokenFile(vector_store_keys_file())
    if key := (words[1] if len(words) == 2 else key):
        keys.keep(address, key)
    elif not _is_this_computer(address) and not keys.token_for(address):
        raise UsageError(
            f"There is no key for {address.place} on this computer.",
            "Write the API key that Qdrant was started with behind the address, with a space between.",
        )
    return str(address)


def open_client(url: str, *, searching: bool) -> "QdrantClient":
    """A client of a server; nothing is asked of it yet.

    Args:
        url: as it is stored.
        searching: whether it is for searches, which wait for less and read less.

    Raises:
        StoreError: nothing may be sent there, its name is not known, or the extra is not installed.
    """
    if importlib.util.find_spec("qdrant_client") is None:
        raise StoreError(
            "A vector store needs a package that is not installed.",
            f"Install it with: {install_command('qdrant')}",
        )
    address, host, key = _checked(url)
    from qdrant_client import QdrantClient  # noqa: PLC0415 - of an extra, and slow to load

    from app.vectors.stores.qdrant.guarded_http import GuardedTransport  # noqa: PLC0415 - likewise

    seconds = SEARCH_SECONDS if searching else UPLOAD_SECONDS
    headers = {"Host": address.place, "Accept-Encoding": "identity"}
    return QdrantClient(
        url=str(replace(address, host=host)),
        headers=headers | ({"api-key": key} if key else {}),
        timeout=math.ceil(seconds),
        check_compatibility=False,
        transport=GuardedTransport(
            seconds=seconds,
            most=_MOST_FOUND if searching else _MOST_TOLD,
            encrypted=address.scheme == "https",
        ),
        trust_env=False,
        follow_redirects=False,
    )


def _checked(url: str) -> tuple[ServiceAddress, str, str]:
    """The address, the host to connect to, and the key."""
    try:
        address = read_store_address(url)
    except UsageError as error:
        raise StoreError(error.sentence, error.advice) from error
    key = TokenFile(vector_store_keys_file()).token_for(address)
    if not key and not _is_this_computer(address):
        raise StoreError(
            f"There is no key for the vector store at {address.place} on this computer.",
            "Set its address again, with its API key behind it.",
        )
    try:
        return address, connect_to(address), key
    except UsageError as error:
        raise StoreError(
            f"{address.host} is not in your own network, so that vectors would travel unencrypted.",
            error.advice,
        ) from error
    except (OSError, UnicodeError) as error:
        raise StoreError(
            f"The vector store at {address.place} cannot be reached: its name is not known.",
            "See how the address is written.",
        ) from error


def _is_this_computer(address: ServiceAddress) -> bool:
    if address.host == "localhost":
        return True
    try:
        return ipaddress.ip_address(address.host).is_loopback
    except ValueError:
        return False
