"""Moments found by their pictures and by words become one list.

Each source gives the probability that a moment is what was asked for: the picture's verdict, and the evidence
of the words of a line. A moment is found where any of them is right, p = 1 - (1 - p_seen) (1 - p_line): two
sources that agree come before either alone, rare words before a vague picture, and a good picture before a
word that many lines hold. What the query demands (`said:`, `text:`) multiplies instead, and what it leaves
out takes its share. Moments of pictures keep their own order among themselves (decision 27).
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from app.search.candidates import compared
from app.search.composition import EncodedStep, frame_strengths
from app.search.moments import PER_VIDEO
from app.search.outcome import GOOD
from app.search.ranking import Found, Ground
from app.search.words.hits import Hit, StepHits
from app.search.words.rows import NEAR, VideoRows

_MOST_NEW = 100
"""Moments that only words found, at most."""

_UNSEEN = 0.05
"""What a picture that shows nothing of the description leaves of a line that was asked for."""


@dataclass(frozen=True, slots=True)
class MixedMoment:
    """A moment of one step, found by its picture, by words, or by both."""

    content: int
    """Id of the video whose frames stand for it."""
    strength: float
    """0..1, of all together."""
    found: Found | None = None
    """What the pictures gave, where they did."""
    hits: tuple[Hit, ...] = ()
    """Of each kind the surest."""
    row: int | None = None
    """Gallery row of the frame to show where `found` is None; None where the video has no frames."""
    seen: float = 0.0
    """0..1: what its picture alone gives."""

    @property
    def timed(self) -> Hit | None:
        """The surest of the hits that have a time."""
        return max(
            (hit for hit in self.hits if not hit.is_timeless), key=lambda hit: hit.strength, default=None
        )


def needs_tolerance(hits: StepHits, found: Sequence[Found]) -> bool:
    """Whether words near those that were typed are to be looked for: where nothing else is any good."""
    strengths = [each.strength for each in found] + [hit.strength for hit in hits.plain]
    return not hits.is_asked and max(strengths, default=0.0) < GOOD


def mix(
    found: Sequence[Found], step: EncodedStep, hits: StepHits, ground: Ground | None, *, limit: int
) -> list[MixedMoment]:
    """The moments of one step, best first.

    Args:
        found: by the pictures, best first.
        step: of the query.
        hits: what lines hold of it.
        ground: where the pictures are; None where there are none.
        limit: moments at most.
    """
    if hits.is_empty:
        return [
            MixedMoment(each.spans[0].video_id, each.strength, each, seen=each.strength) for each in found
        ]
    contents = {hit.content for some in (hits.plain, *hits.asked) for hit in some}
    rows = None if ground is None else VideoRows(ground.gallery, contents, ground.rows)
    if hits.is_asked:
        mixed = _demanded(step, hits, ground, rows)
    else:
        mixed = _alternatives(found, step, hits.plain, ground, rows)
    excluded = list(chain.from_iterable(hits.excluded))
    if excluded:
        mixed = [replace(each, strength=each.strength * _left(each, excluded, ground)) for each in mixed]
    order = sorted(range(len(mixed)), key=lambda place: (-mixed[place].strength, place))
    return _in_turns([mixed[place] for place in order])[:limit]


def _alternatives(
    found: Sequence[Found],
    step: EncodedStep,
    hits: Sequence[Hit],
    ground: Ground | None,
    rows: VideoRows | None,
) -> list[MixedMoment]:
    """What the picture shows or a line says."""
    mixed: list[MixedMoment] = []
    least = 1.0
    for each in found:  # their order is the scorer's; their strengths are made to follow it
        least = min(least, each.strength)
        mixed.append(MixedMoment(each.spans[0].video_id, least, each, seen=each.strength))
    of_content: defaultdict[int, list[int]] = defaultdict(list)
    for number, moment in enumerate(mixed):
        of_content[moment.content].append(number)
    joined: defaultdict[int, list[Hit]] = defaultdict(list)
    new: list[Hit] = []
    for hit in hits:
        numbers = of_content[hit.content]
        where = _place_of(hit, [mixed[number] for number in numbers], ground)
        if where is None:
            new.append(hit)
        else:
            joined[numbers[where]].append(hit)
    for place, some in joined.items():
        mixed[place] = _with_hits(mixed[place], some)
    alone = _grouped(new)[:_MOST_NEW]
    shown = [_row_of(some[0], step, ground, rows) for some in alone]
    seen = _seen(shown, step, ground)
    for some, row, strength in zip(alone, shown, seen, strict=True):
        mixed.append(_with_hits(MixedMoment(some[0].content, strength, row=row, seen=strength), some))
    return mixed


def _demanded(
    step: EncodedStep, hits: StepHits, ground: Ground | None, rows: VideoRows | None
) -> list[MixedMoment]:
    """Where every line that the query asks for is, by what is seen there."""
    first, *others = sorted(hits.asked, key=len)
    met: list[tuple[Hit, ...]] = []
    for hit in first[:_MOST_NEW]:
        near = [max(_near(hit, some), key=lambda each: each.strength, default=None) for some in others]
        if all(each is not None for each in near):
            met.append((hit, *(each for each in near if each is not None)))
    mixed = []
    for some in met:
        strength = float(np.prod([hit.strength for hit in some]))
        shown = _row_of(some[0], step, ground, rows)
        seen = 0.0
        if ground is not None and rows is not None and (step.shown is not None or step.without):
            around = rows.around(some[0])
            strengths = _strengths(around, step, ground)
            if len(strengths):
                seen = float(strengths.max())
                shown = int(around[int(strengths.argmax())])
            beside = _near(some[0], hits.plain)
            either = 1 - (1 - seen) * float(np.prod([1 - hit.strength for hit in beside]))
            strength *= _UNSEEN + (1 - _UNSEEN) * either
            some = (*some, *beside)  # noqa: PLW2901
        mixed.append(MixedMoment(some[0].content, strength, None, some, shown, seen))
    return mixed


def _near(hit: Hit, others: Sequence[Hit]) -> list[Hit]:
    return [
        other
        for other in others
        if other.content == hit.content
        and (other.is_timeless or (other.start - 2 * NEAR <= hit.end and hit.start <= other.end + 2 * NEAR))
    ]


def _with_hits(moment: MixedMoment, hits: Sequence[Hit]) -> MixedMoment:
    best = {hit.kind: hit for hit in sorted(hits, key=lambda hit: hit.strength)}
    kept = tuple(sorted(best.values(), key=lambda hit: -hit.strength))
    misses = float(np.prod([1 - hit.strength for hit in kept]))
    return replace(moment, strength=1 - (1 - moment.strength) * misses, hits=kept)


def _place_of(hit: Hit, moments: Sequence[MixedMoment], ground: Ground | None) -> int | None:
    """Which of the moments of its content, found by pictures, a hit belongs to: of a name the best."""
    if ground is None:
        return None
    times = ground.gallery.times
    for place, moment in enumerate(moments):
        if moment.found is None:
            continue
        extent = moment.found.extents[0]
        start, end = float(times[extent.first_row]), float(times[extent.last_row])
        if hit.is_timeless or (start - NEAR <= hit.best <= end + NEAR):
            return place
    return None


def _grouped(hits: Sequence[Hit]) -> list[list[Hit]]:
    """Hits that are at one time of one video together, best first; names go with the best of their video."""
    groups: list[list[Hit]] = []
    of_content: defaultdict[int, list[list[Hit]]] = defaultdict(list)
    for hit in sorted(hits, key=lambda each: (each.is_timeless, -each.strength, each.content, each.start)):
        for group in of_content[hit.content]:
            first = group[0]
            if hit.is_timeless or (first.kind is not hit.kind and abs(first.best - hit.best) <= NEAR):
                group.append(hit)
                break
        else:
            groups.append([hit])
            of_content[hit.content].append(groups[-1])
    return sorted(groups, key=lambda group: -max(hit.strength for hit in group))


def _row_of(hit: Hit, step: EncodedStep, ground: Ground | None, rows: VideoRows | None) -> int | None:
    """The frame to show: at the line's time, or of a name the one that fits best."""
    if ground is None or rows is None:
        return None
    if not hit.is_timeless:
        return rows.at(hit.content, hit.best)
    every = rows.of(hit.content)
    if len(every) == 0:
        return None
    if step.shown is None:
        return int(every[0])
    return int(every[int(np.argmax(ground.gallery.vectors[every] @ step.shown.unit))])


