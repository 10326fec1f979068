"""What is done with one video until its frames are handed over, on whichever computer that is."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol, TypeVar

from app.catalogue.records import Video
from app.disk.file_facts import is_gone
from app.errors import Cause, DecoderStartError, LibraryError, MediaError
from app.indexing.pausing import told_to_stop
from app.indexing.stages.items import (
    Decoded,
    Deferred,
    Duplicate,
    Ending,
    Interrupted,
    Item,
    NotStarted,
    Opened,
    Sampled,
    Unreadable,
    Vanished,
)
from app.media import fingerprints
from app.media.decoder import DecodeCancelled, Decoder
from app.media.frames import Sampling

logger = logging.getLogger(__name__)

OUR_FAULT = ("Reelfind failed on this video because of an error of its own.", "The log has the details.")
"""Sentence and advice for what nobody foresaw."""

T = TypeVar("T")


class ContentRegistry(Protocol):
    """Tells whether the content of a video has to be decoded."""

    def original_of(self, video: Video, fingerprint: str) -> Video | None:
        """Another video with this content whose frames are in the library, None where there is none."""

    def claim(self, video: Video, fingerprint: str) -> bool:
        """Take the decoding of a content upon oneself; False where another of this run has done so."""


@dataclass(frozen=True, slots=True)
class Due:
    """What has to be read of a video."""

    fingerprint: str
    """Of its content, just taken."""
    sampling: Sampling


class VideoReading:
    """Reads videos one at a time. Used by the one thread that may use its decoder."""

    def __init__(
        self,
        decoder: Decoder,
        put: Callable[[Item], None],
        *,
        stopping: Callable[[], bool],
        unpaused: threading.Event,
    ) -> None:
        """Read with `decoder`.

        Args:
            decoder: open as long as this is used.
            put: takes what comes of a video.
            stopping: whether to end at once.
            unpaused: waited for between frames.
        """
        self._decoder = decoder
        self._put = put
        self._stopping = stopping
        self._unpaused = unpaused

    def attempt(self, video: Video, work: Callable[[], T]) -> T | None:
        """Do something with one video; whatever goes wrong with it is its own, except where no other could
        be done either.

        Returns:
            What `work` does; None where it failed, which is handed over.

        Raises:
            DecodeCancelled: asked to end.
            LibraryError: the library cannot be read.
        """
        try:
            return work()
        except (DecodeCancelled, LibraryError):
            raise
        except MediaError as error:
            self._fail(video, error.sentence, error.advice, error.cause, stalled=error.stalled)
        except DecoderStartError as error:
            self._put(NotStarted(video, error))
        except OSError as error:
            reason = f"The file cannot be read: {error.strerror or 'the disk gave an error'}."
            self._fail(video, reason, "Check its permissions and the disk.", Cause.ENVIRONMENT)
        except Exception:
            logger.exception("Decoding %s failed because of an error in Reelfind", video.path)
            self._fail(video, *OUR_FAULT, Cause.PROGRAM)
        return None

    def due(self, video: Video, sampling: Sampling, contents: ContentRegistry) -> Due | None:
        """What has to be read of a video; None where nothing has, which is handed over.

        Args:
            video: to be indexed.
            sampling: how; a video that was sampled before is sampled at the same rate again.
            contents: knows which contents need no decoding.

        Raises like `Decoder.fingerprint`.
        """
        identity = self._decoder.fingerprint(video.path)
        if self._is_content(video, identity):
            sampling = replace(sampling, max_rate=video.max_rate or sampling.max_rate)
        if (original := contents.original_of(video, identity)) is not None:
            self._put(Duplicate(video, original, identity))
        elif not contents.claim(video, identity):
            self._put(Deferred(video, identity))
        else:
            return Due(identity, sampling)
        return None

    def read(self, video: Video, due: Due) -> None:
        """Hand over the frames of a video, and how it ended; nothing more where that was by `stopping`.

        Raises like `Decoder.open`.
        """
        ending = self._read_twice(video, due)
        if ending is not None:
            # A disk that was unplugged ends a stream like a damaged file does, but says nothing of it.
            unplugged = bool(ending.warning) and is_gone(video.path)
            self._put(Vanished(video) if unplugged else Decoded(video, due.fingerprint, ending))

    def _fail(self, video: Video, reason: str, advice: str, cause: Cause, *, stalled: bool = False) -> None:
        gone = is_gone(video.path)
        self._put(Vanished(video) if gone else Unreadable(video, reason, advice, cause, stalled))

    def _is_content(self, video: Video, identity: str) -> bool:
        """Whether the file of fingerprint `identity` is what the video was indexed from."""
        if video.fingerprint is None:
            return False
        version = fingerprints.version_of(video.fingerprint)
        if version != fingerprints.VERSION:
            identity = self._decoder.fingerprint(video.path, version)
        return video.fingerprint == identity

    def _read_twice(self, video: Video, due: Due) -> Ending | None:
        """Hand over the frames; once more in a fresh child where something around the file got in the way."""
        try:
            ending = self._read(video, due.sampling)
        except MediaError as error:
            if error.cause is not Cause.ENVIRONMENT or is_gone(video.path):
                raise
            logger.info("%s is tried again at once: %s", video.path, error)
            return self._read(video, due.sampling)
        if ending is None or ending.cause is not Cause.ENVIRONMENT or is_gone(video.path):
            return ending
        logger.info("%s is tried again at once: %s", video.path, ending.warning)
        self._put(Interrupted(video, due.fingerprint, ending))
        return self._read(video, due.sampling)

    def _read(self, video: Video, sampling: Sampling) -> Ending | None:
        """Hand over the frames of a video; None where that was ended by `stopping`."""
        with self._decoder.open(video.path, sampling) as stream:
            self._put(Opened(video, stream.facts, sampling))
            for frame in stream:
                self._put(Sampled(video, frame))
                if told_to_stop(self._stopping, self._unpaused):
                    return None
            return Ending(
                stream.warning, stream.cause, stream.read_until, stream.facts.duration, stream.first_look
            )
