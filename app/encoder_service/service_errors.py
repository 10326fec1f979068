"""Why a service does not encode for this computer."""

from app.errors import ReelfindError


class ServiceError(ReelfindError):
    """A service does not encode for this computer; the sentence says why."""


class BatchRefusedError(ServiceError):
    """The service has no vectors for these frames; for others it may."""


def other_model(place: str, title: str = "") -> ServiceError:
    """Why a service with another model is of no use.

    Args:
        place: of the service, as host and port.
        title: of its model, empty where that is not known.
    """
    named = f", {title}" if title else ""
    return ServiceError(
        f"The encoder service at {place} has another model{named}.",
        "Install the same model there, and name it with --model.",
    )
