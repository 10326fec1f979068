"""Pocket's towers, losses, stages and export, on pictures and words the test makes."""

import math

import numpy as np
import pytest

pytest.importorskip("torch")
pytest.importorskip("onnxscript")

import torch

from models.onnx_graph import quantise_rows
from models.pocket.backbone import same_padding
from models.pocket.calibration import calibrate, fit_logistic
from models.pocket.config import (
    BackboneStage,
    DistilStage,
    HeadStage,
    ImageTowerConfig,
    JointStage,
    PocketConfig,
    TextTowerConfig,
    ViewConfig,
)
from models.pocket.evaluate import recall
from models.pocket.image_tower import JointHead
from models.pocket.losses import contrastive, teacher_likeness
from models.pocket.teacher import pad
from models.pocket.text_tower import TextTower, principal_embeddings

TINY_TEXT = TextTowerConfig(
    vocabulary=40, width=16, layers=1, heads=2, feed_forward=32, context_length=12, head_width=24
)
TINY = PocketConfig(
    embedding_width=8,
    threads=1,
    views=ViewConfig(size=32, views=2),
    text=TINY_TEXT,
    image=ImageTowerConfig(head_width=16),
    head_stage=HeadStage(steps=60, batch=8, warm_up=5, captioned_share=0.75, image_dropout=0.0),
    backbone_stage=BackboneStage(steps=10, batch=8, warm_up=2, captioned_share=0.75),
    distil_stage=DistilStage(passes=40, batch=8, warm_up=5, learning_rate=5e-3),
    joint_stage=JointStage(steps=20, batch=8, warm_up=2, anchor_batch=4, captioned_share=0.75),
)


def slow_contrastive(images: np.ndarray, texts: np.ndarray, groups: list[int], temperature: float) -> float:
    """The loss spelled out with loops: -log softmax averaged over positives, rows and directions."""
    images = images / np.linalg.norm(images, axis=1, keepdims=True)
    texts = texts / np.linalg.norm(texts, axis=1, keepdims=True)
    total = 0.0
    for queries, answers in ((images, texts), (texts, images)):
        for row, query in enumerate(queries):
            scores = [float(query @ answer) / temperature for answer in answers]
            log_sum = math.log(sum(math.exp(score) for score in scores))
            right = [score for score, group in zip(scores, groups, strict=True) if group == groups[row]]
            total += sum(log_sum - score for score in right) / len(right)
    return total / (2 * len(groups))


def test_contrastive_equals_the_slow_reference_with_several_positives() -> None:
    draw = np.random.default_rng(0)
    images, texts = draw.normal(size=(6, 5)), draw.normal(size=(6, 5))
    groups = [0, 1, 0, 2, 1, 0]
    fast = contrastive(
        torch.from_numpy(images),
        torch.from_numpy(texts),
        torch.tensor(groups),
        torch.tensor(0.2),
        torch.eye(6, dtype=torch.float64),
        softness=0.0,
    )
    assert float(fast) == pytest.approx(slow_contrastive(images, texts, groups, 0.2), rel=1e-6)


def test_softness_moves_the_target_towards_like_sentences() -> None:
    images = torch.eye(3)
    sentences = torch.nn.functional.normalize(torch.tensor([[1.0, 0.1], [1.0, 0.0], [0.0, 1.0]]), dim=1)
    likeness = teacher_likeness(sentences, 0.1)
    assert torch.allclose(likeness.sum(1), torch.ones(3))
    assert likeness[0, 1] > likeness[0, 2]
    arguments = (images, images, torch.arange(3), torch.tensor(0.1), likeness)
    assert contrastive(*arguments, softness=0.5) > contrastive(*arguments, softness=0.0)


def test_gradients_reach_both_towers_and_the_temperature() -> None:
    head = JointHead(10, 6, 4, dropout=0.0)
    tower = TextTower(TINY_TEXT, 4, teacher_width=5)
    temperature = torch.tensor(0.1, requires_grad=True)
    tokens = torch.randint(1, 40, (3, 7))
    loss = contrastive(
        head(torch.randn(3, 10)), tower(tokens), torch.arange(3), temperature, torch.eye(3), softness=0.1
    )
    loss.backward()
    assert temperature.grad is not None
    assert all(parameter.grad is not None for parameter in head.parameters())
    untouched = {name for name, parameter in tower.named_parameters() if parameter.grad is None}
    assert untouched == {"to_teacher.weight", "to_teacher.bias"}
    assert tower.words.weight.grad[tokens.unique()].abs().sum() > 0


def test_padding_never_changes_a_text_embedding() -> None:
    tower = TextTower(TINY_TEXT, 8, teacher_width=5).eval()
    short = torch.tensor([[1, 7, 9, 2]])
    with torch.inference_mode():
        alone = tower(short)
        beside = tower(pad([[1, 7, 9, 2], [1, 3, 3, 3, 3, 3, 3, 2]]))[:1]
    assert torch.allclose(alone, beside, atol=1e-5)


def test_principal_embeddings_keep_distances_when_nothing_is_cut() -> None:
    table = torch.randn(20, 6)
    assert torch.allclose(torch.cdist(principal_embeddings(table, 6), principal_embeddings(table, 6)),
                          torch.cdist(table, table), atol=1e-3)  # fmt: skip


def test_same_padding_is_tensorflows() -> None:
    assert [same_padding(size, 3, 2) for size in (160, 5, 1)] == [1, 2, 2]
    assert same_padding(7, 3, 1) == 2


def test_quantised_rows_are_close() -> None:
    table = np.random.default_rng(1).normal(size=(9, 16)).astype(np.float32)
    quantised, scales = quantise_rows(table)
    assert quantised.dtype == np.int8
    assert np.abs(quantised * scales - table).max() <= scales.max() / 2 + 1e-6


def test_recall_counts_ranks_and_ties_against_itself() -> None:
    pictures = np.eye(3, dtype=np.float32)
    found = recall(pictures[[0, 1, 1]], pictures, np.array([0, 1, 2]))
    assert found.at_1 == pytest.approx(2 / 3)
    assert recall(np.ones((1, 3), np.float32), pictures, np.array([0])).at_1 == 0.0


def test_logistic_fit_recovers_the_curve_that_made_the_data() -> None:
    draw = np.random.default_rng(5)
    values = draw.normal(size=20_000)
    truth = (draw.random(20_000) < 1 / (1 + np.exp(-(1.5 * values - 0.5)))).astype(float)
    fitted = fit_logistic(values, truth, np.ones_like(values))
    assert fitted.a == pytest.approx(1.5, abs=0.08)
    assert fitted.b == pytest.approx(-0.5, abs=0.08)


def test_calibration_tells_right_from_wrong() -> None:
    draw = np.random.default_rng(6)
    pictures = draw.normal(size=(50, 16)).astype(np.float32)
    texts = pictures + draw.normal(size=(50, 16)).astype(np.float32)
    fitted = calibrate(texts, pictures, np.arange(50))
    assert fitted.matched.mean > fitted.unmatched.mean
    assert fitted.logistic.a > 0
