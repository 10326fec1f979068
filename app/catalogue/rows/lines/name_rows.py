"""The source `name`: what a file, its folders and its headers are called, as lines without a time.

Triggers note every video whose names may be others (`renamed`); whoever writes calls `refresh` in the same
transaction, so that a file is found by its new name as soon as it is known under it.
"""

import os
from datetime import datetime
from pathlib import PurePath

from sqlite_utils import Database

from app.catalogue.rows.lines import line_rows
from app.lines.line import Line, Source
from app.lines.names import name_words
from app.lines.words import words_of

_TOGETHER = 500
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


def describe(database: Database, video_id: int, title: str, description: str, keywords: str) -> None:
    """Note what a file's headers say of it; its names are to be written anew."""
    database.execute(
        "INSERT OR REPLACE INTO descriptions VALUES (?, ?, ?, ?)", [video_id, title, description, keywords]
    )
    await_names(database, video_id)


def await_names(database: Database, video_id: int) -> None:
    """Let a video's names be written anew by the next `refresh`."""
    database.execute("INSERT OR IGNORE INTO renamed (video_id) VALUES (?)", [video_id])


def refresh(database: Database, most: int | None = None) -> int:
    """Write the names of all videos that wait for it, inside the caller's transaction; returns how many."""
    done = 0
    while most is None or done < most:
        rows = database.execute(
            """SELECT renamed.video_id, videos.path, folders.path, created, title, description, keywords
            FROM renamed LEFT JOIN videos ON videos.id = renamed.video_id AND folder_id <> 0
                LEFT JOIN folders ON folders.id = folder_id
                LEFT JOIN facts ON facts.video_id = videos.id
                LEFT JOIN descriptions ON descriptions.video_id = videos.id
            LIMIT ?""",
            [_TOGETHER],
        ).fetchall()
        for number, path, folder, created, *texts in rows:
            lines = [] if path is None else _names(path, folder) + _described(created, *texts)
            line_rows.replace(
                database, number, Source.NAME, [line for line, _ in lines], [words for _, words in lines]
            )
            database.execute("DELETE FROM renamed WHERE video_id = ?", [number])
        done += len(rows)
        if len(rows) < _TOGETHER:
            break
    return done


def _names(path: bytes, folder: bytes) -> list[tuple[Line, str]]:
    """The file's name, then those of its folders from the watched one down."""
    file, root = PurePath(os.fsdecode(path)), PurePath(os.fsdecode(folder))
    folders = file.parent.relative_to(root).parts if file.is_relative_to(root) else ()
    return [_line(name, " ".join(name_words(name))) for name in (file.stem, root.name, *folders) if name]


def _described(
    created: str | None, title: str | None, description: str | None, keywords: str | None
) -> list[tuple[Line, str]]:
    lines = [_line(text, " ".join(words_of(text))) for text in (title, description, keywords) if text]
    try:
        when = datetime.fromisoformat(created or "")
    except ValueError:
        return lines
    day = f"{when.day} {_MONTHS[when.month - 1]} {when.year}"
    return [*lines, _line(day, " ".join(words_of(f"{day} {when:%Y %m %d}")))]


def _line(text: str, words: str) -> tuple[Line, str]:
    return Line(0.0, 0.0, line_rows.plain(text) or "?"), words
