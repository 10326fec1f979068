"""Pocket's towers, losses, stages and export, on pictures and words the test makes."""

import math
from functools import partial
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch")
pytest.importorskip("onnxscript")

import torch
from onnx import TensorProto, helper, numpy_helper

from app.model_intake.graphs.storing import quantise_rows, store_matrices_int8
from app.runtime.sessions.onnx_runtime import ort
from models.pocket.config import TextTowerConfig, ViewConfig
from models.pocket.figures.evaluate import recall
from models.pocket.figures.names import names_found
from models.pocket.learning import joint
from models.pocket.learning.batches import Batch, Batches, drawn
from models.pocket.learning.joint import without_words
from models.pocket.learning.losses import contrastive, found_by_phrase, named_alike, teacher_likeness
from models.pocket.networks.efficientnet import FEATURES, EfficientNetLite0, same_padding, standardise
from models.pocket.networks.int8_layers import Int8Values, learned_weight, stored_weight, weight_steps
from models.pocket.networks.joint_head import JointHead
from models.pocket.networks.teacher import pad
from models.pocket.networks.text_tower import TextTower
from models.pocket.pictures.augment import random_views
from models.pocket.words.sentences import by_length
from tests.models.pocket_world import make_world

TINY_TEXT = TextTowerConfig(
    vocabulary=40, width=16, layers_taken=(0,), heads=2, feed_forward=32, context_length=12, head_width=24
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
    tower = TextTower(TINY_TEXT, 4)
    temperature = torch.tensor(0.1, requires_grad=True)
    tokens = torch.randint(1, 40, (3, 7))
    loss = contrastive(
        head(torch.randn(3, 10)), tower(tokens), torch.arange(3), temperature, torch.eye(3), softness=0.1
    )
    loss.backward()
    assert temperature.grad is not None
    assert all(parameter.grad is not None for parameter in head.parameters())
    assert all(parameter.grad is not None for parameter in tower.parameters())
    assert tower.words.weight.grad[tokens.unique()].abs().sum() > 0


def test_padding_never_changes_a_text_embedding() -> None:
    tower = TextTower(TINY_TEXT, 8).eval()
    short = torch.tensor([[1, 7, 9, 2]])
    with torch.inference_mode():
        alone = tower(short)
        beside = tower(pad([[1, 7, 9, 2], [1, 3, 3, 3, 3, 3, 3, 2]]))[:1]
    assert torch.allclose(alone, beside, atol=1e-5)


def test_folding_the_norms_changes_no_feature() -> None:
    torch.manual_seed(0)
    network = EfficientNetLite0()
    pixels = standardise(torch.rand(4, 3, 64, 64) * 255)
    network(pixels)  # the norms see something
    network.eval()
    with torch.inference_mode():
        before = network(pixels)
    network.fold()
    with torch.inference_mode():
        after = network(pixels)
    assert before.shape == (4, FEATURES)
    assert not any(isinstance(module, torch.nn.BatchNorm2d) for module in network.modules())
    torch.testing.assert_close(after, before, rtol=1e-3, atol=1e-4)


def test_a_folded_head_says_the_same() -> None:
    torch.manual_seed(0)
    head = JointHead(10, 6, 4, dropout=0.0).eval()
    features = torch.randn(20, 10) * 3 + 2
    head.standardise_to(features)
    with torch.inference_mode():
        before = head(features)
        head.fold()
        torch.testing.assert_close(head(features), before, rtol=1e-4, atol=1e-5)


def test_views_are_new_each_time_and_some_pictures_stay_whole() -> None:
    torch.manual_seed(1)
    pictures = torch.randint(0, 256, (64, 3, 32, 32), dtype=torch.uint8)
    still = ViewConfig(size=32, whole=1.0, mirror_probability=0.0, light=0.0, grey=0.0, bars=0.0)
    torch.testing.assert_close(random_views(pictures, still), pictures.float(), rtol=0, atol=1e-3)
    config = ViewConfig(size=32)
    first, second = random_views(pictures, config), random_views(pictures, config)
    assert first.shape == (64, 3, 32, 32)
    assert 0 <= first.min() <= first.max() <= 255
    assert not torch.equal(first, second)


def test_bars_cover_both_ends_of_one_axis() -> None:
    torch.manual_seed(2)
    bright = torch.full((40, 3, 32, 32), 200, dtype=torch.uint8)
    config = ViewConfig(size=32, whole=1.0, mirror_probability=0.0, light=0.0, grey=0.0, bars=1.0)
    views = random_views(bright, config)
    changed = (views - 200).abs().sum(1) > 1
    assert torch.equal(changed, changed.flip(1).flip(2)), "both ends are covered alike"
    assert not changed[:, 16, 16].any(), "the middle is the picture"
    assert changed.flatten(1).any(1).sum() > 20


def test_a_phrase_finds_every_picture_it_fits() -> None:
    images = torch.eye(4)
    fits = torch.tensor([[True, True, False, False]])
    cold = torch.tensor(0.05)
    right = found_by_phrase(images, torch.tensor([[1.0, 1.0, 0.0, 0.0]]), fits, cold)
    half = found_by_phrase(images, torch.tensor([[1.0, 0.0, 0.0, 0.0]]), fits, cold)
    assert float(right) == pytest.approx(math.log(2), abs=1e-3)
    assert half > right + 1


def test_a_picture_nobody_knows_of_is_neither_right_nor_wrong() -> None:
    images = torch.eye(3)
    fits = torch.tensor([[1.0, 0.0, 0.0]])
    query, cold = torch.tensor([[1.0, 1.0, 0.0]]), torch.tensor(0.05)
    unknown = found_by_phrase(images, query, fits, cold, torch.tensor([[True, False, True]]))
    assert float(unknown) == pytest.approx(0.0, abs=1e-3)
    assert found_by_phrase(images, query, fits, cold) > 0.5
    plain = (images, images[[1, 0, 2]], torch.arange(3), torch.tensor(0.1), torch.eye(3))
    also = torch.tensor([[False, True, False], [True, False, False], [False, False, False]])
    assert contrastive(*plain, softness=0.0, also=also) < contrastive(*plain, softness=0.0) - 1


def test_sentences_lose_words_but_never_their_ends() -> None:
    torch.manual_seed(0)
    tokens = torch.tensor([[101, 5, 6, 7, 8, 102, 0, 0]] * 200 + [[101, 5, 6, 7, 8, 9, 10, 102]])
    heard = without_words(tokens, captions=200, share=0.5)
    assert torch.equal(heard[200], tokens[200])
    lengths = (heard != 0).sum(1)
    assert 3.3 < lengths[:200].float().mean() < 4.7
    for row, length in zip(heard[:200].tolist(), lengths.tolist(), strict=False):
        assert row[0] == 101
        assert row[length - 1] == 102
        assert row[1 : length - 1] == sorted(row[1 : length - 1]), "what is left keeps its order"


def test_values_in_whole_steps_are_near_and_their_gradient_passes() -> None:
    torch.manual_seed(0)
    values = torch.randn(500, requires_grad=True)
    layer = Int8Values()
    layer.observing = True
    layer(values)
    layer.settle()
    rounded = layer(values)
    step = float(layer.log_step.detach().exp())
    assert (rounded - values).abs().max() <= step * 0.51
    assert len(rounded.detach().unique()) <= 256
    assert layer(torch.zeros(1)) == 0, "nothing stays nothing: padding is exact"
    rounded.sum().backward()
    assert torch.all(values.grad == 1)
    assert layer.log_step.grad is not None


def test_int8_weights_take_seven_bits_of_their_channel() -> None:
    torch.manual_seed(0)
    weight = torch.randn(4, 6) * torch.tensor([[0.01], [1.0], [10.0], [0.0]])
    stored = stored_weight(weight)
    assert stored.dtype == torch.int8
    assert stored.abs().amax(1).tolist() == [63, 63, 63, 0]
    assert torch.allclose(learned_weight(weight), stored * weight_steps(weight)[:, None])


def test_names_are_learned_as_the_classifier_believes() -> None:
    images, names = torch.eye(2), torch.eye(2)
    sure = torch.tensor([[1.0, 0.0], [0.0, 1.0]])
    warm = torch.tensor(0.5)
    assert named_alike(images, names, sure, warm) < named_alike(images, names, sure.flip(0), warm)


def test_names_found_counts_what_could_be_found() -> None:
    pictures = np.eye(12, dtype=np.float32)
    right = np.zeros((2, 12), bool)
    right[0, :2] = right[1, 11] = True
    names = np.stack([pictures[0] + pictures[1], pictures[0]])
    assert names_found(names, pictures, right) == pytest.approx(0.5)


def test_same_padding_is_tensorflows() -> None:
    assert [same_padding(size, 3, 2) for size in (160, 5, 1)] == [1, 2, 2]
    assert same_padding(7, 3, 1) == 2


def test_quantised_rows_are_close() -> None:
    table = np.random.default_rng(1).normal(size=(9, 16)).astype(np.float32)
    quantised, scales = quantise_rows(table)
    assert quantised.dtype == np.int8
    assert np.abs(quantised * scales - table).max() <= scales.max() / 2 + 1e-6


def test_matrices_are_stored_narrow_with_a_scale_for_each_output_or_each_input() -> None:
    draw = np.random.default_rng(2)
    layer = draw.normal(size=(64, 96)).astype(np.float32)
    head = (draw.normal(size=(80, 96)) * np.geomspace(1, 1_000, 96)).astype(np.float32)
    bias = np.zeros((70, 80), np.float32)
    model = helper.make_model(
        helper.make_graph(
            [
                helper.make_node("MatMul", ["x", "layer"], ["seen"]),
                helper.make_node("Gemm", ["seen", "head.up"], ["said"], transB=1),
                helper.make_node("Add", ["said", "bias"], ["y"]),
            ],
            "two products",
            [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", 64])],
            [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["n", 80])],
            [numpy_helper.from_array(value, name) for value, name in (
                (layer, "layer"), (head, "head.up"), (bias, "bias"))],
        ),
        opset_imports=[helper.make_opsetid("", 18)],
        ir_version=9,
    )  # fmt: skip
    x = draw.normal(size=(70, 64)).astype(np.float32)

    def run() -> np.ndarray:
        session = ort.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
        return np.asarray(session.run(None, {"x": x})[0])

    before = run()
    store_matrices_int8(model, "head.")
    stored = {weight.name: weight for weight in model.graph.initializer}
    shapes = {name: list(weight.dims) for name, weight in stored.items()}
    assert shapes == {
        "layer.int8": [64, 96], "layer.scale": [1, 96],
        "head.up.int8": [80, 96], "head.up.scale": [1, 96], "bias": [70, 80],
    }  # fmt: skip
    after = run()
    cosines = (before * after).sum(1) / np.linalg.norm(before, axis=1) / np.linalg.norm(after, axis=1)
    assert cosines.min() > 0.9998


def test_recall_counts_ranks_and_ties_against_itself() -> None:
    pictures = np.eye(3, dtype=np.float32)
    found = recall(pictures[[0, 1, 1]], pictures, np.array([0, 1, 2]))
    assert found.at_1 == pytest.approx(2 / 3)
    assert recall(np.ones((1, 3), np.float32), pictures, np.array([0])).at_1 == 0.0


def test_only_phrases_that_are_asked_count() -> None:
    torch.manual_seed(1)
    images, phrases = torch.randn(5, 4), torch.randn(3, 4)
    fits = torch.tensor([[1, 0, 0, 0, 1], [0, 0, 0, 0, 0], [0, 1, 0, 0, 0]]).bool()
    cold, asked = torch.tensor(0.1), torch.tensor([True, False, True])
    wanted = found_by_phrase(images, phrases[asked], fits[asked], cold)
    assert torch.allclose(found_by_phrase(images, phrases, fits, cold, asked=asked), wanted)
    assert found_by_phrase(images, phrases, fits, cold, asked=torch.zeros(3).bool()) == 0


def test_rows_are_encoded_with_rows_as_long_and_come_back_in_order() -> None:
    lengths = torch.tensor([5, 2, 7, 2, 3, 7, 1, 4])
    tokens = torch.arange(8)[:, None] * 10 + torch.arange(9)
    tokens = tokens.masked_fill(torch.arange(9) >= lengths[:, None], 0)
    widths: list[int] = []

    def encode(rows: torch.Tensor) -> torch.Tensor:
        widths.append(rows.shape[1])
        return rows.sum(1, keepdim=True)

    assert torch.equal(by_length(encode, tokens, lengths, 4), tokens.sum(1, keepdim=True))
    assert widths == [2, 3, 5, 7]


def test_a_trunk_piece_by_piece_learns_what_it_learns_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    torch.manual_seed(2)
    monkeypatch.setattr(joint, "PIECE", 2)
    trunk, pictures = EfficientNetLite0().eval(), torch.randn(5, 3, 32, 32)
    seen = []
    trunk.stem.register_forward_hook(lambda _stem, given, _maps: seen.append(len(given[0])))
    results = []
    for see in (trunk, partial(joint.piece_by_piece, trunk)):
        trunk.zero_grad()
        features = see(pictures)
        features.square().mean().backward()
        results.append((features.detach(), trunk.stem.conv.weight.grad.clone()))
    assert seen == [5, 2, 2, 1, 1, 2, 2], "once for the features, and once more for each piece's gradients"
    for whole, pieces in zip(*results, strict=True):
        assert torch.allclose(whole, pieces, rtol=1e-3, atol=1e-6)


def test_batches_are_drawn_alike_from_one_seed_and_phrases_fit_their_pictures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = make_world(tmp_path, monkeypatch)
    lessons, stage = world.lessons, world.config.joint_stage

    def first(seed: int, step: int = 0) -> Batch:
        batches = Batches(
            stage, world.pool(), lessons.phrases, lessons.phrase_numbers, len(lessons.sentences), seed, step
        )
        return next(drawn(batches, torch.device("cpu")))

    batch = first(3)
    assert batch.pairs.pictures.tolist() == first(3).pairs.pictures.tolist()
    assert batch.anchors.tolist() == first(3).anchors.tolist() != first(4).anchors.tolist()
    assert batch.anchors.tolist() != first(3, 100).anchors.tolist(), "a run that goes on sees others"
    assert batch.fits.shape == (len(batch.phrases), batch.pairs.captioned)
    for number, row in zip(batch.phrases.tolist(), batch.fits.tolist(), strict=True):
        for picture, fits in zip(batch.pairs.pictures, row, strict=False):
            captions = " ".join(world.pictures[picture].captions).split()
            assert fits == (world.texts[number] in captions)
