"""Why a moment was found: its stored picture is covered here and there, and encoded."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from app.bundle.score_calibration import Calibration
from app.catalogue.catalogue import Catalogue
from app.errors import EncodingError, UsageError
from app.media.area import WHOLE, Area
from app.search.composition import EncodedStep
from app.search.evidence.explanation import Explanation, StepReason, reason
from app.search.evidence.occlusion import covered
from app.search.outcome import Moment
from app.text import shown as readable
from app.vectors.vector_index import Gallery

if TYPE_CHECKING:
    from app.runtime.encoders import FrameEncoder


class Explainer:
    """Answers for one library and model. Thread-safe."""

    def __init__(self, catalogue: Catalogue, frames: "FrameEncoder") -> None:
        """Put the parts together.

        Args:
            catalogue: says what is where.
            frames: encodes pictures.
        """
        self._catalogue = catalogue
        self._frames = frames

    def explain(
        self,
        steps: Sequence[EncodedStep],
        moment: Moment,
        gallery: Gallery,
        calibration: Calibration,
    ) -> Explanation:
        """Say why a moment was found.

        Args:
            steps: of the query that found it.
            moment: of its outcome.
            gallery: the library.
            calibration: the model's.

        Raises:
            UsageError: the moment is not in the library any more.
            ModelError: the model cannot be used.
        """
        frames = [part.frame_id for part in moment.parts] or [moment.frame_id]
        if (
            any(each.quote for each in moment.reasons)
            and not np.isin(frames, gallery.frame_ids).all()
            and self._catalogue.videos_by_id([moment.video_id])
        ):
            problem = (
                f"“{readable(moment.path)}” was found by its words; no picture of it can be searched yet."
            )
            return Explanation(moment.rank, moment.path, (), problem)
        rows = [_row(frame, gallery) for frame in frames]
        areas = self._areas(moment, frames)
        pictures, problem = self._pictures(moment, frames)
        reasons: list[StepReason] = []
        for number, (step, row) in enumerate(zip(steps, rows, strict=True)):
            reasons.append(
                reason(
                    row,
                    step.shown,
                    step.parts,
                    gallery,
                    calibration,
                    area=areas[number],
                    vectors=pictures[number] if pictures else None,
                )
            )
        return Explanation(moment.rank, moment.path, tuple(reasons), problem)

    def _areas(self, moment: Moment, frames: Sequence[int]) -> list[Area]:
        """The part of the picture that was encoded, of each frame."""
        clip_of = {frame.id: frame.clip for frame in self._catalogue.frames(moment.video_id)}
        areas = {clip.number: clip.area for clip in self._catalogue.clips(moment.video_id)}
        return [areas.get(clip_of.get(frame, -1), WHOLE) for frame in frames]

    def _pictures(self, moment: Moment, frames: Sequence[int]) -> tuple[list[NDArray[np.float32]], str]:
        """Vectors (n, D), L2-normalised, of each picture as `covered`; none, and why, where that fails."""
        found: list[NDArray[np.float32]] = []
        for frame in frames:
            image = _decoded(self._catalogue.thumbnail(frame), self._frames.bundle.image.size)
            if image is None:
                return [], f"The stored picture of “{readable(moment.path)}” cannot be looked at."
            try:
                vectors = self._frames.encode(covered(image))
            except EncodingError as error:
                return [], f"The picture of “{readable(moment.path)}” cannot be looked at: {error.sentence}"
            lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
            found.append(vectors / np.maximum(lengths, 1e-12))
        return found, ""


def _decoded(thumbnail: bytes | None, side: int) -> NDArray[np.uint8] | None:
    """(H, W, 3) RGB of a stored WebP, neither side below `side`; None where there is none, or a damaged one.

    It is enlarged first: encoders shrink pictures by area and enlarge them by lines, and were indexed with
    pictures that shrink.
    """
    import cv2  # noqa: PLC0415 - for pictures only

    stored = None if not thumbnail else cv2.imdecode(np.frombuffer(thumbnail, np.uint8), cv2.IMREAD_COLOR)
    if stored is None:
        return None
    scale = side / min(stored.shape[:2])
    if scale > 1:
        stored = cv2.resize(stored, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
    return np.asarray(cv2.cvtColor(stored, cv2.COLOR_BGR2RGB), np.uint8)


def _row(frame: int, gallery: Gallery) -> int:
    rows = np.flatnonzero(gallery.frame_ids == frame)
    if len(rows) == 0:
        raise UsageError("This moment is no longer in the library.", "Search again.")
    return int(rows[0])
