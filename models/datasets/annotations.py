"""Reading published annotation files: whatever is wrong with one is told in a sentence with file and line."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.errors import UsageError

_ADVICE = "Get the file again from where the data set is published."


@dataclass(frozen=True, slots=True)
class Annotation:
    """What a data set says of one video, before the video is looked for."""

    key: str
    names: tuple[str, ...]
    """File names it may have, most likely first; the suffix may differ."""
    captions: tuple[str, ...]
    start: float | None = None
    end: float | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table, with where it stands."""

    file: Path
    line: int
    fields: dict[str, str]

    def text(self, column: str) -> str:
        """Return a field without blanks around it.

        Raises:
            UsageError: it is absent or empty.
        """
        value = self.fields.get(column, "").strip()
        if not value:
            raise malformed(self.file, self.line, f"has no “{column}”")
        return value

    def seconds(self, column: str) -> float | None:
        """Return a time, None where the field is absent or empty.

        Raises:
            UsageError: it is no number of seconds.
        """
        value = self.fields.get(column, "").strip()
        if not value:
            return None
        try:
            seconds = float(value)
        except ValueError:
            seconds = -1.0
        if not 0 <= seconds < float("inf"):
            raise malformed(self.file, self.line, f"has {value!r} for “{column}”, which is no time")
        return seconds


def malformed(file: Path, line: int | None, what: str) -> UsageError:
    """The error for a file that is not as published; `what` completes "Line 3 of x.csv …"."""
    place = f"“{file.name}”" if line is None else f"Line {line} of “{file.name}”"
    return UsageError(f"{place} {what}.", _ADVICE)


def read_text(file: Path) -> str:
    """Return the content of a UTF-8 file.

    Raises:
        UsageError: it is not there, cannot be read, or is not UTF-8.
    """
    try:
        content = file.read_bytes()
    except OSError as error:
        raise UsageError(
            f"The annotation file “{file.name}” cannot be read from “{file.parent.name}” ({error.strerror}).",
            "Get it from where the data set is published.",
        ) from error
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise malformed(file, line, "is not UTF-8 text") from error


def read_lines(file: Path) -> Iterator[tuple[int, str]]:
    """Yield number, from 1, and text of the lines that are not blank. Raises as `read_text`."""
    for number, line in enumerate(read_text(file).split("\n"), 1):
        if line.strip():
            yield number, line.strip()


def read_table(file: Path, columns: Iterable[str]) -> Iterator[Row]:
    """Yield the rows of a comma-separated file with a header.

    Args:
        file: the file.
        columns: names the header must hold; others may be there too.

    Raises:
        UsageError: as `read_text`, or it is no such table.
    """
    reader = csv.DictReader(io.StringIO(read_text(file), newline=""), strict=True)
    try:
        for column in columns:
            if column not in (reader.fieldnames or ()):
                raise malformed(file, 1, f"names no column “{column}”")
        for fields in reader:
            given = {name: value for name, value in fields.items() if isinstance(value, str) and name}
            yield Row(file, reader.line_num, given)
    except csv.Error as error:
        # `line_num` is the last line of the row before.
        raise malformed(file, reader.line_num + 1, f"is no row of a table ({error})") from error


def read_json(file: Path) -> Any:
    """Return the content of a JSON file. Raises `UsageError` as `read_text`, or where it is no JSON."""
    try:
        return json.loads(read_text(file))
    except json.JSONDecodeError as error:
        raise malformed(file, error.lineno, f"is no JSON ({error.msg})") from error
    except (RecursionError, ValueError) as error:  # absurdly deep, or an absurdly long number
        raise malformed(file, None, "is no JSON that can be read") from error


def grouped(captions: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Gather (key, caption) by key, both in the order in which they come."""
    groups: dict[str, list[str]] = {}
    for key, caption in captions:
        groups.setdefault(key, []).append(caption)
    return groups
