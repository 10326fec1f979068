"""Encoded steps become found moments: by description, by what is not to be seen, or in order."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.bundle.score_calibration import Calibration
from app.search.alike.likeness import EncodedLikeness
from app.search.alike.whole_videos import rank_videos
from app.search.candidates import CLIPS, Candidates, find_candidates, frame_rows
from app.search.chains import best_chains
from app.search.composition import EncodedStep, absent, frame_strengths
from app.search.edges import Extent, Level, extents
from app.search.evidence.calibration import LibraryScores, judge
from app.search.moments import Span, distinct, merge, take_turns
from app.search.scorers.cosine import EncodedText, Medium, PooledScorer, Scorer
from app.search.scorers.hubness import Hubs
from app.search.words.chain_lines import clips_of, with_lines
from app.search.words.hits import StepHits
from app.vectors.vector_index import Gallery, VectorIndex


@dataclass(frozen=True, slots=True)
class Ground:
    """What a search is made on."""

    index: VectorIndex
    gallery: Gallery
    """A snapshot; not empty."""
    rows: NDArray[np.intp] | None
    """The rows to search, all where None."""
    calibration: Calibration
    cuts_clips: bool = False
    """Whether the rows may hold a part of a clip: then the rest of it is not looked at."""
    most_clips: int = CLIPS
    """Clips that are scored: as many as moments are wanted, and `CLIPS` at least."""

    def candidates(self, towards: NDArray[np.float32]) -> Candidates:
        """The clips with the frames nearest to a vector (D,), L2-normalised."""
        return self.inside(self._nearest(towards, self.rows))

    def nearest_among(self, rows: NDArray[np.intp], towards: NDArray[np.float32]) -> Candidates:
        """As `candidates`, among some gallery rows, each of which is compared."""
        return self.inside(self._nearest(towards, rows, exact=True))

    def _nearest(
        self, towards: NDArray[np.float32], rows: NDArray[np.intp] | None, *, exact: bool = False
    ) -> Candidates:
        most = self.most_clips
        return find_candidates(self.index, self.gallery, towards, rows=rows, most=most, exact=exact)

    def inside(self, candidates: Candidates) -> Candidates:
        """What of some clips is to be looked at."""
        return candidates.among(self.rows) if self.cuts_clips and self.rows is not None else candidates


@dataclass(frozen=True, slots=True)
class Found:
    """A moment in terms of the gallery."""

    spans: tuple[Span, ...]
    """One for each step, in order of time."""
    extents: tuple[Extent, ...]
    """Where each begins and ends."""
    strengths: tuple[float, ...]
    """0..1 for each step."""

    @property
    def strength(self) -> float:
        """Of all steps together: of the weakest."""
        return min(self.strengths)


@dataclass(frozen=True, slots=True)
class Ranking:
    """What was found."""

    found: list[Found]
    """Best first."""
    scorer: str
    """Name of what ranked."""
    candidates_at: float
    """When the candidates were there, in seconds of `time.perf_counter`."""


def rank(
    steps: Sequence[EncodedStep],
    ground: Ground,
    *,
    limit: int,
    scorer: Scorer,
    hubs: Callable[[Gallery], Hubs] | None,
    within: float,
    lines: Sequence[StepHits] = (),
) -> Ranking:
    """Rank what was looked for.

    Args:
        steps: of the query.
        ground: where.
        limit: moments at most.
        scorer: ranks clips by one description. Absence and order are judged by plain pooling.
        hubs: see `Searcher.search`.
        within: seconds at most from one step to the next.
        lines: of a chain what lines hold of each step; of nothing where empty.

    Raises:
        ModelError: the scorer's head gives numbers that are not finite.
    """
    if len(steps) > 1:
        return _in_order(steps, ground, lines, limit=limit, within=within)
    (step,) = steps
    if step.video is not None:
        return _like_video(step.video, ground, limit=limit)
    if step.shown is None:
        return _without(step, ground, limit=limit)
    return _described(step, step.shown, ground, limit=limit, scorer=scorer, hubs=hubs)


def _described(
    step: EncodedStep,
    text: EncodedText,
    ground: Ground,
    *,
    limit: int,
    scorer: Scorer,
    hubs: Callable[[Gallery], Hubs] | None,
) -> Ranking:
    """By a description or a picture; what is left out takes its share of a clip's lead over the average."""
    gallery, calibration = ground.gallery, ground.calibration
    if text.medium is not Medium.WORDS:
        scorer, hubs = PooledScorer(), None  # heads and the bank know words only
    with ThreadPoolExecutor(1, "reelfind-search") as beside:
        # What the library gives needs no candidates: they are looked for in another process.
        scoring = beside.submit(LibraryScores.of, scorer, text, gallery, calibration)
        candidates = ground.candidates(text.unit)
        candidates_at = time.perf_counter()
        library = scoring.result()
    if step.known_rows:
        known = gallery.clip_of_row[list(step.known_rows)]
        candidates = candidates[~np.isin(candidates.clips, known)]
    correction = None if hubs is None else hubs(gallery)
    judgement = judge(scorer, text, candidates, gallery, calibration, correction, library=library)
    scores, left = judgement.scores, None
    if step.without:
        left = absent(step.without, candidates, gallery, calibration)
        lead = scores - judgement.average
        scores = (judgement.average + np.where(lead > 0, lead * left, lead)).astype(np.float32)
    spans = merge(candidates, scores, gallery, average=judgement.average)

    places = {clip: place for place, clip in enumerate(candidates.clips.tolist())}
    found: list[Found] = []
    for span, extent in _distinct(spans, text.unit, ground, limit):
        place = places[int(gallery.clip_of_row[span.best_row])]
        strength = judgement.level.strength(float(judgement.judged[place]))
        strength *= 1.0 if left is None else float(left[place])
        found.append(Found((span,), (extent,), (strength,)))
    return Ranking(found, scorer.name, candidates_at)


