"""The values that leave the media room: facts about a file, and its sampled frames."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.media.area import WHOLE, Area


@dataclass(frozen=True, slots=True)
class Origin:
    """What a file says of how it came about; every word of it may be wrong."""

    camera: str = ""
    """Make and model, on one line; empty where it says nothing."""
    latitude: float | None = None
    """Degrees on WGS 84, north positive; None where it does not say or cannot be true."""
    longitude: float | None = None
    """Degrees, east positive; None where `latitude` is."""
    title: str = ""
    """What it calls itself; this and the next two on one line, empty where it says nothing."""
    description: str = ""
    keywords: str = ""


@dataclass(frozen=True, slots=True)
class VideoFacts:
    """What a probe of one file found. Times in seconds on the container's clock, stream start = 0."""

    container: str
    codec: str
    width: int
    """Displayed width in pixels: after rotation and with square pixels."""
    height: int
    rotation: int
    """Clockwise degrees that were applied to show the picture upright: 0, 90, 180 or 270."""
    duration: float
    """Seconds. From the frames' own times where the header's claim is not credible."""
    frame_rate: float | None
    """Average frames per second, None where unknown."""
    created: str | None
    """Creation date as written in the container, ISO 8601, None where absent."""
    has_audio: bool
    size: int
    """File size in bytes."""
    origin: Origin | None = None
    """None where it was not read from the file just now."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One sampled frame, upright, square pixels, without the bars beside its picture."""

    time: float
    """Presentation time in seconds: the frame's own PTS minus the stream's start."""
    key: bool
    """Whether it is a key frame."""
    clip: int
    """Number of the clip it belongs to, 0, 1, ...; never decreases, never spans a cut."""
    image: NDArray[np.uint8]
    """(H, W, 3) RGB; the shorter side is `Sampling.short_side` (or the source's, if smaller)."""
    thumbnail: bytes
    """WebP, at most `Sampling.thumbnail_width` wide."""
    area: Area = WHOLE
    """The part of the video's frame that image and thumbnail show; the same for all frames of a clip."""


@dataclass(frozen=True, slots=True)
class Sampling:
    """How frames are chosen from a video."""

    short_side: int = 160
    """Pixels of the shorter side of `Frame.image`."""
    max_rate: float = 1.0
    """At most this many frames per second, the first ones of shots not counted (short videos still give
    `min_frames`)."""
    min_frames: int = 3
    clip_frames: int = 12
    """At most this many frames per clip: `F` of the paper."""
    thumbnail_width: int = 320
    first_look: bool = False
    """Whether key frames alone are enough, where they are much cheaper: a video of half a minute and more,
    whose key frames are further apart than the frames that are wanted."""
    threads: int = 2
    """Threads that decode; the frames are the same for any number."""
    whole: bool = False
    """Whether frames are wanted as they are: with bars beside the picture and what is written there, even
    where they show nothing new, and without thumbnails."""
