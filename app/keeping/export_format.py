"""A library as a JSON file (docs/library-export.md): what is in one that nobody vouches for."""

import json
import math
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from app.catalogue.kept.kept_names import can_be_person, cleaned_name, cleaned_note
from app.catalogue.kept.kept_records import (
    Collection,
    KeptLibrary,
    KnownContent,
    Mark,
    MarkKind,
    PastSearch,
    PersonMark,
    SavedSearch,
    Target,
    TimeSpan,
)
from app.errors import LibraryError, UsageError
from app.query.lexer import LONGEST_QUERY
from app.text import shown

FORMAT, VERSION = "reelfind-library", 1

LARGEST = 256 << 20
"""Bytes of a file that is read."""
MOST = 1_000_000
"""Entries of one list."""

_FINGERPRINT = re.compile(r"(?:[0-9]{1,3}:)?[0-9a-f]{64}")
_LONGEST_PATH, _LONGEST_SETTING = 4096, 10_000
_LATEST = 1e11
"""Seconds since 1970: the year 5138."""
_LONGEST_VIDEO = 1e8
_MOST_TIMES = 1_000_000_000
_LARGEST_VIDEO = (1 << 63) - 1

_What = {MarkKind.TAG: "a tag", MarkKind.COLLECTION: "a collection"}
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class ExportedLibrary:
    """What a file holds."""

    kept: KeptLibrary
    folders: tuple[Path, ...]
    settings: dict[str, str | float | bool]


def read_export(path: Path) -> ExportedLibrary:
    """Read a file.

    Raises:
        UsageError: it is no such file, of a newer version, or something in it makes no sense.
    """
    content = _parsed(path)
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise UsageError(
            f"{shown(path)} is no exported library.", "Make one with: reelfind export-library FILE."
        )
    version = content.get("version")
    if isinstance(version, int) and version > VERSION:
        raise UsageError(
            f"{shown(path)} was written by a newer version of Reelfind.", "Update Reelfind, then try again."
        )
    if version != VERSION or isinstance(version, bool):
        _refuse("version", "is not a version")
    return _library(content)


