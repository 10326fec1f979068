"""Tokens of encoder services on this computer."""

from app.connecting.service_address import ServiceAddress
from app.connecting.token_file import TokenFile
from app.paths import encoder_tokens_file

VARIABLE = "REELFIND_ENCODER_TOKEN"
"""Environment variable that holds a token: of the service, and of an address when that is set."""


def token_for(address: ServiceAddress) -> str:
    """The token of a service, empty where this computer has none."""
    return TokenFile(encoder_tokens_file()).token_for(address)


def keep_token(address: ServiceAddress, token: str) -> None:
    """Keep the token of a service.

    Raises:
        UsageError: it is no token, or the file cannot be written.
    """
    TokenFile(encoder_tokens_file()).keep(address, token)
