"""What reads lines from videos: one protocol for every source that has to open the file."""

from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from app.lines.line import Line, Source


class LineReader(Protocol):
    """Reads the lines of one source from one video after the other, in a child process that can be killed.

    One video at a time, from one thread; only `cancel` may be called from elsewhere. Used in a `with`, at the
    end of which the child is ended.
    """

    source: Source
    """What it reads."""
    reader: str
    """What it reads with, its version included ("speech tiny.en 1"): what another one read is read again."""

    def beside(self, path: Path) -> str:
        """What lies beside a video and is read with it: a short text that is another one when that changed.

        Empty where there is nothing, which is so for most sources. Looks at names, sizes and times only.

        Raises:
            OSError: the folder cannot be looked into.
        """
        del path
        return ""

    def read(self, path: Path, *, progress: Callable[[float], None]) -> tuple[Line, ...]:
        """All lines of a video, in the order of their times; none where it has none.

        Args:
            path: of the video.
            progress: told the seconds of the video that are read, now and then, on the calling thread.

        Raises:
            MediaError: the file cannot be read; its `cause` says whether that may pass.
            DecoderStartError: no child can be started, which is no fault of the file.
            Cancelled: `cancel` was called meanwhile.
        """
        ...

    def cancel(self) -> None:
        """Stop reading at once, from any thread: `read` raises `Cancelled`. Without one, nothing happens."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...
