"""What a window reads of a server's library, and of this person's own things on this computer."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from app.catalogue.catalogue import Catalogue
from app.catalogue.deltas import Announcer, Listener
from app.catalogue.kept.kept_records import KeptOverview, PastSearch, SavedSearch, VideoMark
from app.catalogue.line_records import StoredLine
from app.catalogue.records import ProblemVideos, StoredFrame, UnreachablePath, WatchedFolder
from app.remote_library.remote_favourites import RemoteFavourites, mark_of
from app.remote_library.remote_tags import RemoteTags
from app.remote_library.server_client import ServerClient

if TYPE_CHECKING:
    from app.remote_library.remote_session import RemoteSession


class RemoteRows:
    """`LibraryRows` of a server.

    Args:
        session: knows the folders.
        client: asks the server.
        own: this computer's catalogue of this person: history, saved searches.
        favourites: this person's.
        tags: the library's.
    """

    def __init__(
        self,
        session: RemoteSession,
        client: ServerClient,
        own: Catalogue,
        favourites: RemoteFavourites,
        tags: RemoteTags,
    ) -> None:
        self._session, self._client, self._own, self._favourites = session, client, own, favourites
        self._tags = tags
        self.announcer = Announcer()
        """Tells what changed on the server."""

    @property
    def read_only_reason(self) -> str:
        """Favourites can be changed."""
        return ""

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` with what changes on the server and here; returns the function that ends it."""
        ends = [self.announcer.subscribe(listener), self._own.subscribe(listener)]

        def unsubscribe() -> None:
            for end in ends:
                end()

        return unsubscribe

    def watched(self) -> list[WatchedFolder]:
        """The server's folders."""
        return list(self._session.folders())

    def unreachable(self) -> list[UnreachablePath]:
        """The server's own business."""
        return []

    def problems(self, limit: int) -> ProblemVideos:  # noqa: ARG002 - there are none
        """The server's own business."""
        return ProblemVideos()

    def frames(self, video_id: int) -> list[StoredFrame]:
        """The sampled frames of a video. Raises ServerError."""
        return self._client.frames(video_id)

    def lines(self, video_id: int) -> list[StoredLine]:
        """What is said and written in a video. Raises ServerError."""
        return self._client.lines(video_id)

    def kept_overview(self) -> KeptOverview:
        """This person's favourites and the library's tags, read anew, and this computer's saved searches.

        Raises ServerError.
        """
        favourites, tags = self._favourites.read(), self._tags.read()
        return KeptOverview(
            favourites=len(favourites),
            tags=tags.tags,
            searches=tuple(self.saved_searches()),
            marks=(*(VideoMark(each.video_id, mark_of(each)) for each in favourites), *tags.tagged),
        )

    def saved_searches(self) -> list[SavedSearch]:
        """This person's, on this computer."""
        return self._own.saved_searches()

    def rename_search(self, old: str, new: str) -> None:
        """As of `Catalogue`."""
        self._own.rename_search(old, new)

    def remove_search(self, name: str) -> None:
        """As of `Catalogue`."""
        self._own.remove_search(name)

    def past_searches(self, limit: int = 100) -> list[PastSearch]:
        """This person's, on this computer."""
        return self._own.past_searches(limit)

    def forget_searches(self, query: str | None = None) -> int:
        """As of `Catalogue`."""
        return self._own.forget_searches(query)
