"""Outcomes made by hand, for tests of what shows them."""

from pathlib import Path

from app.catalogue.records import Presence
from app.search.outcome import Moment, SearchOutcome, Took, Verdict


def moment(
    rank: int = 1,
    path: Path = Path("/videos/holiday.mp4"),
    *,
    start: float = 60.0,
    end: float = 70.0,
    best: float = 67.0,
    strength: float = 0.8,
    online: bool = True,
) -> Moment:
    return Moment(
        rank=rank,
        video_id=rank,
        path=path,
        start=start,
        end=end,
        best=best,
        score=1.0 / rank,
        strength=strength,
        frame_id=rank,
        presence=Presence.HERE if online else Presence.AWAY,
    )


def outcome(*moments: Moment, query: str = "a dog", verdict: Verdict = Verdict.GOOD) -> SearchOutcome:
    return SearchOutcome(
        query=query,
        model="colours",
        scorer="pooled",
        verdict=verdict,
        took=Took(1, 1, 1, 3),
        moments=moments,
    )
