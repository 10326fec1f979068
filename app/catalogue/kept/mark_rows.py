"""Rows of marks: what is kept about contents and moments, and the collections."""

import time
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby

from sqlite_utils import Database

from app.catalogue.kept.kept_names import LONGEST_NOTE, folded_name
from app.catalogue.kept.kept_records import (
    Collection,
    KeptThing,
    KnownContent,
    Mark,
    MarkKind,
    NamedCount,
    Target,
    TimeSpan,
    VideoMark,
)
from app.catalogue.records import Presence, Video
from app.catalogue.rows.video_rows import from_blob, to_blob

_AT = """fingerprint = ? AND coalesce(start, -1) = ? AND coalesce("end", -1) = ?"""

_PRESENT = """SELECT videos.id, videos.path, CASE
        WHEN presence IN ('here', 'unreachable') AND NOT online THEN 'away' ELSE presence END AS found
    FROM videos JOIN folders ON folders.id = folder_id AND folder_id <> 0
    WHERE fingerprint = ? AND presence <> 'gone'
    ORDER BY found <> 'here', videos.id LIMIT 1"""


def put(database: Database, marks: Iterable[Mark], *, join_notes: bool = False) -> int:
    """Keep marks, inside the caller's transaction; what is kept already stays as it is.

    Args:
        database: the library's.
        marks: with clean names.
        join_notes: whether a note stays beside another one of the same target; it takes its place otherwise.

    Returns:
        How many were not kept before.
    """
    new = 0
    for mark in marks:
        folded = _folded(mark.kind, mark.value)
        where = [*_place(mark.target), mark.kind, folded]
        known = database.execute(
            f"SELECT id, value FROM marks WHERE {_AT} AND kind = ? AND folded = ?",  # noqa: S608 - ours
            where,
        ).fetchone()
        if known is None:
            span = mark.target.span
            database.execute(
                """INSERT INTO marks (fingerprint, start, "end", kind, value, folded, made)
                VALUES (?, ?, ?, ?, ?, ?, ?)""",
                [
                    mark.target.fingerprint,
                    None if span is None else span.start,
                    None if span is None else span.end,
                    mark.kind,
                    mark.value,
                    folded,
                    mark.made,
                ],
            )
            new += 1
        elif mark.kind is MarkKind.NOTE and known[1] != mark.value:
            note = _both(known[1], mark.value) if join_notes else mark.value
            new += note != known[1]
            database.execute("UPDATE marks SET value = ? WHERE id = ?", [note, known[0]])
        if mark.kind is MarkKind.COLLECTION:
            make_collection(database, mark.value, mark.made)
    return new


def remove(database: Database, target: Target, kind: MarkKind | None, value: str = "") -> int:
    """Forget a kind of mark of a target (of this name), every kind where None; returns how many."""
    if kind is None:
        return database.execute(f"DELETE FROM marks WHERE {_AT}", _place(target)).rowcount  # noqa: S608
    return database.execute(
        f"DELETE FROM marks WHERE {_AT} AND kind = ? AND folded = ?",  # noqa: S608 - ours
        [*_place(target), kind, _folded(kind, value)],
    ).rowcount


def move(database: Database, old: Target, new: Target) -> int:
    """Give what is kept about one target to another; returns how many marks that are."""
    moved = [Mark(new, mark.kind, mark.value, mark.made) for mark in marks_at(database, old)]
    remove(database, old, None)
    put(database, moved, join_notes=True)
    return len(moved)


def follow(database: Database, old: str, new: str) -> None:
    """Note that a content has another fingerprint from now on: of a newer version of the formula."""
    if old == new:
        return
    for target in {mark.target for mark in map(_mark, _rows(database, "WHERE fingerprint = ?", [old]))}:
        move(database, target, Target(new, target.span))
    for table in ("person_marks", "kept_contents"):
        database.execute(f"UPDATE OR IGNORE {table} SET fingerprint = ? WHERE fingerprint = ?", [new, old])  # noqa: S608 - ours
        database.execute(f"DELETE FROM {table} WHERE fingerprint = ?", [old])  # noqa: S608 - ours
    both = "fingerprint IN (?, ?)"
    (first,) = database.execute(f"SELECT min(number) FROM seen_contents WHERE {both}", [old, new]).fetchone()  # noqa: S608
    if first is not None:
        database.execute(f"DELETE FROM seen_contents WHERE {both}", [old, new])  # noqa: S608
        database.execute("INSERT INTO seen_contents (number, fingerprint) VALUES (?, ?)", [first, new])


