"""Damaged files: a real file and a seed give one mutant, always the same."""

import random
import struct
from collections.abc import Callable

Mutator = Callable[[random.Random, bytearray, bytes], bytes]
"""Random numbers, a copy of the file that may be changed, and another file's content."""

_BOXES = (
    b"moov",
    b"mdat",
    b"trak",
    b"stsd",
    b"stts",
    b"stsz",
    b"stco",
    b"ctts",
    b"mvhd",
    b"tkhd",
    b"mdhd",
    b"avcC",
)
_BOXES += (
    b"LIST",
    b"movi",
    b"hdrl",
    b"strh",
    b"strf",
    b"idx1",
    b"RIFF",
    b"free",
    b"ftyp",
    b"moof",
    b"trun",
    b"elst",
)
_NUMBERS = (0, 1, 2, 7, 255, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0xFFFFFFFE)


def flip_bits(dice: random.Random, data: bytearray, _: bytes) -> bytes:
    """A few bits anywhere, as a failing disk does."""
    for _ in range(dice.choice((1, 8, 64, 512))):
        data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
    return bytes(data)


def flip_header_bits(dice: random.Random, data: bytearray, _: bytes) -> bytes:
    """Bits of the first kilobyte, where the claims are."""
    for _ in range(dice.choice((1, 4, 16))):
        data[dice.randrange(min(1024, len(data)))] ^= 1 << dice.randrange(8)
    return bytes(data)


def truncate(dice: random.Random, data: bytearray, _: bytes) -> bytes:
    """A copy that broke off."""
    return bytes(data[: dice.randrange(len(data))])


def behead(dice: random.Random, data: bytearray, _: bytes) -> bytes:
    """The beginning is missing."""
    return bytes(data[dice.randrange(1, len(data)) :])


def resize_box(dice: random.Random, data: bytearray, _: bytes) -> bytes:
    """A chunk claims another size."""
    places = [place for name in _BOXES if (place := data.find(name)) >= 4]
    place = dice.choice(places) - 4 if places else dice.randrange(len(data) - 4)
    struct.pack_into(dice.choice((">I", "<I")), data, place, dice.choice(_NUMBERS))
    return bytes(data)


def edit_box(dice: random.Random, data: bytearray, _: bytes) -> bytes:
    """A number in a header is another one: counts, times, sizes of pictures."""
    places = [place for name in _BOXES if (place := data.find(name)) >= 0]
    start = dice.choice(places) + 4 if places else 0
    for _ in range(dice.choice((1, 3))):
        place = min(start + 4 * dice.randrange(30), len(data) - 4)
        struct.pack_into(">I", data, place, dice.choice(_NUMBERS))
    return bytes(data)


def rename_box(dice: random.Random, data: bytearray, _: bytes) -> bytes:
    """A chunk, or a codec, has a name that nobody knows."""
    names = (*_BOXES, b"avc1", b"H264", b"V_MPEG4/ISO/AVC", b"V_VP8", b"mp4v", b"XVID", b"hvc1", b"FMP4")
    name = dice.choice([name for name in names if name in data] or [bytes(data[:4])])
    place = data.find(name)
    data[place : place + 4] = dice.choice((b"zzzz", b"\0\0\0\0", b"vvc1", b"\xff\xff\xff\xff"))
    return bytes(data)


def swap_blocks(dice: random.Random, data: bytearray, _: bytes) -> bytes:
    """Two blocks have changed places."""
    size = min(4096, len(data) // 3)
    first, second = (dice.randrange(len(data) - size) for _ in range(2))
    data[first : first + size], data[second : second + size] = (
        data[second : second + size],
        data[first : first + size],
    )
    return bytes(data)


def repeat_block(dice: random.Random, data: bytearray, _: bytes) -> bytes:
    """A block is there twice."""
    start = dice.randrange(len(data))
    end = min(len(data), start + dice.choice((16, 512, 4096, 65536)))
    return bytes(data[:end] + data[start:])


def zero_region(dice: random.Random, data: bytearray, _: bytes) -> bytes:
    """A hole, as a download that was preallocated has."""
    start = dice.randrange(len(data))
    end = min(len(data), start + dice.choice((64, 4096, len(data) // 2 + 1)))
    data[start:end] = bytes(end - start)
    return bytes(data)


def overwrite(dice: random.Random, data: bytearray, other: bytes) -> bytes:
    """A stretch of another file, as a damaged file system gives."""
    start = dice.randrange(len(data))
    piece = other[: min(dice.choice((512, 8192)), len(data) - start)]
    data[start : start + len(piece)] = piece
    return bytes(data)


def join(dice: random.Random, data: bytearray, other: bytes) -> bytes:
    """Another file's content behind, or in front."""
    return bytes(data) + other if dice.random() < 0.5 else other + bytes(data)


def noise_behind(dice: random.Random, data: bytearray, _: bytes) -> bytes:
    """Something behind the end that is no video."""
    return bytes(data) + dice.randbytes(dice.choice((1, 1000, 50_000)))


MUTATORS: tuple[Mutator, ...] = (
    flip_bits,
    flip_header_bits,
    truncate,
    behead,
    resize_box,
    edit_box,
    rename_box,
    swap_blocks,
    repeat_block,
    zero_region,
    overwrite,
    join,
    noise_behind,
)


def mutant(seed: int, data: bytes, other: bytes) -> tuple[str, bytes]:
    """The name of what was done and the damaged content; the mutators take turns."""
    dice = random.Random(seed)  # noqa: S311 - no secret: it has to be the same each time
    mutator = MUTATORS[seed % len(MUTATORS)]
    return mutator.__name__, mutator(dice, bytearray(data), other)
