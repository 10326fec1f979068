"""The file that is decoded, as libav reads it."""

import io
import os


class SourceFile(io.FileIO):
    """A file open for reading that remembers what went wrong: libav takes a disk's error for the file's end.

    Args:
        descriptor: of a regular file; closed with this.
    """

    is_near = True
    """Whether reading all of it costs little."""

    def __init__(self, descriptor: int) -> None:
        super().__init__(descriptor, "rb")
        self.size = os.fstat(descriptor).st_size
        """Bytes, when it was opened."""
        self.failure: OSError | None = None
        """The first error the disk gave."""

    def read(self, size: int | None = -1, /) -> bytes:
        """Read at most `size` bytes. Raises OSError."""
        try:
            return super().read(size) or b""
        except OSError as error:
            self.failure = self.failure or error
            raise

    @property
    def changed(self) -> bool:
        """Whether it is longer or shorter now than when it was opened."""
        return os.fstat(self.fileno()).st_size != self.size
