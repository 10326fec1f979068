"""Why a moment was found, as a server says it."""

import numpy as np

from app.media.area import Area
from app.remote_library.answer_fields import AnswerError, Fields
from app.search.evidence.explanation import Explanation, Map, PartReason, StepReason
from app.search.evidence.occlusion import CELLS
from app.search.outcome import Moment

MOST_STEPS, MOST_PARTS = 64, 256


def read_explanation(fields: Fields, moment: Moment) -> Explanation:
    """Of `GET /videos/N/why`.

    Args:
        fields: the object.
        moment: that was asked about.

    Raises:
        AnswerError: it is none.
    """
    steps = fields.objects("steps", _step, most=MOST_STEPS)
    return Explanation(moment.rank, moment.path, steps, fields.text("problem", ""))


def _step(fields: Fields) -> StepReason:
    sides = fields.numbers("area", most=4)
    try:
        area = Area(*sides)
    except ValueError as error:
        raise AnswerError("an area beside its frame") from error
    if len(sides) != len(area.sides):
        raise AnswerError("an area without its sides")
    shares = None if fields.is_null("map") else _map(fields)
    return StepReason(
        max(0.0, fields.number("time")), area, shares, fields.objects("parts", _part, most=MOST_PARTS)
    )


def _map(fields: Fields) -> Map:
    rows = fields.values("map", most=CELLS)
    if len(rows) != CELLS:
        raise AnswerError("a map of another size")
    found = [Fields({"row": row}).numbers("row", most=CELLS) for row in rows]
    if any(len(row) != CELLS for row in found):
        raise AnswerError("a map with rows of other lengths")
    return np.clip(np.array(found, np.float32), 0.0, 1.0)


def _part(fields: Fields) -> PartReason:
    return PartReason(
        fields.text("text"), fields.flag("excluded"), fields.share("strength"), fields.share("share"), None
    )
