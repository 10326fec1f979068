"""Why a moment was found: its picture is decoded again, covered here and there, and encoded."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from app.bundle.encoder_bundle import Calibration
from app.catalogue.catalogue import Catalogue
from app.catalogue.records import Presence
from app.errors import EncodingError, MediaError, UsageError
from app.media.area import WHOLE, Area
from app.media.decoder import Decoder
from app.runtime.encoders import FrameEncoder
from app.search.composition import EncodedStep
from app.search.evidence.explanation import Explanation, StepReason, reason
from app.search.evidence.occlusion import covered
from app.search.outcome import Moment
from app.text import shown as readable
from app.vectors.vector_index import Gallery

_AWAY = {
    Presence.AWAY: "is on a disk that is not connected",
    Presence.UNREACHABLE: "cannot be reached",
    Presence.GONE: "is gone",
}


class Explainer:
    """Answers for one library and model. Thread-safe."""

    def __init__(self, catalogue: Catalogue, frames: FrameEncoder) -> None:
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
        rows = [_row(frame, gallery) for frame in frames]
        areas = self._areas(moment, frames)
        pictures, problem = self._pictures(moment, [float(gallery.times[row]) for row in rows], areas)
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

    def _pictures(
        self, moment: Moment, times: Sequence[float], areas: Sequence[Area]
    ) -> tuple[list[NDArray[np.float32]], str]:
        """Vectors (n, D), L2-normalised, of each picture as `covered`; none, and why, where that fails."""
        name = readable(moment.path)
        if moment.presence is not Presence.HERE:
            return [], f"“{name}” {_AWAY[moment.presence]}, so its picture cannot be looked at."
        found: list[NDArray[np.float32]] = []
        try:
            with Decoder() as decoder:
                side = self._frames.bundle.image.size
                for time, area in zip(times, areas, strict=True):
                    image = decoder.still(moment.path, time, area=area, short_side=side)
                    vectors = self._frames.encode(covered(image))
                    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
                    found.append(vectors / np.maximum(lengths, 1e-12))
        except (MediaError, EncodingError) as error:
            return [], f"The picture of “{name}” cannot be looked at: {error.sentence}"
        return found, ""


def _row(frame: int, gallery: Gallery) -> int:
    rows = np.flatnonzero(gallery.frame_ids == frame)
    if len(rows) == 0:
        raise UsageError("This moment is no longer in the library.", "Search again.")
    return int(rows[0])
