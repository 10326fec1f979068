"""The shipped bundle is whole, small, and finds what it should."""

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer

from app.bundle.encoder_bundle import load_bundle
from app.runtime.encoders import TextEncoder
from app.runtime.sessions.onnx_runtime import ort
from app.search.scorers.cosine import EncodedText
from models.pocket.figures.bank import HALF

BUNDLE = Path(__file__).resolve().parents[2] / "models" / "bundled" / "pocket"
MOST_BYTES = 45_000_000


@pytest.fixture(scope="module")
def manifest() -> dict:
    return json.loads((BUNDLE / "manifest.json").read_text("utf-8"))


def test_hashes_and_sizes_are_the_manifests(manifest: dict) -> None:
    assert set(manifest["files"]) == {
        "image.onnx", "text.onnx", "tokenizer.json", "calibration.json", "tmass.npz", "picture_bank.npz"
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


def test_a_word_reaches_less_far_than_a_sentence_about_the_same() -> None:
    bundle = load_bundle(BUNDLE)
    calibration, encoder = bundle.calibration, TextEncoder(bundle)
    assert calibration.bank is not None
    assert len(calibration.bank.pictures) == 2 * HALF
    assert {scorer.reach_slope < 0 for scorer in calibration.scorers.values()} == {True}
    said = {
        "a dog": "a brown dog shakes off water beside a lake",
        "a man": "a man in a red helmet climbs a steep rock",
        "people": "three people in coats wait at a bus stop in the snow",
    }
    words, sentences = encoder.encode(list(said)), encoder.encode(list(said.values()))
    for word, sentence in zip(words, sentences, strict=True):
        short, long = (
            calibration.bank.above_usual(EncodedText.of(vector).unit) for vector in (word, sentence)
        )
        assert short < min(long, 0)


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
