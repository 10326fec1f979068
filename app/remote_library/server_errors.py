"""Why a server does not answer, for people."""

from app.connecting.certificates import CertificateFault
from app.errors import ReelfindError


class ServerError(ReelfindError):
    """A server of a library does not do what was asked; the sentence says why."""


class ServerAwayError(ServerError):
    """It does not answer now; it is asked again by itself."""


def unreachable(place: str) -> ServerAwayError:
    """Nothing answers at `place`, host and port."""
    return ServerAwayError(
        f"The server {place} cannot be reached.",
        "It is tried again by itself: see that “reelfind serve” runs there.",
    )


def too_slow(place: str) -> ServerAwayError:
    """It takes too long."""
    return ServerAwayError(f"The server {place} is too slow to answer.", "It is tried again by itself.")


def busy(place: str) -> ServerAwayError:
    """It has too much to do."""
    return ServerAwayError(f"The server {place} is busy.", "Try again in a moment.")


def other_token(place: str) -> ServerError:
    """The token is not one of its."""
    return ServerError(
        f"The server {place} does not take this computer’s token.",
        "Name a file with the right one: reelfind gui --server … --token-file FILE.",
    )


def untrusted(place: str, fault: CertificateFault) -> ServerError:
    """Its certificate is not trusted on this computer."""
    match fault:
        case CertificateFault.EXPIRED:
            return ServerError(
                f"The certificate of {place} has expired.",
                "Make a new one there. If it has not, see that this computer’s clock is right.",
            )
        case CertificateFault.NOT_YET:
            return ServerError(
                f"The certificate of {place} is not valid yet.",
                "See that the clocks of both computers are right.",
            )
        case CertificateFault.OTHER_NAME:
            return ServerError(
                f"The certificate of {place} is made out for another name.",
                "Use a name that stands in it, or make one there for this address.",
            )
        case CertificateFault.UNKNOWN:
            return ServerError(
                f"The certificate of {place} is not trusted here.",
                "If it is your own, name its file once, with --server-certificate FILE.",
            )


def not_encrypted(place: str) -> ServerError:
    """It was asked for by https, and speaks http."""
    return ServerError(
        f"What answers at {place} is not encrypted.",
        "Write its address with http://, or start “reelfind serve” there with a certificate.",
    )


def encrypted_only(place: str) -> ServerError:
    """It was asked for by http, and speaks https."""
    return ServerError(
        f"The server {place} answers encrypted only.", f"Write its address as https://{place}."
    )


def other_version(place: str) -> ServerError:
    """It speaks another version of the API."""
    return ServerError(
        f"The server {place} has another version of Reelfind, which this one does not understand.",
        "Install the same version on both computers.",
    )


def not_offered(place: str) -> ServerError:
    """It is of an earlier version, which has no such thing for its clients."""
    return ServerError(
        f"The server {place} does not offer this.", "Install the same version on both computers."
    )


def useless(place: str) -> ServerError:
    """What it answers makes no sense."""
    return ServerError(
        f"The server {place} gives answers that cannot be used.",
        "See that both computers have the same version of Reelfind, and that the address is the right one.",
    )
