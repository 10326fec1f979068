"""Lines on their way from the child that read them: JSON in a blob, checked, for it read foreign files."""

import json
import math
import re
from collections.abc import Sequence

from app.lines.line import Line
from app.processes.wire import WireError

MOST_LINES = 100_000
"""Of one video and source."""
MOST_LETTERS = 8 << 20
"""Of all lines of a video and source: a long novel has half as many."""
LONGEST_LINE = 4000
"""Letters."""

_LANGUAGE = re.compile("[a-z]{0,3}")


def to_blob(lines: Sequence[Line]) -> bytes:
    """The lines as bytes, as many of them as `lines_of` takes; texts may hold whatever they like."""
    rows: list[list[object]] = []
    left = MOST_LETTERS
    for line in lines[:MOST_LINES]:
        left -= len(line.text)
        if left < 0:
            break
        rows.append([line.start, line.end, line.text, line.language, list(line.word_times)])
    return json.dumps(rows).encode("ascii")


def lines_of(blob: bytes) -> tuple[Line, ...]:
    """The lines that `to_blob` wrote.

    Raises:
        WireError: it is something else.
    """
    try:
        rows = json.loads(blob)
    except (ValueError, RecursionError) as error:
        raise WireError("lines that are no JSON") from error
    if not isinstance(rows, list) or len(rows) > MOST_LINES:
        raise WireError("not a list of lines, or too many")
    lines = tuple(_line(row) for row in rows)
    if sum(len(line.text) for line in lines) > MOST_LETTERS:
        raise WireError("lines with too many letters")
    return lines


def _line(row: object) -> Line:
    if not isinstance(row, list) or len(row) != 5:
        raise WireError("not a line")
    start, end, text, language, times = row
    if not (_is_time(start) and _is_time(end) and start <= end):
        raise WireError("a line whose times are none")
    if not (isinstance(text, str) and text.strip() and len(text) <= LONGEST_LINE and _is_clean(text)):
        raise WireError("a line whose text is none")
    if not (isinstance(language, str) and _LANGUAGE.fullmatch(language)):
        raise WireError("a line whose language is none")
    if not (isinstance(times, list) and all(map(_is_time, times))):
        raise WireError("a line whose words have times that are none")
    if times and (len(times) != len(text.split()) or times != sorted(times)):
        raise WireError("a line that has not one time for each word")
    return Line(float(start), float(end), text, language, tuple(map(float, times)))


def _is_time(value: object) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return number and math.isfinite(value) and 0 <= value < 1e7  # type: ignore[arg-type,operator]


def _is_clean(text: str) -> bool:
    """Whether it can be written to a database and stands on one line."""
    return (text.isascii() and text.isprintable()) or not re.search(
        "[\\x00-\\x1f\\x7f\\ud800-\\udfff\\u2028]", text
    )