def note_content(database: Database, video: Video) -> None:
    """Note what the content of a video that something is kept about is, inside the caller's transaction."""
    remember(
        database,
        KnownContent(
            str(video.fingerprint), video.path, video.size, video.facts.duration if video.facts else None
        ),
    )


def remember(database: Database, content: KnownContent, *, replace: bool = True) -> None:
    """Note what a content is; where it is known, only if `replace`."""
    database.execute(
        f"""INSERT OR {"REPLACE" if replace else "IGNORE"} INTO kept_contents
            (fingerprint, path, size, duration) VALUES (?, ?, ?, ?)""",  # noqa: S608 - ours
        [content.fingerprint, to_blob(content.path), content.size, content.duration],
    )


def marks(database: Database) -> list[Mark]:
    """All of them, in the order in which they were made."""
    return [_mark(row) for row in _rows(database, "", [])]


def marks_at(database: Database, target: Target) -> list[Mark]:
    """Those of one video or moment, in the order in which they were made."""
    return [_mark(row) for row in _rows(database, f"WHERE {_AT}", _place(target))]


def marks_of(database: Database, fingerprint: str) -> list[Mark]:
    """Those of a content and of its moments, likewise."""
    return [_mark(row) for row in _rows(database, "WHERE fingerprint = ?", [fingerprint])]


def marks_of_videos(database: Database) -> list[VideoMark]:
    """All marks of contents that a file of the library holds, likewise."""
    rows = database.execute(
        """SELECT DISTINCT coalesce(copy_of, videos.id), marks.fingerprint, start, "end", kind, value, made,
            marks.id
        FROM marks JOIN videos ON videos.fingerprint = marks.fingerprint
        WHERE folder_id <> 0 AND presence <> 'gone' ORDER BY marks.id"""
    ).fetchall()
    return [VideoMark(number, _mark(row)) for number, *row, _ in rows]


def count(database: Database, kind: MarkKind) -> int:
    """How many videos and moments are marked so."""
    (found,) = database.execute("SELECT count(*) FROM marks WHERE kind = ?", [kind]).fetchone()
    return int(found)


def contents(database: Database) -> list[KnownContent]:
    """What is known of the contents that something is kept about, in order of fingerprint."""
    rows = database.execute(
        """SELECT fingerprint, path, size, duration FROM kept_contents
        WHERE fingerprint IN (SELECT fingerprint FROM marks UNION SELECT fingerprint FROM person_marks)
        ORDER BY fingerprint"""
    ).fetchall()
    return [KnownContent(number, from_blob(path), size, duration) for number, path, size, duration in rows]


def collections(database: Database) -> list[Collection]:
    """All collections, in the order in which they were made."""
    rows = database.execute("SELECT name, made FROM collections ORDER BY id").fetchall()
    return [Collection(name, float(made)) for name, made in rows]


def things(
    database: Database, *, fingerprint: str | None = None, kind: MarkKind | None = None, value: str = ""
) -> list[KeptThing]:
    """What is kept, in order of path and time.

    Args:
        database: the library's.
        fingerprint: only about this content.
        kind: only what is marked so.
        value: of `kind`, the name.
    """
    where, arguments = "WHERE 1", []
    if fingerprint is not None:
        where, arguments = where + " AND fingerprint = ?", [fingerprint]
    if kind is not None:
        where += """ AND EXISTS (SELECT 1 FROM marks AS other WHERE other.fingerprint = marks.fingerprint
            AND other.start IS marks.start AND other."end" IS marks."end"
            AND other.kind = ? AND other.folded = ?)"""
        arguments += [kind, _folded(kind, value)]
    found = [_mark(row) for row in _rows(database, where, arguments)]
    key: Callable[[Mark], tuple[str, float, float]] = lambda mark: _place(mark.target)  # noqa: E731
    together = [list(group) for _, group in groupby(sorted(found, key=key), key)]
    known: dict[str, tuple[int | None, bytes, Presence]] = {}
    for group in together:
        content = group[0].target.fingerprint
        if content not in known:
            known[content] = _file_of(database, content)
    made = [_thing(group, known[group[0].target.fingerprint]) for group in together]
    return sorted(made, key=lambda thing: (thing.path, _place(thing.target)))


