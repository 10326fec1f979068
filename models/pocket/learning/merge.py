"""Several runs' towers become one pair: their bodies' weights are averaged, their heads stand side by side.

Every run starts from the same backbone and the same text layers, and what it learns stays near them: the mean
of the weights is nearly as good a body as each (model soups, Wortsman et al. 2022). The heads start at random
and cannot be averaged; side by side they are an ensemble, whose vectors are turned onto its D strongest
directions. What the mean of the bodies loses, `imitation` brings back.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import TypeVar

import torch
from torch import Tensor, nn

from models.pocket.learning.ensemble import (
    Ensemble,
    Sample,
    features_of,
    pooled_of,
)
from models.pocket.networks.efficientnet import EfficientNetLite0
from models.pocket.networks.image_tower import ImageTower
from models.pocket.networks.joint_head import JointHead
from models.pocket.networks.text_tower import TextTower
from models.pocket.networks.towers import Towers

Module = TypeVar("Module", bound=nn.Module)


@torch.no_grad()
def merge(runs: Sequence[Towers], ensemble: Ensemble, sample: Sample) -> Towers:
    """One pair of towers that says about what all of `runs`, whose `ensemble` it is, say together.

    The runs stay as they are; the merged towers are on the ensemble's device, in evaluation mode. One run
    alone comes back as it is.
    """
    if len(runs) == 1:
        return runs[0]
    device, shares = ensemble.device, ensemble.shares
    trunk = averaged_trunk([run.image.trunk for run in runs], shares).to(device)
    text = averaged_text([run.text for run in runs], shares).to(device)
    image_head = side_by_side(ensemble.image_heads, ensemble.image_scales, ensemble.turn)
    text_head = side_by_side(ensemble.text_heads, ensemble.text_scales, ensemble.turn)
    # The weighted vectors of all runs one after another are as long as the root of the runs' number.
    ratio = ensemble.length / sum(shares) ** 0.5
    for linear in (text_head.project, text_head.skip):
        linear.weight.mul_(ratio)
    text_head.project.bias.mul_(ratio)
    image_head.unfold(features_of(trunk, sample.pictures))
    text_head.unfold(pooled_of(text, sample.tokens))
    text.head = text_head
    return Towers(ImageTower(trunk, image_head).eval(), text.eval())


def averaged_trunk(trunks: Sequence[EfficientNetLite0], shares: Sequence[int]) -> EfficientNetLite0:
    """The mean of what `trunks` compute with: their convolutions with the norms put into them."""
    still = [copy.deepcopy(trunk).cpu().eval() for trunk in trunks]
    for trunk in still:
        trunk.fold()
    return _mean(still, shares).unfolded()


def averaged_text(texts: Sequence[TextTower], shares: Sequence[int]) -> TextTower:
    """The mean of all but the heads; its own head has learned nothing."""
    bare = [copy.deepcopy(text).cpu().eval() for text in texts]
    head = JointHead(1, 1, 1, 0.0)
    for text in bare:
        text.head = head
    return _mean(bare, shares)


def side_by_side(heads: Sequence[JointHead], scales: Sequence[float], turn: Tensor) -> JointHead:
    """One folded head that gives the scaled vectors of folded heads one after another, turned by
    `turn (R * D, D)`."""
    features, width = heads[0].up.in_features, turn.shape[1]
    wide = JointHead(features, sum(head.up.out_features for head in heads), width, 0.0).to(turn.device)
    parts = torch.split(turn, [head.project.out_features for head in heads])
    turns = [part.T * scale for part, scale in zip(parts, scales, strict=True)]
    pairs = list(zip(turns, heads, strict=True))
    wide.up.weight.copy_(torch.cat([head.up.weight for head in heads]))
    wide.up.bias.copy_(torch.cat([head.up.bias for head in heads]))
    wide.project.weight.copy_(torch.cat([turned @ head.project.weight for turned, head in pairs], dim=1))
    wide.project.bias.copy_(torch.stack([turned @ head.project.bias for turned, head in pairs]).sum(0))
    wide.skip.weight.copy_(torch.stack([turned @ head.skip.weight for turned, head in pairs]).sum(0))
    wide.folded = True
    return wide


def _mean(modules: Sequence[Module], shares: Sequence[int]) -> Module:
    """A module whose weights are the means of those of `modules`, each of which counts its share."""
    mean = copy.deepcopy(modules[0])
    states = [module.state_dict() for module in modules]
    mean.load_state_dict(
        {
            name: sum(share * state[name].float() for share, state in zip(shares, states, strict=True))
            / sum(shares)
            for name in states[0]
        }
    )
    return mean
