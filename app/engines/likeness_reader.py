"""What a query names as alike becomes vectors: a picture file, a moment of the library, or a whole video."""

import os
import threading
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from app.catalogue.catalogue import Catalogue
from app.catalogue.records import Presence, Video
from app.disk.formats import is_video_name
from app.errors import EncodingError, MediaError
from app.media.area import WHOLE, Area
from app.media.decoder import Decoder
from app.paths import real_path, typed_path
from app.query.parsed_query import Likeness
from app.query.query_error import QueryError
from app.search.alike.likeness import EncodedLikeness
from app.search.scorers.cosine import EncodedText
from app.text import shown as readable
from app.vectors.vector_index import Gallery

if TYPE_CHECKING:
    from app.runtime.encoders import FrameEncoder

REMEMBERED = 32
"""Pictures whose vectors are kept: a search is repeated while indexing goes on."""

PAST_THE_END = 1.0
"""Seconds that a moment may lie behind the last frame of its video."""


class LikenessReader:
    """Answers for one library and model. Thread-safe.

    Args:
        catalogue: says which videos there are.
        encoder: gives the frame encoder; asked where a picture has to be encoded.
    """

    def __init__(self, catalogue: Catalogue, encoder: "Callable[[], FrameEncoder]") -> None:
        self._catalogue = catalogue
        self._encoder = encoder
        self._recent: OrderedDict[tuple[object, ...], NDArray[np.float32]] = OrderedDict()
        self._lock = threading.Lock()

    def __call__(self, likeness: Likeness, gallery: Gallery) -> EncodedLikeness:
        """The vectors of what is named.

        Raises:
            QueryError: there is no such thing, or it cannot be read.
            ModelError: the model cannot be used.
        """
        try:
            return self._read(likeness, gallery)
        except QueryError as error:
            error.at = likeness.place
            raise

    def _read(self, likeness: Likeness, gallery: Gallery) -> EncodedLikeness:
        path = typed_path(likeness.path)
        video = self._video(path)
        if video is not None:
            return self._of_video(video, likeness, gallery)
        shown = readable(path)
        if not os.path.lexists(path):
            raise QueryError(f"There is no file “{shown}”.", "Name a picture, or a video of the library.")
        if likeness.at is not None or is_video_name(path.name):
            raise QueryError(
                f"“{shown}” is not in this library.", "Add its folder, and index it, to look for its like."
            )
        return EncodedLikeness(self._picture(path.absolute(), None, likeness)[np.newaxis])

    def _video(self, path: Path) -> Video | None:
        """The video that a path names; None where none of the library does."""
        found = self._catalogue.videos_at(real_path(path))
        if not found and not path.is_absolute():
            found = self._catalogue.videos_at(path)
        if len({video.copy_of or video.id for video in found}) > 1:
            raise QueryError(
                f"Several videos of the library are called “{readable(path)}”.",
                "Write more of the path.",
            )
        return found[0] if found else None

    def _of_video(self, video: Video, likeness: Likeness, gallery: Gallery) -> EncodedLikeness:
        content, shown = video.copy_of or video.id, readable(video.path)
        rows = np.flatnonzero(gallery.video_of_row == content)
        if len(rows) == 0:
            raise QueryError(f"“{shown}” is not indexed yet.", "Index it first: reelfind index.")
        if likeness.at is None:
            if likeness.crop is not None:
                raise QueryError(
                    "A part of a whole video cannot be looked for.", f"Name a moment: like:“{shown}@12”."
                )
            return EncodedLikeness(np.ascontiguousarray(gallery.vectors[rows]), content)
        end = max(float(gallery.times[rows[-1]]), video.facts.duration if video.facts else 0.0)
        if likeness.at > end + PAST_THE_END:
            raise QueryError(f"“{shown}” is only {end:.0f} seconds long.", "Name a moment within it.")
        row = rows[int(np.argmin(np.abs(gallery.times[rows] - likeness.at)))]
        if likeness.crop is None:
            return EncodedLikeness(np.ascontiguousarray(gallery.vectors[np.array([row])]), row=int(row))
        if video.presence is not Presence.HERE:
            raise QueryError(f"“{shown}” cannot be reached now.", "Connect its drive, or leave out the part.")
        picture = self._picture(video.path, float(gallery.times[row]), likeness)
        return EncodedLikeness(picture[np.newaxis], row=int(row))

    def _picture(self, path: Path, at: float | None, likeness: Likeness) -> NDArray[np.float32]:
        """(D,) L2-normalised, of a picture file or of the frame of a video."""
        area = WHOLE if likeness.crop is None else Area(*likeness.crop)
        try:
            found = path.stat()
        except OSError:
            found = None  # the decoder says why
        key = (path, at, area, found and (found.st_mtime_ns, found.st_size))
        with self._lock:
            known = self._recent.get(key)
        if known is not None:
            return known
        encoder = self._encoder()
        try:
            with Decoder() as decoder:
                image = decoder.still(path, at, area=area, short_side=encoder.bundle.image.size)
            unit = EncodedText.of(encoder.encode(image[np.newaxis])[0]).unit
        except (MediaError, EncodingError) as error:
            raise QueryError(
                f"“{readable(path)}” cannot be looked for: {error.sentence}", error.advice
            ) from error
        with self._lock:
            self._recent[key] = unit
            while len(self._recent) > REMEMBERED:
                self._recent.popitem(last=False)
        return unit
