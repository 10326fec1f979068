"""Reading numpy's archives (`.npz`) that are somebody else's.

Their size is bounded before anything is read, no object is ever unpickled, and headers are not believed.
"""

import io
import math
import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

_HEADERS = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}
DTYPES = (np.dtype(np.float16), np.dtype(np.float32), np.dtype(np.uint8))
"""What a stored array may hold."""

_MOST_MEMBERS = 64
_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_SUFFIX = ".npy"


def stored_arrays(path: Path, limit: int, kind: str) -> dict[str, bytes]:
    """The arrays of an archive, each as the bytes of an `.npy` file (see `stored_array`), by name.

    What is too large is never unpacked.

    Args:
        path: the archive.
        limit: bytes at most, packed and unpacked.
        kind: what it should be, in two or three words.

    Raises:
        ValueError: it cannot be read; the message says why, as the rest of a sentence.
    """
    try:
        if path.stat().st_size > limit:
            raise ValueError(f"it is larger than such a {kind} can be")
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            if len(members) > _MOST_MEMBERS or sum(member.file_size for member in members) > limit:
                raise ValueError(f"it unpacks to more than such a {kind} can be")
            if any(member.compress_type not in _PACKINGS for member in members):
                raise ValueError("it is packed in a way that this Reelfind does not know")
            return {
                member.filename.removesuffix(_SUFFIX): archive.read(member)
                for member in members
                if member.filename.endswith(_SUFFIX)
            }
    except (OSError, EOFError, RuntimeError, zipfile.BadZipFile, zlib.error) as error:
        raise ValueError("it cannot be unpacked") from error


def stored_array(content: bytes) -> NDArray[Any]:
    """The array in the bytes of an `.npy` file, as stored: read-only, of one of `DTYPES`.

    Its header is compared with the bytes there are before any memory is given.

    Raises:
        ValueError: it is no such array; the message says, in a few words after its name, how it is instead.
    """
    stream = io.BytesIO(content)
    try:
        shape, fortran, dtype = _HEADERS[npy.read_magic(stream)](stream)
    except (ValueError, KeyError, RecursionError, MemoryError) as error:
        raise ValueError("is no array") from error
    if dtype not in DTYPES:
        raise ValueError(f"holds {dtype}, not float32")
    rest = content[stream.tell() :]
    count = math.prod(shape)
    if min(shape, default=1) < 0 or count * dtype.itemsize != len(rest):
        raise ValueError("is not as large as it says")
    return np.frombuffer(rest, dtype, count).reshape(shape, order="F" if fortran else "C")
