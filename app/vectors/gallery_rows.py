"""What a gallery's file holds beside the vectors: how it is written, and how it is known to be whole."""

import hashlib
import struct
import zlib
from dataclasses import dataclass, fields, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

_MAGIC = b"Reelfind gallery"
_VERSION = 1
_HEADER = struct.Struct("<16sII32s8sQQQQQIII")
"""Magic, version, width, model, generation, revision, stored, frames, clips, videos, three checksums."""


@dataclass(frozen=True, slots=True)
class GalleryRows:
    """N frames in C clips of V videos; the vectors lie in a file of their own."""

    stored: int
    """P: how many vectors that file holds, those of removed videos counted."""
    norms: NDArray[np.float32]
    """(N,) as in `Gallery`; so are the next three."""
    means: NDArray[np.float32]
    frame_ids: NDArray[np.int64]
    times: NDArray[np.float64]
    clip_lengths: NDArray[np.int64]
    """(C,) frames of each clip."""
    video_ids: NDArray[np.int64]
    """(V,) in order of rows; those without frames come last."""
    folder_ids: NDArray[np.int64]
    """(V,)"""
    video_rows: NDArray[np.int64]
    """(V,) frames of each video."""
    video_places: NDArray[np.int64]
    """(V,) its first row among the stored vectors."""
    revisions: NDArray[np.int64]
    """(V,) of its embeddings."""

    def places(self) -> NDArray[np.int64]:
        """(N,) which of the stored vectors is each frame's."""
        first = np.cumsum(self.video_rows) - self.video_rows
        return np.repeat(self.video_places - first, self.video_rows) + np.arange(len(self.frame_ids))

    def dense(self) -> "GalleryRows":
        """The same frames where only their vectors are stored, one behind the other."""
        first = np.cumsum(self.video_rows) - self.video_rows
        return replace(self, stored=len(self.frame_ids), video_places=np.where(self.video_rows > 0, first, 0))

    def fits_together(self) -> bool:
        """Whether lengths and places are possible."""
        count = len(self.frame_ids)
        ends = self.video_places + self.video_rows
        some = self.video_rows > 0
        return bool(
            (self.clip_lengths > 0).all()
            and (self.video_rows >= 0).all()
            and self.clip_lengths.sum() == self.video_rows.sum() == count
            and (self.video_places >= 0).all()
            and (self.video_places[some][1:] >= ends[some][:-1]).all()
            and ends.max(initial=0) <= self.stored
        )


@dataclass(frozen=True, slots=True)
class GalleryHead:
    """What the rows say of themselves: whose they are, and of when."""

    width: int
    """D"""
    model: bytes
    """`model_key` of the encoder bundle's identity."""
    generation: str
    """Names the file of the vectors: eight hexadecimal digits."""
    revision: int
    """The library's, up to which it was followed."""
    stored: int
    """P: vectors in that file."""
    checksum: int
    """CRC-32 of these vectors."""


def model_key(identity: str) -> bytes:
    """32 bytes that stand for an encoder bundle's identity."""
    return hashlib.sha256(identity.encode("utf-8", "surrogatepass")).digest()


def encode(head: GalleryHead, rows: GalleryRows) -> bytes:
    """Header and rows as they are written."""
    body = b"".join(np.ascontiguousarray(getattr(rows, name), kind).tobytes() for name, kind in _ARRAYS)
    counts = len(rows.frame_ids), len(rows.clip_lengths), len(rows.video_ids)
    known = (_MAGIC, _VERSION, head.width, head.model, head.generation.encode(), head.revision, head.stored)
    header = _HEADER.pack(*known, *counts, head.checksum, zlib.crc32(body), 0)
    return header[:-4] + struct.pack("<I", zlib.crc32(header[:-4])) + body


def decode_head(data: bytes) -> GalleryHead:
    """What the first bytes (`HEADER_BYTES`) say.

    Raises:
        ValueError: they are not ours, of another version, or damaged.
    """
    return _Header.of(data).head


def decode(data: bytes) -> tuple[GalleryHead, GalleryRows]:
    """What `encode` wrote.

    Raises:
        ValueError: it is not ours, of another version, or damaged.
    """
    header = _Header.of(data)
    sizes = dict(zip(_ARRAYS, header.sizes(), strict=True))
    if len(data) != HEADER_BYTES + sum(sizes.values()):
        raise ValueError("it is cut short")
    if zlib.crc32(memoryview(data)[HEADER_BYTES:]) != header.body:
        raise ValueError("its checksum is wrong")
    offset, arrays = HEADER_BYTES, {}
    for (name, kind), size in sizes.items():
        count = size // np.dtype(kind).itemsize
        arrays[name] = np.frombuffer(data, kind, count, offset)
        offset += size
    rows = GalleryRows(stored=header.head.stored, **arrays)
    if not rows.fits_together():
        raise ValueError("its rows do not fit together")
    return header.head, rows


def is_ours(start: bytes) -> bool:
    """Whether a file that begins like this was made by `encode`, whole or not."""
    return start.startswith(_MAGIC)


HEADER_BYTES = _HEADER.size

_FRAME, _CLIP, _VIDEO = range(3)
_KINDS = {"norms": "<f4", "means": "<f4", "times": "<f8"}
_ARRAYS = tuple((field.name, _KINDS.get(field.name, "<i8")) for field in fields(GalleryRows)[1:])
_OF = dict.fromkeys(("norms", "means", "frame_ids", "times"), _FRAME) | {"clip_lengths": _CLIP}


@dataclass(frozen=True, slots=True)
class _Header:
    head: GalleryHead
    counts: tuple[int, int, int]
    """Frames, clips, videos."""
    body: int
    """CRC-32 of the rows."""

    @classmethod
    def of(cls, data: bytes) -> Self:
        if len(data) < HEADER_BYTES or not is_ours(data):
            raise ValueError("it is not a gallery")
        parts = _HEADER.unpack_from(data)
        if parts[1] != _VERSION:
            raise ValueError(f"it is of version {parts[1]}")
        if parts[-1] != zlib.crc32(data[: HEADER_BYTES - 4]):
            raise ValueError("its header is damaged")
        _, _, width, model, generation, revision, stored, frames, clips, videos, checksum, body, _ = parts
        head = GalleryHead(width, model, generation.decode("ascii"), revision, stored, checksum)
        return cls(head, (frames, clips, videos), body)

    def sizes(self) -> list[int]:
        """Bytes of each array."""
        return [self.counts[_OF.get(name, _VIDEO)] * np.dtype(kind).itemsize for name, kind in _ARRAYS]
