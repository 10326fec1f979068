"""What the scores of every scorer of the program mean for a bundle, measured on held-out clips."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from types import MappingProxyType

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from app.bundle.picture_bank import reaches
from models.evaluate.gallery import Gallery
from models.evaluate.heads import OpenedHead, open_head
from models.heads.baselines import log_sum_exp_similarity, max_similarity, top_k_similarity
from models.heads.cret import gees_similarity
from models.pocket.figures.calibration import Calibration, calibrate, calibrate_scores
from models.pocket.figures.evaluate import unit
from models.train.outputs.bundle_files import (
    CALIBRATION_FILE,
    HEAD_FILE,
    put_files,
    read_bank,
    read_calibrations,
)

SOFT_GAIN = 20.0
"""Of the program's own scorers `soft-maximum` and `gees`."""

RESCORED = "t-mass"


def product_scores(gallery: Gallery, opened: OpenedHead) -> Mapping[str, Tensor]:
    """The similarities `(Q, V)` of every scorer the program has, by its name there."""
    t, f, mask = gallery.texts, gallery.frames, gallery.mask
    mean, best = mean_of_cosines(t, f, mask), max_similarity(t, f, mask)
    return MappingProxyType(
        {
            RESCORED: opened.head.similarities(t, f, mask, samples=opened.samples),
            "pooled": 0.5 * best + 0.5 * mean,
            "mean": mean,
            "max": best,
            "top-k": top_k_similarity(t, f, mask, 3),
            "soft-maximum": log_sum_exp_similarity(t, f, mask, SOFT_GAIN),
            "gees": gees_similarity(t, f, mask, SOFT_GAIN),
        }
    )


def mean_of_cosines(t: Tensor, f: Tensor, mask: Tensor) -> Tensor:
    """The mean of the frames' cosines `(Q, V)`; unlike `mean_pool_similarity` a clip of frames that differ is
    not lifted by the short mean vector they have."""
    return top_k_similarity(t, f, mask, f.shape[1])


def write_head_into(
    bundle: Path, head_file: Path, held_out: Gallery | None, shots: Gallery | None = None
) -> None:
    """Put a trained head into a bundle, and what scores mean as measured on `held_out`.

    What `calibration.json` says of cosines stays; where it says nothing, they are measured on the middle
    frames of `shots`, clips that show throughout what their texts say (`held_out` where None). Without
    held-out clips only what it said of an earlier head goes.

    Raises:
        ModelError: the bundle's files cannot be read.
    """
    content = read_calibrations(bundle)
    files = {HEAD_FILE: head_file.read_bytes()}
    if held_out is None:
        content.get("scorers", {}).pop(RESCORED, None)
    else:
        opened = open_head(head_file)
        answers: NDArray[np.int64] = held_out.video_of_text.numpy()
        bank = read_bank(bundle)
        reach = None if bank is None else reaches(unit(held_out.texts.numpy()), bank)
        with torch.inference_mode():
            measured = {
                name: asdict(calibrate_scores(scores.numpy(), answers, reach))
                for name, scores in product_scores(held_out, opened).items()
            }
        if "unmatched" not in content:
            content = asdict(of_frames(shots or held_out))
        content["scorers"] = measured
    if content:
        files[CALIBRATION_FILE] = (json.dumps(content, indent=2) + "\n").encode()
    put_files(bundle, files)


def of_frames(gallery: Gallery) -> Calibration:
    """What the cosine of a text and a single picture means, on the middle frame of every clip."""
    middle = gallery.mask.sum(1) // 2
    pictures = gallery.frames[torch.arange(len(middle)), middle]
    return calibrate(gallery.texts.numpy(), pictures.numpy(), gallery.video_of_text.numpy())
