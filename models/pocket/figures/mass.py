"""What sampling can do: how far the text's mass reaches, against what separates a text from its clip."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch.nn import functional

from models.evaluate.gallery import Gallery
from models.evaluate.heads import OpenedHead
from models.heads.baselines import real_cosines

QUERIES = 1_000
"""Texts that are looked at, evenly spaced."""


@dataclass(frozen=True, slots=True)
class MassReport:
    """Means over texts of a gallery.

    `angle` is between a text and its own clip pooled for it, `turn` from the text to a point of its mass,
    both in degrees. `gain_right` and `gain_wrong` are what the best of S points adds to the cosine of the
    right clip and of the others, `gain_deviation` how that varies among a text's clips, `deviation` how their
    cosines do. `scale` is the prior's, `learned` what the radius makes of it.
    """

    angle: float
    turn: float
    gain_right: float
    gain_wrong: float
    gain_deviation: float
    deviation: float
    scale: float
    learned: float

    def __str__(self) -> str:
        return (
            f"A text and its own clip, pooled for it, are {self.angle:.1f}° apart; a point of the text's "
            f"mass is {self.turn:.2f}° from the text (prior scale {self.scale:g}, with the learned radius "
            f"{self.learned:.4f} per component). The best of the points adds {self.gain_right:.4f} to the "
            f"cosine of the right clip and {self.gain_wrong:.4f} ± {self.gain_deviation:.4f} to a wrong "
            f"one's; the cosines of a text's clips are spread by {self.deviation:.3f}."
        )


@torch.inference_mode()
def mass_report(gallery: Gallery, opened: OpenedHead) -> MassReport:
    """Look at the mass of a head's texts; the soft maximum is left out of the scores."""
    head, samples = opened.head, opened.samples
    rows = torch.linspace(0, len(gallery.texts) - 1, min(QUERIES, len(gallery.texts))).long()
    t, f, mask, answers = gallery.texts[rows], gallery.frames, gallery.mask, gallery.video_of_text[rows]
    weight = head.config.soft_maximum_weight
    if weight:
        raise ValueError("the head's score must be the paper's")
    plain = head.similarities(t, f, mask, samples=None)
    gains = head.similarities(t, f, mask, samples=samples) - plain
    queries = torch.arange(len(t))
    wrong = torch.ones_like(plain, dtype=torch.bool)
    wrong[queries, answers] = False
    own = plain[queries, answers]
    own_cosines = torch.stack(
        [
            real_cosines(t[row : row + 1], f[clip : clip + 1], mask[clip : clip + 1])[0, 0]
            for row, clip in enumerate(answers.tolist())
        ]
    )
    radius = head.radius(own_cosines, mask[answers]) * head.config.prior.scale
    moved = t[:, None] + radius[:, None] * (samples / head.config.prior.scale)
    turn = functional.cosine_similarity(moved, t[:, None].expand_as(moved), dim=-1)
    return MassReport(
        angle=_degrees(own),
        turn=_degrees(turn),
        gain_right=float(gains[queries, answers].mean()),
        gain_wrong=float(gains[wrong].mean()),
        gain_deviation=float(gains.std(1).mean()),
        deviation=float(plain.std(1).mean()),
        scale=head.config.prior.scale,
        learned=float(radius.mean()),
    )


def _degrees(cosines: torch.Tensor) -> float:
    return math.degrees(float(cosines.clamp(-1, 1).acos().mean()))
