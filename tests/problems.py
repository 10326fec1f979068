"""What of a library could not be read, for tests of indexing."""

from app.catalogue.records import Video
from app.session import Session


def problems_of(session: Session) -> list[Video]:
    """The videos that could not be indexed, then those that could be in part only."""
    return session.catalogue.failures() + session.catalogue.incomplete()
