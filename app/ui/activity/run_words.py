"""What the indexer does, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from PySide6.QtCore import QCoreApplication

from app.indexing.events import (
    CopyFound,
    IndexingEvent,
    LinesFailed,
    LinesProgress,
    LinesRead,
    ModelSwitched,
    Progress,
    RunFailed,
    RunFinished,
    RunWaiting,
    ScanFailed,
    ScanFinished,
    SourceFailed,
    Stage,
    VideoFailed,
    VideoIndexed,
)
from app.indexing.waiting.conditions import WaitReason
from app.lines.line import Source
from app.ui.background.snapshots import LibrarySnapshot
from app.ui.wording import formatting as fmt

MOST = 200
"""Events that are kept to be listed."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why the last run broke off."""

    words: str = ""
    """Sentences; empty where it did not."""
    elsewhere: bool = False
    """Whether nothing is wrong: another Reelfind indexes, and that is news while there is something to do."""

    @classmethod
    def of(cls, event: RunFailed) -> Self:
        """As a run told it."""
        return cls(fmt.sentence(f"{event.reason} {event.advice}".strip()), event.elsewhere)

    def said_of(self, contents: LibrarySnapshot | None) -> str:
        """What to say of it where this is in the library; empty where nothing is to be said."""
        return "" if self.elsewhere and contents is not None and not contents.pending else self.words


def waiting(event: RunWaiting) -> str:
    """What indexing waits for."""
    if event.reason is WaitReason.HOURS:
        return _tr("Waiting until {time}").format(time=event.until)
    return _tr("Waiting for power")


def title(progress: Progress | LinesProgress) -> str:
    """What is being done."""
    if isinstance(progress, LinesProgress):
        return {
            Source.SUBTITLE: _tr("Reading subtitles"),
            Source.WRITING: _tr("Reading text in pictures"),
            Source.SPEECH: _tr("Listening to speech"),
        }.get(progress.source, _tr("Reading words"))
    if progress.model:
        return _tr("Preparing {model}").format(model=fmt.one_line(progress.model))
    if progress.stage is Stage.FIRST_LOOK:
        return _tr("First look at new videos")
    return _tr("Refining new videos") if progress.stage is Stage.REFINING else _tr("Indexing pictures")


def details(progress: Progress | LinesProgress) -> str:
    """How far it is, how long it takes, and at which file."""
    number = fmt.count(min(progress.done + 1, progress.total))
    parts = [_tr("{n} of {m}").format(n=number, m=fmt.count(progress.total))]
    if progress.eta is not None:
        parts.append(_tr("{time} left").format(time=fmt.duration(progress.eta)))
    if progress.rate > 0:
        parts.append(fmt.rate(progress.rate))
    if progress.current is not None:
        parts.append(fmt.brief_name(progress.current))
    return " · ".join(parts)


def happened(event: IndexingEvent) -> str:
    """One line about an event; empty where a list of them need not have it."""
    words = ""
    match event:
        case VideoIndexed(path=path, warning=""):
            words = _tr("Indexed: {name}").format(name=fmt.brief_name(path))
        case VideoIndexed(path=path):
            words = _tr("Only partly readable: {name}").format(name=fmt.brief_name(path))
        case VideoFailed(path=path):
            words = _tr("Could not be read: {name}").format(name=fmt.brief_name(path))
        case CopyFound(path=path, original=original):
            names = {"name": fmt.brief_name(path), "original": fmt.brief_name(original)}
            words = _tr("{name} is a copy of {original}").format(**names)
        case LinesRead(path=path, lines=lines) if lines:
            words = _tr("%Ln lines read: {name}", lines).format(name=fmt.brief_name(path))
        case LinesFailed(path=path):
            words = _tr("Words could not be read: {name}").format(name=fmt.brief_name(path))
        case ScanFinished():
            words = _scanned(event)
        case ScanFailed() | RunFailed() | SourceFailed():
            words = fmt.sentence(f"{event.reason} {event.advice}".strip())
        case RunWaiting():
            words = waiting(event)
        case ModelSwitched(title=model):
            words = _tr("Now using {model}").format(model=fmt.one_line(model))
        case RunFinished(indexed=indexed) if indexed:
            words = _tr("Done: %Ln videos indexed", indexed)
        case _:
            pass
    return words


def _scanned(event: ScanFinished) -> str:
    changes = [
        words
        for number, words in (
            (event.added, _tr("%Ln new", event.added)),
            (event.changed, _tr("%Ln changed", event.changed)),
            (event.moved, _tr("%Ln moved", event.moved)),
            (event.missing, _tr("%Ln gone", event.missing)),
        )
        if number
    ]
    return f"{fmt.brief_name(event.folder)}: {', '.join(changes)}" if changes else ""


def _tr(text: str, number: int = -1) -> str:
    return QCoreApplication.translate("Activity", text, "", number)
