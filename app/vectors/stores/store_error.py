"""Why a store on another computer does not answer."""

from app.errors import ReelfindError


class StoreError(ReelfindError):
    """A vector store cannot be used; the sentence says why."""


class StoreBusyError(StoreError):
    """It can be used, and not now: it has more to do than it can."""
