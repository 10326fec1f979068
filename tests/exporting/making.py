"""Moments of little videos, as an export is given them."""

from fractions import Fraction
from pathlib import Path
from typing import Any

from app.exporting.export_request import ExportKind, ExportMoment, ExportOptions, ExportRequest
from app.media.cut_requests import TimelineFacts


def moment(path: Path, start: float, end: float, **others: Any) -> ExportMoment:
    """A moment whose best frame is in its middle."""
    return ExportMoment(path, start, end, others.pop("best", (start + end) / 2), **others)


def request(kind: ExportKind, folder: Path, *moments: ExportMoment, **options: Any) -> ExportRequest:
    """What is exported to a folder, which is made."""
    folder.mkdir(parents=True, exist_ok=True)
    return ExportRequest(kind, moments, folder, "a red square", ExportOptions(**options))


def facts(rate: Fraction, timecode: str = "", *, channels: int = 2, duration: float = 100.0) -> TimelineFacts:
    """What a file says of itself."""
    return TimelineFacts(
        rate=rate,
        variable=False,
        timecode=timecode,
        duration=duration,
        width=1920,
        height=1080,
        sound_channels=channels,
        sound_rate=48_000 if channels else 0,
    )
