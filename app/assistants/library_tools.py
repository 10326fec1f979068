"""What assistants can ask of an open library. Nothing is changed or indexed, no search is remembered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from app import __version__
from app.asking.library_values import all_values
from app.assistants.cancellation import Cancellation
from app.assistants.clip_exports import ClipExports
from app.assistants.completeness import index_state
from app.assistants.moment_stills import MomentStill, MomentStills
from app.assistants.tool_answers import (
    ClipAnswer,
    FolderDescription,
    FoundMoment,
    LibraryDescription,
    MomentAnswer,
    MomentPart,
    SearchAnswer,
    SpokenLine,
    Still,
    Why,
    WordSource,
)
from app.assistants.tool_inputs import ClipInput, LibraryInput, MomentInput, SearchInput
from app.catalogue.kept.kept_records import KeptThing
from app.catalogue.records import Video
from app.errors import MediaError, UsageError
from app.lines.line import Source
from app.query.parser import read
from app.query.printer import printed
from app.search.outcome import Moment
from app.session import Session
from app.text import safe, shown

_MOST_NAMES = 100
"""Of folders, cameras, places, tags and collections that are listed."""
_MOST_LINES = 200
_USUAL_SECONDS = 5.0
"""Of a moment without an end, where nothing is known of its shot."""


@dataclass(frozen=True, slots=True)
class MomentReply:
    """The answer to `get_moment`."""

    answer: MomentAnswer
    still: MomentStill | None


class LibraryTools:
    """Answers in the values of `tool_answers`; every method may be called from any thread."""

    def __init__(self, session: Session, exports: ClipExports | None = None) -> None:
        """Nothing is loaded yet.

        Args:
            session: the open library.
            exports: where clips may be written; None where none may.
        """
        self._session = session
        self._exports = exports
        self._stills = MomentStills(session.catalogue)

    def search_moments(self, asked: SearchInput) -> SearchAnswer:
        """Search with the whole query language.

        Raises:
            QueryError, UsageError, ModelError: as `Session.search`.
        """
        session = self._session
        if not session.catalogue.watched():
            raise UsageError("The library is empty.", "Add a folder: reelfind add FOLDER, reelfind index.")
        query = read(asked.query)
        outcome = session.search(query.text, limit=asked.count)
        return SearchAnswer(
            query=safe(outcome.query),
            read_as=safe(printed(query)),
            verdict="listed" if outcome.is_listing else outcome.verdict.value,
            notice=safe(outcome.notice),
            ranked_by=outcome.scorer,
            moments=[_found(moment) for moment in outcome.moments],
            index=index_state(session),
        )

    def describe_library(self, _: LibraryInput) -> LibraryDescription:
        """Say what is in the library."""
        session = self._session
        folders = session.folders()
        values = all_values(session.catalogue)
        notices = [session.model_problem] if session.model_problem else []
        notices += [
            f"{each.sentence} {each.advice}".strip()
            for each in session.impairments()
            if each.sentence != session.catalogue.read_only_reason  # meant to be so
        ]
        return LibraryDescription(
            folders=[
                FolderDescription(
                    path=shown(folder.path),
                    connected=folder.online,
                    videos=folder.videos,
                    indexed=folder.indexed,
                    waiting=folder.pending,
                    unreadable=folder.failed,
                    hours=round(folder.seconds / 3600, 3),
                )
                for folder in folders[:_MOST_NAMES]
            ],
            videos=sum(folder.videos for folder in folders),
            hours=round(sum(folder.seconds for folder in folders) / 3600, 3),
            index=index_state(session),
            words=[
                WordSource(
                    name=each.name, on=each.wanted, read=each.done, waiting=each.pending, failed=each.failed
                )
                for each in session.source_states()
            ],
            model=session.model_name,
            years=list(values.years),
            cameras=_some(values.cameras),
            places=_some(values.places),
            tags=_some(values.tags),
            collections=_some(values.collections),
            notices=[safe(notice) for notice in notices],
            can_export=self._exports is not None,
            version=__version__,
        )

    def get_moment(self, asked: MomentInput, cancellation: Cancellation) -> MomentReply:
        """Say what is known of a moment, and show it.

        Raises:
            UsageError: there is no such video, or no such moment of it.
            DecoderStartError: no child can be started to read the video.
        """
        video = self._video(asked.video)
        start, end = self._span(video, asked.start, asked.end)
        at = (start + end) / 2 if asked.at is None else asked.at
        still, reason = None, "" if asked.still != "none" else "No picture was asked for."
        if asked.still == "decoded":
            try:
                still = self._stills.decoded(video, at, cancellation)
            except MediaError as error:
                reason = str(error)
        elif asked.still == "stored":
            still = self._stills.stored(video, at)
            reason = "" if still is not None else "The library keeps no picture of this video yet."
        return MomentReply(self._described(video, start, end, still, reason), still)

    def export_clip(self, asked: ClipInput, cancellation: Cancellation) -> ClipAnswer:
        """Write a part of a video as a file of its own.

        Raises:
            UsageError: there is no such video, no such moment of it, or it may not be written.
            ExportError, DecoderStartError: as `ClipExports.write`.
        """
        if self._exports is None:
            raise UsageError("No clips may be written.", "Start Reelfind with --allow-export FOLDER.")
        video = self._video(asked.video)
        start, end = self._span(video, asked.start, asked.end)
        written = self._exports.write(video, start, end, exact=asked.exact, cancellation=cancellation)
        return ClipAnswer(
            file=shown(written.path.name),
            folder=shown(written.path.parent),
            start=round(start if written.start is None else written.start, 3),
            end=round(end if written.end is None else written.end, 3),
            bytes=written.path.stat().st_size,
            left_out=list(written.left_out),
            index=index_state(self._session),
        )

    def _video(self, number: int) -> Video:
        video = self._session.catalogue.video(number)
        if video is None:
            raise UsageError(f"There is no video {number} in this library.", "Take `video` from a search.")
        return video

    def _span(self, video: Video, start: float, end: float | None) -> tuple[float, float]:
        """A moment of a video, as far as that reaches."""
        length = video.facts.duration if video.facts else 0.0
        if length and start >= length:
            raise UsageError(
                f"The video is only {length:.1f} seconds long.", "Give a `start` that lies in it."
            )
        if end is not None and end <= start:
            raise UsageError("The moment ends before it begins.", "Give an `end` above `start`, in seconds.")
        if end is None:
            clips = self._session.catalogue.clips(video.copy_of or video.id)
            end = next((clip.start for clip in clips if clip.start > start), length or start + _USUAL_SECONDS)
        return start, min(end, length) if length else end

    def _described(
        self, video: Video, start: float, end: float, still: MomentStill | None, reason: str
    ) -> MomentAnswer:
        lines = [
            SpokenLine(source=line.source.value, start=line.start, end=line.end, text=safe(line.text))
            for line in self._session.catalogue.lines(video.copy_of or video.id)
            if line.source is not Source.NAME and line.start < end and line.end >= start
        ]
        kept = self._kept(video, start, end)
        facts = video.facts
        return MomentAnswer(
            video=video.id,
            start=round(start, 3),
            end=round(end, 3),
            **_place(video.path),
            state=video.presence.value,
            length=facts.duration if facts else 0.0,
            width=facts.width if facts else 0,
            height=facts.height if facts else 0,
            has_sound=bool(facts and facts.has_audio),
            filmed=_day(video.filmed) or "",
            lines=lines[:_MOST_LINES],
            lines_left_out=max(0, len(lines) - _MOST_LINES),
            favourite=any(thing.favourite for thing in kept),
            tags=_some(sorted({tag for thing in kept for tag in thing.tags})),
            collections=_some(sorted({name for thing in kept for name in thing.collections})),
            notes=[thing.note for thing in kept if thing.note],
            still=None
            if still is None
            else Still(
                at=round(still.at, 3), source="decoded" if still.is_decoded else "stored", type=still.type
            ),
            no_still=reason,
            index=index_state(self._session),
        )

    def _kept(self, video: Video, start: float, end: float) -> list[KeptThing]:
        """What people keep about the whole video, or about this moment."""
        if video.fingerprint is None:
            return []
        things = self._session.catalogue.kept(fingerprint=video.fingerprint)
        spans = [(thing, thing.target.span) for thing in things]
        return [thing for thing, span in spans if span is None or span.is_about(start, end)]


def _found(moment: Moment) -> FoundMoment:
    return FoundMoment(
        rank=moment.rank,
        video=moment.video_id,
        start=round(moment.start, 3),
        end=round(moment.end, 3),
        best=round(moment.best, 3),
        **_place(moment.path),
        state=moment.presence.value,
        score=round(moment.score, 6),
        probability=None if moment.listed else round(moment.strength, 4),
        why=[
            Why(
                kind=reason.kind.value,
                asked=safe(reason.text),
                probability=round(reason.strength, 4),
                quote=safe(reason.quote),
            )
            for reason in moment.reasons
        ],
        parts=[
            MomentPart(
                start=round(part.start, 3), end=round(part.end, 3), probability=round(part.strength, 4)
            )
            for part in moment.parts
        ],
        copies=len(moment.copies),
        length=round(moment.duration, 3),
        filmed=_day(moment.filmed),
    )


def _place(path: Path) -> dict[str, str]:
    return {"file": shown(path.name), "folder": shown(path.parent)}


def _day(filmed: float) -> str | None:
    """The day of a time in seconds since 1970; None where no calendar has it."""
    try:
        return datetime.fromtimestamp(filmed).date().isoformat() if filmed else None
    except (ValueError, OverflowError, OSError):
        return None


def _some(names: Sequence[str]) -> list[str]:
    return [safe(name) for name in names[:_MOST_NAMES]]
