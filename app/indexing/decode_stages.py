"""The decode stages of the pipeline: each takes videos and hands over frames.

Each volume has one queue of videos; a few decode stages take from it, each with a child process of its own,
and hand frames over a bounded queue. The one encode stage turns them into vectors and commits whole videos.
The bound is the look-ahead: while one video is encoded and committed the next ones are already being decoded,
and no more than that is ever in memory.
"""

import logging
import queue
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from app.catalogue.frame_cache import DamagedFramesError
from app.catalogue.records import Video
from app.disk.file_facts import is_gone
from app.errors import Cause, DecoderStartError, LibraryError, MediaError
from app.indexing.cached_frames import KeptFrames
from app.indexing.items import (
    Decoded,
    Deferred,
    Duplicate,
    Ending,
    Interrupted,
    Item,
    NotStarted,
    Opened,
    Sampled,
    StageEnded,
    Unreadable,
    Vanished,
)
from app.indexing.pausing import told_to_stop
from app.media import fingerprints
from app.media.decoder import DecodeCancelled, Decoder
from app.media.frames import Sampling

logger = logging.getLogger(__name__)

LOOK_AHEAD = 64
"""Frames between the stages: about 10 MB at 160 px."""

OUR_FAULT = ("Reelfind failed on this video because of an error of its own.", "The log has the details.")
"""Sentence and advice for what nobody foresaw."""


class ContentRegistry(Protocol):
    """Tells whether the content of a video has to be decoded."""

    def original_of(self, video: Video, fingerprint: str) -> Video | None:
        """Another video with this content whose frames are in the library, None where there is none."""

    def claim(self, video: Video, fingerprint: str) -> bool:
        """Take the decoding of a content upon oneself; False where another of this run has done so."""


class DecodeStage(threading.Thread):
    """Decodes videos of one volume, one at a time, in its own child process."""

    def __init__(
        self,
        videos: "queue.SimpleQueue[Video]",
        sampling: Sampling,
        out: "queue.Queue[Item]",
        *,
        contents: ContentRegistry,
        wanted: Callable[[Video], bool],
        more: Callable[[], bool],
        stopping: Callable[[], bool],
        unpaused: threading.Event,
        kept: KeptFrames | None = None,
    ) -> None:
        """Prepare the stage; it is a thread, to be started.

        Args:
            videos: to be decoded.
            sampling: how; a video that was sampled before is sampled at the same rate again.
            out: takes what comes of it.
            contents: knows which contents need no decoding.
            wanted: whether a video is still to be decoded.
            more: whether another video may be begun.
            stopping: whether to end at once.
            unpaused: waited for.
            kept: where frames may be had without decoding.
        """
        super().__init__(name="reelfind-decode", daemon=True)
        self._videos = videos
        self._sampling = sampling
        self._out = out
        self._wanted = wanted
        self._more = more
        self._stopping = stopping
        self._unpaused = unpaused
        self._contents = contents
        self._kept = kept
        self._decoder = Decoder()

    def cancel(self) -> None:
        """Kill the child; the stage ends soon after. `stopping` must be true before."""
        self._decoder.cancel()

    def run(self) -> None:
        """Take videos until there are no more, or none may be begun, or `stopping()`."""
        error: BaseException | None = None
        try:
            with self._decoder:
                while not told_to_stop(self._stopping, self._unpaused) and self._more():
                    self._work_on(self._videos.get_nowait())
        except (queue.Empty, DecodeCancelled):
            pass  # through, or asked to end: videos that were not reached stay pending
        except BaseException as fatal:  # noqa: BLE001 - handed to the owner, who logs it and ends the run
            error = fatal
        self._put(StageEnded(error))

    def _work_on(self, video: Video) -> None:
        """Do one video; whatever goes wrong with it is its own, except where no other could be done either.

        Raises:
            DecodeCancelled: asked to end.
            LibraryError: the library cannot be read.
        """
        try:
            self._decode(video)
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

    def _fail(self, video: Video, reason: str, advice: str, cause: Cause, *, stalled: bool = False) -> None:
        gone = is_gone(video.path)
        self._put(Vanished(video) if gone else Unreadable(video, reason, advice, cause, stalled))

    def _decode(self, video: Video) -> None:
        if not self._wanted(video):
            self._put(Vanished(video))
            return
        sampling = replace(self._sampling, max_rate=video.max_rate or self._sampling.max_rate)
        if self._hand_over_kept(video, sampling):
            return
        identity = self._decoder.fingerprint(video.path)
        if not self._is_content(video, identity):
            sampling = self._sampling
        if (original := self._contents.original_of(video, identity)) is not None:
            self._put(Duplicate(video, original, identity))
        elif not self._contents.claim(video, identity):
            self._put(Deferred(video, identity))
        elif (ending := self._read_twice(video, identity, sampling)) is not None:
            # A disk that was unplugged ends a stream like a damaged file does, but says nothing of it.
            unplugged = bool(ending.warning) and is_gone(video.path)
            self._put(Vanished(video) if unplugged else Decoded(video, identity, ending))

    def _is_content(self, video: Video, identity: str) -> bool:
        """Whether the file of fingerprint `identity` is what the video was indexed from."""
        if video.fingerprint is None:
            return False
        version = fingerprints.version_of(video.fingerprint)
        if version != fingerprints.VERSION:
            identity = self._decoder.fingerprint(video.path, version)
        return video.fingerprint == identity

    def _read_twice(self, video: Video, identity: str, sampling: Sampling) -> Ending | None:
        """Hand over the frames; once more in a fresh child where something around the file got in the way."""
        try:
            ending = self._read(video, sampling)
        except MediaError as error:
            if error.cause is not Cause.ENVIRONMENT or is_gone(video.path):
                raise
            logger.info("%s is tried again at once: %s", video.path, error)
            return self._read(video, sampling)
        if ending is None or ending.cause is not Cause.ENVIRONMENT or is_gone(video.path):
            return ending
        logger.info("%s is tried again at once: %s", video.path, ending.warning)
        self._put(Interrupted(video, identity, ending))
        return self._read(video, sampling)

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

    def _hand_over_kept(self, video: Video, sampling: Sampling) -> bool:
        """Hand over the frames that were kept; returns whether there is nothing left to do."""
        found = self._kept.of(video, sampling) if self._kept is not None else None
        if found is None or self._kept is None or video.facts is None:
            return False
        self._put(Opened(video, video.facts, sampling, kept=True))
        try:
            for frame in self._kept.frames(found):
                self._put(Sampled(video, frame))
                if told_to_stop(self._stopping, self._unpaused):
                    return True
        except DamagedFramesError as error:
            logger.warning("the frames kept of %s cannot be used: %s", video.path, error)
            self._kept.forget(video)
            return False
        self._put(Decoded(video, found.fingerprint, Ending(video.reason, video.cause, video.read_until)))
        return True

    def _put(self, item: Item) -> None:
        while True:
            try:
                self._out.put(item, timeout=0.1)
                return
            except queue.Full:
                if self._stopping() and not isinstance(item, StageEnded):
                    return
