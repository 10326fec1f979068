"""What speaks for a moment, in words. Pure: no session, no widget."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from app.search.outcome import Moment, Reason, ReasonKind
from app.ui.player.overlays.evidence_map import Evidence
from app.ui.wording import formatting as fmt

if TYPE_CHECKING:
    from app.search.evidence.explanation import Explanation

MOST_LINES = 6
LETTERS = 80


def evidence_of(found: Explanation, moment: Moment) -> Evidence:
    """Put together what is lit and what is said about it: of a chain that of the first step."""
    words = [words_of(reason) for reason in moment.reasons][:MOST_LINES]
    if found.problem:
        words.append(fmt.sentence(found.problem))
    step = found.steps[0] if found.steps else None
    if step is None:
        return Evidence(moment.best, "\n".join(words), None)
    shares = None if step.map is None else tuple(tuple(row) for row in step.map.tolist())
    return Evidence(step.time, "\n".join(words), shares, step.area)


def words_of(reason: Reason) -> str:
    """One reason as a line."""
    text, quote = fmt.one_line(reason.text, LETTERS), fmt.one_line(reason.quote, LETTERS)
    match reason.kind:
        case ReasonKind.SEEN:
            words = QCoreApplication.translate("Evidence", "Seen: {text}, {percent} sure")
            return words.format(text=text, percent=fmt.percent(reason.strength))
        case ReasonKind.ABSENT:
            words = QCoreApplication.translate("Evidence", "Not seen: {text}, {percent} sure")
            return words.format(text=text, percent=fmt.percent(reason.strength))
        case ReasonKind.SAID:
            return QCoreApplication.translate("Evidence", "Said: “{quote}”").format(quote=quote)
        case ReasonKind.WRITTEN:
            words = QCoreApplication.translate("Evidence", "Written in the picture: “{quote}”")
            return words.format(quote=quote)
        case ReasonKind.NAMED:
            return QCoreApplication.translate("Evidence", "In its name: “{quote}”").format(quote=quote)
