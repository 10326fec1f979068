"""Why the speech of a video cannot be heard, in words a person understands."""

from app.errors import Cause, MediaError


def stalled(seconds: float) -> MediaError:
    """The child said nothing for too long."""
    return MediaError(
        f"Listening to the video gave no sign of life for {seconds:g} seconds.",
        "It is tried again next time.",
        cause=Cause.ENVIRONMENT,
        stalled=True,
    )


def too_much_memory() -> MediaError:
    """The child held more memory than it may."""
    return MediaError("Listening to this video needs more memory than Reelfind allows.")


def crashed() -> MediaError:
    """The child ran into a fault of memory or arithmetic."""
    return MediaError("Listening to this video crashes the speech model.", "Check whether its sound plays.")


def killed() -> MediaError:
    """The child was ended from outside."""
    return MediaError(
        "Listening was stopped from outside, perhaps because memory ran out.",
        "The video is tried again next time.",
        cause=Cause.ENVIRONMENT,
    )
