"""What the scores of a bundle's embeddings mean: `calibration.json`.

The file is somebody else's, like the rest of a bundle: bounded before it is read, and every number looked at.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.bundle.description import damaged, mapping, read_json
from app.bundle.picture_bank import PICTURE_BANK_FILE, PictureBank, read_picture_bank

CALIBRATION_FILE = "calibration.json"


@dataclass(frozen=True, slots=True)
class ScoreCalibration:
    """What one kind of score means, measured on held-out pictures or clips.

    `slope * z + offset` is the log-likelihood ratio of match to no match; `z = (score - mean) / std`, where
    mean and std are those of the query's scores of what does not match it (a logistic regression on pairs in
    which both kinds weigh the same). `unmatched_mean` and `unmatched_std` are those over all queries.
    `reach_slope` times how much the query's reach is above the usual one (`PictureBank`) is added.
    """

    unmatched_mean: float = 0.0
    unmatched_std: float = 0.1
    slope: float = 2.5
    offset: float = -3.0
    reach_slope: float = 0.0


@dataclass(frozen=True, slots=True)
class Calibration(ScoreCalibration):
    """What a cosine of a text and a single picture means, and what the scores of scorers do."""

    scorers: Mapping[str, ScoreCalibration] = field(default_factory=dict)
    """By a scorer's name (`app.engines.scorer_names.SCORERS`); not every scorer was measured."""
    bank: PictureBank | None = field(default=None, compare=False, repr=False)
    """None where the bundle has none: then nothing is known of a query before it met the library."""


def read_calibration(folder: Path, hashes: Mapping[str, str], width: int) -> Calibration:
    """The calibration of a bundle whose files are verified; the default one where it has none.

    Args:
        folder: the bundle.
        hashes: by the names of its files.
        width: D.

    Raises:
        ModelError: a number is missing or cannot be.
    """
    if CALIBRATION_FILE not in hashes:
        return Calibration()
    content = read_json(folder / CALIBRATION_FILE)
    plain = _score_calibration(folder, content)
    scorers = content.get("scorers", {})
    if not isinstance(scorers, dict) or not all(isinstance(entry, dict) for entry in scorers.values()):
        raise damaged(folder, "calibration.json has no numbers for its scorers")
    bank = None
    if PICTURE_BANK_FILE in hashes:
        usual = _finite(folder, mapping(content, "reach").get("usual"))
        bank = PictureBank(read_picture_bank(folder, width), usual)
    return Calibration(
        plain.unmatched_mean,
        plain.unmatched_std,
        plain.slope,
        plain.offset,
        plain.reach_slope,
        scorers={name: _score_calibration(folder, entry) for name, entry in scorers.items()},
        bank=bank,
    )


def _score_calibration(folder: Path, content: Mapping[str, Any]) -> ScoreCalibration:
    unmatched, fit, reach = mapping(content, "unmatched"), mapping(content, "logistic"), content.get("reach")
    calibration = ScoreCalibration(
        unmatched_mean=_finite(folder, unmatched.get("mean")),
        unmatched_std=_finite(folder, unmatched.get("std")),
        slope=_finite(folder, fit.get("a")),
        offset=_finite(folder, fit.get("b")),
        reach_slope=_finite(folder, reach.get("slope")) if isinstance(reach, dict) else 0.0,
    )
    if calibration.unmatched_std <= 0:
        raise damaged(folder, "calibration.json holds a number that cannot be")
    return calibration


def _finite(folder: Path, value: object) -> float:
    try:
        number = float(value) if isinstance(value, int | float) else math.nan
    except OverflowError:
        number = math.nan
    if not math.isfinite(number):
        raise damaged(folder, "calibration.json lacks a number, or holds one that cannot be")
    return number
