"""Moments as a table: CSV for spreadsheets, JSON for scripts (docs/schemas/moments.json)."""

import csv
import io
import json
import re
from collections.abc import Sequence
from typing import Any

from app.exporting.export_request import ExportMoment
from app.text import shown

FORMAT, VERSION = "reelfind-moments", 1
COLUMNS = (
    "rank", "file", "start", "end", "best", "from", "to", "strength", "query", "reasons", "duration",
    "frames per second",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_FORMULA_BEHIND = re.compile(r"([;\t] *)(?=[=+\-@＝＋－＠])")
"""Where a spreadsheet that takes semicolons or tabs for the ends of cells would begin one with a formula."""


def as_csv(moments: Sequence[ExportMoment]) -> bytes:
    """A table with a heading, UTF-8 with a mark that spreadsheets know it by.

    No cell is taken for a formula: words that begin like one get an apostrophe in front.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for moment in moments:
        writer.writerow(
            [
                moment.rank or "",
                harmless(shown(moment.path)),
                f"{moment.start:.3f}",
                f"{moment.end:.3f}",
                f"{moment.best:.3f}",
                clock(moment.start),
                clock(moment.end),
                "" if moment.strength is None else f"{moment.strength:.4f}",
                harmless(moment.query),
                harmless("; ".join(moment.reasons)),
                f"{moment.duration:.3f}" if moment.duration else "",
                f"{moment.frame_rate:.3f}" if moment.frame_rate else "",
            ]
        )
    return text.getvalue().encode("utf-8-sig", "replace")


def as_json(moments: Sequence[ExportMoment]) -> bytes:
    """The object of docs/schemas/moments.json; a name that is no UTF-8 is written as Python reads it back."""
    content = {"format": FORMAT, "version": VERSION, "moments": [_as_object(moment) for moment in moments]}
    return json.dumps(content, ensure_ascii=True, indent=1).encode("ascii")


def harmless(cell: str) -> str:
    """Words as a spreadsheet shows them, whatever they begin with."""
    cell = _FORMULA_BEHIND.sub(r"\1'", cell)
    return f"'{cell}" if cell.lstrip(" ").startswith(_FORMULA) else cell


def clock(seconds: float) -> str:
    """A time as `0:01:02.5`, which spreadsheets read as one."""
    whole, rest = divmod(round(max(0.0, seconds) * 1000), 1000)
    minutes, second = divmod(whole, 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02d}:{second:02d}.{rest:03d}"


def _as_object(moment: ExportMoment) -> dict[str, Any]:
    return {
        "rank": moment.rank or None,
        "path": str(moment.path),
        "start": round(moment.start, 3),
        "end": round(moment.end, 3),
        "best": round(moment.best, 3),
        "strength": None if moment.strength is None else round(moment.strength, 4),
        "query": moment.query,
        "reasons": list(moment.reasons),
        "state": moment.presence.value,
        "copies": [str(path) for path in moment.copies],
        "duration": round(moment.duration, 3) or None,
        "frame_rate": round(moment.frame_rate, 5) or None,
    }
