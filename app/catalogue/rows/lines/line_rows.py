"""Rows of lines, and how far each source has been read."""

import logging
import sqlite3
from collections.abc import Collection, Sequence
from itertools import islice

import numpy as np
from sqlite_utils import Database

from app.catalogue.line_records import LineCounts, LineFailure, StoredLine
from app.catalogue.records import Video
from app.catalogue.rows import video_rows
from app.errors import Cause, MediaError
from app.lines.line import Line, Source
from app.lines.words import words_of

logger = logging.getLogger(__name__)

LONGEST = 2_000
"""Characters of a line that are kept."""
MOST = 200_000
"""Lines of one video and source that are kept."""

_SOME_VIDEOS = 100
"""Videos of which `some` reads lines."""

_LONGEST_TERM = 40
"""Letters of a word that somebody may misspell."""

_READABLE = "presence <> 'gone' AND folder_id <> 0 AND copy_of IS NULL AND state = 'indexed'"


def without(database: Database, source: Source, reader: str) -> list[Video]:
    """See `Catalogue.without_lines`."""
    return video_rows.select(
        database,
        """presence = 'here' AND online AND copy_of IS NULL AND videos.state = 'indexed'
        AND NOT EXISTS (
            SELECT 1 FROM line_states WHERE line_states.video_id = videos.id AND source = ? AND reader = ?
                AND (line_states.state = 'done' OR line_states.cause = 'file'))""",
        [source, reader],
    )


