"""`reelfind index`: drives one indexing run and shows how it goes."""

import json
import queue
import re
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import click

from app.cli.terminal.terminal_text import (
    clock,
    counted,
    safe,
    shown,
    until,
)
from app.indexing.behind.line_sources import IN_WORDS
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
    ScanFailed,
    ScanFinished,
    SourceFailed,
    Stage,
    VideoFailed,
    VideoIndexed,
)
from app.lines.line import Source
from app.session import PendingModel, Session

if TYPE_CHECKING:
    from click._termui_impl import ProgressBar


def index_folders(
    session: Session,
    folders: Sequence[int] | None,
    *,
    sources: frozenset[Source] | None = None,
    as_json: bool,
    quiet: bool = False,
) -> int:
    """Scan and index, in the foreground.

    Args:
        session: the open library.
        folders: ids, all folders where None.
        sources: whose words are read; those that are on where None.
        as_json: print every event as one JSON line on stdout.
        quiet: say nothing of success; problems still go to stderr. A search follows: a model that
            is pending is not gone on with.

    Returns:
        The exit code: 0, or 1 where the run could not go on. A video that cannot be read is no failure of
        the run: `doctor` lists it.
    """
    events: queue.Queue[IndexingEvent] = queue.Queue()
    unsubscribe = session.indexer.subscribe(events.put)
    try:
        # Whoever types it wants it now, whatever the window is to wait for.
        session.indexer.start(folders, serve_pending=not quiet, sources=sources, now=True)
        if as_json:
            return _print_events(events)
        code = _show_progress(events, quiet=quiet)
        if not quiet and (pending_model := session.pending_model) is not None:
            click.echo(_waiting(pending_model))
        return code
    finally:
        unsubscribe()
        session.indexer.stop()


def retry_failed(session: Session, folders: Sequence[int] | None) -> None:
    """Let the next run look again at what could not be read.

    Args:
        session: the open library.
        folders: ids of the folders meant, all where None.
    """
    if folders is None:
        session.catalogue.retry()
        return
    catalogue = session.catalogue
    unread = {failure.video.id for source in Source for failure in catalogue.line_failures(source)}
    ids = [
        video.id
        for folder in folders
        for video in catalogue.videos(folder)
        if video.cause or video.reason or video.id in unread
    ]
    catalogue.retry(ids)


def event_as_json(event: IndexingEvent) -> str:
    """One event as a JSON line: its fields, and `event` with its name in snake case."""
    name = re.sub(r"(?<!^)(?=[A-Z])", "_", type(event).__name__).lower()
    return json.dumps({"event": name} | asdict(event), default=_plain)


def _print_events(events: "queue.Queue[IndexingEvent]") -> int:
    code = 0
    while True:
        event = events.get()
        click.echo(event_as_json(event))
        code = max(code, int(isinstance(event, RunFailed)))
        if isinstance(event, RunFinished):
            return code


@dataclass(slots=True)
class _Seen:
    """What a run said that is told at its end."""

    failed: list[VideoFailed] = field(default_factory=list)
    partial: list[VideoIndexed] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    copies: int = 0
    read: Counter[Source] = field(default_factory=Counter)
    """Videos whose words were read, by source."""
    lines: Counter[Source] = field(default_factory=Counter)
    unread: list[LinesFailed] = field(default_factory=list)

    def add(self, event: IndexingEvent) -> None:
        match event:
            case VideoFailed():
                self.failed.append(event)
            case VideoIndexed(warning=warning) if warning:
                self.partial.append(event)
            case CopyFound():
                self.copies += 1
            case LinesRead(source=source, lines=lines):
                self.read[source] += 1
                self.lines[source] += lines
            case LinesFailed():
                self.unread.append(event)
            case SourceFailed(source, reason, advice):
                self.notes.append(f"{IN_WORDS[source]}: {reason} {advice}".rstrip())
            case ScanFinished(folder, unreachable=places) if places:
                first = shown(places[0])
                more = f" and {counted(len(places) - 1, 'other place')} in {shown(folder)}"
                self.notes.append(
                    f"{first}{more if len(places) > 1 else ''} cannot be looked into; see: reelfind doctor"
                )
            case ScanFailed(folder, reason, advice):
                self.notes.append(f"{shown(folder)}: {reason} {advice}".rstrip())
            case _:
                pass


