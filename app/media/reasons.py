"""Why a file cannot be read, in words a person understands."""

import errno
import io
import os
import re
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from app.errors import Cause, MediaError

MAX_SIDE = 16_384
MAX_PIXELS = 130_000_000

_DISK_TROUBLE = ("The file cannot be read from the disk.", "Check the drive it is on.")
_NO_ANSWER = ("The drive that the file is on does not answer.", "Connect it, then try again.")
_FORBIDDEN = ("Reelfind may not read this file.", "Change its permissions and scan again.")
_TROUBLES = {
    errno.ENOENT: ("The file is no longer there.", "It was moved, renamed or deleted."),
    errno.ENOTDIR: ("The file is no longer there.", "It was moved, renamed or deleted."),
    errno.EACCES: _FORBIDDEN,
    errno.EPERM: _FORBIDDEN,
    errno.EMFILE: ("Too many files are open.", "Close other programs, then try again."),
    errno.ENFILE: ("Too many files are open.", "Close other programs, then try again."),
    errno.ENOMEM: ("The computer is out of memory.", "Close other programs, then try again."),
    errno.ENODEV: _NO_ANSWER,
    errno.ESTALE: _NO_ANSWER,
    errno.ETIMEDOUT: _NO_ANSWER,
    errno.ENOTCONN: _NO_ANSWER,
    errno.EHOSTDOWN: _NO_ANSWER,
    errno.EHOSTUNREACH: _NO_ANSWER,
    errno.ENETUNREACH: _NO_ANSWER,
}

FULL = frozenset({errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)})
"""What the system says where a disk has no room left, or a person's share of it."""

_PLAYLIST_STARTS = (b"#EXTM3U", b"ffconcat", b"<?xml", b"<MPD", b"[playlist]", b"v=0")
_TOP_BOX_LIMIT = 10_000
_INDEX_BYTES = 4 << 20
_ENCRYPTED = re.compile(rb"stsd.{12}encv", re.DOTALL)


def is_full(error: Exception) -> bool:
    """Whether it says that a disk has no room left, an error of libav's too."""
    return getattr(error, "errno", None) in FULL


def cannot_open(error: OSError) -> MediaError:
    """The file system refuses, or stops in the middle: no fault of the file, unless it is none at all."""
    reason = getattr(error, "reason", None)
    if isinstance(reason, MediaError):  # somebody else's file system, who says it
        return reason
    if error.errno == errno.EISDIR or (error.errno == errno.ENXIO and not _is_there(error.filename)):
        return not_a_file()
    if error.errno == errno.ELOOP:
        return MediaError("The file cannot be read from the disk.", "It is a link that leads to itself.")
    sentence, advice = _TROUBLES.get(error.errno or 0, _DISK_TROUBLE)
    return MediaError(sentence, advice, cause=Cause.ENVIRONMENT)


def _is_there(name: object) -> bool:
    """Whether it names a regular file, which a disk that went away says ENXIO of too."""
    return isinstance(name, str) and os.path.isfile(name)  # noqa: PTH113 - False where nothing can be said


def changed() -> MediaError:
    """Its size is another one than when it was opened."""
    return MediaError(
        "The file changed while it was being read.", "It is read again next time.", cause=Cause.ENVIRONMENT
    )


def own_error() -> MediaError:
    """Nobody foresaw what happened."""
    return MediaError(
        "Reelfind failed on this video because of an error of its own.",
        "The log has the details.",
        cause=Cause.PROGRAM,
    )


def crashed() -> MediaError:
    """The decoder ran into a fault of memory or arithmetic."""
    return MediaError("Reading this video crashes the decoder.", "Check whether it plays elsewhere.")


def killed() -> MediaError:
    """The decoder was ended from outside."""
    return MediaError(
        "The decoder was stopped while it read this video, perhaps because memory ran out.",
        "The video is tried again next time.",
        cause=Cause.ENVIRONMENT,
    )


def still_picture() -> MediaError:
    return MediaError("This is a picture, not a video.")


def not_a_picture() -> MediaError:
    return MediaError("This file is not a picture Reelfind can read.", "Give a JPEG, PNG or WebP file.")


def moves() -> MediaError:
    return MediaError("This file is a video, not a picture.")


def in_tiles() -> MediaError:
    """A photo in HEIF that is stored as a grid, as telephones do."""
    return MediaError("Pictures in tiles (HEIC) are not supported.", "Save it as JPEG or PNG.")


