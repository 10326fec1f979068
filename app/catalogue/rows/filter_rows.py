"""The filters of a query as SQL: which videos meet them."""

import os
import unicodedata
from calendar import timegm
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date, datetime
from pathlib import Path

from sqlite_utils import Database

from app.catalogue.kept import kept_filters
from app.catalogue.records import FilteredVideos, VideoParts
from app.catalogue.rows import origin_rows
from app.catalogue.rows.lines import line_search
from app.lines.line import Source
from app.query.filters import FIRST_YEAR, LAST_YEAR, Value
from app.query.parsed_query import Filter, FilterName
from app.query.query_error import QueryError

_FROM = """FROM videos LEFT JOIN facts ON facts.video_id = coalesce(copy_of, videos.id)
    WHERE folder_id <> 0 AND presence <> 'gone'"""

_FILMED = """coalesce(
    CASE WHEN substr(created, 20) GLOB '*[-+]*' THEN unixepoch(created) ELSE unixepoch(created, 'utc') END,
    mtime_ns / 1000000000
)"""
"""Seconds since 1970. A date without an offset is one of this computer's clock."""

_SHAPES = {
    "portrait": "height > width",
    "landscape": "width > height",
    "square": "width = height",
    "hd": "min(width, height) >= 720",
    "4k": "min(width, height) >= 2160",
}

_ANY = {
    *(FilterName.IN, FilterName.TYPE, FilterName.CAMERA, FilterName.PLACE),
    FilterName.IN_COLLECTION,
}
"""Several of these are alternatives; of all others each has to be met."""

Condition = tuple[str, list[str | float | bytes]]
"""SQL and its arguments."""


def _midnight(day: Value) -> float:
    """Seconds since 1970 at which a day begins by this computer's clock."""
    if not isinstance(day, date):
        raise TypeError(day)
    try:
        return datetime(day.year, day.month, day.day).timestamp()
    except (OSError, OverflowError):  # a system whose clock begins in 1970
        return float(timegm(day.timetuple()))


def _number(value: Value) -> float:
    if not isinstance(value, float):
        raise TypeError(value)
    return value


def _folded_path(path: bytes) -> str:
    text = path.decode("utf-8", "replace")
    return _folded(text.replace("\\", "/") if os.sep == "\\" else text)


def _folded(text: str) -> str:
    return text.lower() if text.isascii() else unicodedata.normalize("NFC", text).casefold()


_COMPARED: dict[FilterName, tuple[str, Callable[[Value], str | float]]] = {
    FilterName.AFTER: (f"{_FILMED} >= ?", _midnight),
    FilterName.BEFORE: (f"{_FILMED} < ?", _midnight),
    FilterName.LONGER: ("duration >= ?", _number),
    FilterName.SHORTER: ("duration <= ?", _number),
}
"""SQL, and what makes its argument of a value."""


def meeting(database: Database, filters: Sequence[Filter], below: Path | None) -> FilteredVideos:
    """Files that meet all filters, copies too, and the contents that they hold; see `Catalogue.filtered`."""
    _add_functions(database)
    conditions = [_below(below)] if below is not None else []
    for name in FilterName:
        same = [
            _condition(database, filter_)
            for filter_ in filters
            if filter_.name is name and not filter_.excluded
        ]
        conditions += [_one_of(same)] if name in _ANY and same else same
    for filter_ in filters:
        if filter_.excluded:
            sql, arguments = _condition(database, filter_)
            conditions.append((f"NOT coalesce({sql}, 0)", arguments))
    where = "".join(f" AND ({sql})" for sql, _ in conditions)
    rows = database.execute(
        f"SELECT videos.id, coalesce(copy_of, videos.id) {_FROM}{where}",
        [argument for _, arguments in conditions for argument in arguments],
    ).fetchall()
    return FilteredVideos(
        frozenset(content for _, content in rows),
        frozenset(number for number, _ in rows),
        _parts(database, filters),
    )


def newest_first(database: Database, contents: Collection[int]) -> list[int]:
    """See `Catalogue.newest_first`."""
    rows = database.execute(
        f"""SELECT coalesce(copy_of, videos.id) AS content, max({_FILMED}) AS filmed {_FROM}
        AND state = 'indexed' GROUP BY content ORDER BY filmed DESC, content DESC"""
    ).fetchall()
    wanted = frozenset(contents)
    return [content for content, _ in rows if content in wanted]


def _parts(database: Database, filters: Sequence[Filter]) -> tuple[VideoParts, ...]:
    """The moments that alone meet a filter for what is kept."""
    kept = [filter_ for filter_ in filters if kept_filters.is_kept(filter_)]
    any_of = [filter_ for filter_ in kept if filter_.name in _ANY and not filter_.excluded]
    groups = [[filter_] for filter_ in kept if filter_ not in any_of] + ([any_of] if any_of else [])
    found = [kept_filters.parts(database, group) for group in groups]
    return tuple(each for each in found if each is not None)


def _condition(database: Database, filter_: Filter) -> Condition:
    value = filter_.value
    if kept_filters.is_kept(filter_):
        return kept_filters.condition(database, filter_)
    if (by_library := _BY_LIBRARY.get(filter_.name)) is not None:
        return by_library(database, filter_)
    if filter_.name is FilterName.IS:
        return _SHAPES[str(value)], []
    sql, argument = _COMPARED[filter_.name]
    return sql, [argument(value)]


def _of_name(database: Database, filter_: Filter) -> Condition:
    """With this in the file's name, or its words at the beginning of words of any of its names."""
    typed = str(filter_.value)
    part: Condition = ("instr(folded_name(videos.path), ?)", [_folded(typed)])
    expression = line_search.in_one_line(database, typed, Source.NAME)
    if expression is None:
        return part
    return _one_of([part, (f"videos.id IN ({line_search.VIDEOS})", [expression])])


