"""Several runs' towers become one pair: their bodies' weights are averaged, their heads stand side by side.

Every run starts from the same backbone and the same text layers, and what it learns stays near them: the mean
of the weights is as good a body as each (model soups, Wortsman et al. 2022). The heads start at random and
cannot be averaged; side by side they are an ensemble, whose vectors, the runs' own one after another, are
turned onto their D strongest directions, so that the joint space stays as wide as it was.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import torch
from torch import Tensor, nn
from torch.nn import functional

from models.pocket.networks.efficientnet import standardise
from models.pocket.networks.joint_head import JointHead
from models.pocket.networks.towers import Towers

PIECE = 64
Module = TypeVar("Module", bound=nn.Module)


@dataclass(frozen=True, slots=True)
class Sample:
    """What the strongest directions are found with: `pictures` uint8 `(N, 3, H, W)`, `tokens` int64
    `(M, L)`."""

    pictures: Tensor
    tokens: Tensor


@torch.inference_mode()
def merge(runs: Sequence[Towers], sample: Sample) -> Towers:
    """One pair of towers that says what all of `runs` say together; they stay as they are.

    The sample is seen on its own device; the merged towers are on the processor, in evaluation mode. One run
    alone comes back as it is.
    """
    if len(runs) == 1:
        return runs[0]
    image = averaged([run.image for run in runs]).to(sample.pictures.device).eval()
    text = averaged([run.text for run in runs]).to(sample.tokens.device).eval()
    pictures, tokens = torch.split(sample.pictures, PIECE), torch.split(sample.tokens, PIECE)
    seen = torch.cat([image.trunk(standardise(part.float())) for part in pictures]).cpu()
    said = torch.cat([functional.normalize(text.pooled(part), dim=-1) for part in tokens]).cpu()
    image, text = image.cpu(), text.cpu()
    image_heads = [folded(run.image.head) for run in runs]
    text_heads = [folded(run.text.head) for run in runs]
    image_scales, text_scales = scales(image_heads, seen), scales(text_heads, said)
    width = image_heads[0].project.out_features
    turn = strongest(
        [together(image_heads, image_scales, seen), together(text_heads, text_scales, said)], width
    )
    image.head = side_by_side(image_heads, image_scales, turn)
    # A sentence stays as long as the runs' were: what T-MASS adds to it is measured in it.
    length = sum(1 / scale for scale in text_scales) / len(runs) ** 1.5
    text.head = side_by_side(text_heads, text_scales, turn * length)
    return Towers(image.eval(), text.eval())


def averaged(modules: Sequence[Module]) -> Module:
    """A module whose weights and running statistics are the means of those of `modules`."""
    mean = copy.deepcopy(modules[0])
    states = [module.state_dict() for module in modules]
    mean.load_state_dict(
        {
            name: torch.stack([state[name].float() for state in states]).mean(0).to(value.dtype)
            for name, value in states[0].items()
        }
    )
    return mean


def folded(head: JointHead) -> JointHead:
    """A copy of `head` on the processor with its mean and deviation in its linear maps."""
    own = copy.deepcopy(head).cpu().eval()
    if not own.folded:
        own.fold()
    return own


def scales(heads: Sequence[JointHead], features: Tensor) -> list[float]:
    """One over the mean length of what each head makes of `features (N, F)`: no run outweighs another."""
    return [1 / float(head(features).norm(dim=-1).mean()) for head in heads]


def together(heads: Sequence[JointHead], weights: Sequence[float], features: Tensor) -> Tensor:
    """Unit float32 `(N, runs * D)`: the heads' vectors one after another."""
    parts = [head(features) * weight for head, weight in zip(heads, weights, strict=True)]
    return functional.normalize(torch.cat(parts, dim=-1), dim=-1)


def strongest(clouds: Sequence[Tensor], width: int) -> Tensor:
    """The `width` directions in which `clouds`, each `(N, W)` and of one weight, lie farthest from the
    origin: orthonormal columns `(W, width)`."""
    spread = torch.stack([cloud.T @ cloud / len(cloud) for cloud in clouds]).sum(0)
    directions: Tensor = torch.linalg.eigh(spread.double())[1]
    return directions[:, -width:].flip(1).float()


def side_by_side(heads: Sequence[JointHead], weights: Sequence[float], turn: Tensor) -> JointHead:
    """One head that gives the weighted heads' vectors one after another, turned by `turn (runs * D, D)`."""
    features, width = heads[0].up.in_features, turn.shape[1]
    wide = JointHead(features, sum(head.up.out_features for head in heads), width, 0.0)
    parts = torch.split(turn, [head.project.out_features for head in heads])
    turns = [part.T * weight for part, weight in zip(parts, weights, strict=True)]
    wide.up.weight.copy_(torch.cat([head.up.weight for head in heads]))
    wide.up.bias.copy_(torch.cat([head.up.bias for head in heads]))
    pairs = list(zip(turns, heads, strict=True))
    wide.project.weight.copy_(torch.cat([turned @ head.project.weight for turned, head in pairs], dim=1))
    wide.project.bias.copy_(torch.stack([turned @ head.project.bias for turned, head in pairs]).sum(0))
    wide.skip.weight.copy_(torch.stack([turned @ head.skip.weight for turned, head in pairs]).sum(0))
    wide.folded = True
    return wide