def some(database: Database, sources: Collection[Source], limit: int) -> list[tuple[int, str]]:
    """Lines from all over the library, at most so many, each with the id of its video."""
    wanted = sorted(sources)
    marks = ", ".join("?" * len(wanted))
    videos = [
        number
        for (number,) in database.execute(
            f"SELECT DISTINCT video_id FROM line_states WHERE source IN ({marks})",  # noqa: S608 - our names
            wanted,
        )
    ]
    chosen = videos[:: max(1, len(videos) // _SOME_VIDEOS)][:_SOME_VIDEOS]
    each = -(-limit // max(1, len(chosen)))
    found: list[tuple[int, str]] = []
    for number in chosen:
        found += database.execute(
            f"""SELECT video_id, text FROM lines JOIN videos ON videos.id = video_id
                WHERE video_id = ? AND source IN ({marks}) AND {_READABLE} LIMIT ?""",  # noqa: S608 - our names
            [number, *wanted, each],
        ).fetchall()
    return found[:limit]


def beside(database: Database, source: Source) -> dict[int, str]:
    """By id of the videos whose lines were read, or failed: what lay beside their files then."""
    return dict(
        database.execute("SELECT video_id, beside FROM line_states WHERE source = ?", [source]).fetchall()
    )


def write(
    database: Database, video_id: int, source: Source, reader: str, lines: Sequence[Line], beside: str
) -> None:
    """Replace a video's lines of one source."""
    replace(database, video_id, source, lines)
    database.execute(
        """INSERT OR REPLACE INTO line_states (video_id, source, state, reader, beside)
        VALUES (?, ?, 'done', ?, ?)""",
        [video_id, source, reader, beside],
    )


def replace(
    database: Database,
    video_id: int,
    source: Source,
    lines: Sequence[Line],
    words: Sequence[str] | None = None,
) -> None:
    """Replace a video's lines of one source, and say nothing of how they were read.

    Args:
        words: what is searched for each line; what `words_of` makes of its text where None.
    """
    database.execute("DELETE FROM lines WHERE video_id = ? AND source = ?", [video_id, source])
    if len(lines) > MOST:
        logger.warning("of %d lines of video %d the first %d are kept", len(lines), video_id, MOST)
    rows = []
    for number, line in enumerate(islice(lines, MOST)):
        text = plain(line.text)
        if not text:
            continue
        searched = _searched(text) if words is None else words[number]
        times = line.word_times if len(line.word_times) == len(text.split()) else ()
        rows.append(
            (
                video_id,
                source,
                float(line.start),
                max(float(line.start), float(line.end)),
                text,
                searched,
                line.language,
                np.array(times, "<f4").tobytes(),
            )
        )
    database.conn.executemany(
        """INSERT INTO lines (video_id, source, start, "end", text, words, language, word_times)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)""",
        rows,
    )
    terms = {word for _, _, _, _, text, searched, *_ in rows for word in _words(text, searched)}
    database.conn.executemany(
        "INSERT OR IGNORE INTO line_terms VALUES (?)",
        ((word,) for word in terms if len(word) <= _LONGEST_TERM),
    )


def plain(text: str) -> str:
    """A text on one line without what does not show, of a length that can be kept."""
    shown = text[: 4 * LONGEST].encode("utf-8", "replace").decode()
    if not shown.isprintable():
        shown = "".join(letter if letter.isprintable() else " " for letter in shown)
    return " ".join(shown.split())[:LONGEST].rstrip()


def fail(
    database: Database, video_id: int, source: Source, reader: str, error: MediaError, beside: str
) -> None:
    """Note why a source cannot be read; lines that were read before stay."""
    database.execute(
        """INSERT INTO line_states (video_id, source, state, reader, beside, cause, reason, advice, attempts)
        VALUES (:video, :source, 'failed', :reader, :beside, :cause, :reason, :advice, 1)
        ON CONFLICT (video_id, source) DO UPDATE SET
            attempts = CASE WHEN state = 'failed' AND reader = excluded.reader THEN attempts + 1 ELSE 1 END,
            state = 'failed', reader = excluded.reader, beside = excluded.beside,
            cause = excluded.cause, reason = excluded.reason, advice = excluded.advice""",
        {
            "video": video_id,
            "source": source,
            "reader": reader,
            "beside": beside,
            "cause": error.cause,
            "reason": error.sentence,
            "advice": error.advice,
        },
    )


def retry(database: Database, video_ids: Collection[int] | None) -> int:
    """Let what failed be read again; returns how many videos and sources that are."""
    if video_ids is None:
        return int(database.execute("DELETE FROM line_states WHERE state = 'failed'").rowcount)
    return sum(
        database.execute("DELETE FROM line_states WHERE state = 'failed' AND video_id = ?", [number]).rowcount
        for number in video_ids
    )


def await_anew(database: Database, video_ids: Collection[int]) -> None:
    """Let every source of these videos be read again; the lines that are known stay until then."""
    for number in video_ids:
        database.execute("DELETE FROM line_states WHERE video_id = ?", [number])


def forget(database: Database, video_id: int) -> None:
    """Delete what was read in a video's file: it has another content. Its names stay."""
    database.execute("DELETE FROM lines WHERE video_id = ? AND source <> 'name'", [video_id])
    database.execute("DELETE FROM line_states WHERE video_id = ?", [video_id])


def forget_source(database: Database, source: Source) -> None:
    """Delete all that was read of a source."""
    database.execute("DELETE FROM lines WHERE source = ?", [source])
    database.execute("DELETE FROM line_states WHERE source = ?", [source])


def counts(database: Database) -> dict[Source, LineCounts]:
    """See `Catalogue.line_counts`."""
    (readable,) = database.execute(f"SELECT count(*) FROM videos WHERE {_READABLE}").fetchone()  # noqa: S608
    states = {
        (source, state): number
        for source, state, number in database.execute(
            f"""SELECT source, line_states.state, count(*) FROM line_states
                JOIN videos ON videos.id = video_id WHERE {_READABLE.replace("state", "videos.state")}
            GROUP BY 1, 2"""  # noqa: S608 - our names
        )
    }
    lines = dict(database.execute("SELECT source, count(*) FROM lines GROUP BY source").fetchall())
    found = {}
    for source in Source:
        done, failed = states.get((source, "done"), 0), states.get((source, "failed"), 0)
        found[source] = LineCounts(done, failed, readable - done - failed, lines.get(source, 0))
    named = "FROM videos WHERE presence <> 'gone' AND folder_id <> 0"
    (files,) = database.execute(f"SELECT count(*) {named}").fetchone()
    (waiting,) = database.execute(
        f"SELECT count(*) {named} AND id IN (SELECT video_id FROM renamed)"  # noqa: S608
    ).fetchone()
    found[Source.NAME] = LineCounts(files - waiting, 0, waiting, lines.get(Source.NAME, 0))
    return found


def failures(database: Database, source: Source) -> list[LineFailure]:
    """See `Catalogue.line_failures`."""
    rows = database.execute(
        """SELECT video_id, line_states.reason, line_states.advice, line_states.cause, line_states.attempts
        FROM line_states JOIN videos ON videos.id = video_id
        WHERE source = ? AND line_states.state = 'failed' AND presence <> 'gone' AND folder_id <> 0
        ORDER BY video_id""",
        [source],
    ).fetchall()
    videos = video_rows.by_ids(database, [number for number, *_ in rows])
    return [
        LineFailure(videos[number], source, reason, advice, Cause(cause), attempts)
        for number, reason, advice, cause, attempts in rows
        if number in videos
    ]


def read(database: Database, where: str, arguments: Sequence[object]) -> list[StoredLine]:
    """Lines that fulfil an SQL condition, in order of video, source and time."""
    rows = database.execute(
        f"""SELECT id, video_id, source, start, "end", text, language, word_times FROM lines
        WHERE {where} ORDER BY video_id, source, start, id""",  # noqa: S608 - our conditions
        arguments,
    )
    found = []
    for number, video_id, source, start, end, text, language, times in rows:
        try:
            seconds = tuple(np.frombuffer(times, "<f4").tolist())
            found.append(StoredLine(number, video_id, Source(source), start, end, text, language, seconds))
        except (ValueError, TypeError):  # a damaged row
            logger.warning("the line %s is damaged", number)
    return found


def is_missing(database: Database) -> bool:
    """Whether there are no lines at all."""
    try:
        return database.execute("SELECT 1 FROM lines LIMIT 1").fetchone() is None
    except sqlite3.DatabaseError:
        return True


def _words(text: str, searched: str | None) -> list[str]:
    return words_of(text) if searched is None else searched.split()


def _searched(text: str) -> str | None:
    """What is searched in place of a text, None where that is the text itself."""
    return None if text.isascii() else " ".join(words_of(text))
