"""How found moments are laid out: their order, a card for each or for each video, what is less likely.

Pure: no Qt. Nothing here looks at anything but the moments.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.search.outcome import WEAK, Moment, Verdict

CLOSEST = 24
"""Where nothing matches, so many moments are shown as the closest; the others come behind the divider."""


class SortOrder(StrEnum):
    """What comes first."""

    MATCH = "match"
    NEWEST = "newest"
    OLDEST = "oldest"
    LONGEST = "longest"
    SHORTEST = "shortest"


class Grouping(StrEnum):
    """What a card stands for."""

    MOMENT = "moment"
    VIDEO = "video"


@dataclass(frozen=True, slots=True, eq=False)
class Card:
    """One moment, or those found in one video; the best first, at least one."""

    moments: tuple[Moment, ...]

    @property
    def moment(self) -> Moment:
        """The one that it shows."""
        return self.moments[0]

    @property
    def in_time(self) -> tuple[Moment, ...]:
        """Its moments in the order of time."""
        return tuple(sorted(self.moments, key=lambda moment: moment.start))


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Cards in order, in two parts."""

    likely: tuple[Card, ...] = ()
    less_likely: tuple[Card, ...] = ()


@dataclass(frozen=True, slots=True)
class Layout:
    """What a person chose."""

    order: SortOrder = SortOrder.MATCH
    grouping: Grouping = Grouping.MOMENT
    strictness: float = WEAK
    """0..1: from this strength on a moment is a likely one."""


_KEYS: dict[SortOrder, Callable[[Moment], float]] = {
    SortOrder.NEWEST: lambda moment: -moment.filmed,
    SortOrder.OLDEST: lambda moment: moment.filmed,
    SortOrder.LONGEST: lambda moment: -moment.duration,
    SortOrder.SHORTEST: lambda moment: moment.duration,
}


def arrange(moments: Iterable[Moment], verdict: Verdict, layout: Layout) -> Arrangement:
    """Lay moments out.

    Args:
        moments: best first.
        verdict: on all of them; where nothing matches, the closest count as likely.
        layout: how.
    """
    cards = _cards(moments, layout.grouping)
    if verdict is Verdict.NONE:
        likely, rest = cards[:CLOSEST], cards[CLOSEST:]
    else:
        likely = [card for card in cards if card.moment.strength >= layout.strictness]
        rest = [card for card in cards if card.moment.strength < layout.strictness]
    return Arrangement(_sorted(likely, layout.order), _sorted(rest, layout.order))


def _cards(moments: Iterable[Moment], grouping: Grouping) -> list[Card]:
    if grouping is Grouping.MOMENT:
        return [Card((moment,)) for moment in moments]
    groups: dict[int, list[Moment]] = {}
    for moment in moments:
        groups.setdefault(moment.video_id, []).append(moment)
    return [Card(tuple(group)) for group in groups.values()]


def _sorted(cards: Sequence[Card], order: SortOrder) -> tuple[Card, ...]:
    key = _KEYS.get(order)
    return tuple(cards) if key is None else tuple(sorted(cards, key=lambda card: key(card.moment)))
