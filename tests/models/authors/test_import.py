"""A released T-MASS checkpoint becomes a bundle that gives the checkpoint's own numbers."""

import contextlib
import io
import json
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
import pytest
import torch

from app.bundle.encoder_bundle import EncoderBundle, load_bundle
from app.bundle.sampling_head import SamplingHead, load_head
from app.model_intake.making.parity import lowest_cosine
from app.model_intake.making.sample_pictures import sample_pictures
from app.runtime.encoders import FrameEncoder, TextEncoder
from app.runtime.preprocess import fit
from models.authors.__main__ import main
from models.export.tokenizers.tokenizer import clip_tokenizer
from tests.models.authors.released import (
    CONTEXT,
    EMBEDDING,
    FRAMES,
    SIZE,
    VOCABULARY,
    State,
    image_features,
    released_state,
    save,
    score,
    text_features,
)

TEXTS = ["A man plays the guitar.", "a brown bear, in a river; it's fishing", "", "again and " * 60]
EQUAL = 0.999999
"""GELU in place of quick GELU would give 0.99997."""


class Imported(NamedTuple):
    state: State
    bundle: EncoderBundle
    said: str


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Imported:
    folder = tmp_path_factory.mktemp("released")
    state, said = released_state(), io.StringIO()
    path = save(state, folder / "model_best.pth")
    with contextlib.redirect_stdout(said):
        main([str(path), "--out", str(folder / "bundle"), "--licence", "for research", "--samples", "7"])
    return Imported(state, load_bundle(folder / "bundle"), said.getvalue())


def test_the_bundle_says_where_it_comes_from(imported: Imported) -> None:
    manifest = json.loads((imported.bundle.folder / "manifest.json").read_text("utf-8"))
    assert (manifest["name"], manifest["licence"]) == ("tmass", "for research")
    assert "T-MASS" in manifest["source"]
    assert manifest["embedding_width"] == EMBEDDING
    assert manifest["image"] == {"size": SIZE, "resize": "crop", "interpolation": "cubic"}
    assert manifest["text"]["context_length"] == CONTEXT
    assert set(manifest["files"]) == {"image.onnx", "text.onnx", "tokenizer.json", "tmass.npz"}
    assert "at least 1.0000" in imported.said or "at least 0.9999" in imported.said


def test_pictures_are_embedded_as_the_checkpoint_does(imported: Imported) -> None:
    pictures = np.stack([fit(picture, imported.bundle.image) for picture in sample_pictures(SIZE, 6)])
    wanted = torch.stack([image_features(imported.state, picture) for picture in torch.from_numpy(pictures)])
    ours = FrameEncoder(imported.bundle, threads=1).encode(pictures)
    assert lowest_cosine(ours, wanted.numpy()) >= EQUAL
    np.testing.assert_allclose(ours, wanted.numpy(), rtol=1e-3, atol=1e-4)


def test_real_frames_are_embedded_as_the_checkpoint_does(imported: Imported, shared_data: Path) -> None:
    encoder = FrameEncoder(imported.bundle, threads=1)
    for name in ("054_brown_bear.mp4", "036_coffee_pour.mp4"):
        _, frame = cv2.VideoCapture(str(shared_data / "clips" / name)).read()
        side = min(frame.shape[:2])
        square = np.ascontiguousarray(cv2.resize(frame[:side, :side], (SIZE, SIZE))[..., ::-1])
        wanted = image_features(imported.state, torch.from_numpy(square))
        assert lowest_cosine(encoder.encode(square[None]), wanted[None].numpy()) >= EQUAL


def test_texts_are_embedded_as_the_checkpoint_does(imported: Imported) -> None:
    tokens = [row[: row.index(VOCABULARY - 1) + 1] for row in clip_tokenizer().reference(TEXTS).tolist()]
    wanted = torch.stack([text_features(imported.state, row) for row in tokens]).numpy()
    ours = TextEncoder(imported.bundle, threads=1).encode(TEXTS)
    assert lowest_cosine(ours, wanted) >= EQUAL
    np.testing.assert_allclose(ours, wanted, rtol=1e-3, atol=1e-4)


def numpy_score(head: SamplingHead, t: np.ndarray, frames: np.ndarray) -> float:
    """The score of a full clip from the arrays of the bundle's head, as `docs/bundle.md` names them."""

    def norm(part: object, x: np.ndarray) -> np.ndarray:
        scaled = (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + 1e-5)
        return scaled * part.weight + part.bias

    def linear(part: object, x: np.ndarray) -> np.ndarray:
        return x @ part.weight.T + part.bias

    seen = norm(head.norm1, frames)
    logits = linear(head.key, seen) @ linear(head.query, norm(head.norm1, t)) / np.sqrt(head.width)
    weights = np.exp(logits - logits.max())
    h = norm(head.norm2, linear(head.output, weights @ linear(head.value, seen) / weights.sum()))
    clip = norm(head.norm3, h + linear(head.linear, h))
    s = frames @ t / np.linalg.norm(frames, axis=1) / np.linalg.norm(t)
    texts = t + np.exp(s @ head.radius_weight + head.radius_bias) * head.samples
    return float((texts @ clip / np.linalg.norm(texts, axis=1) / np.linalg.norm(clip)).max())


def test_the_head_in_the_bundle_scores_as_the_checkpoint_does(imported: Imported) -> None:
    head = load_head(imported.bundle)
    assert head is not None
    assert (head.frames, head.radius, len(head.samples)) == (FRAMES, "linear", 7)
    assert (head.prior, head.prior_scale, head.seed) == ("uniform", 1.0, 24)
    assert 0 <= head.samples.min() < head.samples.max() < 1
    draw = np.random.default_rng(2)
    samples = torch.from_numpy(np.array(head.samples))
    scores = []
    for _ in range(6):
        t = draw.normal(size=EMBEDDING).astype(np.float32)
        frames = (0.3 * t + draw.normal(size=(FRAMES, EMBEDDING))).astype(np.float32)
        wanted = score(imported.state, torch.from_numpy(t), torch.from_numpy(frames), samples)
        assert numpy_score(head, t, frames) == pytest.approx(wanted, abs=1e-5)
        scores.append(wanted)
    assert np.std(scores) > 0.01
