"""One clip's caption and then a later one's: is the right pair of moments the first answer?"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.query.parsed_query import WITHIN
from app.query.printer import quoted
from app.search.outcome import SearchOutcome
from app.session import Session
from benchmarks.moments.long_videos import Half, LongVideo, Part

AHEAD = 3
"""The second clip is one of so many that follow the first."""


@dataclass(frozen=True, slots=True)
class OrderedCase:
    """Two captions asked one after the other, of one round's videos."""

    half: Half
    right_video: bool
    """Whether it is the first answer's."""
    right: bool
    """Whether both steps' best times are inside their clips."""
    reversed_right: bool
    """Whether the two captions the other way round find that pair: they should not."""
    alone: bool
    """Whether each caption by itself finds its clip first."""


def ask_in_order(session: Session, videos: Sequence[LongVideo], *, seed: int) -> Iterator[OrderedCase]:
    """Ask a pair of captions for each clip that others follow.

    Args:
        session: its library holds the videos, each round's in a watched folder.
        videos: what was made.
        seed: of the draw of second clips.
    """
    draw = random.Random(seed)  # noqa: S311 - nothing secret
    for video in videos:
        for number, first in enumerate(video.parts[:-1]):
            second = draw.choice(video.parts[number + 1 : number + 1 + AHEAD])
            if second.end - first.start > WITHIN:
                continue

            def asked(*parts: Part, folder: LongVideo = video) -> SearchOutcome:
                text = " >> ".join(quoted(part.clip.caption) for part in parts)
                return session.search(text, limit=1, folder=folder.path.parent)

            forward = asked(first, second)
            yield OrderedCase(
                video.half,
                any(moment.path == video.path for moment in forward.moments),
                _shows(forward, video, first, second),
                _shows(asked(second, first), video, second, first),
                all(_shows(asked(part), video, part) for part in (first, second)),
            )


def _shows(outcome: SearchOutcome, video: LongVideo, *parts: Part) -> bool:
    """Whether the first answer is these parts of the video, in their order."""
    if not outcome.moments or outcome.moments[0].path != video.path:
        return False
    moment = outcome.moments[0]
    times = [part.best for part in moment.parts] or [moment.best]
    return all(part.start <= time <= part.end for part, time in zip(parts, times, strict=True))
