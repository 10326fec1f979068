"""Frames that were kept, as if they had just been decoded."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.catalogue.catalogue import Catalogue
from app.catalogue.frame_cache import DamagedFramesError, FrameCache, KeptFrame
from app.catalogue.records import StoredFrame, Video, VideoState
from app.media.area import WHOLE
from app.media.frames import Frame, Sampling


@dataclass(frozen=True, slots=True)
class KeptVideo:
    """All frames of one video: the pictures in the cache, everything else in the library."""

    video_id: int
    fingerprint: str
    pictures: list[KeptFrame]
    stored: list[StoredFrame]


class KeptFrames:
    """Gives the kept frames of videos that are in the library. Thread-safe."""

    def __init__(self, catalogue: Catalogue, cache: FrameCache) -> None:
        self._catalogue = catalogue
        self._cache = cache

    def of(self, video: Video, sampling: Sampling) -> KeptVideo | None:
        """What was kept of a video, None where it has to be decoded.

        It has to be where its content is not known to be the same, and where the kept frames are others than
        the library's, or smaller than they have to be.
        """
        if video.state is not VideoState.INDEXED or video.fingerprint is None:
            return None
        pictures = self._cache.find(video.fingerprint, sampling)
        stored = self._catalogue.frames(video.id)
        same = [(frame.time, frame.key, frame.clip) for frame in pictures] == [
            (frame.time, frame.key, frame.clip) for frame in stored
        ]
        return KeptVideo(video.id, video.fingerprint, pictures, stored) if pictures and same else None

    def frames(self, kept: KeptVideo) -> Iterator[Frame]:
        """The frames in order of time.

        Raises:
            DamagedFramesError: one of them cannot be read; those before it can be thrown away.
        """
        areas = {clip.number: clip.area for clip in self._catalogue.clips(kept.video_id)}
        for picture, stored in zip(kept.pictures, kept.stored, strict=True):
            thumbnail = self._catalogue.thumbnail(stored.id)
            if thumbnail is None:
                raise DamagedFramesError("a thumbnail is gone")
            image, area = self._cache.image(picture), areas.get(picture.clip, WHOLE)
            yield Frame(picture.time, picture.key, picture.clip, image, thumbnail, area)

    def forget(self, video: Video) -> None:
        """Throw away what was kept of a video."""
        if video.fingerprint is not None:
            self._cache.forget(video.fingerprint)