def _show_progress(events: "queue.Queue[IndexingEvent]", *, quiet: bool) -> int:
    code = 0
    seen = _Seen()
    steps = 1000
    with _bar(steps, hidden=quiet and not sys.stderr.isatty()) as bar:
        while not isinstance(event := events.get(), RunFinished):
            seen.add(event)
            match event:
                case Progress() | LinesProgress():
                    bar.update(int(event.fraction * steps) - bar.pos, event)
                case RunFailed(reason, advice):
                    click.echo(f"\n{safe(f'reelfind: {reason} {advice}').rstrip()}", err=True)
                    code = 1
                case ModelSwitched(title) if not quiet:
                    click.echo(f"\n{shown(title)} answers now.")
                case _:
                    pass
        if not event.stopped and not code:
            bar.update(steps - bar.pos)
    if not quiet:
        _print_summary(event, seen)
    if quiet and seen.failed:
        videos = counted(len(seen.failed), "video")
        click.echo(f"reelfind: {videos} could not be read; see: reelfind doctor", err=True)
    return code


def _print_summary(event: RunFinished, seen: _Seen) -> None:
    unreadable = [problem for problem in seen.failed if not problem.cause.is_passing]
    again = [problem for problem in seen.failed if problem.cause.is_passing]
    line = (
        f"{counted(event.indexed, 'video')} indexed in {event.took:.1f} s, "
        f"{len(unreadable)} could not be read."
    )
    if again:
        line += f" {len(again)} will be tried again by the next run."
    click.echo(line)
    if seen.copies:
        click.echo(
            f"{counted(seen.copies, 'copy', 'copies')} of known videos found; nothing was decoded for them."
        )
    for source, videos in seen.read.items():
        lines = counted(seen.lines[source], "line")
        click.echo(f"{IN_WORDS[source].capitalize()} of {counted(videos, 'video')} read: {lines}.")
    for note in seen.notes:
        click.echo(f"  {note}", err=True)
    for video in seen.partial:
        click.echo(
            f"  {shown(video.path)}: partly indexed{until(video.read_until)}. {safe(video.warning)}", err=True
        )
    for problem in unreadable:
        click.echo(f"  {shown(problem.path)}: {safe(problem.reason)}", err=True)
    for problem in again:
        times = "once" if problem.attempts == 1 else f"{problem.attempts} times"
        click.echo(
            f"  {shown(problem.path)}: {safe(problem.reason)} (It will be tried again; {times} so far.)",
            err=True,
        )
    for failed in seen.unread:
        what = f"{IN_WORDS[failed.source]} not read. {safe(failed.reason)}"
        click.echo(f"  {shown(failed.path)}: {what}", err=True)
    for path in event.growing:
        click.echo(f"  {shown(path)}: still being written; it is indexed when it is whole.", err=True)
    if unreadable or any(not failed.cause.is_passing for failed in seen.unread):
        click.echo("  To try these files again: reelfind index --retry", err=True)


def _bar(steps: int, *, hidden: bool) -> "ProgressBar[Progress | LinesProgress]":
    return click.progressbar(
        length=steps,
        label="Indexing",
        file=sys.stderr,
        show_eta=False,
        hidden=hidden,
        item_show_func=lambda progress: "" if progress is None else _line(progress),
    )


def _line(progress: Progress | LinesProgress) -> str:
    parts = [f"{progress.done}/{progress.total}"]
    if isinstance(progress, LinesProgress):
        parts.append(IN_WORDS[progress.source])
    elif progress.model:
        parts.append(f"for {shown(progress.model)}")
    if isinstance(progress, Progress) and progress.stage is not Stage.WHOLE:
        parts.append(progress.stage.value)
    if progress.rate > 0:
        parts.append(f"{progress.rate:.0f}× real time")
    if progress.eta is not None:
        parts.append(f"{clock(progress.eta)} left")
    if progress.current is not None:
        parts.append(shown(Path(progress.current.name)))
    return "  ".join(parts)


def _waiting(pending: PendingModel) -> str:
    ready = f"{pending.ready:,} of {pending.total:,}"
    line = f"{shown(pending.title)} answers when every video is ready: {ready} are."
    if pending.waiting_offline:
        line += f" {counted(pending.waiting_offline, 'video')} cannot be reached: connect the disk."
    return line


def _plain(value: object) -> str:
    if isinstance(value, Path):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")
