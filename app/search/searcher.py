"""A query becomes ranked moments."""

import time
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from app.bundle.score_calibration import Calibration
from app.catalogue.catalogue import Catalogue
from app.query.parsed_query import Likeness, Query
from app.query.query_error import QueryError
from app.search.alike.likeness import EncodedLikeness, Likenesses, Middles
from app.search.candidates import CLIPS
from app.search.composition import EncodedStep
from app.search.curves import MatchCurve, match_curve
from app.search.outcome import SearchOutcome, Took, verdict_of
from app.search.ranking import Ground, Ranking, rank
from app.search.scope import Scope
from app.search.scorers.cosine import PooledScorer, Scorer
from app.search.scorers.hubness import Hubs
from app.search.showing import Showing
from app.search.words.fusion import MixedMoment, mix, needs_tolerance
from app.search.words.hits import hits_of
from app.vectors.vector_index import Gallery, VectorIndex

if TYPE_CHECKING:
    from app.runtime.encoders import TextEncoder

_PLAIN = PooledScorer()


class Searcher:
    """Answers queries over one library with one encoder bundle. Thread-safe."""

    def __init__(
        self,
        catalogue: Catalogue,
        index: VectorIndex,
        encoder: "TextEncoder",
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
        seen: bool = True,
    ) -> SearchOutcome:
        """Find the moments that match `query`.

        Args:
            query: what to look for. Its filters are `scope`'s matter.
            limit: moments at most.
            scorer: ranks the candidate clips by a description; absence and order are judged by plain pooling.
            hubs: gives the hubs of a gallery, for query-bank normalisation; without where None.
            scope: where to look, everywhere where None.
            seen: whether pictures are searched, and not only lines and names.

        Returns:
            Moments best first; the same library and query give the same answer.

        Raises:
            QueryError: a picture or video that it names is not there, or cannot be read.
            ModelError: the encoder or the scorer's head gives numbers that are not finite.
        """
        started = time.perf_counter()
        gallery = self._index.gallery
        steps = self.encoded(query, gallery) if seen else [EncodedStep(None, ()) for _ in query.steps]
        encoded = time.perf_counter()

        rows = None if scope is None else scope.rows(gallery)
        is_dark = not seen or len(gallery if rows is None else rows) == 0
        cuts = scope is not None and scope.cuts_videos
        most = max(CLIPS, limit)
        ground = None if is_dark else Ground(self._index, gallery, rows, self._calibration(), cuts, most)
        lines = [hits_of(step, self._catalogue, scope) for step in query.steps]
        ranking = Ranking([], scorer.name, encoded)
        if ground is not None and (len(steps) > 1 or steps[0].is_seen):
            ranking = rank(
                steps, ground, limit=limit, scorer=scorer, hubs=hubs, within=query.within, lines=lines
            )
        if len(steps) == 1:
            if needs_tolerance(lines[0], ranking.found):
                lines = [hits_of(query.steps[0], self._catalogue, scope, tolerant=True)]
            mixed = mix(ranking.found, steps[0], lines[0], ground, limit=limit)
        else:
            mixed = [MixedMoment(each.spans[0].video_id, each.strength, each) for each in ranking.found]
        rescored = time.perf_counter()

        moments = Showing(self._catalogue, steps, lines, gallery, ground, scope).moments(mixed)
        took = _took(started, encoded, ranking.candidates_at, rescored)
        verdict = verdict_of(max((moment.strength for moment in mixed), default=0.0))
        return SearchOutcome(query.text, self.model, ranking.scorer, verdict, took, moments)

    def curves(self, query: Query, video_ids: Collection[int], *, seen: bool = True) -> dict[int, MatchCurve]:
        """How well every frame of some videos matches `query`; see `match_curve`.

        Args:
            query: what to look for; its filters do not matter.
            video_ids: of the videos.
            seen: whether pictures are compared, and not only lines.

        Raises:
            QueryError: a picture or video that it names is not there, or cannot be read.
            ModelError: the encoder gives numbers that are not finite.
        """
        gallery = self._index.gallery
        steps = self.encoded(query, gallery) if seen else [EncodedStep(None, ()) for _ in query.steps]
        ground = Ground(self._index, gallery, None, self._calibration()) if len(gallery) else None
        within = Scope(frozenset(video_ids))
        lines = [hits_of(step, self._catalogue, within) for step in query.steps]
        return {number: match_curve(number, steps, lines, ground) for number in video_ids}

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


def _took(started: float, encoded: float, found: float, rescored: float) -> Took:
    """From points in time, in seconds of `time.perf_counter`."""
    return Took(
        encode=1e3 * (encoded - started),
        candidates=1e3 * (found - encoded),
        rescore=1e3 * (rescored - found),
        total=1e3 * (time.perf_counter() - started),
    )