def _seen(rows: Sequence[int | None], step: EncodedStep, ground: Ground | None) -> list[float]:
    """What the pictures at rows give; 0 where there is none, or nothing is asked of them."""
    wanted = np.array([row for row in rows if row is not None], np.intp)
    if ground is None or step.shown is None or len(wanted) == 0:
        return [0.0] * len(rows)
    strengths = iter(_strengths(wanted, step, ground).tolist())
    return [0.0 if row is None else next(strengths) for row in rows]


def _strengths(rows: NDArray[np.intp], step: EncodedStep, ground: Ground) -> NDArray[np.float64]:
    """(n,) that frames show what a step asks for."""
    if len(rows) == 0:
        return np.empty(0)
    gallery = ground.gallery
    clips = np.array(sorted(set(gallery.clip_of_row[rows].tolist())), np.intp)
    candidates = compared(clips, gallery, step.towards)
    strengths = frame_strengths(step, candidates, gallery, ground.calibration)
    return strengths[np.searchsorted(candidates.rows, rows)]


def _left(moment: MixedMoment, excluded: Sequence[Hit], ground: Ground | None) -> float:
    """What is left of a moment where something is said or written that is to be left out."""
    if moment.found is not None and ground is not None:
        extent = moment.found.extents[0]
        start = float(ground.gallery.times[extent.first_row])
        end = float(ground.gallery.times[extent.last_row])
    elif moment.timed is not None:
        start, end = moment.timed.start, moment.timed.end
    else:
        return 1.0
    heard = [
        hit.strength
        for hit in excluded
        if hit.content == moment.content and hit.start <= end and start <= hit.end
    ]
    return 1 - max(heard, default=0.0)


def _in_turns(moments: Sequence[MixedMoment]) -> list[MixedMoment]:
    """As `moments.take_turns`: a video's fourth waits until every other one had its first three."""
    seen: defaultdict[int, int] = defaultdict(int)
    keyed = []
    for place, moment in enumerate(moments):
        keyed.append((seen[moment.content] // PER_VIDEO, place))
        seen[moment.content] += 1
    return [moments[place] for _, place in sorted(keyed)]
