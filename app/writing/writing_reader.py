"""Text in pictures as a source of lines: frames from the decoding child, read in the writing child."""

from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from app.errors import Cancelled, MediaError
from app.lines.line import Line, Source
from app.lines.reader import LineReader
from app.media.decoder import DecodeCancelled, Decoder
from app.media.frames import Sampling
from app.writing.merging import LineMerger
from app.writing.models import READER, find_models
from app.writing.writing_process import WritingProcess

SHORT_SIDE = 720
"""Pixels of the frames' shorter side: letters of a fiftieth of the height are read well."""
RATE = 1.0
"""Frames per second: what is there for less, nobody reads either. Those of a picture that stays cost a
thousandth of one that is looked at."""


class WritingReader(LineReader):
    """Reads what stands written in videos; see `app.lines.reader.LineReader`.

    Raises:
        ReelfindError: the extra `text` is not installed.
    """

    source = Source.WRITING
    reader = READER

    def __init__(self) -> None:
        find_models()
        self._decoder = Decoder()
        self._process = WritingProcess()

    def read(self, path: Path, *, progress: Callable[[float], None]) -> tuple[Line, ...]:
        """See `LineReader.read`. A video with a damaged end gives the lines up to there."""
        merger = LineMerger()
        self._process.begin()
        sampling = Sampling(short_side=SHORT_SIDE, max_rate=RATE, whole=True)
        try:
            with self._decoder.open(path, sampling) as stream:
                for frame in stream:
                    merger.see(frame.time, self._process.look(frame.image, frame.time))
                    progress(frame.time)
                if stream.cause is not None and stream.cause.is_passing:
                    raise MediaError(stream.warning, "It is tried again next time.", cause=stream.cause)
                return merger.finish(max(stream.facts.duration, stream.position))
        except DecodeCancelled as error:
            raise Cancelled("Reading the text in pictures was stopped.") from error

    def cancel(self) -> None:
        """See `LineReader.cancel`."""
        self._decoder.cancel()
        self._process.cancel()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.close()
        self._decoder.close()
