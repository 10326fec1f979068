"""A head as torch trains it and as the program re-scores with it: one file between them, one score."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch")

import torch

from app.bundle.encoder_bundle import load_bundle
from app.bundle.sampling_head import load_head
from app.search.scorers.tmass import TMassScorer
from models.heads.head_file import write_head
from models.heads.radius import Radius
from models.heads.stochastic import Prior
from models.heads.tmass import TMassConfig, TMassHead
from tests.bundles import make_bundle, write_manifest
from tests.models.heads.batches import shaken
from tests.search.heads import candidates_of, random_gallery, random_text, raw_frames

LENGTHS = (6, 1, 3, 6, 2, 5, 4, 6, 1)


def through_a_file(module: TMassHead, folder: Path) -> TMassScorer:
    """The program's scorer from a bundle that carries the head."""
    make_bundle(folder)
    write_head(module, folder / "tmass.npz")
    write_manifest(folder)
    head = load_head(replace(load_bundle(folder), embedding_width=module.config.width))
    assert head is not None
    return TMassScorer(head)


@pytest.mark.parametrize("width", [16, 96])
@pytest.mark.parametrize("samples", [0, 20])
@pytest.mark.parametrize("radius", ["none", "cos", "scalar", "linear"])
def test_both_give_the_same_scores(radius: Radius, samples: int, width: int, tmp_path: Path) -> None:
    config = TMassConfig(
        width,
        frames=6,
        temperature=1.5,
        radius=radius,
        samples=samples,
        prior=Prior("uniform", 1.0),
        soft_maximum_weight=0.2,
    )
    module = shaken(TMassHead(config), seed=4).float().eval()
    assert isinstance(module, TMassHead)
    scorer = through_a_file(module, tmp_path / "bundle")

    gallery = random_gallery(LENGTHS, width)
    frames = torch.zeros(len(LENGTHS), 6, width)
    mask = torch.arange(6) < torch.tensor(LENGTHS)[:, None]
    for clip, length in enumerate(LENGTHS):
        real = raw_frames(gallery, range(*gallery.clip_rows(clip)))
        frames[clip, :length] = torch.from_numpy(real.astype(np.float32))
    texts = [random_text(width, seed=seed) for seed in range(4)]
    stacked = torch.from_numpy(np.stack([text.raw for text in texts]))
    expected = module.similarities(stacked, frames, mask, samples=module.draw_samples()).numpy()
    for text, wanted in zip(texts, expected, strict=True):
        found = scorer.score(text, candidates_of(text, gallery), gallery)
        np.testing.assert_allclose(found, wanted, atol=1e-5)
