"""Found and kept moments, with what the catalogue knows of their videos."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from app.catalogue.catalogue import Catalogue
from app.catalogue.kept.kept_records import MarkKind
from app.catalogue.records import Presence, Video
from app.errors import UsageError
from app.exporting.export_request import ExportMoment
from app.search.outcome import Moment
from app.text import safe

LEAST = 1.0
"""Seconds: a moment of one frame is made so long."""


def found_moments(catalogue: Catalogue, moments: Sequence[Moment], query: str) -> tuple[ExportMoment, ...]:
    """Moments that a search found, in its order.

    Args:
        catalogue: the library's.
        moments: what was found.
        query: what was searched for.
    """
    videos = catalogue.videos_by_id([moment.video_id for moment in moments])
    return tuple(
        _with_facts(
            ExportMoment(
                path=moment.path,
                start=moment.start,
                end=moment.end,
                best=moment.best,
                query=query,
                reasons=tuple(_reasons(moment)),
                rank=moment.rank,
                strength=moment.strength,
                presence=moment.presence,
                copies=moment.copies,
            ),
            videos.get(moment.video_id),
        )
        for moment in moments
    )


def collected_moments(catalogue: Catalogue, name: str) -> tuple[ExportMoment, ...]:
    """What is in a collection, in order of path and time; of whole videos all of it.

    Raises:
        UsageError: there is no such collection, or nothing in it can be exported.
    """
    names = {each.name.casefold(): each.name for each in catalogue.collections()}
    if name.casefold() not in names:
        raise UsageError(
            f"There is no collection “{safe(name)}”.", "List them with: reelfind keep collections."
        )
    kept = catalogue.kept(kind=MarkKind.COLLECTION, value=names[name.casefold()])
    videos = catalogue.videos_by_id([thing.video_id for thing in kept if thing.video_id is not None])
    moments = []
    for thing in kept:
        video = None if thing.video_id is None else videos.get(thing.video_id)
        span = thing.target.span
        length = video.facts.duration if video is not None and video.facts is not None else 0.0
        start, end = (0.0, length) if span is None else (span.start, span.end)
        if end > start:
            found = ExportMoment(
                path=thing.path,
                start=start,
                end=end,
                best=(start + end) / 2,
                query=names[name.casefold()],
                reasons=(thing.note,) if thing.note else (),
                presence=thing.presence if thing.video_id is not None else Presence.GONE,
            )
            moments.append(_with_facts(found, video))
    if not moments:
        raise UsageError(f"The collection “{safe(name)}” is empty.", "Add moments to it first.")
    return tuple(moments)


def _with_facts(moment: ExportMoment, video: Video | None) -> ExportMoment:
    facts = None if video is None else video.facts
    if video is not None and facts is not None:
        moment = replace(
            moment,
            duration=facts.duration,
            size=video.size,
            width=facts.width,
            height=facts.height,
            frame_rate=facts.frame_rate or 0.0,
            has_sound=facts.has_audio,
        )
    if moment.end - moment.start >= LEAST:
        return moment
    end = moment.start + LEAST
    if moment.duration and end > moment.duration:
        start = max(0.0, moment.duration - LEAST)
        return replace(moment, start=start, end=max(moment.duration, start + 0.1))
    return replace(moment, end=end)


def _reasons(moment: Moment) -> Iterable[str]:
    for reason in moment.reasons:
        yield f"{reason.kind.value}: {reason.quote or reason.text}"
