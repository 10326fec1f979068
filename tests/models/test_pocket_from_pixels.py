"""Stage 6 of Pocket in its parts: gradients in pieces, clips of a batch, fresh views of a picture."""

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch")

import torch

from models.pocket.backbone import MobileNetV2
from models.pocket.config import ViewConfig
from models.pocket.data import EncodedPictures, read_pictures
from models.pocket.end_to_end_stage import PIECE, GradientInPieces, clips_of_batch, seen_anew
from tests.models.test_pocket_data import record, write_training


def test_gradients_in_pieces_are_those_of_one_graph() -> None:
    torch.manual_seed(3)
    backbone = MobileNetV2()
    pixels = torch.randint(0, 256, (PIECE + 3, 32, 32, 3), dtype=torch.uint8)
    mixing = torch.randn(len(pixels), len(pixels))

    def loss(features: torch.Tensor) -> torch.Tensor:
        """Ties every picture's features to every other's, as a contrastive loss does."""
        return (mixing * (features @ features.T)).tanh().sum() + features.square().mean()

    maps, levels = backbone.trunk(pixels)
    loss(torch.cat([backbone.top(maps), levels], dim=1)).backward()
    whole = [parameter.grad.clone() for parameter in backbone.parameters() if parameter.grad is not None]
    backbone.zero_grad()

    pieces = GradientInPieces(backbone)
    loss(pieces.features(pixels)).backward()
    assert all(parameter.grad is None for parameter in backbone.parameters())
    pieces.carry_down()
    in_pieces = [parameter.grad for parameter in backbone.parameters()]
    assert len(whole) == len(in_pieces)
    for one, other in zip(whole, in_pieces, strict=True):
        assert other is not None
        torch.testing.assert_close(other, one, rtol=1e-3, atol=1e-5)


def test_nothing_is_carried_down_before_a_gradient_has_arrived() -> None:
    pieces = GradientInPieces(MobileNetV2())
    pieces.features(torch.zeros(2, 32, 32, 3, dtype=torch.uint8))
    with pytest.raises(RuntimeError, match="no gradient"):
        pieces.carry_down()


def test_a_clip_shows_its_own_picture_and_strangers() -> None:
    groups = np.array([0, 0, 1, 2, 3, 3, 3, 4], np.int64)
    seen: set[int] = set()
    for seed in range(20):
        members, mask = clips_of_batch(8, 4, groups, np.random.default_rng(seed))
        assert members.shape == mask.shape == (8, 4)
        assert torch.equal(members[:, 0], torch.arange(8))
        assert mask[:, 0].all()
        of_member = torch.from_numpy(groups)[members]
        stranger = of_member[:, 1:] != of_member[:, :1]
        assert not (mask[:, 1:] & ~stranger).any()
        seen.update(mask.sum(1).tolist())
    assert seen == {1, 2, 3, 4}


def test_every_look_at_a_picture_is_new_and_some_are_of_the_whole(tmp_path: Path) -> None:
    training = write_training(tmp_path / "training", [record("red.png", captions=["a red card"])])
    pictures = EncodedPictures(training, read_pictures(training))
    assert len(pictures) == 1
    views = ViewConfig(size=32)
    draw = np.random.default_rng(5)
    looks = seen_anew(pictures, np.zeros(24, np.int64), views, 0.5, draw)
    assert looks.shape == (24, 32, 32, 3)
    assert looks.dtype == torch.uint8
    brightness = looks.float().mean((1, 2, 3))
    assert len(brightness.unique()) > 6
    again = seen_anew(pictures, np.zeros(24, np.int64), views, 0.5, np.random.default_rng(5))
    assert torch.equal(looks, again)
