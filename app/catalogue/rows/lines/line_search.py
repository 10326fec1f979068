"""Lines that hold words of a query, looked up in the index of words.

A word that stands in very many lines costs as much as it has lines, so none is followed beyond `_MOST_ROWS`:
the rarest words choose the candidates, and whether one of them holds the common words is seen from its text.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

import jellyfish
import numpy as np
from sqlite_utils import Database

from app.catalogue.line_records import FoundLine, FoundLines, StoredLine
from app.database.line_tables import INDEX
from app.lines.asked import AskedWord, asked_words
from app.lines.line import Source
from app.lines.words import words_of

_MOST_ROWS = 2_000
"""Lines of one word that are looked at."""
_MOST_ROWS_WITHIN = 20_000
"""Likewise where most may lie outside of what is searched."""

_SAMPLES, _SAMPLE_ROWS = 8, 64
"""How the number of a common word's lines is estimated: from so many places, so many lines each."""

_SHORTEST_SLIP = 4
"""Letters of the shortest word that may be misspelt."""
_LONG = 8
"""Letters from which on two slips are forgiven."""
_MOST_TERMS = 20_000
_MOST_VARIANTS = 3

VIDEOS = f"SELECT video_id FROM {INDEX} JOIN lines ON lines.id = {INDEX}.rowid WHERE {INDEX} MATCH ?"  # noqa: S608
"""Ids of the videos with a line that an expression finds."""


@dataclass(frozen=True, slots=True)
class _Posting:
    """The lines of a word."""

    word: AskedWord
    rows: list[int]
    """Ids, ascending, no more than were wanted."""
    lines: float
    """How many there are, estimated where `rows` does not hold all."""
    is_whole: bool


def find(
    database: Database,
    words: Sequence[AskedWord],
    sources: Collection[Source],
    *,
    limit: int,
    within: Callable[[int, int], bool] | None,
    tolerant: bool,
) -> FoundLines:
    """See `Catalogue.find_lines`."""
    (total,) = database.execute("SELECT max(id) FROM lines").fetchone()
    if total is None or not words:
        return FoundLines(0, {}, {}, ())
    columns = "" if set(sources) >= set(Source) else f"{{{' '.join(sorted(sources))}}} : "
    most = _MOST_ROWS if within is None else _MOST_ROWS_WITHIN
    postings, read_as = [], {}
    for word in words:
        posting = _posting(database, word, columns, most, total)
        if not posting.rows and tolerant:
            for other in _variants(database, word):
                varied = _posting(database, other, columns, most, total)
                if varied.rows:
                    postings.append(varied)
                    read_as[other] = word
        elif posting.rows:
            postings.append(posting)
    frequency = dict.fromkeys(words, 0.0)
    for posting in postings:
        asked = read_as.get(posting.word, posting.word)
        frequency[asked] += posting.lines
    rows = _candidates(database, postings, columns, total, limit if within is None else 10 * limit)
    found = _fetch(database, rows, [(p.word, read_as.get(p.word, p.word)) for p in postings], within)
    return FoundLines(total, frequency, read_as, tuple(found))


def in_one_line(database: Database, typed: str, source: Source) -> str | None:
    """An expression for the lines of a source in which all words of a text begin one; None without words.

    A word that no line has stands for those that are a slip away.
    """
    each = []
    for word in asked_words(typed, little=True):
        begun = AskedWord(word.tokens, prefix=True)
        found = database.execute(
            f"SELECT 1 FROM {INDEX} WHERE {INDEX} MATCH ? LIMIT 1",  # noqa: S608 - our names
            [f"{{{source}}} : {begun.expression}"],
        ).fetchone()
        near = [begun] if found is not None else _variants(database, word) or [begun]
        each.append("(" + " OR ".join(other.expression for other in near) + ")")
    return f"{{{source}}} : ({' AND '.join(each)})" if each else None


