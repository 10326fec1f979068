"""Values of the library as the API's answers."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from app.catalogue.kept.kept_records import Target, TimeSpan
from app.catalogue.records import Folder, StoredClip, StoredFrame, Video
from app.search.evidence.explanation import Explanation
from app.search.outcome import Moment, MomentPart, Reason, SearchOutcome
from app.server.refusals import RefusedError
from app.server.routes.answer_types import (
    ExplanationAnswer,
    FolderAnswer,
    MomentAnswer,
    PartAnswer,
    PartReasonAnswer,
    PlaceInVideo,
    ReasonAnswer,
    SearchAnswer,
    ShotAnswer,
    StepReasonAnswer,
    TookAnswer,
    VideoAnswer,
)
from app.server.routes.media_types import media_type_of
from app.text import shown

SEARCH_VERSION = 2
"""Of the object of `reelfind search --json`."""


def as_text(path: Path) -> str:
    """A path as text that every client can read: bytes that are no UTF-8 become �."""
    return os.fsencode(path).decode("utf-8", "replace")


def thumbnail_path(frame_id: int) -> str | None:
    """Where a frame's picture is; None where there is none."""
    return f"/api/v1/frames/{frame_id}/thumbnail" if frame_id else None


def search_answer(
    outcome: SearchOutcome, offset: int, limit: int, folders: Mapping[int, int], complete: float
) -> SearchAnswer:
    """One page of what was found.

    Args:
        outcome: with one moment more than the page needs, where there are more.
        offset: of the page.
        limit: moments of the page at most.
        folders: ids of watched folders by those of videos.
        complete: share of the videos that were looked at.
    """
    took = outcome.took
    page = outcome.moments[offset : offset + limit]
    behind = offset + limit
    return SearchAnswer(
        version=SEARCH_VERSION,
        query=outcome.query,
        model=outcome.model,
        scorer=outcome.scorer,
        verdict=outcome.verdict.value,
        notice=outcome.notice,
        took_ms=TookAnswer(
            encode=round(took.encode, 3),
            candidates=round(took.candidates, 3),
            rescore=round(took.rescore, 3),
            total=round(took.total, 3),
        ),
        results=[_moment(moment, folders.get(moment.video_id)) for moment in page],
        offset=offset,
        next_offset=behind if len(outcome.moments) > behind else None,
        complete=complete,
    )


def video_answer(video: Video, copies: Sequence[Video], file: Video) -> VideoAnswer:
    """A content: what was found out about it, and the file of it that plays.

    Args:
        video: whose frames stand for it.
        copies: other files of it.
        file: of all these the one that is shown.
    """
    facts = video.facts
    return VideoAnswer(
        id=video.id,
        name=shown(file.path.name),
        path=as_text(file.path),
        folder_id=file.folder_id or None,
        state=video.state.value,
        presence=file.presence.value,
        playable=file.is_playable,
        reason=video.reason,
        size=file.size,
        duration=facts.duration if facts else 0.0,
        width=facts.width if facts else 0,
        height=facts.height if facts else 0,
        codec=facts.codec if facts else "",
        frame_rate=facts.frame_rate if facts else None,
        sound=facts.has_audio if facts else False,
        filmed=video.filmed,
        camera=facts.origin.camera if facts and facts.origin else "",
        media_type=media_type_of(file.path),
        copies=[as_text(each.path) for each in (video, *copies) if each.id != file.id],
    )


def folder_answer(folder: Folder) -> FolderAnswer:
    """A watched folder with its counts."""
    return FolderAnswer(
        id=folder.id,
        path=as_text(folder.path),
        name=shown(folder.path.name),
        online=folder.online,
        videos=folder.videos,
        indexed=folder.indexed,
        failed=folder.failed,
        pending=folder.pending,
        seconds=folder.seconds,
    )


def target_span(target: Target) -> tuple[float | None, float | None]:
    """Start and end; nothing of a whole video."""
    return (None, None) if target.span is None else (target.span.start, target.span.end)


def span_of(place: PlaceInVideo) -> TimeSpan | None:
    """The moment that is named, a second at least; None for the whole video.

    Raises:
        RefusedError: it has one end only.
    """
    if place.start is None and place.end is None:
        return None
    if place.start is None or place.end is None:
        raise RefusedError(422, "A moment has a start and an end.", "Leave out both for the whole video.")
    return TimeSpan(place.start, max(place.end, place.start + 1))


def explanation_answer(found: Explanation) -> ExplanationAnswer:
    """Why a moment was found."""
    return ExplanationAnswer(
        problem=found.problem,
        steps=[
            StepReasonAnswer(
                time=round(step.time, 3),
                area=step.area.sides,
                map=None
                if step.map is None
                else [[round(share, 4) for share in row] for row in step.map.tolist()],
                parts=[
                    PartReasonAnswer(
                        text=part.text,
                        excluded=part.excluded,
                        strength=round(part.strength, 4),
                        share=round(part.share, 4),
                    )
                    for part in step.parts
                ],
            )
            for step in found.steps
        ],
    )


def shot_answers(shots: Sequence[StoredClip], frames: Sequence[StoredFrame]) -> list[ShotAnswer]:
    """Shots, each with the frame in its middle."""
    of_shot: dict[int, list[int]] = {}
    for frame in frames:
        of_shot.setdefault(frame.clip, []).append(frame.id)
    found = []
    for shot in shots:
        ids = of_shot.get(shot.number, [0])
        found.append(
            ShotAnswer(number=shot.number, start=shot.start, end=shot.end, frame_id=ids[len(ids) // 2])
        )
    return found


def _moment(moment: Moment, folder: int | None) -> MomentAnswer:
    return MomentAnswer(
        rank=moment.rank,
        path=as_text(moment.path),
        name=shown(moment.path.name),
        start=round(moment.start, 3),
        end=round(moment.end, 3),
        best=round(moment.best, 3),
        score=round(moment.score, 6),
        strength=round(moment.strength, 4),
        state=moment.presence.value,
        playable=moment.online,
        copies=[as_text(path) for path in moment.copies],
        thumbnail=thumbnail_path(moment.frame_id),
        parts=[_part(part) for part in moment.parts],
        reasons=[_reason(reason) for reason in moment.reasons],
        video_id=moment.video_id,
        frame_id=moment.frame_id,
        folder_id=folder,
        duration=round(moment.duration, 3),
        filmed=moment.filmed,
        listed=moment.listed,
    )


def _part(part: MomentPart) -> PartAnswer:
    return PartAnswer(
        start=round(part.start, 3),
        end=round(part.end, 3),
        best=round(part.best, 3),
        strength=round(part.strength, 4),
        thumbnail=thumbnail_path(part.frame_id),
        frame_id=part.frame_id,
    )


def _reason(reason: Reason) -> ReasonAnswer:
    return ReasonAnswer(
        kind=reason.kind.value,
        text=reason.text,
        strength=round(reason.strength, 4),
        step=reason.step,
        quote=reason.quote,
        marks=list(reason.marks),
    )
