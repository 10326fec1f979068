"""Filters for what is kept or hidden: which contents, and which moments of others, are marked so."""

from collections import defaultdict
from collections.abc import Sequence

from sqlite_utils import Database

from app.catalogue.kept.kept_names import folded_name
from app.catalogue.kept.kept_records import MarkKind
from app.catalogue.records import VideoParts
from app.query.filters import FAVOURITE, HIDDEN
from app.query.parsed_query import Filter, FilterName
from app.query.query_error import QueryError

_KINDS = {FilterName.TAG: MarkKind.TAG, FilterName.IN_COLLECTION: MarkKind.COLLECTION}
_STATES = {FAVOURITE: MarkKind.FAVOURITE, HIDDEN: MarkKind.HIDDEN}

NOT_HIDDEN = Filter(FilterName.IS, HIDDEN, excluded=True)
"""What every query is limited to that does not ask for what is hidden."""


def is_kept(filter_: Filter) -> bool:
    """Whether a filter asks for what people keep."""
    if filter_.name is FilterName.IS:
        return filter_.value in _STATES
    return filter_.name in _KINDS


def asks_for_hidden(filters: Sequence[Filter]) -> bool:
    """Whether a query says itself what of the hidden it wants."""
    return any(each.name is FilterName.IS and each.value == HIDDEN for each in filters)


def condition(database: Database, filter_: Filter) -> tuple[str, list[str | float | bytes]]:
    """SQL, with its arguments, that videos meet that are marked so; of excluded filters, marked as a whole.

    Raises:
        QueryError: there is no such tag or collection.
    """
    kind, folded = _kind(filter_), _folded(filter_)
    _check(database, filter_, kind, folded)
    whole = "AND start IS NULL" if filter_.excluded else ""
    marks, whose = _marks(filter_)
    found = f"""SELECT 1 FROM {marks} AS marks
        WHERE marks.fingerprint = videos.fingerprint AND kind = ? AND folded = ? {whole}"""  # noqa: S608 - ours
    return f"EXISTS ({found})", [*whose, kind, folded]


def parts(database: Database, filters: Sequence[Filter]) -> VideoParts | None:
    """The moments that are marked so, of contents of which the whole is not; None where there are none.

    Args:
        database: the library's.
        filters: alternatives of one name; or one alone.
    """
    spans: defaultdict[int, list[tuple[float, float]]] = defaultdict(list)
    whole: set[int] = set()
    for filter_ in filters:
        marks, whose = _marks(filter_)
        rows = database.execute(
            f"""SELECT DISTINCT coalesce(copy_of, videos.id), start, "end"
            FROM {marks} AS marks JOIN videos ON videos.fingerprint = marks.fingerprint
            WHERE kind = ? AND folded = ? ORDER BY 1, start, "end" """,  # noqa: S608 - ours
            [*whose, _kind(filter_), _folded(filter_)],
        ).fetchall()
        for number, start, end in rows:
            if start is None or end is None:
                whole.add(number)
            else:
                spans[number].append((start, end))
    found = {number: tuple(each) for number, each in spans.items() if number not in whole}
    return VideoParts(found, excluded=filters[0].excluded) if found else None


def _marks(filter_: Filter) -> tuple[str, list[str | float | bytes]]:
    """The table of the marks that are meant, with its arguments."""
    if not filter_.person:
        return "marks", []
    return "(SELECT * FROM person_marks WHERE person = ?)", [filter_.person]


def _kind(filter_: Filter) -> MarkKind:
    return _STATES[str(filter_.value)] if filter_.name is FilterName.IS else _KINDS[filter_.name]


def _folded(filter_: Filter) -> str:
    return "" if filter_.name is FilterName.IS else folded_name(str(filter_.value))


def _check(database: Database, filter_: Filter, kind: MarkKind, folded: str) -> None:
    """Refuse the name of a tag or a collection that there is none of."""
    if not kind.is_named:
        return
    where = "SELECT 1 FROM marks WHERE kind = ? AND folded = ? LIMIT 1"
    if database.execute(where, [kind, folded]).fetchone() is not None:
        return
    if (
        kind is MarkKind.COLLECTION
        and database.execute("SELECT 1 FROM collections WHERE folded = ?", [folded]).fetchone()
    ):
        return
    raise QueryError(
        f"Nothing in this library has the tag “{filter_.value}”."
        if kind is MarkKind.TAG
        else f"No collection in this library is called “{filter_.value}”.",
        f"List what there is with: reelfind search --complete {filter_.name.value}:",
        at=filter_.at,
    )
