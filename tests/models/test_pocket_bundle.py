"""The shipped bundle is whole, small, and finds what it should."""

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer

from app.runtime.sessions.onnx_runtime import ort

BUNDLE = Path(__file__).resolve().parents[2] / "models" / "bundled" / "pocket"
MOST_BYTES = 45_000_000


@pytest.fixture(scope="module")
def manifest() -> dict:
    return json.loads((BUNDLE / "manifest.json").read_text("utf-8"))


def test_hashes_and_sizes_are_the_manifests(manifest: dict) -> None:
    assert set(manifest["files"]) == {
        "image.onnx", "text.onnx", "tokenizer.json", "calibration.json", "tmass.npz"
    }  # fmt: skip
    for name, facts in manifest["files"].items():
        content = (BUNDLE / name).read_bytes()
        assert (hashlib.sha256(content).hexdigest(), len(content)) == (facts["sha256"], facts["bytes"])


def test_the_bundle_is_small_and_has_a_card(manifest: dict) -> None:
    assert sum(facts["bytes"] for facts in manifest["files"].values()) <= MOST_BYTES
    assert "research" in (BUNDLE / "MODEL_CARD.md").read_text("utf-8")


def test_calibration_rises_with_the_score() -> None:
    calibration = json.loads((BUNDLE / "calibration.json").read_text("utf-8"))
    assert calibration["logistic"]["a"] > 0
    assert calibration["matched"]["mean"] > calibration["unmatched"]["mean"]


def test_the_graphs_keep_the_interface(manifest: dict) -> None:
    width, size = manifest["embedding_width"], manifest["image"]["size"]
    image = ort.InferenceSession(BUNDLE / "image.onnx", providers=["CPUExecutionProvider"])
    text = ort.InferenceSession(BUNDLE / "text.onnx", providers=["CPUExecutionProvider"])
    for count in (1, 3):
        (embedding,) = image.run(["embedding"], {"pixels": np.zeros((count, size, size, 3), np.uint8)})
        assert embedding.shape == (count, width)
        assert embedding.dtype == np.float32
    longest = manifest["text"]["context_length"]
    for length in (3, longest):
        (embedding,) = text.run(["embedding"], {"tokens": np.full((2, length), 7, np.int64)})
        assert embedding.shape == (2, width)
        assert np.isfinite(embedding).all()


def test_words_outside_the_captions_lie_near_their_kin(manifest: dict) -> None:
    tokenizer = Tokenizer.from_file(str(BUNDLE / "tokenizer.json"))
    tokenizer.enable_truncation(manifest["text"]["context_length"])
    tokenizer.enable_padding(pad_id=manifest["text"]["pad_id"])
    text = ort.InferenceSession(BUNDLE / "text.onnx", providers=["CPUExecutionProvider"])

    def embed(words: list[str]) -> np.ndarray:
        tokens = np.array([encoding.ids for encoding in tokenizer.encode_batch(words)], np.int64)
        (embedding,) = text.run(None, {"tokens": tokens})
        return embedding / np.linalg.norm(embedding, axis=1, keepdims=True)

    kin = {"submarine": "a ship under water", "blacksmith": "a man hammers iron", "zucchini": "vegetables"}
    closeness = embed(list(kin)) @ embed(list(kin.values())).T
    assert closeness.argmax(1).tolist() == [0, 1, 2]
