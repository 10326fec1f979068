"""The two kinds of errors.

`ReelfindError` and its subclasses are the user's world: a file that cannot be read, a full disk, a missing
model. Each carries one plain sentence and what to do next. Anything else that is raised is our bug: it is
logged with its traceback and shown as such.

What one video fails of has a `Cause`, decided where the failure arises: it says whether the next run tries
again.
"""

from enum import StrEnum


class Cause(StrEnum):
    """What a failure lies in."""

    FILE = "file"
    """The file itself: tried again when its content changes, or when a person asks."""
    ENVIRONMENT = "environment"
    """Permission, disk, memory, processes: tried again by every run."""
    PROGRAM = "program"
    """An error of ours, logged with its traceback: tried again by every run."""

    @property
    def is_passing(self) -> bool:
        """Whether every run tries again."""
        return self is not Cause.FILE


class ReelfindError(Exception):
    """Something in the user's world went wrong.

    Args:
        sentence: what happened, one plain sentence.
        advice: what to do next, one plain sentence, or empty where nothing can be done.
    """

    exit_code = 1

    def __init__(self, sentence: str, advice: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.advice = advice

    def __str__(self) -> str:
        return f"{self.sentence} {self.advice}".strip()


class UsageError(ReelfindError):
    """The request makes no sense as it stands (a folder that is not one, an empty query)."""

    exit_code = 2


class MediaError(ReelfindError):
    """One video cannot be read; it is marked with this reason, and tried again as `cause` says."""

    def __init__(
        self, sentence: str, advice: str = "", *, cause: Cause = Cause.FILE, stalled: bool = False
    ) -> None:
        """Make the error.

        Args:
            sentence: see `ReelfindError`.
            advice: see `ReelfindError`.
            cause: what it lies in.
            stalled: whether a sign of life was waited for in vain, which takes long each time.
        """
        super().__init__(sentence, advice)
        self.cause = cause
        self.stalled = stalled


class DecoderStartError(ReelfindError):
    """A child that reads videos cannot be started (or not in time); no fault of any video."""


class ModelError(ReelfindError):
    """An encoder bundle is missing, damaged or does not fit this program."""


class EncodingError(ModelError):
    """A model gives no usable vector for one input: not finite, or beyond what float16 holds.

    The model may be sound for every other input, so that one video fails of it and no run does.
    """

    def __init__(self, sentence: str, advice: str = "", *, reason: str) -> None:
        """Make the error.

        Args:
            sentence: see `ReelfindError`.
            advice: see `ReelfindError`.
            reason: what the vector holds, as the rest of a sentence: "numbers that are not finite".
        """
        super().__init__(sentence, advice)
        self.reason = reason


class LibraryError(ReelfindError):
    """The library cannot be opened or written (damaged, from a newer version, disk full, locked)."""


class DownloadError(ReelfindError):
    """A file cannot be fetched: no network, no such file, a full disk, or not the file that was promised."""


class Cancelled(ReelfindError):  # noqa: N818 (no error)
    """A person asked for the work to stop; nothing is wrong."""
