"""A query becomes ranked moments."""

import time
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from app.bundle.encoder_bundle import Calibration
from app.catalogue.catalogue import Catalogue
from app.catalogue.records import Presence, Video
from app.query.parsed_query import Likeness, Query
from app.query.query_error import QueryError
from app.runtime.encoders import TextEncoder
from app.search.alike.likeness import EncodedLikeness, Likenesses, Middles
from app.search.composition import EncodedStep
from app.search.edges import times as edge_times
from app.search.evidence.explanation import reasons_for
from app.search.outcome import Moment, MomentPart, Reason, SearchOutcome, Took, Verdict, verdict_of
from app.search.ranking import Found, Ground, rank
from app.search.scope import Scope
from app.search.scorers.cosine import PooledScorer, Scorer
from app.search.scorers.hubness import Hubs
from app.vectors.vector_index import Gallery, VectorIndex

_PLAIN = PooledScorer()


class Searcher:
    """Answers queries over one library with one encoder bundle. Thread-safe."""

    def __init__(
        self,
        catalogue: Catalogue,
        index: VectorIndex,
        encoder: TextEncoder,
        *,
        calibration: Callable[[], Calibration] | None = None,
        likenesses: Likenesses | None = None,
        bank: Callable[[], NDArray[np.float32] | None] = lambda: None,
    ) -> None:
        """Put the parts of a search together.

        Args:
            catalogue: says what is where.
            index: the vectors, of the encoder's own bundle.
            encoder: of the words.
            calibration: gives what scores mean, asked at each search; the bundle's own where None.
            likenesses: gives the vectors of pictures and videos that a query names; none may where None.
            bank: gives the query bank's vectors, see `Middles`.
        """
        self._catalogue = catalogue
        self._index = index
        self._encoder = encoder
        self._likenesses = likenesses
        self._bank = bank
        self._calibration = calibration or (lambda: encoder.bundle.calibration)

    def search(
        self,
        query: Query,
        *,
        limit: int,
        scorer: Scorer = _PLAIN,
        hubs: Callable[[Gallery], Hubs] | None = None,
        scope: Scope | None = None,
    ) -> SearchOutcome:
        """Find the moments that match `query`.

        Args:
            query: what to look for. Its filters are `scope`'s matter.
            limit: moments at most.
            scorer: ranks the candidate clips by a description; absence and order are judged by plain pooling.
            hubs: gives the hubs of a gallery, for query-bank normalisation; without where None.
            scope: where to look, everywhere where None.

        Returns:
            Moments best first; the same library and query give the same answer.

        Raises:
            QueryError: a picture or video that it names is not there, or cannot be read.
            ModelError: the encoder or the scorer's head gives numbers that are not finite.
        """
        started = time.perf_counter()
        gallery = self._index.gallery
        steps = self.encoded(query, gallery)
        encoded = time.perf_counter()

        rows = None if scope is None else scope.rows(gallery)
        if len(gallery if rows is None else rows) == 0:
            nothing = _took(started, encoded, encoded, encoded)
            return SearchOutcome(query.text, self.model, scorer.name, Verdict.NONE, nothing, ())
        cuts = scope is not None and scope.cuts_videos
        ground = Ground(self._index, gallery, rows, self._calibration(), cuts)
        ranking = rank(steps, ground, limit=limit, scorer=scorer, hubs=hubs, within=query.within)
        rescored = time.perf_counter()

        reasons = reasons_for(
            [[span.best_row for span in each.spans] for each in ranking.found],
            [each.strengths for each in ranking.found],
            steps,
            gallery,
            ground.calibration,
        )
        moments = self._moments(ranking.found, reasons, gallery, scope)
        took = _took(started, encoded, ranking.candidates_at, rescored)
        verdict = verdict_of(max((moment.strength for moment in ranking.found), default=0.0))
        return SearchOutcome(query.text, self.model, ranking.scorer, verdict, took, moments)

    def encoded(self, query: Query, gallery: Gallery) -> list[EncodedStep]:
        """The steps of a query as vectors.

        Raises:
            QueryError: a picture or video that it names is not there, or cannot be read.
            ModelError: the encoder gives numbers that are not finite.
        """
        middles = Middles(gallery, self._bank)
        steps: list[EncodedStep] = []
        for step in query.steps:
            like = [self._alike(likeness, gallery) for likeness in step.like]
            steps.append(EncodedStep.of(step, self._encoder, like, middles))
        return steps

    @property
    def model(self) -> str:
        """Identity of the encoder bundle."""
        return self._encoder.bundle.identity

    def _alike(self, likeness: Likeness, gallery: Gallery) -> EncodedLikeness:
        if self._likenesses is None:
            raise QueryError("Pictures cannot be looked for here.", at=likeness.place)
        return self._likenesses(likeness, gallery)

    def _moments(
        self,
        found: Sequence[Found],
        reasons: Sequence[tuple[Reason, ...]],
        gallery: Gallery,
        scope: Scope | None,
    ) -> tuple[Moment, ...]:
        videos = self._catalogue.videos_by_id({moment.spans[0].video_id for moment in found})
        copies = self._catalogue.copies(videos.keys())
        moments: list[Moment] = []
        for each, because in zip(found, reasons, strict=True):
            video = videos.get(each.spans[0].video_id)
            if video is None:  # removed since the snapshot was taken
                continue
            shown, *others = _files(video, copies.get(video.id, []), scope)
            parts = _parts(each, gallery, video)
            moments.append(
                Moment(
                    rank=len(moments) + 1,
                    video_id=video.id,
                    path=shown.path,
                    start=parts[0].start,
                    end=parts[-1].end,
                    best=parts[0].best,
                    score=each.spans[0].score,
                    strength=each.strength,
                    frame_id=parts[0].frame_id,
                    presence=shown.presence,
                    copies=tuple(other.path for other in others),
                    parts=parts if len(parts) > 1 else (),
                    reasons=because,
                )
            )
        return tuple(moments)


def _parts(found: Found, gallery: Gallery, video: Video) -> tuple[MomentPart, ...]:
    """A moment for each step; where two overlap, the first ends where the second is best."""
    times = [float(gallery.times[span.best_row]) for span in found.spans]
    duration = video.facts.duration if video.facts else 0.0
    parts: list[MomentPart] = []
    for number, (span, strength) in enumerate(zip(found.spans, found.strengths, strict=True)):
        start, end = edge_times(found.extents[number], gallery, duration)
        if number and found.extents[number - 1].last_row >= found.extents[number].first_row:
            start = times[number]
        if number + 1 < len(times) and found.extents[number + 1].first_row <= found.extents[number].last_row:
            end = times[number + 1]
        frame = int(gallery.frame_ids[span.best_row])
        parts.append(MomentPart(start, end, times[number], strength, frame))
    return tuple(parts)


def _files(video: Video, copies: list[Video], scope: Scope | None) -> list[Video]:
    """Files of one content, first the one to show: one that was asked for, and that plays.

    The rest is in order of path.
    """
    files = sorted(
        [video, *copies],
        key=lambda file: (file.presence is not Presence.HERE, file.id != video.id, file.path),
    )
    if scope is not None:
        files.sort(key=lambda file: not scope.shows(file))
    shown, *others = files
    return [shown, *sorted(others, key=lambda file: file.path)]


def _took(started: float, encoded: float, found: float, rescored: float) -> Took:
    """From points in time, in seconds of `time.perf_counter`."""
    return Took(
        encode=1e3 * (encoded - started),
        candidates=1e3 * (found - encoded),
        rescore=1e3 * (rescored - found),
        total=1e3 * (time.perf_counter() - started),
    )
