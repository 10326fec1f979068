"""The two kinds of errors.

`ReelfindError` and its subclasses are the user's world: a file that cannot be read, a full disk, a missing
model. Each carries one plain sentence and what to do next. Anything else that is raised is our bug: it is
logged with its traceback and shown as such.
"""


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
    """One video cannot be read; it is marked with this reason and tried again only when it changes."""


class ModelError(ReelfindError):
    """An encoder bundle is missing, damaged or does not fit this program."""


class LibraryError(ReelfindError):
    """The library cannot be opened or written (damaged, from a newer version, disk full, locked)."""
