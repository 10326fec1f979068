"""Several runs say something together: their vectors one after another, turned onto the D strongest
directions, so that the joint space stays as wide as one run's."""

from __future__ import annotations

import copy
import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from models.pocket.devices import channels_last, has_bfloat16, low_precision
from models.pocket.networks.efficientnet import EfficientNetLite0, standardise
from models.pocket.networks.joint_head import JointHead
from models.pocket.networks.text_tower import TextTower
from models.pocket.networks.towers import Towers

PICTURES, PICTURES_ON_GPU = 16, 256
"""At once: a processor is quickest where their maps stay in its caches."""
SENTENCES = 256


@dataclass(frozen=True, slots=True)
class Sample:
    """What the strongest directions are found with: `pictures` uint8 `(N, 3, H, W)`, `tokens` int64
    `(M, L)`."""

    pictures: Tensor
    tokens: Tensor


class Ensemble:
    """R runs, each with a body of its own, as one pair of towers that is not small.

    `runs` stay as they are. Towers whose heads are n times as wide as the narrowest are n runs merged before
    and count as many: `shares`. Every run's vectors are brought to one mean length on `sample`, times the
    root of its share. `turn` `(R * D, D)` has orthonormal columns.
    """

    def __init__(self, runs: Sequence[Towers], sample: Sample, device: torch.device) -> None:
        self.device = device
        widths = [run.image.head.up.out_features for run in runs]
        self.shares = [width // min(widths) for width in widths]
        self.trunks = [standing_trunk(run.image.trunk, device) for run in runs]
        self.texts = [copy.deepcopy(run.text).eval().to(device).requires_grad_(False) for run in runs]
        self.image_heads = [folded(run.image.head).to(device) for run in runs]
        self.text_heads = [folded(run.text.head).to(device) for run in runs]
        self.width = runs[0].image.head.project.out_features
        seen = self._each_sees(sample.pictures)
        said = self._each_says(sample.tokens)
        of_images = [float(vectors.norm(dim=-1).mean()) for vectors in seen]
        of_texts = [float(vectors.norm(dim=-1).mean()) for vectors in said]
        self.image_scales = self._scales(of_images)
        self.text_scales = self._scales(of_texts)
        # T-MASS adds its mass to a sentence as it is: a sentence stays as long as the runs' were.
        self.length = sum(of_texts) / len(runs)
        self.turn = strongest(
            [_together(seen, self.image_scales), _together(said, self.text_scales)], self.width
        )

    def images(self, pictures: Tensor) -> Tensor:
        """Vectors float32 `(N, D)`, about as long as one, of pictures `(N, 3, H, W)`, values 0-255."""
        turned: Tensor = _together(self._each_sees(pictures), self.image_scales) @ self.turn
        return turned

    def sentences(self, tokens: Tensor) -> Tensor:
        """Vectors float32 `(N, D)`, about as long as the runs', of token ids `(N, L)`."""
        turned: Tensor = _together(self._each_says(tokens), self.text_scales) @ self.turn
        return turned * self.length

    @torch.no_grad()
    def _each_sees(self, pictures: Tensor) -> list[Tensor]:
        return [
            head(features_of(trunk, pictures))
            for trunk, head in zip(self.trunks, self.image_heads, strict=True)
        ]

    @torch.no_grad()
    def _each_says(self, tokens: Tensor) -> list[Tensor]:
        return [head(pooled_of(text, tokens)) for text, head in zip(self.texts, self.text_heads, strict=True)]

    def _scales(self, lengths: Sequence[float]) -> list[float]:
        return [math.sqrt(share) / length for share, length in zip(self.shares, lengths, strict=True)]


@torch.no_grad()
def features_of(trunk: EfficientNetLite0, pictures: Tensor) -> Tensor:
    """Float32 `(N, F)` of pictures, values 0-255, a piece at a time, on the trunk's device and in its
    precision."""
    weight = next(trunk.parameters())
    features = []
    for piece in torch.split(pictures, PICTURES_ON_GPU if weight.is_cuda else PICTURES):
        seen = standardise(piece.to(weight.device).float()).to(weight.dtype)
        features.append(trunk(seen.contiguous(memory_format=torch.channels_last)).float())
    return torch.cat(features)


@torch.no_grad()
def pooled_of(text: TextTower, tokens: Tensor) -> Tensor:
    """What the head of `text` is given: unit float32 `(N, W)`, a piece at a time, on its device."""
    device = text.positions.device
    with low_precision(device):
        pieces = [text.pooled(piece.to(device)).float() for piece in torch.split(tokens, SENTENCES)]
    return functional.normalize(torch.cat(pieces), dim=-1)


def folded(head: JointHead) -> JointHead:
    """A copy of `head` that stands still, with its mean and deviation in its linear maps."""
    own = copy.deepcopy(head).eval().requires_grad_(False)
    if not own.folded:
        own.fold()
    return own


def strongest(clouds: Sequence[Tensor], width: int) -> Tensor:
    """The `width` directions in which `clouds`, each `(N, W)` and of one weight, lie farthest from the
    origin: orthonormal columns `(W, width)`."""
    spread = torch.stack([cloud.T @ cloud / len(cloud) for cloud in clouds]).sum(0)
    directions: Tensor = torch.linalg.eigh(spread.double())[1]
    return directions[:, -width:].flip(1).float()


def _together(vectors: Sequence[Tensor], scales: Sequence[float]) -> Tensor:
    """Unit float32 `(N, R * D)`: the runs' vectors one after another."""
    scaled = [own * scale for own, scale in zip(vectors, scales, strict=True)]
    return functional.normalize(torch.cat(scaled, dim=-1), dim=-1)


def standing_trunk(trunk: EfficientNetLite0, device: torch.device) -> EfficientNetLite0:
    """A folded copy that only computes, in bfloat16 where that is quick."""
    own = copy.deepcopy(trunk).eval()
    own.fold()
    channels_last(own)
    quick = device.type == "cuda" or has_bfloat16()
    return own.to(device, torch.bfloat16 if quick else torch.float32).requires_grad_(False)