def _parsed(path: Path) -> Any:
    if path.exists() and not path.is_file():  # to open a pipe would wait for who writes it
        raise UsageError(f"{shown(path)} is no file.", "Name the file that was exported.")
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise UsageError(f"{shown(path)} cannot be read: {reason}.", "Check its name.") from error
    if len(data) > LARGEST:
        raise UsageError(
            f"{shown(path)} is too large: more than {LARGEST >> 20} MB.", "Name the file that was exported."
        )
    try:
        return json.loads(data, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise UsageError(
            f"{shown(path)} is no JSON file, or not all of it.", "Name the file that was exported."
        ) from error


def _no_number(text: str) -> NoReturn:
    raise ValueError(text)


def _library(content: dict[str, Any]) -> ExportedLibrary:
    folders = tuple(_each(content, "folders", lambda entry: Path(_path(entry, "path"))))
    videos = dict(_each(content, "videos", lambda entry: _video(entry, folders)))
    marks = tuple(_each(content, "marks", _mark))
    of_people = tuple(_each(content, "favourites_of_people", _of_person))
    about = {mark.target.fingerprint for mark in marks} | {mark.target.fingerprint for mark in of_people}
    kept = KeptLibrary(
        marks,
        tuple(video for number, video in videos.items() if number in about),
        tuple(_each(content, "collections", _collection)),
        tuple(_each(content, "searches", _search)),
        tuple(_each(content, "history", _past_search)),
        of_people,
    )
    return ExportedLibrary(kept, folders, _settings(content.get("settings", {})))


def _each(content: dict[str, Any], name: str, read: Callable[[dict[str, Any]], _T]) -> Iterator[_T]:
    """Read every entry of a list; where one makes no sense, the sentence names it."""
    entries = content.get(name, [])
    if not isinstance(entries, list):
        _refuse(name, "is no list")
    if len(entries) > MOST:
        _refuse(name, f"has more than {MOST:,} entries")
    for number, entry in enumerate(entries):
        with _within(f"{name}[{number}]"):
            if not isinstance(entry, dict):
                raise _WrongError("is no object")
            yield read(entry)


class _WrongError(Exception):
    """What makes no sense, and where."""


def _refuse(place: str, what: str) -> NoReturn:
    raise UsageError(f"The file makes no sense: {place} {what}.", "Export the library again.")


@contextmanager
def _within(place: str) -> Iterator[None]:
    try:
        yield
    except _WrongError as error:
        _refuse(place, str(error))
    except UsageError as error:
        raise UsageError(
            f"The file makes no sense at {place}: {error.sentence}", "Export the library again."
        ) from error


def _video(entry: dict[str, Any], folders: tuple[Path, ...]) -> tuple[str, KnownContent]:
    folder = entry.get("folder")
    name = _path(entry, "name")
    if folder is not None:
        if isinstance(folder, bool) or not isinstance(folder, int) or not 0 <= folder < len(folders):
            raise _WrongError("has no such folder")
        name = os.fspath(folders[folder] / name)
    duration = entry.get("duration")
    seconds = None if duration is None else _number(entry, "duration", _LONGEST_VIDEO)
    size = entry.get("size")
    if isinstance(size, bool) or not isinstance(size, int) or not 0 <= size <= _LARGEST_VIDEO:
        raise _WrongError("has no size")
    number = _fingerprint(entry)
    return number, KnownContent(number, Path(name), size, seconds)


def _mark(entry: dict[str, Any]) -> Mark:
    kind = entry.get("kind")
    if kind not in list(MarkKind):
        raise _WrongError("is of an unknown kind")
    kind = MarkKind(kind)
    value = ""
    if kind is MarkKind.NOTE:
        value = cleaned_note(_text(entry, "value"))
        if not value:
            raise _WrongError("is an empty note")
    elif kind.is_named:
        value = cleaned_name(_text(entry, "value"), _What[kind])
    return Mark(_target(entry), kind, value, _number(entry, "made", _LATEST))


def _of_person(entry: dict[str, Any]) -> PersonMark:
    person = _text(entry, "person")
    if not can_be_person(person):
        raise _WrongError("is of nobody who could ask")
    return PersonMark(person, _target(entry), _number(entry, "made", _LATEST))


def _target(entry: dict[str, Any]) -> Target:
    if entry.get("start") is None and entry.get("end") is None:
        return Target(_fingerprint(entry))
    start = round(_number(entry, "start", _LONGEST_VIDEO), 3)
    end = round(_number(entry, "end", _LONGEST_VIDEO), 3)
    if start >= end:
        raise _WrongError("ends before it begins")
    return Target(_fingerprint(entry), TimeSpan(start, end))


def _collection(entry: dict[str, Any]) -> Collection:
    return Collection(cleaned_name(_text(entry, "name"), "a collection"), _number(entry, "made", _LATEST))


def _past_search(entry: dict[str, Any]) -> PastSearch:
    times = entry.get("times")
    if isinstance(times, bool) or not isinstance(times, int) or not 1 <= times <= _MOST_TIMES:
        raise _WrongError("has no times")
    return PastSearch(_query(entry), times, _number(entry, "searched", _LATEST))


def _query(entry: dict[str, Any]) -> str:
    query = cleaned_note(_text(entry, "query")).replace("\n", " ")
    if not query or len(query) > LONGEST_QUERY:
        raise _WrongError("has no query, or a very long one")
    return query


def _search(entry: dict[str, Any]) -> SavedSearch:
    query = _query(entry)
    name = cleaned_name(_text(entry, "name"), "a saved search")
    return SavedSearch(name, query, _number(entry, "made", _LATEST))


def _settings(entry: object) -> dict[str, str | float | bool]:
    if not isinstance(entry, dict) or len(entry) > 1000:
        _refuse("settings", "is no object")
    for name, value in entry.items():
        if not isinstance(value, str | int | float) or len(str(value)) > _LONGEST_SETTING:
            _refuse(f"settings.{shown(name[:40])}", "has no value")
    return dict(entry)


def _fingerprint(entry: dict[str, Any]) -> str:
    value = _text(entry, "fingerprint")
    if not _FINGERPRINT.fullmatch(value):
        raise _WrongError("has no fingerprint")
    return value


def _path(entry: dict[str, Any], name: str) -> str:
    """A path that the file system could hold."""
    value = _text(entry, name)
    try:
        data = os.fsencode(value)
    except UnicodeEncodeError:
        data = b""
    if not data or b"\0" in data or len(data) > _LONGEST_PATH:
        raise _WrongError(f"has no {name}")
    return value


def _text(entry: dict[str, Any], name: str) -> str:
    value = entry.get(name)
    if not isinstance(value, str):
        raise _WrongError(f"has no {name}")
    return value


def _number(entry: dict[str, Any], name: str, most: float) -> float:
    value = entry.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= most:
        raise _WrongError(f"has no {name} that could be")
    number = float(value)
    if not math.isfinite(number):
        raise _WrongError(f"has no {name} that could be")
    return number


def unwritable(path: Path, error: OSError) -> LibraryError:
    """The sentence for a file that cannot be written."""
    return LibraryError(
        f"{shown(path)} cannot be written: {error.strerror or error}.",
        "Choose another file, or free some space.",
    )
