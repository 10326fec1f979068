"""What a card says in words: to a screen reader, in its tool tip, and the few on it."""

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from app.catalogue.records import Folder
from app.search.outcome import Moment, ReasonKind
from app.text import safe
from app.ui.results.arrangement import Card
from app.ui.widgets.controls import plain_tooltip
from app.ui.wording import formatting as fmt
from app.ui.wording import whereabouts

COPIES = 8
"""More copies than these are only counted."""
LABELLED = 0.2
"""From this strength on a part of the query is named among the reasons."""


def spoken(card: Card, folders: Iterable[Folder], *, favourite: bool, less_likely: bool) -> str:
    """All of it in one sentence."""
    moment = card.moment
    if moment.listed:
        text = QCoreApplication.translate("CardWords", "{name} at {time}")
    else:
        text = QCoreApplication.translate("CardWords", "{name} at {time}, match {match}")
    name, match = fmt.file_name(moment.path), fmt.percent(moment.strength)
    words = [text.format(name=name, time=fmt.clock(moment.best), match=match)]
    if len(card.moments) > 1:
        words.append(
            QCoreApplication.translate("CardWords", "%Ln moments in this video", "", len(card.moments))
        )
    words += _quotes(moment)
    if favourite:
        words.append(QCoreApplication.translate("CardWords", "favourite"))
    if less_likely:
        words.append(QCoreApplication.translate("CardWords", "less likely"))
    words.append(state(moment, folders))
    return ", ".join(word for word in words if word)


def tool_tip(card: Card, folders: Iterable[Folder]) -> str:
    """Everything there is no room for on the card."""
    moment = card.moment
    if moment.listed:
        text = QCoreApplication.translate("CardWords", "{start} – {end}")
    else:
        text = QCoreApplication.translate("CardWords", "{start} – {end} · match {match}")
    match = fmt.percent(moment.strength)
    span = text.format(start=fmt.clock(moment.start), end=fmt.clock(moment.end), match=match)
    lines = [fmt.file_name(moment.path), fmt.full_path(moment.path.parent), span, *_quotes(moment)]
    folder = whereabouts.watched_folder(moment.path, folders)
    lines.append(whereabouts.state(moment.path, moment.presence, folder))
    if moment.copies:
        lines.append(QCoreApplication.translate("CardWords", "The same video is also here:"))
        lines += [fmt.full_path(copy) for copy in moment.copies[:COPIES]]
    if len(moment.copies) > COPIES:
        more = fmt.count(len(moment.copies) - COPIES)
        lines.append(QCoreApplication.translate("CardWords", "… and {count} more").format(count=more))
    return plain_tooltip(*lines)


def state(moment: Moment, folders: Iterable[Folder]) -> str:
    """A few words: what is in the way of playing it; empty where nothing is."""
    return whereabouts.brief_state(
        moment.path, moment.presence, whereabouts.watched_folder(moment.path, folders)
    )


def obstacle(moment: Moment, folders: Iterable[Folder]) -> str:
    """A sentence: what is in the way of playing it, and what to do; empty where nothing is."""
    return whereabouts.state(moment.path, moment.presence, whereabouts.watched_folder(moment.path, folders))


def beside(card: Card) -> str:
    """A few words beside the folder: how many other moments, else how many copies; empty where none."""
    if others := len(card.moments) - 1:
        return QCoreApplication.translate("CardWords", "+%Ln moments", "", others)
    if copies := len(card.moment.copies):
        return QCoreApplication.translate("CardWords", "+%Ln copies", "", copies)
    return ""


def why(moment: Moment) -> str:
    """What it was found by, one or two words as a sentence begins; empty where that is not known."""
    names = {
        ReasonKind.SEEN: QCoreApplication.translate("CardWords", "seen"),
        ReasonKind.SAID: QCoreApplication.translate("CardWords", "said"),
        ReasonKind.WRITTEN: QCoreApplication.translate("CardWords", "written"),
        ReasonKind.NAMED: QCoreApplication.translate("CardWords", "named"),
    }
    best: dict[ReasonKind, float] = {}
    for reason in moment.reasons:
        if reason.kind in names:
            best[reason.kind] = max(best.get(reason.kind, 0.0), reason.strength)
    order = sorted(best, key=lambda kind: -best[kind])
    sure = [kind for kind in order if best[kind] >= LABELLED] or order[:1]
    words = " · ".join(names[kind] for kind in sure[:2])
    return words[:1].upper() + words[1:]


def _quotes(moment: Moment) -> list[str]:
    """What of the query is said, written or named, a sentence each."""
    sentences = {
        ReasonKind.SAID: QCoreApplication.translate("CardWords", "Said: “{quote}”"),
        ReasonKind.WRITTEN: QCoreApplication.translate("CardWords", "Written: “{quote}”"),
        ReasonKind.NAMED: QCoreApplication.translate("CardWords", "Named: “{quote}”"),
    }
    return [
        sentences[reason.kind].format(quote=safe(reason.quote))
        for reason in moment.reasons
        if reason.quote and reason.kind in sentences
    ]


def place_of(path: Path, seconds: float) -> str:
    """A file and a time in it, as it goes to the clipboard: nothing in it is changed or hidden."""
    return f"{path} {fmt.clock(seconds)}"