def damaged_picture() -> MediaError:
    return MediaError("The picture cannot be decoded.", "The file is probably damaged.")


def not_a_file() -> MediaError:
    return MediaError("This is not a regular file.")


def empty() -> MediaError:
    return MediaError("The file is empty (0 bytes).", "Copy it again from where it came.")


def no_picture(has_audio: bool) -> MediaError:
    if has_audio:
        return MediaError("This file has no video, only sound.")
    return MediaError("This file has no video.")


def unsupported_codec(name: str) -> MediaError:
    return MediaError(f"The video's codec ({name}) is not supported.", "Convert the file to H.264 or AV1.")


def encrypted() -> MediaError:
    return MediaError("The video is encrypted.", "Reelfind can only read files without copy protection.")


def too_large(width: int, height: int) -> MediaError:
    return MediaError(
        f"The video claims {width} × {height} pixels, more than Reelfind reads.",
        "The file is probably damaged.",
    )


def too_much_memory() -> MediaError:
    return MediaError("Decoding this video needs more memory than Reelfind allows.")


def too_little_memory() -> MediaError:
    """The system leaves less than what Reelfind allows itself."""
    return MediaError(
        "There is too little memory to decode this video.",
        "Close other programs, or raise the limit set for this one.",
        cause=Cause.ENVIRONMENT,
    )


def nothing_decoded() -> MediaError:
    return MediaError("No picture of this video can be decoded.", "The file is probably damaged.")


def from_open(error: Exception, file: BinaryIO) -> MediaError:
    """Why opening failed: what libav says is too terse, so look at the file's own first bytes."""
    if getattr(error, "errno", None) == errno.ENOMEM:
        return too_much_memory()
    file.seek(0)
    head = file.read(512)
    if head.lstrip().startswith(_PLAYLIST_STARTS):
        return MediaError("This file is a playlist, not a video.", "Add the videos it lists instead.")
    boxes = top_level_boxes(file)
    if boxes[:1] in (["ftyp"], ["moov"], ["mdat"], ["free"], ["skip"], ["wide"]):
        if "moov" not in boxes:
            return MediaError(
                "The index of the file is missing: the recording was probably cut off.",
                "A repair tool for MP4 files may bring it back.",
            )
        return MediaError("The file's index is damaged.", "Copy it again from where it came.")
    return not_a_video()


def not_a_video() -> MediaError:
    return MediaError("This file is not a video Reelfind can read.")


def top_level_boxes(file: BinaryIO) -> list[str]:
    """Types of the top-level boxes of an ISO base media file (ISO/IEC 14496-12, 4.2), in file order."""
    return [kind for kind, _, _ in _boxes(file)]


def says_encrypted(file: BinaryIO) -> bool:
    """Whether an ISO base media file declares a picture track under Common Encryption.

    libav decodes what it finds there, to coloured noise, and does not tell of the sample entry `encv`
    (ISO/IEC 23001-7, 4) that follows the header of `stsd`. The file's position is restored.
    """
    position = file.tell()
    try:
        for kind, start, size in _boxes(file):
            if kind == "moov":
                file.seek(start)
                return _ENCRYPTED.search(file.read(min(size, _INDEX_BYTES))) is not None
        return False
    finally:
        file.seek(position)


def _boxes(file: BinaryIO) -> Iterator[tuple[str, int, int]]:
    """Type, position and size in bytes of each top-level box."""
    position = 0
    end = file.seek(0, io.SEEK_END)
    for _ in range(_TOP_BOX_LIMIT):
        if position >= end:
            return
        file.seek(position)
        header = file.read(16)
        if len(header) < 8:
            return
        size = int.from_bytes(header[:4], "big")
        if size == 1:
            size = int.from_bytes(header[8:16], "big")
        yield header[4:8].decode("latin-1"), position, size
        if size < 8:
            return
        position += size


def stalled(seconds: float) -> MediaError:
    return MediaError(
        f"The video stopped giving pictures for {seconds:g} seconds.",
        "It is tried again next time.",
        cause=Cause.ENVIRONMENT,
        stalled=True,
    )


def no_subtitles(names: Sequence[str]) -> MediaError:
    """There are files of subtitles, and not one line could be read."""
    which = f"“{names[0]}”" + (f" and {len(names) - 1} more" if len(names) > 1 else "")
    return MediaError(
        f"The subtitles beside the video ({which}) cannot be read.",
        "Check that they are text subtitles; they are read again when they change.",
    )
