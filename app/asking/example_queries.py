"""Queries that find something in this library, to begin with."""

import re
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from app.asking.library_values import all_values
from app.catalogue.catalogue import Catalogue
from app.errors import ReelfindError
from app.lines.asked import LITTLE
from app.lines.line import Source
from app.lines.words import words_of
from app.paths import resource
from app.query.editing import sign, with_piece
from app.query.parsed_query import FilterName
from app.search.outcome import ReasonKind, SearchOutcome, Verdict

MOST = 8
"""Examples."""
DESCRIPTIONS = 4
"""Of these, descriptions alone, where other kinds are enough."""
TRIED = 60
"""Descriptions of the bank that are tried."""
SECONDS = 12.0
"""How long may be looked for them: most searches take hundredths, but a busy computer takes its time."""
FIRST_SECONDS = 6.0
"""Of these, for descriptions alone."""
LINES = 400
"""Lines that are looked at for words that many hold."""
SHORTEST_WORD = 5
"""Letters of a word of lines that is shown."""
VALUES_TRIED = 4
"""Values of one filter that are tried, each with so many descriptions."""

Search = Callable[[str], SearchOutcome]


@dataclass(slots=True)
class _Hunt:
    """What was found so far."""

    search: Search
    stop: Callable[[], bool]
    until: float
    videos: set[int] = field(default_factory=set)
    """That an example shows already."""

    @property
    def over(self) -> bool:
        return self.stop() or time.monotonic() > self.until

    def finds(self, query: str, kind: ReasonKind | None = None, *, new: bool = False) -> bool:
        """Whether a query finds a good match.

        Args:
            query: to be tried.
            kind: why, where that matters.
            new: whether in a video that no other example shows.
        """
        try:
            outcome = self.search(query)
        except ReelfindError:
            return False
        if outcome.verdict is not Verdict.GOOD or not outcome.moments:
            return False
        best = outcome.moments[0]
        if kind is not None and all(reason.kind is not kind for reason in best.reasons):
            return False
        if new and best.video_id in self.videos:
            return False
        self.videos.add(best.video_id)
        return True


class ExampleQueries:
    """Looks for them, and keeps them until the library is another one."""

    def __init__(self, catalogue: Catalogue, search: Search) -> None:
        """Nothing is looked for yet.

        Args:
            catalogue: the library's rows.
            search: answers a query with one moment.
        """
        self._catalogue = catalogue
        self._search = search
        self._known: tuple[int, tuple[str, ...]] = (-1, ())

    def find(self, stop: Callable[[], bool] = lambda: False) -> tuple[str, ...]:
        """At most `MOST` queries that each have a good match here; takes up to `SECONDS` and a search.

        Args:
            stop: asked between searches; ends the work with what was found.
        """
        revision = self._catalogue.revision()
        if self._known[0] == revision:
            return self._known[1]
        started = time.monotonic()
        hunt = _Hunt(self._search, stop, started + FIRST_SECONDS)
        seen = list(self._described(hunt))
        hunt.until = started + SECONDS
        others = [*self._worded(hunt), *self._limited(hunt, seen), *self._named(hunt, seen)]
        shown = seen[: max(DESCRIPTIONS, MOST - len(others))]
        found = tuple((shown + others)[:MOST])
        if not stop():
            self._known = (revision, found)
        return found

    def _described(self, hunt: _Hunt) -> Iterator[str]:
        """Descriptions of the query bank, each of another video as far as there are."""
        found = 0
        again: list[str] = []
        for text in spread(descriptions(), TRIED):
            if hunt.over or found == MOST:
                break
            if hunt.finds(text, ReasonKind.SEEN, new=True):
                found += 1
                yield text
            elif len(hunt.videos) < 3:
                again.append(text)
        for text in again:
            if hunt.over or found >= DESCRIPTIONS:
                break
            if hunt.finds(text, ReasonKind.SEEN):
                found += 1
                yield text

    def _limited(self, hunt: _Hunt, seen: Sequence[str]) -> Iterator[str]:
        """A description with a filter: one of each kind."""
        values = all_values(self._catalogue)
        folders = values.folders if len(values.folders) > 1 else ()
        years = [str(year) for year in values.years[-1:]] if len(values.years) > 1 else []
        kinds: tuple[tuple[FilterName, Iterable[str]], ...] = (
            (FilterName.PLACE, values.places),
            (FilterName.IN, folders),
            (FilterName.CAMERA, values.cameras),
            (FilterName.TAG, values.tags),
            (FilterName.IN_COLLECTION, values.collections),
            (FilterName.AFTER, years),
        )
        for name, all_of_kind in kinds:
            tries = (
                with_piece(text, sign(name, value))
                for value in spread(list(all_of_kind), VALUES_TRIED)
                for text in seen[:VALUES_TRIED]
            )
            found = next((query for query in tries if not hunt.over and hunt.finds(query)), None)
            if found is not None:
                yield found

    def _worded(self, hunt: _Hunt) -> Iterator[str]:
        """A word that is said, or written, in several places."""
        for source_names, name, kind in (
            ((Source.SUBTITLE, Source.SPEECH), "said", ReasonKind.SAID),
            ((Source.WRITING,), "text", ReasonKind.WRITTEN),
        ):
            texts = self._catalogue.some_lines(source_names, LINES)
            tries = (sign(name, word) for word in common_words(texts)[:VALUES_TRIED])
            found = next((query for query in tries if not hunt.over and hunt.finds(query, kind)), None)
            if found is not None:
                yield found

    def _named(self, hunt: _Hunt, seen: Sequence[str]) -> Iterator[str]:
        """Where pictures give little: words of a file's name."""
        if len(seen) >= DESCRIPTIONS:
            return
        names = spread([_in_words(name) for name in self._catalogue.file_names("", 200)], VALUES_TRIED * 2)
        found = 0
        for name in names:
            if hunt.over or found == 2:
                return
            if name and hunt.finds(name, ReasonKind.NAMED, new=True):
                found += 1
                yield name


def descriptions() -> list[str]:
    """The query bank."""
    lines = resource("query_bank.txt").read_text(encoding="utf-8").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def spread(values: Sequence[str], count: int) -> list[str]:
    """At most so many of the values, from all over, in their order."""
    if len(values) <= count:
        return list(values)
    return [values[number * len(values) // count] for number in range(count)]


def common_words(texts: Iterable[tuple[int, str]]) -> list[str]:
    """Words that say something, which stand in most lines, of most videos first; none that stands once.

    Args:
        texts: lines, each with the id of its video.
    """
    lines: Counter[str] = Counter()
    videos: defaultdict[str, set[int]] = defaultdict(set)
    for video_id, text in texts:
        for word in set(words_of(text)):
            if len(word) >= SHORTEST_WORD and word.isalpha() and word not in LITTLE:
                lines[word] += 1
                videos[word].add(video_id)
    several = [word for word, count in lines.items() if count > 1]
    return sorted(several, key=lambda word: (-len(videos[word]), -lines[word], word))


def _in_words(name: str) -> str:
    """The words of a file's name, none where it has fewer than two, or is a camera's number."""
    words = re.findall(r"[^\W\d_]{3,}", name.rpartition(".")[0])
    return " ".join(words) if len(words) > 1 else ""