def _posting(database: Database, word: AskedWord, columns: str, most: int, total: int) -> _Posting:
    expression = columns + word.expression
    rows = [
        number
        for (number,) in database.execute(
            f"SELECT rowid FROM {INDEX} WHERE {INDEX} MATCH ? LIMIT ?",  # noqa: S608 - our names
            [expression, most + 1],
        )
    ]
    if len(rows) <= most:
        return _Posting(word, rows, float(len(rows)), is_whole=True)
    density = []
    for place in range(_SAMPLES):
        first = 1 + place * total // _SAMPLES
        sample = database.execute(
            f"SELECT rowid FROM {INDEX} WHERE {INDEX} MATCH ? AND rowid >= ? LIMIT ?",  # noqa: S608
            [expression, first, _SAMPLE_ROWS],
        ).fetchall()
        last = sample[-1][0] if len(sample) == _SAMPLE_ROWS else total
        density.append(len(sample) / (last - first + 1))
    lines = max(float(len(rows)), total * sum(density) / len(density))
    return _Posting(word, rows[:most], lines, is_whole=False)


def _candidates(
    database: Database, postings: Sequence[_Posting], columns: str, total: int, limit: int
) -> list[int]:
    """Ids of the lines that hold the most of what is rare, best first."""
    worth: defaultdict[int, float] = defaultdict(float)
    whole = [posting for posting in postings if posting.is_whole]
    common = [posting for posting in postings if not posting.is_whole]
    for posting in whole:
        weight = float(np.log(1 + total / posting.lines))
        for row in posting.rows:
            worth[row] += weight
    if common and len(worth) < limit:
        # Together they may be rare.
        expression = columns + "(" + " AND ".join(each.word.expression for each in common) + ")"
        rows = database.execute(
            f"SELECT rowid FROM {INDEX} WHERE {INDEX} MATCH ? LIMIT ?",  # noqa: S608 - our names
            [expression, limit],
        ).fetchall()
        for (row,) in rows:
            worth[row] += 1.0
    return sorted(worth, key=lambda row: (-worth[row], row))[:limit]


def _fetch(
    database: Database,
    rows: Sequence[int],
    words: Sequence[tuple[AskedWord, AskedWord]],
    within: Callable[[int, int], bool] | None,
) -> list[FoundLine]:
    found = []
    for start in range(0, len(rows), 500):
        chunk = rows[start : start + 500]
        for row in database.execute(
            f"""SELECT lines.id, video_id, source, start, "end", text, coalesce(words, text), language,
                word_times, coalesce(copy_of, videos.id), folder_id
            FROM lines JOIN videos ON videos.id = video_id
            WHERE lines.id IN ({",".join("?" * len(chunk))}) AND presence <> 'gone' AND folder_id <> 0""",  # noqa: S608
            chunk,
        ):
            number, video_id, source, begins, ends, text, searched, language, times, content, folder = row
            if within is not None and not within(content, folder):
                continue
            spoken = words_of(searched) if searched.isascii() else searched.split()
            places = {asked: at for word, asked in words if (at := word.places(spoken))}
            if not places:
                continue
            seconds = tuple(np.frombuffer(times, "<f4").tolist())
            line = StoredLine(number, video_id, Source(source), begins, ends, text, language, seconds)
            found.append(FoundLine(line, content, tuple(spoken), places))
    order = {row: place for place, row in enumerate(rows)}
    return sorted(found, key=lambda each: order[each.line.id])


def _variants(database: Database, word: AskedWord) -> list[AskedWord]:
    """Words of the index that a word may stand for: what begins so, else what is a slip away."""
    if len(word.tokens) > 1 or word.prefix:
        return []
    typed = word.tokens[0]
    if len(typed) < _SHORTEST_SLIP or not typed.isalpha():
        return []
    begun = _terms(database, typed, f"{typed}\U0010ffff", len(typed), 2 * _LONG + len(typed))
    if begun:
        return [AskedWord((term,)) for term in sorted(begun, key=len)[:_MOST_VARIANTS]]
    slips = 2 if len(typed) >= _LONG else 1
    near = sorted(
        (jellyfish.damerau_levenshtein_distance(typed, term), term)
        for term in _terms(database, typed[0], chr(ord(typed[0]) + 1), len(typed) - slips, len(typed) + slips)
    )
    return [AskedWord((term,)) for slip, term in near if slip <= slips][:_MOST_VARIANTS]


def _terms(database: Database, first: str, behind: str, shortest: int, longest: int) -> list[str]:
    """Words of lines between two, of so many letters."""
    rows = database.execute(
        "SELECT term FROM line_terms WHERE term >= ? AND term < ? AND length(term) BETWEEN ? AND ? LIMIT ?",
        [first, behind, shortest, longest, _MOST_TERMS],
    )
    return [term for (term,) in rows if term.isalpha()]
