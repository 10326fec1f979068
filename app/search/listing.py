"""Everything that meets a query's filters, where nothing else is asked for: newest first."""

import time
from collections.abc import Sequence

from app.catalogue.catalogue import Catalogue
from app.catalogue.records import Video, VideoParts
from app.query.parsed_query import Query
from app.search.outcome import BY_DATE, Moment, SearchOutcome, Took, verdict_of
from app.search.scope import Scope
from app.search.showing import files_to_show

Span = tuple[float, float]

_COVERED = 0.5
"""What is left out covers more than this share of what is to be listed: that goes too."""
_INTO = 1 / 3
"""Where in a whole video its picture is from: the first frames are often dark."""


def list_all(query: Query, catalogue: Catalogue, scope: Scope, *, limit: int, model: str) -> SearchOutcome:
    """List the videos in a scope, and of those that only moments of are meant, these.

    Args:
        query: that was read.
        catalogue: says what is where.
        scope: of its filters.
        limit: moments at most.
        model: identity of the one that answers other queries.

    Returns:
        In the order of the day on which they were filmed, newest first; of one video in order of time.
    """
    started = time.perf_counter()
    chosen: list[tuple[int, Span | None]] = []
    for content in catalogue.newest_first(scope.video_ids):
        chosen += [(content, span) for span in _spans(content, scope.parts)]
        if len(chosen) >= limit:
            break
    del chosen[limit:]
    videos = catalogue.videos_by_id({content for content, _ in chosen})
    copies = catalogue.copies(videos.keys())
    found = [(videos[content], span) for content, span in chosen if content in videos]
    times = [(video.id, _middle(video, span)) for video, span in found]
    frames = catalogue.frames_near(times)
    moments: list[Moment] = []
    for (video, span), frame in zip(found, frames, strict=True):
        start, end = span or (0.0, _duration(video))
        shown, *others = files_to_show(video, copies.get(video.id, []), scope)
        moments.append(
            Moment(
                rank=len(moments) + 1,
                video_id=video.id,
                path=shown.path,
                start=start,
                end=end,
                best=start,
                score=1.0,
                strength=1.0,
                frame_id=0 if frame is None else frame.id,
                presence=shown.presence,
                copies=tuple(other.path for other in others),
                duration=_duration(video),
                filmed=video.filmed,
                listed=True,
            )
        )
    took = Took(encode=0.0, candidates=0.0, rescore=0.0, total=1e3 * (time.perf_counter() - started))
    verdict = verdict_of(1.0 if moments else 0.0)
    return SearchOutcome(query.text, model, BY_DATE, verdict, took, tuple(moments))


def _spans(content: int, parts: Sequence[VideoParts]) -> list[Span | None]:
    """What of a content is listed: None stands for all of it."""
    wanted = [part.spans[content] for part in parts if content in part.spans and not part.excluded]
    left_out = [span for part in parts if part.excluded for span in part.spans.get(content, ())]
    if not wanted:
        return [None]
    every = sorted({span for spans in wanted for span in spans})
    met = [span for span in every if all(any(_overlap(span, other) for other in spans) for spans in wanted)]
    return [
        span
        for span in met
        if sum(_overlap(span, other) for other in left_out) <= _COVERED * (span[1] - span[0])
    ]


def _overlap(one: Span, other: Span) -> float:
    """Seconds of both."""
    return max(0.0, min(one[1], other[1]) - max(one[0], other[0]))


def _middle(video: Video, span: Span | None) -> float:
    return _INTO * _duration(video) if span is None else (span[0] + span[1]) / 2


def _duration(video: Video) -> float:
    return video.facts.duration if video.facts else 0.0