def _like_video(video: EncodedLikeness, ground: Ground, *, limit: int) -> Ranking:
    """By a whole video: the others, by how well their frames follow its own."""
    aligned = rank_videos(video, ground.index, ground.gallery, ground.rows)[:limit]
    candidates_at = time.perf_counter()
    found = [Found((each.span,), (each.extent,), (each.strength,)) for each in aligned]
    return Ranking(found, PooledScorer().name, candidates_at)


def _without(step: EncodedStep, ground: Ground, *, limit: int) -> Ranking:
    """By what is not to be seen alone: the clips that are furthest from it."""
    gallery = ground.gallery
    # Every row: a search graph knows the nearest frames, and hardly the furthest.
    rows = np.arange(len(gallery)) if ground.rows is None else ground.rows
    candidates = ground.nearest_among(rows, step.towards)
    candidates_at = time.perf_counter()
    left = absent(step.without, candidates, gallery, ground.calibration)
    spans = merge(candidates, left.astype(np.float32), gallery, average=0.0)
    found = [
        Found((span,), (extent,), (span.score,)) for span, extent in _distinct(spans, None, ground, limit)
    ]
    return Ranking(found, PooledScorer().name, candidates_at)


def _in_order(
    steps: Sequence[EncodedStep], ground: Ground, lines: Sequence[StepHits], *, limit: int, within: float
) -> Ranking:
    """By one step after another: the best chain of each video with candidates."""
    gallery = ground.gallery
    clips = np.unique(
        np.concatenate(
            [ground.candidates(step.towards).clips for step in steps if step.is_seen]
            + [clips_of(lines, gallery)]
        )
    )
    candidates_at = time.perf_counter()
    rows, starts = frame_rows(clips, gallery)
    candidates = ground.inside(Candidates(clips, rows, starts, np.zeros(len(rows), np.float32)))
    rows = candidates.rows
    every = [frame_strengths(step, candidates, gallery, ground.calibration) for step in steps]
    if any(not hits.is_empty for hits in lines):
        every = [
            with_lines(strengths, rows, hits, gallery, is_shown=step.shown is not None)
            for strengths, hits, step in zip(every, lines, steps, strict=True)
        ]
    strengths = np.stack(every)
    chains = best_chains(strengths, gallery.video_of_row[rows], gallery.times[rows], within)[:limit]
    level = Level.of(gallery, ground.calibration)
    parts = [
        extents(
            rows[[chain.places[number] for chain in chains]].tolist(),
            None if step.shown is None else step.shown.unit,
            gallery,
            level,
        )
        for number, step in enumerate(steps)
    ]
    found = [
        Found(
            tuple(_span(int(rows[place]), chain.value, gallery) for place in chain.places),
            each,
            chain.strengths,
        )
        for chain, each in zip(chains, zip(*parts, strict=True), strict=True)
    ]
    return Ranking(found, PooledScorer().name, candidates_at)


def _distinct(
    spans: list[Span], text: NDArray[np.float32] | None, ground: Ground, limit: int
) -> list[tuple[Span, Extent]]:
    """The spans to show, in their order, each with its edges."""
    level = Level.of(ground.gallery, ground.calibration)
    return distinct(
        take_turns(spans, len(spans)),
        lambda rows: extents(rows, text, ground.gallery, level),
        limit,
    )


def _span(row: int, score: float, gallery: Gallery) -> Span:
    clip = int(gallery.clip_of_row[row])
    return Span(int(gallery.video_of_row[row]), clip, clip, row, score)
