"""Which contents are decoded in a run, so that none is decoded twice."""

import threading
from collections import defaultdict

from app.catalogue.catalogue import Catalogue
from app.catalogue.records import Video


class ContentClaims:
    """The contents of one run: whose decoding is under way, and which videos wait for what comes of it.

    `original_of` and `claim` are called by the decode stages, all else by the thread that drives the run.
    """

    def __init__(self, catalogue: Catalogue, model: str) -> None:
        """Start without claims.

        Args:
            catalogue: says which contents are in the library.
            model: identity of the encoder bundle the run is for.
        """
        self._catalogue = catalogue
        self._model = model
        self._lock = threading.Lock()
        self._holder: dict[str, int] = {}
        self._claimed: dict[int, str] = {}
        """The other way round: a video claims its own content only."""
        self._waiting: defaultdict[str, list[Video]] = defaultdict(list)
        self._done: dict[str, Video | None] = {}
        """By fingerprint the video that was wholly indexed, None where that did not come off."""
        self._unresolved: list[Video] = []

    def original_of(self, video: Video, fingerprint: str) -> Video | None:
        """Another video with this content whose frames are in the library, None where there is none."""
        return self._catalogue.original_of(video.id, fingerprint, self._model)

    def claim(self, video: Video, fingerprint: str) -> bool:
        """Take the decoding of a content upon oneself; False where another of this run has done so."""
        with self._lock:
            if self._holder.setdefault(fingerprint, video.id) != video.id:
                return False
            self._claimed[video.id] = fingerprint
            return True

    def defer(self, video: Video, fingerprint: str) -> Video | None:
        """Let a video wait for the one that has the claim; returns that one where it is indexed already."""
        if fingerprint not in self._done:
            self._waiting[fingerprint].append(video)
            return None
        original = self._done[fingerprint]
        if original is None:
            self._unresolved.append(video)
        return original

    def finish(self, video: Video, *, whole: bool) -> list[tuple[Video, str]]:
        """A video of the run ended; returns those that are copies of it, with their fingerprint.

        Args:
            video: the video.
            whole: whether it is indexed, and all of it was read.
        """
        with self._lock:
            fingerprint = self._claimed.pop(video.id, None)
        if fingerprint is None:
            return []
        self._done[fingerprint] = video if whole else None
        waiting = self._waiting.pop(fingerprint, [])
        if whole:
            return [(other, fingerprint) for other in waiting]
        self._unresolved += waiting
        return []

    @property
    def unresolved(self) -> list[Video]:
        """Videos that still have to be decoded, because the one they waited for was not wholly indexed."""
        return [*self._unresolved, *(video for waiting in self._waiting.values() for video in waiting)]
