"""Lines that hold words of a step become hits: a time in a video, how sure it is, and what is quoted."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from app.catalogue.catalogue import Catalogue
from app.catalogue.line_records import FoundLine, FoundLines
from app.lines.asked import AskedWord, asked_words
from app.lines.line import Source
from app.lines.words import words_of
from app.query.parsed_query import LineKind, LineTerm, Step
from app.search.outcome import ReasonKind
from app.search.scope import Scope
from app.search.words.evidence import Worth
from app.search.words.quotes import Quote, quote_of

SOURCES = {
    LineKind.SAID: (Source.SPEECH, Source.SUBTITLE),
    LineKind.TEXT: (Source.WRITING,),
}
KINDS = {
    Source.NAME: ReasonKind.NAMED,
    Source.SUBTITLE: ReasonKind.SAID,
    Source.SPEECH: ReasonKind.SAID,
    Source.WRITING: ReasonKind.WRITTEN,
}

TOGETHER = 6.0
"""Seconds: lines that begin so soon after one another are one sentence."""
_MOST_TOGETHER = 3

_LEAST = 0.03
"""Hits that are less sure are left out."""


@dataclass(frozen=True, slots=True)
class Hit:
    """Where words of a step are said, written, or what a video is called by."""

    content: int
    """Id of the video whose frames stand for it."""
    kind: ReasonKind
    asked: str
    """The part of the query."""
    strength: float
    """0..1: how sure it is that this is meant."""
    start: float
    end: float
    best: float
    """Seconds at which the first of the words is said, as far as that is known; of a name all three are 0."""
    quote: Quote

    @property
    def is_timeless(self) -> bool:
        """Whether it holds for all of the video."""
        return self.kind is ReasonKind.NAMED


@dataclass(frozen=True, slots=True)
class StepHits:
    """What a library's lines hold of one step."""

    plain: tuple[Hit, ...] = ()
    """Of its description, in any source: beside what is seen."""
    asked: tuple[tuple[Hit, ...], ...] = ()
    """Of each `said:` and `text:`; each has to be met."""
    excluded: tuple[tuple[Hit, ...], ...] = ()
    """Of each of them that is to be left out."""
    is_asked: bool = field(default=False)
    """Whether there is any `said:` or `text:` to be met."""

    @property
    def is_empty(self) -> bool:
        """Whether it changes nothing."""
        return not (self.plain or self.is_asked or any(self.excluded))


def hits_of(step: Step, catalogue: Catalogue, scope: Scope | None, *, tolerant: bool = False) -> StepHits:
    """Look a step's words up.

    Args:
        step: of a query.
        catalogue: the library's.
        scope: where to look, everywhere where None.
        tolerant: whether words of its description that no line holds stand for words near them, too. Of
            `said:` and `text:` they always do.
    """
    asked: list[tuple[Hit, ...]] = []
    excluded: list[tuple[Hit, ...]] = []
    for line in step.lines:
        found = _line_hits(line, catalogue, scope)
        (excluded if line.excluded else asked).append(found)
    plain: tuple[Hit, ...] = ()
    if step.terms:
        text = " ".join(term.text for term in step.terms)
        plain = find_hits(text, asked_words(text), tuple(Source), catalogue, scope, tolerant=tolerant)
    return StepHits(plain, tuple(asked), tuple(excluded), bool(asked))


def _line_hits(line: LineTerm, catalogue: Catalogue, scope: Scope | None) -> tuple[Hit, ...]:
    words = asked_words(line.text) or asked_words(line.text, little=True)
    return find_hits(line.text, words, SOURCES[line.kind], catalogue, scope, tolerant=True, asked_for=True)


def find_hits(
    text: str,
    words: Sequence[AskedWord],
    sources: Collection[Source],
    catalogue: Catalogue,
    scope: Scope | None,
    *,
    tolerant: bool,
    asked_for: bool = False,
) -> tuple[Hit, ...]:
    """Where words are, surest first.

    Args:
        text: what is asked, as typed.
        words: of it.
        sources: only lines of these.
        catalogue: the library's.
        scope: where to look, everywhere where None.
        tolerant: see `Catalogue.find_lines`.
        asked_for: whether the query asks for these sources by name.
    """
    if not words:
        return ()
    within = None if scope is None else scope.holds
    found = catalogue.find_lines(words, sources, within=within, tolerant=tolerant)
    if not found.lines:
        return ()
    worth = Worth.of(found.frequency, found.total)
    order = words_of(text)
    guessed = frozenset(found.read_as.values())
    groups: defaultdict[tuple[int, Source], list[FoundLine]] = defaultdict(list)
    for each in found.lines:
        groups[each.line.video_id, each.line.source].append(each)
    hits: list[Hit] = []
    for (_, source), lines in groups.items():
        lines.sort(key=lambda each: (each.line.start, each.line.id))
        spans = [lines] if source is Source.NAME else _spans(lines)
        candidates = []
        for span in spans:
            held = {word for each in span for word in each.places}
            in_order = _holds(span, order)
            strength = worth.probability(held, guessed=guessed, in_order=in_order, asked_for=asked_for)
            if strength >= _LEAST:
                candidates.append(_hit(span, text, strength, worth, found))
        hits += _apart(candidates)
    if scope is not None:
        hits = [hit for hit in hits if hit.is_timeless or scope.meets(hit.content, hit.start, hit.end)]
    return tuple(sorted(hits, key=lambda hit: (-hit.strength, hit.content, hit.start)))


def _spans(lines: Sequence[FoundLine]) -> list[list[FoundLine]]:
    """Each line, with those that follow it soon and add words to it."""
    spans = []
    for place, first in enumerate(lines):
        span, held = [first], set(first.places)
        for other in lines[place + 1 : place + _MOST_TOGETHER]:
            if other.line.start - first.line.end > TOGETHER:
                break
            if not held.issuperset(other.places):
                span.append(other)
                held.update(other.places)
        spans.append(span)
    return spans


def _apart(hits: Sequence[Hit]) -> list[Hit]:
    """Without those that lie within a surer one."""
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda each: (-each.strength, each.end - each.start, each.start)):
        if not any(hit.start < other.end and other.start < hit.end for other in kept if not hit.is_timeless):
            kept.append(hit)
    return kept


def _holds(span: Sequence[FoundLine], order: Sequence[str]) -> bool:
    """Whether the query's words stand in the lines as they were typed."""
    words = f" {' '.join(word for each in span for word in each.words)} "
    return f" {' '.join(order)} " in words


def _hit(span: Sequence[FoundLine], asked: str, strength: float, worth: Worth, found: FoundLines) -> Hit:
    best = max(span, key=lambda each: sum(worth.words[word] for word in each.places))
    first, last = span[0].line, span[-1].line
    quote = quote_of(best, found.read_as)
    kind = KINDS[best.line.source]
    if kind is ReasonKind.NAMED:
        return Hit(best.content, kind, asked, strength, 0.0, 0.0, 0.0, quote)
    at = min(_word_time(each) for each in span)
    return Hit(best.content, kind, asked, strength, first.start, max(first.end, last.end), at, quote)


def _word_time(found: FoundLine) -> float:
    """When the first of the words is said."""
    line = found.line
    if not line.word_times:
        return line.start
    held = {found.words[place] for places in found.places.values() for place in places}
    for typed, seconds in zip(line.text.split(), line.word_times, strict=False):
        if not held.isdisjoint(words_of(typed)):
            return float(seconds)
    return line.start