def _of_type(database: Database, filter_: Filter) -> Condition:
    condition: Condition = ("folded_suffix(videos.path) = ?", [f".{filter_.value}"])
    if not _is_met(database, condition):
        raise QueryError(f"No video in this library is of the type .{filter_.value}.", at=filter_.at)
    return condition


def _of_origin(database: Database, filter_: Filter) -> Condition:
    words, whole = origin_rows.arguments_of(str(filter_.value))
    condition: Condition = (origin_rows.CAMERA, [words])
    if filter_.name is FilterName.PLACE:
        condition = (origin_rows.PLACE, [words, whole])
    if not _is_met(database, condition):
        how = "with a camera called" if filter_.name is FilterName.CAMERA else "in a place called"
        raise QueryError(
            f"No video in this library says that it was filmed {how} “{filter_.value}”.",
            f"List what there is with: reelfind search --complete {filter_.name.value}:",
            at=filter_.at,
        )
    return condition


def _in_folder(database: Database, filter_: Filter) -> Condition:
    """Below a folder of this name, or with this path; where there is none, with this in its name."""
    typed = str(filter_.value)
    path = os.path.expanduser(typed).replace("\\", "/") if os.sep == "\\" else os.path.expanduser(typed)  # noqa: PTH111
    wanted = _folded(path.rstrip("/"))
    exact: Condition = ("instr(folded(videos.path), ?)", [f"/{wanted.lstrip('/')}/"])
    if wanted.startswith("/"):
        exact = ("instr(folded(videos.path), ?) = 1", [f"{wanted}/"])
    if _is_met(database, exact):
        return exact
    partly: Condition = ("instr(folded_folder(videos.path), ?)", [wanted])
    if "/" not in wanted and _is_met(database, partly):
        return partly
    raise QueryError(
        f"No folder in this library is called “{typed}”.",
        "List what there is with: reelfind search --complete in:",
        at=filter_.at,
    )


_BY_LIBRARY: dict[FilterName, Callable[[Database, Filter], Condition]] = {
    FilterName.IN: _in_folder,
    FilterName.TYPE: _of_type,
    FilterName.NAME: _of_name,
    FilterName.CAMERA: _of_origin,
    FilterName.PLACE: _of_origin,
}
"""What makes a condition that depends on what there is."""


def _below(folder: Path) -> Condition:
    start = os.path.join(os.fsencode(folder), b"")  # noqa: PTH118 - of bytes
    return "substr(videos.path, 1, ?) = ?", [len(start), start]


def _one_of(conditions: Iterable[Condition]) -> Condition:
    sql, arguments = zip(*conditions, strict=True)
    return " OR ".join(sql), [argument for some in arguments for argument in some]


def _is_met(database: Database, condition: Condition) -> bool:
    sql, arguments = condition
    return database.execute(f"SELECT 1 {_FROM} AND {sql} LIMIT 1", arguments).fetchone() is not None


def folders_named(database: Database, start: str) -> list[str]:
    """Names of the folders below the watched ones, and of these, that begin so; in order, without twins."""
    wanted = _folded(start)
    roots = [os.fsdecode(path) for (path,) in database.execute("SELECT path FROM folders WHERE id <> 0")]
    names = {Path(root).name for root in roots}
    for (blob,) in database.execute(
        "SELECT DISTINCT videos.path FROM videos WHERE folder_id <> 0 AND presence <> 'gone'"
    ):
        folder = os.path.dirname(os.fsdecode(blob))  # noqa: PTH120 - thousands of them
        for root in roots:
            if folder.startswith(root + os.sep):
                names.update(Path(folder[len(root) + 1 :]).parts)
    return sorted((name for name in names if name and _folded(name).startswith(wanted)), key=_folded)


def suffixes(database: Database, start: str) -> list[str]:
    """Types of the library's files, without the dot, that begin so; in order."""
    _add_functions(database)
    rows = database.execute(f"SELECT DISTINCT folded_suffix(videos.path) {_FROM}").fetchall()
    wanted = f".{_folded(start)}"
    return sorted(suffix.removeprefix(".") for (suffix,) in rows if suffix.startswith(wanted))


def file_names(database: Database, start: str, limit: int) -> list[str]:
    """Names of the library's files that begin so, in order, at most so many."""
    _add_functions(database)
    wanted = _folded(start)
    rows = database.execute(
        f"""SELECT DISTINCT folded_name(videos.path) AS name, videos.path {_FROM}
            AND substr(name, 1, ?) = ? GROUP BY name ORDER BY name LIMIT ?""",
        [len(wanted), wanted, limit],
    )
    return [os.path.basename(os.fsdecode(path)) for _, path in rows.fetchall()]  # noqa: PTH119 - as above


def years(database: Database) -> list[int]:
    """In which years something was filmed, by this computer's clock, in order."""
    rows = database.execute(
        f"SELECT DISTINCT strftime('%Y', {_FILMED}, 'unixepoch', 'localtime') {_FROM}"
    ).fetchall()
    found = {int(year) for (year,) in rows if year is not None}
    return sorted(year for year in found if FIRST_YEAR <= year <= LAST_YEAR)


def _add_functions(database: Database) -> None:
    """Teach SQLite to compare names as people do, whatever case and normal form a file system keeps."""
    for name, function in (
        ("folded", _folded_path),
        ("folded_name", lambda path: _folded_path(path).rpartition("/")[2]),
        ("folded_folder", lambda path: _folded_path(path).rpartition("/")[0]),
        ("folded_suffix", lambda path: os.path.splitext(_folded_path(path))[1]),  # noqa: PTH122
    ):
        database.conn.create_function(name, 1, function, deterministic=True)
