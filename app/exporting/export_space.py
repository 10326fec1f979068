"""How much space an export takes, about, and whether there is so much."""

import shutil
from dataclasses import dataclass

from app.exporting.export_request import (
    ExportError,
    ExportKind,
    ExportMoment,
    ExportOptions,
    ExportRequest,
    StillFormat,
)
from app.exporting.staging_folder import unwritable_folder

SPARE = 64 << 20
"""Bytes that are left free on a disk."""
_KEY_FRAME_SECONDS = 4.0
"""A copied clip begins so much earlier, on average of long runs."""
_BITS_PER_PIXEL = 0.15
"""Of a clip that is encoded anew."""
_BYTES_PER_PIXEL = {StillFormat.JPEG: 0.5, StillFormat.PNG: 2.2}
_MOVING_BYTES_PER_PIXEL = {ExportKind.GIF: 0.6, ExportKind.WEBP: 0.12}
_ROW_BYTES = 2_000
_CELL_BYTES = 40_000
_USUAL_PIXELS, _USUAL_RATE, _USUAL_BITS = 1920 * 1080, 30.0, 8e6


@dataclass(frozen=True, slots=True)
class SpaceEstimate:
    """What an export needs and what is there."""

    needed: int
    """Bytes, about."""
    free: int
    """Bytes on the disk of the folder."""

    @property
    def fits(self) -> bool:
        """Whether there is enough."""
        return self.needed + SPARE <= self.free


def estimate(request: ExportRequest) -> SpaceEstimate:
    """Estimate the space for an export. Takes as long as the disk does.

    Raises:
        ExportError: the folder cannot be looked at.
    """
    needed = sum(_bytes_of(request.kind, moment, request.options) for moment in request.moments)
    try:
        free = shutil.disk_usage(request.folder).free
    except OSError as error:
        raise unwritable_folder(request.folder, error) from error
    return SpaceEstimate(round(needed), free)


def check_space(request: ExportRequest) -> None:
    """Refuse an export that the disk has no room for.

    Raises:
        ExportError: it has not.
    """
    found = estimate(request)
    if not found.fits:
        raise ExportError(
            f"Not enough disk space: needs about {_size(found.needed)}, {_size(found.free)} free.",
            "Free some space or choose another folder.",
        )


def _bytes_of(kind: ExportKind, moment: ExportMoment, options: ExportOptions) -> float:
    start, end = moment.widened(options.handles)
    seconds = end - start
    pixels = moment.width * moment.height or _USUAL_PIXELS
    match kind:
        case ExportKind.CLIPS if options.exact:
            return seconds * (pixels * (moment.frame_rate or _USUAL_RATE) * _BITS_PER_PIXEL + 192_000) / 8
        case ExportKind.CLIPS:
            known = moment.size / moment.duration if moment.duration else _USUAL_BITS / 8
            return (seconds + _KEY_FRAME_SECONDS) * known
        case ExportKind.STILLS:
            return pixels * _BYTES_PER_PIXEL[options.still_format]
        case ExportKind.GIF | ExportKind.WEBP:
            sides = max(moment.width, moment.height, 1), min(moment.width, moment.height)
            shape = sides[1] / sides[0] or 9 / 16
            frames = min(seconds, MOVING_SECONDS) * options.rate
            return frames * options.long_side**2 * shape * _MOVING_BYTES_PER_PIXEL[kind]
        case ExportKind.SHEET:
            return _CELL_BYTES
        case _:
            return _ROW_BYTES


MOVING_SECONDS = 30.0
"""A moving picture is not longer."""


def _size(count: int) -> str:
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{max(1, round(count / 1e6))} MB"
