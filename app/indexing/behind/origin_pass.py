"""Fills in with what, where and when videos were filmed, behind: of those that an earlier version indexed."""

import logging
import threading
import time
from collections.abc import Callable, Collection

from app.catalogue.catalogue import Catalogue
from app.catalogue.records import FileOrigin, Video
from app.errors import DecoderStartError, MediaError
from app.indexing.pausing import told_to_stop
from app.media.decoder import DecodeCancelled, Decoder
from app.media.frames import Origin
from app.media.geography.gazetteer import Gazetteer
from app.media.geography.place import Place

logger = logging.getLogger(__name__)

_TOGETHER = 100
_TOGETHER_SECONDS = 2.0
"""So many videos, or what was read in so many seconds, are written in one transaction."""

_MOST_TROUBLE = 3
"""Files in a row that their disk did not give: the others wait for the next run."""


class OriginPass:
    """Reads the headers of videos whose origin nobody has read yet, in the decoding child. Used once.

    What is not reached stays as it is and is done by the next run. A file that cannot be read counts as one
    that says nothing where that is its own fault; it is no failure, for it was indexed.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        gazetteer: Gazetteer,
        *,
        stopping: Callable[[], bool],
        unpaused: threading.Event,
        more: Callable[[], bool],
    ) -> None:
        """Prepare the pass; `drive` does it.

        Args:
            catalogue: where rows are kept.
            gazetteer: names places.
            stopping: whether the run is to end at once.
            unpaused: cleared while the run is to wait.
            more: whether another file may be opened.
        """
        self._catalogue = catalogue
        self._gazetteer = gazetteer
        self._stopping = stopping
        self._unpaused = unpaused
        self._more = more
        self._decoder = Decoder()
        self._found: list[FileOrigin] = []
        self._written = time.monotonic()

    def drive(self, folders: Collection[int] | None) -> None:
        """Work until all that is at hand is done.

        Args:
            folders: only videos of the folders with these ids, of all where None.

        Raises:
            LibraryError: rows cannot be written; those that were written stay.
        """
        videos = [
            video
            for video in self._catalogue.without_origin()
            if folders is None or video.folder_id in folders
        ]
        if not videos:
            return
        logger.info("reading the headers of %d videos", len(videos))
        trouble = 0
        with self._decoder:
            for video in videos:
                if (
                    told_to_stop(self._stopping, self._unpaused)
                    or not self._more()
                    or trouble >= _MOST_TROUBLE
                ):
                    break
                try:
                    self._read(video)
                    trouble = 0
                except (DecodeCancelled, DecoderStartError) as reason:
                    logger.info("headers are not read on: %s", reason)
                    break
                except (MediaError, OSError) as error:
                    logger.info("%s: its headers are read by a later run: %s", video.path, error)
                    trouble += 1
        self._write()

    def cancel(self) -> None:
        """Kill the decoder; `drive` returns soon after. From any thread."""
        self._decoder.cancel()

    def _read(self, video: Video) -> None:
        """Read one file.

        Raises:
            MediaError, OSError: something around the file got in the way.
            DecodeCancelled, DecoderStartError: no other file can be read either.
        """
        if has_changed(video):
            return  # the next scan sees it
        created, origin = None, Origin()
        try:
            created, origin = self._decoder.tags(video.path)
        except MediaError as error:
            if error.cause.is_passing:
                raise
            logger.info("%s says nothing of where it comes from: %s", video.path, error)
        if has_changed(video):
            return
        self._found.append(FileOrigin(video, created, origin, place_of(origin, self._gazetteer)))
        if len(self._found) >= _TOGETHER or time.monotonic() - self._written > _TOGETHER_SECONDS:
            self._write()

    def _write(self) -> None:
        found, self._found = self._found, []
        if found:
            self._catalogue.commit_origins(found)
        self._written = time.monotonic()


def place_of(origin: Origin | None, gazetteer: Gazetteer) -> Place | None:
    """What a position is called; None where there is none, or it cannot be looked up."""
    if origin is None or origin.latitude is None or origin.longitude is None:
        return None
    return gazetteer.place(origin.latitude, origin.longitude)


def has_changed(video: Video) -> bool:
    """Whether the file is another one than that which was indexed. Raises OSError."""
    found = video.path.stat()
    return (found.st_size, found.st_mtime_ns) != (video.size, video.mtime_ns)
