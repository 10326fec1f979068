"""A library that a server has, open in a window of this computer: an `OpenLibrary`.

Nothing here fails for good because the server is away: what was known stays, one sentence says so, it is
asked again, and when it is back whoever listens is told that everything may be different.
"""

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from pathlib import Path

from app.catalogue.catalogue import Catalogue
from app.catalogue.deltas import EVERYTHING, Delta
from app.catalogue.records import Folder, Presence
from app.engines.model_choice import PendingModel, stored_settings
from app.indexing.events import IndexingEvent
from app.open_library import Impairment
from app.remote_library import server_errors
from app.remote_library.event_follower import EventFollower, Happening
from app.remote_library.remote_favourites import RemoteFavourites, RemoteKeeping
from app.remote_library.remote_help import RemoteExamples, RemoteHelp
from app.remote_library.remote_rows import RemoteRows
from app.remote_library.remote_tags import RemoteTags
from app.remote_library.remote_video import RemoteVideo
from app.remote_library.server_client import ServerClient
from app.remote_library.server_errors import ServerAwayError, ServerError
from app.remote_library.server_place import ServerPlace
from app.search.curves import MatchCurve
from app.search.evidence.explanation import Explanation
from app.search.outcome import Moment, SearchOutcome

logger = logging.getLogger(__name__)

THUMBNAIL_BYTES = 32 << 20
"""Of pictures as they came that are kept in memory; those that are drawn the window keeps."""
VIDEOS = 2
"""Videos of which what was read is kept."""


class RemoteIndexing:
    """Whether the server indexes."""

    def __init__(self) -> None:
        """Nothing is known yet."""
        self.running = False

    def subscribe(self, callback: Callable[[IndexingEvent], None]) -> Callable[[], None]:  # noqa: ARG002
        """How far it is, only its own computer shows."""
        return lambda: None


