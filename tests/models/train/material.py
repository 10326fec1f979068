"""What the tests of training and evaluation share: features that captions fit, and a tiny recipe."""

from dataclasses import replace

import numpy as np

from models.datasets.features import FeatureSet
from models.train.config import HeadConfig, OptimiserConfig, ProgressConfig, TrainConfig

WIDTH, FRAMES, VIDEOS = 16, 4, 24


def make_features(seed: int = 0, videos: int = VIDEOS, captions: int = 2, shift: float = 1.0) -> FeatureSet:
    """Videos of 2 to 4 frames, of which one shows what the captions say and the others show anything.

    Captions lie in a space turned against that of the frames by `shift` (0 = the same space): without
    training the pairs are hard to tell apart. The turn is the same for every seed, so what is learned on one
    set helps on another.
    """
    draw = np.random.default_rng(seed)
    noise = np.random.default_rng(99).normal(size=(WIDTH, WIDTH))
    turn, upper = np.linalg.qr(np.eye(WIDTH) + shift / np.sqrt(WIDTH) * noise)
    turn = turn * np.sign(np.diag(upper))
    meanings = draw.normal(size=(videos, WIDTH))
    frames = draw.normal(size=(videos, FRAMES, WIDTH))
    counts = draw.integers(2, FRAMES + 1, size=videos)
    frames[np.arange(videos), draw.integers(counts)] = meanings + 0.2 * draw.normal(size=(videos, WIDTH))
    frames[np.arange(FRAMES) >= counts[:, None]] = 0
    owners = np.repeat(np.arange(videos), captions)
    texts = (meanings[owners] + 0.2 * draw.normal(size=(len(owners), WIDTH))) @ turn
    return FeatureSet(frames.astype(np.float16), counts, texts.astype(np.float16), owners)


TINY = TrainConfig(
    device="cpu",
    head=HeadConfig(frames=FRAMES, dropout=0.1, samples=4),
    optimiser=OptimiserConfig(batch=12, steps=60, head_learning_rate=1e-2, weight_decay=0.01),
    progress=ProgressConfig(report_every=20, checkpoint_every=5),
)
"""A recipe for `make_features` that is done in a second."""


def tiny(steps: int) -> TrainConfig:
    """`TINY` of so many steps."""
    return replace(TINY, optimiser=replace(TINY.optimiser, steps=steps))
