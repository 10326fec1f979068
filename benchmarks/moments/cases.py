"""What the program finds for each caption in long videos, and what simpler edges would have been."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.engines.scorer_factory import make_scorer
from app.query.parser import read
from app.search.composition import EncodedStep
from app.search.moments import Span
from app.search.outcome import Moment
from app.search.ranking import Ground, rank
from app.session import Session
from app.vectors.gallery import Gallery
from benchmarks.moments.figures import Times
from benchmarks.moments.long_videos import LongVideo

WAYS = ("best clip", "best shot", "merged clips", "program")
"""The clip of the best frame; the clips around it that no cut parts; the neighbours that match (what decides
the ranking); what a search says."""

_FULL = 12
"""Frames of a clip that may have ended for no other reason."""


@dataclass(frozen=True, slots=True)
class Case:
    """One caption asked of one round's videos."""

    clip: str
    """Name of the clip that it describes."""
    video: LongVideo
    """The one that shows it."""
    true: Times
    right: bool
    """Whether the best moment's best time is inside the right clip."""
    found: dict[str, Times]
    """Times of the best moment by each of `WAYS`; empty where it is in another video."""


def ask(session: Session, videos: Sequence[LongVideo]) -> Iterator[Case]:
    """Ask every caption of every round, of that round's videos alone.

    Args:
        session: its library holds the videos, each round's in a watched folder.
        videos: what was made.
    """
    scorer = make_scorer(session.scorer_name, session.bundle)
    lengths = {str(video.path): video.parts[-1].end for video in videos}
    for video in videos:
        folder = video.path.parent
        for part in video.parts:
            outcome = session.search(part.clip.caption, limit=1, folder=folder)
            moment = outcome.moments[0]
            found: dict[str, Times] = {}
            if moment.path == video.path:
                gallery = session.index.gallery
                ground = Ground(
                    session.index, gallery, _rows(gallery, folder, session), session.bundle.calibration
                )
                (step,) = [
                    EncodedStep.of(step, session.text_encoder) for step in read(part.clip.caption).steps
                ]
                best = rank([step], ground, limit=1, scorer=scorer, hubs=None, within=60.0).found[0].spans[0]
                found = _found(moment, best, gallery, lengths[str(video.path)])
            right = bool(found) and part.start <= moment.best <= part.end
            yield Case(part.clip.path.name, video, (part.start, part.end), right, found)


def _rows(gallery: Gallery, folder: Path, session: Session) -> NDArray[np.intp]:
    (watched,) = [one for one in session.folders() if one.path == folder]
    return np.flatnonzero(gallery.folder_of_row == watched.id)


def _found(moment: Moment, span: Span, gallery: Gallery, length: float) -> dict[str, Times]:
    clip = int(gallery.clip_of_row[span.best_row])
    first = last = clip
    while first > 0 and _parted_by_length(first - 1, gallery):
        first -= 1
    while _parted_by_length(last, gallery):
        last += 1
    return {
        "best clip": _times(clip, clip, gallery, length),
        "best shot": _times(first, last, gallery, length),
        "merged clips": _times(span.first_clip, span.last_clip, gallery, length),
        "program": (moment.start, moment.end),
    }


def _parted_by_length(clip: int, gallery: Gallery) -> bool:
    """Whether a clip goes on in the next one of its video: it was as long as a clip may be."""
    start, behind = gallery.clip_rows(clip)
    if behind == len(gallery) or behind - start < _FULL:
        return False
    return bool(gallery.video_of_row[behind] == gallery.video_of_row[start])


def _times(first: int, last: int, gallery: Gallery, length: float) -> Times:
    """From the first frame of some clips to the first frame behind them."""
    start, behind = gallery.clip_rows(first)[0], gallery.clip_rows(last)[1]
    opens = start == 0 or gallery.video_of_row[start - 1] != gallery.video_of_row[start]
    closes = behind == len(gallery) or gallery.video_of_row[behind] != gallery.video_of_row[start]
    return (
        0.0 if opens else float(gallery.times[start]),
        length if closes else float(gallery.times[behind]),
    )
