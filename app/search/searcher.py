"""A typed description becomes ranked moments."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from app.bundle.encoder_bundle import Calibration
from app.catalogue.catalogue import Catalogue
from app.catalogue.records import Presence, Video, WatchedFolder
from app.errors import UsageError
from app.runtime.encoders import TextEncoder
from app.search.calibration import LibraryScores, judge
from app.search.candidates import find_candidates
from app.search.cosine import EncodedText, PooledScorer, Scorer
from app.search.hubness import Hubs
from app.search.moments import Span, merge, take_turns
from app.search.outcome import Moment, SearchOutcome, Took, Verdict, verdict_of
from app.vectors.vector_index import Gallery, VectorIndex

_PLAIN = PooledScorer()


@dataclass(frozen=True, slots=True)
class Scope:
    """Where to look: one watched folder, or only what lies below a subfolder of it."""

    path: Path
    """The folder."""
    folder_id: int | None
    """The watched folder, where all of it is meant; None for a subfolder."""
    video_ids: frozenset[int]
    """Contents with a file there: of a subfolder all, else those whose original is elsewhere."""

    @classmethod
    def below(cls, path: Path, folder: WatchedFolder, catalogue: Catalogue) -> Self:
        """What lies in `path`, which is a watched folder or one below it."""
        if path == folder.path:
            return cls(path, folder.id, catalogue.copied_into(folder.id))
        inside = [video for video in catalogue.videos(folder.id) if video.path.is_relative_to(path)]
        return cls(path, None, frozenset(video.copy_of or video.id for video in inside))

    def rows(self, gallery: Gallery) -> NDArray[np.intp]:
        """Rows of the gallery that lie within, ascending."""
        inside = np.isin(gallery.video_of_row, list(self.video_ids))
        if self.folder_id is not None:
            inside |= gallery.folder_of_row == self.folder_id
        return np.flatnonzero(inside)


class Searcher:
    """Answers queries over one library with one encoder bundle. Thread-safe."""

    def __init__(
        self,
        catalogue: Catalogue,
        index: VectorIndex,
        encoder: TextEncoder,
        *,
        calibration: Callable[[], Calibration] | None = None,
    ) -> None:
        """Put the parts of a search together.

        Args:
            catalogue: says what is where.
            index: the vectors, of the encoder's own bundle.
            encoder: of the words.
            calibration: gives what scores mean, asked at each search; the bundle's own where None.
        """
        self._catalogue = catalogue
        self._index = index
        self._encoder = encoder
        self._calibration = calibration or (lambda: encoder.bundle.calibration)

    def search(
        self,
        query: str,
        *,
        limit: int,
        scorer: Scorer = _PLAIN,
        hubs: Callable[[Gallery], Hubs] | None = None,
        scope: Scope | None = None,
    ) -> SearchOutcome:
        """Find the moments that match `query`.

        Args:
            query: a description, at least one letter or digit.
            limit: moments at most.
            scorer: ranks the candidate clips.
            hubs: gives the hubs of a gallery, for query-bank normalisation; without where None.
            scope: where to look, everywhere where None.

        Returns:
            Moments best first; the same library and query give the same answer.

        Raises:
            UsageError: the query holds no word.
            ModelError: the encoder or the scorer's head gives numbers that are not finite.
        """
        if not any(character.isalnum() for character in query):
            raise UsageError("There is nothing to look for.", "Describe the moment in a few words.")
        started = time.perf_counter()
        text = EncodedText.of(self._encoder.encode_query(query))
        encoded = time.perf_counter()

        gallery = self._index.gallery
        rows = None if scope is None else scope.rows(gallery)
        if len(gallery if rows is None else rows) == 0:
            nothing = _took(started, encoded, encoded, encoded)
            return SearchOutcome(query, self.model, scorer.name, Verdict.NONE, nothing, ())
        calibration = self._calibration()
        with ThreadPoolExecutor(1, "reelfind-search") as beside:
            # What the library gives needs no candidates: they are looked for in another process.
            scoring = beside.submit(LibraryScores.of, scorer, text, gallery, calibration)
            candidates = find_candidates(self._index, gallery, text.unit, rows=rows)
            found = time.perf_counter()
            library = scoring.result()

        correction = None if hubs is None else hubs(gallery)
        judgement = judge(scorer, text, candidates, gallery, calibration, correction, library=library)
        merged = merge(candidates, judgement.scores, gallery, average=judgement.average)
        spans = take_turns(merged, limit)
        rescored = time.perf_counter()

        judged = dict(zip(candidates.clips.tolist(), judgement.judged.tolist(), strict=True))
        level = judgement.level
        strengths = [level.strength(judged[int(gallery.clip_of_row[span.best_row])]) for span in spans]
        moments = self._moments(spans, strengths, gallery, scope)
        took = _took(started, encoded, found, rescored)
        return SearchOutcome(
            query, self.model, scorer.name, verdict_of(max(strengths, default=0.0)), took, moments
        )

    @property
    def model(self) -> str:
        """Identity of the encoder bundle."""
        return self._encoder.bundle.identity

    def _moments(
        self, spans: list[Span], strengths: list[float], gallery: Gallery, scope: Scope | None
    ) -> tuple[Moment, ...]:
        videos = self._catalogue.videos_by_id({span.video_id for span in spans})
        copies = self._catalogue.copies(videos.keys())
        moments: list[Moment] = []
        for span, strength in zip(spans, strengths, strict=True):
            video = videos.get(span.video_id)
            if video is None:  # removed since the snapshot was taken
                continue
            shown, *others = _files(video, copies.get(video.id, []), scope)
            start, end = _bounds(span, gallery, video)
            moments.append(
                Moment(
                    rank=len(moments) + 1,
                    video_id=video.id,
                    path=shown.path,
                    start=start,
                    end=end,
                    best=float(gallery.times[span.best_row]),
                    score=span.score,
                    strength=strength,
                    frame_id=int(gallery.frame_ids[span.best_row]),
                    presence=shown.presence,
                    copies=tuple(other.path for other in others),
                )
            )
        return tuple(moments)


def _files(video: Video, copies: list[Video], scope: Scope | None) -> list[Video]:
    """Files of one content, first the one to show: in the folder that was asked for, and one that plays.

    The rest is in order of path.
    """
    files = sorted(
        [video, *copies],
        key=lambda file: (file.presence is not Presence.HERE, file.id != video.id, file.path),
    )
    if scope is not None:
        files.sort(key=lambda file: not file.path.is_relative_to(scope.path))
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


def _bounds(span: Span, gallery: Gallery, video: Video) -> tuple[float, float]:
    """From the first frame of the span to the first frame after it (or the end of the video), in seconds."""
    first_row = int(gallery.clip_starts[span.first_clip])
    _, last_row = gallery.clip_rows(span.last_clip)
    duration = video.facts.duration if video.facts else float(gallery.times[last_row - 1])
    opens_video = first_row == 0 or gallery.video_of_row[first_row - 1] != span.video_id
    closes_video = last_row == len(gallery.times) or gallery.video_of_row[last_row] != span.video_id
    start = 0.0 if opens_video else float(gallery.times[first_row])
    end = duration if closes_video else float(gallery.times[last_row])
    return start, max(end, float(gallery.times[last_row - 1]))