def named(database: Database, kind: MarkKind) -> list[NamedCount]:
    """Tags, or collections with the empty ones, each with how much is in it; in order of name."""
    rows = database.execute(
        "SELECT folded, min(value), count(*) FROM marks WHERE kind = ? GROUP BY folded", [kind]
    ).fetchall()
    found = {folded: NamedCount(name, count) for folded, name, count in rows}
    if kind is MarkKind.COLLECTION:
        for folded, name in database.execute("SELECT folded, name FROM collections").fetchall():
            found[folded] = NamedCount(name, found[folded].count if folded in found else 0)
    return [found[folded] for folded in sorted(found)]


def make_collection(database: Database, name: str, made: float | None = None) -> bool:
    """Make an empty collection; returns whether there was none of this name."""
    cursor = database.execute(
        "INSERT OR IGNORE INTO collections (name, folded, made) VALUES (?, ?, ?)",
        [name, folded_name(name), time.time() if made is None else made],
    )
    return cursor.rowcount > 0


def remove_named(database: Database, kind: MarkKind, name: str) -> bool:
    """Forget a tag or a collection and nothing else; returns whether there was one."""
    folded = folded_name(name)
    gone = database.execute("DELETE FROM marks WHERE kind = ? AND folded = ?", [kind, folded]).rowcount
    if kind is MarkKind.COLLECTION:
        gone += database.execute("DELETE FROM collections WHERE folded = ?", [folded]).rowcount
    return gone > 0


def rename(database: Database, kind: MarkKind, old: str, new: str) -> bool:
    """Give a tag or a collection another name, that of another one to put both together.

    Returns:
        Whether there was one.
    """
    rows = _rows(database, "WHERE kind = ? AND folded = ?", [kind, folded_name(old)])
    renamed = [Mark(mark.target, kind, new, mark.made) for mark in map(_mark, rows)]
    was_there = remove_named(database, kind, old)
    if was_there and kind is MarkKind.COLLECTION:
        make_collection(database, new)
    put(database, renamed)
    return was_there


def _folded(kind: MarkKind, value: str) -> str:
    return folded_name(value) if kind.is_named else ""


def _place(target: Target) -> tuple[str, float, float]:
    """The arguments of `_AT`."""
    span = target.span
    return target.fingerprint, *((-1.0, -1.0) if span is None else (span.start, span.end))


def _rows(database: Database, where: str, arguments: Sequence[object]) -> list[tuple[object, ...]]:
    return database.execute(
        f'SELECT fingerprint, start, "end", kind, value, made FROM marks {where} ORDER BY id',  # noqa: S608
        arguments,
    ).fetchall()


def _mark(row: Sequence[object]) -> Mark:
    fingerprint, start, end, kind, value, made = row
    span = TimeSpan(start, end) if isinstance(start, float) and isinstance(end, float) else None
    when = float(made) if isinstance(made, int | float) else 0.0
    return Mark(Target(str(fingerprint), span), MarkKind(str(kind)), str(value), when)


def _thing(group: Sequence[Mark], file: tuple[int | None, bytes, Presence]) -> KeptThing:
    def values(kind: MarkKind) -> tuple[str, ...]:
        return tuple(sorted((mark.value for mark in group if mark.kind is kind), key=folded_name))

    number, path, presence = file
    return KeptThing(
        target=group[0].target,
        path=from_blob(path),
        video_id=number,
        presence=presence,
        favourite=any(mark.kind is MarkKind.FAVOURITE for mark in group),
        tags=values(MarkKind.TAG),
        note="\n".join(values(MarkKind.NOTE)),
        collections=values(MarkKind.COLLECTION),
        made=min(mark.made for mark in group),
        hidden=any(mark.kind is MarkKind.HIDDEN for mark in group),
    )


def _file_of(database: Database, fingerprint: str) -> tuple[int | None, bytes, Presence]:
    """The video that holds a content, its path and where it is; of none the last path that is known."""
    found = database.execute(_PRESENT, [fingerprint]).fetchone()
    if found is not None:
        return int(found[0]), found[1], Presence(found[2])
    last = database.execute("SELECT path FROM kept_contents WHERE fingerprint = ?", [fingerprint]).fetchone()
    return None, b"" if last is None else last[0], Presence.GONE


def _both(one: str, other: str) -> str:
    """Two notes in one; the shorter as far as there is room."""
    if other in one:
        return one
    return other if one in other else f"{one}\n{other}"[:LONGEST_NOTE]
