"""Pictures of what `like:` names, and pictures that have no file yet."""

import hashlib
import logging
import os
import re
import time
from collections.abc import Collection
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.catalogue.catalogue import Catalogue
from app.catalogue.records import Presence, Video
from app.errors import UsageError
from app.media.decoder import Decoder
from app.paths import real_path, typed_path
from app.query.parsed_query import Likeness
from app.query.spans import SpanKind, spans_of

logger = logging.getLogger(__name__)

FOLDER = "pasted"
"""Of the library's folder: what was pasted."""

MOST_DAYS, MOST_FILES = 30, 200
"""How long, and how many, pictures are kept that no search names that is remembered."""

_OURS = re.compile(r"[0-9a-f]{20}\.(png|part)")
"""Pictures, and what a program that was killed had not finished."""


class QueryPictures:
    """For one library. Every method may be called from any thread."""

    def __init__(self, catalogue: Catalogue, library: Path) -> None:
        """Nothing is read yet."""
        self._catalogue = catalogue
        self._folder = library / FOLDER

    def stored(self, likeness: Likeness) -> bytes | None:
        """WebP of what is nearest to a moment, or of the middle of a whole video; None of anything else."""
        video = self._video(likeness)
        if video is None:
            return None
        frames = self._catalogue.frames(video.copy_of or video.id)
        if not frames:
            return None
        at = likeness.at
        nearest = (
            frames[len(frames) // 2] if at is None else min(frames, key=lambda frame: abs(frame.time - at))
        )
        return self._catalogue.thumbnail(nearest.id)

    def still(self, likeness: Likeness, short_side: int) -> NDArray[np.uint8]:
        """The whole picture that is named, or the frame of a video, (H, W, 3) uint8 RGB.

        Raises:
            MediaError: it cannot be read.
            UsageError: its video cannot be reached.
        """
        path, at = typed_path(likeness.path), None
        video = self._video(likeness)
        if video is not None:
            path, at = video.path, likeness.at or 0.0
            if video.presence is not Presence.HERE:
                raise UsageError(f"“{path.name}” cannot be reached now.", "Connect its disk.")
        with Decoder() as decoder:
            return decoder.still(path, at, short_side=short_side)

    def keep(self, png: bytes) -> Path:
        """Keep a picture that was pasted; returns its file, the same one for the same picture.

        Raises:
            UsageError: the library's folder cannot be written to.
        """
        path = self._folder / f"{hashlib.sha256(png).hexdigest()[:20]}.png"
        try:
            self._folder.mkdir(mode=0o700, exist_ok=True)
            if not path.exists():
                unfinished = path.with_suffix(".part")
                unfinished.write_bytes(png)
                unfinished.replace(path)
            os.utime(path)
        except OSError as error:
            raise UsageError(
                f"The picture could not be kept: {error.strerror or error}.",
                "Save it as a file and drop that.",
            ) from error
        return path

    def tidy(self, queries: Collection[str]) -> int:
        """Delete pasted pictures that are old, or too many, and that none of these queries names.

        Returns:
            How many were deleted.
        """
        named = {
            Path(span.value.partition("#")[0]).name
            for query in queries
            for span in spans_of(query)
            if span.kind is SpanKind.LIKE
        }
        try:
            ours = [path for path in self._folder.iterdir() if _OURS.fullmatch(path.name)]
            aged = sorted(((path.stat().st_mtime, path) for path in ours), reverse=True)
        except OSError:
            return 0
        oldest = time.time() - 86_400 * MOST_DAYS
        deleted = 0
        for place, (when, path) in enumerate(aged):
            if path.name in named or (when >= oldest and place < MOST_FILES):
                continue
            try:
                path.unlink()
                deleted += 1
            except OSError as error:
                logger.info("a pasted picture stays: %s", error)
        return deleted

    def _video(self, likeness: Likeness) -> Video | None:
        path = typed_path(likeness.path)
        found = self._catalogue.videos_at(real_path(path))
        if not found and not path.is_absolute():
            found = self._catalogue.videos_at(path)
        return found[0] if found else None
