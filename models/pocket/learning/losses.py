"""The losses: contrastive with several right answers, and the distance to a teacher."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

LEAST = 1e-6
NEVER = -1e4
"""A logit that no softmax sees, and finite."""


def contrastive(
    images: Tensor,
    texts: Tensor,
    groups: Tensor,
    temperature: Tensor,
    likeness: Tensor,
    softness: float,
    also: Tensor | None = None,
) -> Tensor:
    """Symmetric InfoNCE with several positives per row (SupCon, Khosla et al. 2020, eq. 2) and softened
    targets.

    `images`, `texts` float `(N, D)` of any norm; row i of both belong together; rows of equal `groups`
    (int64 `(N,)`) are right answers to each other and share the target equally. The share `softness` of the
    target goes by `likeness` (float `(N, N)`, rows sum to one): two dogs on two beaches are no full
    strangers. Where `also` (bool `(N, N)`) is true the image fits the text too, though it is not its own: the
    two are neither right nor wrong for each other.
    The mean over rows and both directions of the cross entropy of softmax(cosine / temperature) to the
    target.
    """
    logits = functional.normalize(images, dim=-1) @ functional.normalize(texts, dim=-1).T / temperature
    positive = (groups[:, None] == groups[None, :]).to(logits.dtype)
    target = (1 - softness) * positive / positive.sum(1, keepdim=True) + softness * likeness
    if also is not None:
        logits, target = logits.masked_fill(also, NEVER), target.masked_fill(also, 0.0)
    by_image = -(target * logits.log_softmax(1)).sum(1).mean()
    by_text = -(target * logits.T.log_softmax(1)).sum(1).mean()
    return (by_image + by_text) / 2


def teacher_likeness(sentences: Tensor, temperature: float) -> Tensor:
    """Row-softmax of the cosines of unit vectors `(N, W)`: `(N, N)`, rows sum to one."""
    return torch.softmax(sentences @ sentences.T / temperature, dim=1)


def cosine_gap(predicted: Tensor, wanted: Tensor) -> Tensor:
    """The mean of 1 - cosine over rows."""
    return (1 - functional.cosine_similarity(predicted, wanted, dim=-1)).mean()


def found_by_phrase(
    images: Tensor,
    phrases: Tensor,
    fits: Tensor,
    temperature: Tensor,
    known: Tensor | None = None,
    asked: Tensor | None = None,
) -> Tensor:
    """How well phrases `(F, D)` find the images `(B, D)` they fit; `fits` `(F, B)` is bool or how well.

    The cross entropy of softmax(cosine / temperature) over the images to a share for each that fits; every
    phrase that is `asked`, bool `(F,)`, needs one (left out, all are). Images of which nobody knows whether
    they fit, `known` `(F, B)` false, are left out.
    """
    logits = functional.normalize(phrases, dim=-1) @ functional.normalize(images, dim=-1).T / temperature
    if known is not None:
        logits = logits.masked_fill(~known, NEVER)
    target = fits.to(logits.dtype)
    target = target / target.sum(1, keepdim=True).clamp(min=LEAST)
    surprise = -(target * logits.log_softmax(1)).sum(1)
    if asked is None:
        return surprise.mean()
    return (surprise * asked).sum() / asked.sum().clamp(min=1)


def named_alike(images: Tensor, names: Tensor, believed: Tensor, temperature: Tensor) -> Tensor:
    """Knowledge distillation (Hinton et al. 2015) from a classifier into the joint space.

    The cross entropy of softmax(cosine / temperature) over the classes' names `(C, D)` to what the classifier
    believes of each image, `believed` `(B, C)`, rows sum to one.
    """
    logits = functional.normalize(images, dim=-1) @ functional.normalize(names, dim=-1).T / temperature
    return -(believed * logits.log_softmax(1)).sum(1).mean()
