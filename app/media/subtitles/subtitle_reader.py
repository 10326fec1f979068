"""Reads the subtitles of videos, those in them and those beside them, in the decoding child."""

import logging
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from app.errors import Cancelled
from app.lines.line import Line, Source
from app.lines.reader import LineReader
from app.media.decoder import ChildLostError, DecodeCancelled, Decoder
from app.media.subtitles.sidecars import SidecarFinder, signature

logger = logging.getLogger(__name__)

VERSION = 1
"""Counts up when more, or something else, is read from the same files."""

_MOST_NAMES = 24 << 10
"""Bytes of the names of all files beside a video that fit into one request."""


class SubtitleReader(LineReader):
    """The reader of subtitles; see `LineReader`."""

    source = Source.SUBTITLE
    reader = f"subtitles {VERSION}"

    def __init__(self, is_video_name: Callable[[str], bool]) -> None:
        """Start no child yet.

        Args:
            is_video_name: whether a file of this name may be a video, which has files of its own beside it.
        """
        self._sidecars = SidecarFinder(is_video_name)
        self._decoder = Decoder()

    def beside(self, path: Path) -> str:
        """See `LineReader.beside`."""
        return signature(self._sidecars.of(path))

    def read(self, path: Path, *, progress: Callable[[float], None]) -> tuple[Line, ...]:
        """See `LineReader.read`.

        Files beside a video that bring the child to its end are passed over, as those are that hold no
        subtitles: the video's own are read without them.
        """
        try:
            found = self._sidecars.of(path)
        except OSError:  # the child says what is wrong with the video
            found = ()
        sidecars, left = [], _MOST_NAMES
        for each in found:
            left -= len(str(each.path).encode("unicode_escape", "surrogatepass")) + 1
            if left >= 0:
                sidecars.append((each.path, each.language))
        try:
            if sidecars:
                try:
                    return self._decoder.subtitles(path, sidecars, progress)
                except ChildLostError as error:
                    if error.cause.is_passing and not error.stalled:
                        raise
                    logger.warning("the files beside %s are passed over: %s", path, error)
            return self._decoder.subtitles(path, progress=progress)
        except DecodeCancelled as error:
            raise Cancelled("Reading subtitles was stopped.") from error

    def cancel(self) -> None:
        """See `LineReader.cancel`."""
        self._decoder.cancel()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._decoder.close()
