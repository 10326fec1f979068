"""What is offered below the search box: ways to go on, saved and past searches."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from PySide6.QtCore import QCoreApplication

from app.query.completion import Completion
from app.query.filters import IS_VALUES, NAMES
from app.query.parsed_query import FilterName
from app.ui.background.remembered_searches import Searches
from app.ui.search.chip_words import shape_words
from app.ui.wording import formatting as fmt

PAST_SHOWN, SAVED_SHOWN, COMPLETIONS_SHOWN = 8, 6, 8
LONGEST = 80
"""Characters of a search that is offered."""
NAME_LETTERS = 2
"""Letters after which names of filters are offered: one letter begins too many words."""


class OfferKind(Enum):
    """What taking it does."""

    COMPLETION = auto()
    SAVED = auto()
    PAST = auto()
    CLEAR = auto()
    """Forget all past searches."""


@dataclass(frozen=True, slots=True)
class Offer:
    """One row."""

    kind: OfferKind
    words: str
    """As shown."""
    text: str
    """The query, or what the last word becomes."""
    detail: str = ""
    icon: str = ""

    @property
    def can_be_forgotten(self) -> bool:
        return self.kind is OfferKind.PAST


def searches_offered(searches: Searches) -> list[Offer]:
    """Saved and past searches, for an empty box."""
    saved = [
        Offer(
            OfferKind.SAVED,
            fmt.one_line(name, LONGEST),
            query,
            "" if name == query else fmt.one_line(query, LONGEST),
            "saved-search",
        )
        for name, query in searches.saved[:SAVED_SHOWN]
    ]
    past = [
        Offer(OfferKind.PAST, fmt.one_line(query, LONGEST), query, icon="recent")
        for query in searches.past[:PAST_SHOWN]
    ]
    if past:
        past.append(Offer(OfferKind.CLEAR, _tr("Clear recent searches"), "", icon="remove"))
    return saved + past


def completions_offered(found: Iterable[Completion], last: str, *, asked_for: bool) -> list[Offer]:
    """Ways to go on.

    Args:
        found: all there are.
        last: the word that goes on, as typed.
        asked_for: whether a person asked for them: then also after a single letter.
    """
    if not asked_for and ":" not in last and len(last.lstrip("-")) < NAME_LETTERS:
        return []
    offers = [
        Offer(OfferKind.COMPLETION, fmt.one_line(each.text, LONGEST), each.text, help_of(each.text))
        for each in found
    ]
    if [offer.text for offer in offers] == [last]:
        return []
    return offers[: len(NAMES) + 3 if asked_for else COMPLETIONS_SHOWN]


def help_of(text: str) -> str:
    """What a name with its colon, or a value of `is:`, means; empty of other values."""
    name, _, value = text.lstrip("-").partition(":")
    if name == FilterName.IS and value in IS_VALUES:
        return shape_words(value)
    return "" if value else _helps().get(name, "")


def _helps() -> dict[str, str]:
    return {
        "like": _tr("Looks like a picture, a moment or a video"),
        "said": _tr("Words that are said, or stand in subtitles"),
        "text": _tr("Words that are written in the picture"),
        "in": _tr("In a folder"),
        "after": _tr("Filmed on this day or later"),
        "before": _tr("Filmed before this day"),
        "longer": _tr("Videos at least this long"),
        "shorter": _tr("Videos at most this long"),
        "is": _tr("Portrait, landscape, 4K, favourite …"),
        "type": _tr("Files of a type"),
        "name": _tr("Words of a file’s name"),
        "camera": _tr("Filmed with a camera or phone"),
        "place": _tr("Filmed in a place"),
        "tag": _tr("With a tag"),
        "in-collection": _tr("In a collection"),
        "within": _tr("From one step to the next at most"),
    }


def forgettable(offers: Sequence[Offer], row: int) -> bool:
    """Whether the offer in a row can be forgotten."""
    return 0 <= row < len(offers) and offers[row].can_be_forgotten


def _tr(text: str) -> str:
    return QCoreApplication.translate("SearchOffers", text)