class RemoteSession:
    """One server's library.

    Args:
        place: the server, and this person's token.
        first_pause: seconds before a server that is away is asked again.

    Raises:
        ServerError: it takes no such token, or is no server of this version. One that is away is no error.
        UsageError: nothing may be sent there unencrypted.
        LibraryError: what is private to this person cannot be opened here.
    """

    def __init__(self, place: ServerPlace, *, first_pause: float = 1.0) -> None:
        self.folder = place.folder
        """Where what is private to this person is kept."""
        self._client = ServerClient(place.address, place.token, certificate=place.certificate)
        self._lock = threading.Lock()
        self._problem: ServerError | None = None
        self._outages = 0
        self._folders: list[Folder] = []
        self._thumbnails: OrderedDict[int, bytes] = OrderedDict()
        self._thumbnail_bytes = 0
        self._videos: OrderedDict[int, RemoteVideo] = OrderedDict()
        self.indexer = RemoteIndexing()
        self._offers: frozenset[str] = frozenset()
        self.title = self.person = self.model_name = self.model_identity = self.scorer_name = ""
        try:
            try:
                self._read_status()
            except ServerAwayError as error:
                self._problem, self._outages = error, 1
            self._own = Catalogue(place.folder)
        except BaseException:
            self._client.close()
            raise
        favourites = RemoteFavourites(self._client)
        tags = RemoteTags(self._client, lambda: self.offers("tags"))
        examples = RemoteExamples(self._client, lambda: self.offers("examples"))
        self.catalogue = RemoteRows(self, self._client, self._own, favourites, tags)
        self.kept = RemoteKeeping(favourites, tags, self._own, lambda: self._tell(Delta(kept=True)))
        self.prompts = RemoteHelp(lambda: self._folders, tags.named, examples)
        self._follower = EventFollower(
            self._client,
            came=self._on_came,
            went=self._on_went,
            happened=self._on_happened,
            first_pause=first_pause,
        )
        self._follower.start()

    has_head = False
    model_problem = fallback = ""
    pending_model: PendingModel | None = None

    @property
    def provider(self) -> str:
        """The server's own business."""
        return ""

    @property
    def keeps_history(self) -> bool:
        """Whether what this person searches for is remembered, on this computer."""
        return stored_settings(self._own).history

    def offers(self, what: str) -> bool:
        """Whether the server has something for its clients that those of earlier versions did not."""
        return what in self._offers

    @property
    def outages(self) -> int:
        """How often the server went away until now: who looks now and then misses a short time."""
        return self._outages

    def impairments(self) -> list[Impairment]:
        """That the server is away, where it is."""
        problem = self._problem
        return [] if problem is None else [Impairment(problem.sentence, problem.advice)]

    def folders(self, only: Collection[int] | None = None) -> list[Folder]:
        """The server's folders with their counts; those that were known last while it is away.

        Raises:
            ServerError: it answers nonsense.
        """
        with suppress(ServerAwayError):
            self._folders = self._client.folders()
        return [folder for folder in self._folders if only is None or folder.id in only]

    def presences(self, video_ids: Collection[int]) -> Mapping[int, Presence]:  # noqa: ARG002 - nobody says
        """What is not in a new answer is where it was, as far as a window knows."""
        return {}

    def search(self, text: str, *, limit: int = 60, folder: Path | None = None) -> SearchOutcome:
        """Find the moments that `text` asks for.

        Raises:
            QueryError: the query makes no sense.
            ServerError: there is no answer.
        """
        number = None if folder is None else self._number_of(folder)
        outcome = self._client.search(text, limit=limit, folder=number)
        self._note_there()
        return outcome

    def match_curve(self, text: str, video_id: int) -> MatchCurve:
        """Where in a video a search for `text` matches. Raises as `search`."""
        return self.match_curves(text, [video_id])[video_id]

    def match_curves(self, text: str, video_ids: Collection[int]) -> dict[int, MatchCurve]:
        """Where in some videos a search for `text` matches. Raises as `search`."""
        return self._client.curves(text, video_ids)

    def why(self, text: str, moment: Moment) -> Explanation:
        """Why a search for `text` found a moment. Raises as `search`."""
        if not self.offers("why"):
            raise server_errors.not_offered(self._client.address.place)
        return self._client.why(text, moment)

    def thumbnail(self, frame_id: int) -> bytes | None:
        """WebP of a frame, None where there is none. Raises ServerError."""
        with self._lock:
            if (known := self._thumbnails.get(frame_id)) is not None:
                self._thumbnails.move_to_end(frame_id)
                return known
        picture = self._client.thumbnail(frame_id) if frame_id else None
        if picture is not None:
            self._keep_thumbnail(frame_id, picture)
        return picture

    def video(self, moment: Moment) -> RemoteVideo:
        """What reads the moment's video; nothing is read before it is played."""
        number = moment.video_id
        with self._lock:
            if number not in self._videos:
                self._videos[number] = RemoteVideo(
                    lambda offset, size, version: self._client.read_range(number, offset, size, version)
                )
            self._videos.move_to_end(number)
            while len(self._videos) > VIDEOS:
                _, old = self._videos.popitem(last=False)
                old.close()
            return self._videos[number]

    def note_search(self, text: str) -> None:
        """Remember, on this computer, that this person searched for `text`."""
        if self.keeps_history and text.strip():
            self._own.note_search(text.strip())

    def note_opened(self, video_id: int) -> None:
        """The server is not told what a person watches."""

    def warm_up(self) -> None:
        """There is nothing to load."""

    def close(self) -> None:
        """End all connections."""
        self._follower.close()
        with self._lock:
            for video in self._videos.values():
                video.close()
        self._client.close()
        self._own.close()

    def _number_of(self, folder: Path) -> int:
        for known in self._folders:
            if known.path == folder:
                return known.id
        raise ServerError("The server does not have this folder any more.", "Search in all folders.")

    def _keep_thumbnail(self, frame_id: int, picture: bytes) -> None:
        with self._lock:
            if frame_id not in self._thumbnails:
                self._thumbnails[frame_id] = picture
                self._thumbnail_bytes += len(picture)
            while self._thumbnail_bytes > THUMBNAIL_BYTES:
                _, old = self._thumbnails.popitem(last=False)
                self._thumbnail_bytes -= len(old)

    def _read_status(self) -> None:
        status = self._client.status()
        self.title, self.person = status.title, status.person
        self.model_name, self.model_identity = status.model, status.model_identity
        self.scorer_name = status.scorer
        self.indexer.running = status.indexing
        self._offers = status.offers

    def _note_there(self) -> None:
        """An answer came, before the follower asked again."""
        if self._problem is not None:
            self._problem = None
            self._tell(Delta(None))

    def _on_came(self) -> None:
        with suppress(ServerError):
            self._read_status()
        self._problem = None
        self._tell(EVERYTHING)

    def _on_went(self, error: ServerError) -> None:
        before, self._problem = self._problem, error
        self._outages += before is None
        if before is None or before.sentence != error.sentence:
            self._tell(Delta(None))

    def _on_happened(self, happening: Happening) -> None:
        if happening.indexing is not None:
            self.indexer.running = happening.indexing
            self._tell(Delta(None))
        if happening.delta is not None:
            self._tell(happening.delta)

    def _tell(self, delta: Delta) -> None:
        self.catalogue.announcer.tell(delta)
