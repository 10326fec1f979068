"""A vector that the library could not store is an error of one input, said in a sentence."""

from pathlib import Path

import numpy as np
import pytest
from onnx import TensorProto

from app.bundle.encoder_bundle import load_bundle
from app.errors import EncodingError, ModelError
from app.runtime.encoders import FrameEncoder, TextEncoder
from app.runtime.sessions.providers import ProviderChoice
from tests.bundles import make_bundle
from tests.model_store.hostile import (
    NAN,
    Spoil,
    image,
    node,
    text,
)

BEYOND = [node("Mul", "colour beyond")]


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (image(*NAN), "numbers that are not finite"),
        (image(node("Div", "colour zero")), "numbers that are not finite"),
        (image(*BEYOND), "numbers beyond 65,504"),
    ],
)
def test_frames_without_a_usable_vector(tmp_path: Path, spoil: Spoil, reason: str) -> None:
    spoil(make_bundle(tmp_path / "bundle"))
    encoder = FrameEncoder(load_bundle(tmp_path / "bundle"), choice=ProviderChoice("CPU"))
    with pytest.raises(EncodingError, match="no usable vector for this video") as caught:
        encoder.encode(np.zeros((2, 32, 32, 3), np.uint8))
    assert caught.value.reason == reason
    assert caught.value.advice


def test_other_frames_of_the_same_model_go_on(tmp_path: Path) -> None:
    """Beyond float16 for white, in range for a grey that is nearly the middle one."""
    image(*BEYOND)(make_bundle(tmp_path / "bundle"))
    encoder = FrameEncoder(load_bundle(tmp_path / "bundle"), choice=ProviderChoice("CPU"))
    with pytest.raises(EncodingError):
        encoder.encode(np.full((1, 32, 32, 3), 255, np.uint8))
    assert np.isfinite(encoder.encode(np.full((1, 32, 32, 3), 128, np.uint8)).astype(np.float16)).all()


def test_a_description_without_a_usable_vector(tmp_path: Path) -> None:
    text(*BEYOND)(make_bundle(tmp_path / "bundle"))
    encoder = TextEncoder(load_bundle(tmp_path / "bundle"))
    with pytest.raises(EncodingError, match="no usable vector for this description"):
        encoder.encode_query("red")


def test_the_largest_that_float16_holds_is_usable(tmp_path: Path) -> None:
    """The colour of white is 0.5 in each channel."""
    text(node("Mul", "colour edge"))(make_bundle(tmp_path / "bundle"))
    vector = TextEncoder(load_bundle(tmp_path / "bundle")).encode_query("white")
    assert vector.max() == 65504.0
    assert np.isfinite(vector.astype(np.float16)).all()


def test_a_tokenizer_that_fails_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    encoder = TextEncoder(load_bundle(make_bundle(tmp_path / "bundle")))

    class Panics:
        def encode_batch(self, _texts: object) -> None:
            raise BaseException("a panic of Rust's")

    monkeypatch.setattr(encoder, "_tokenizer", Panics())
    with pytest.raises(ModelError, match="cannot read this text"):
        encoder.encode(["red"])


def test_frames_that_a_graph_fails_on_are_that_video_s_failure(tmp_path: Path) -> None:
    """The graph looks a number up that is in its table for all frames but white ones."""
    lookup = [
        node("Cast", "share", "place", to=TensorProto.INT64),
        node("GatherElements", "colour_one place", "found", axis=0),
        node("Add", "colour found"),
    ]
    image(*lookup)(make_bundle(tmp_path / "bundle"))
    encoder = FrameEncoder(load_bundle(tmp_path / "bundle"), choice=ProviderChoice("CPU"))
    encoder.encode(np.zeros((1, 32, 32, 3), np.uint8))
    with pytest.raises(EncodingError, match="no usable vector for this video"):
        encoder.encode(np.full((1, 32, 32, 3), 255, np.uint8))


def test_a_graph_that_fails_on_everything_is_the_model_s_failure(tmp_path: Path) -> None:
    image(node("Reshape", "colour colour_shape"))(make_bundle(tmp_path / "bundle"))
    encoder = FrameEncoder(load_bundle(tmp_path / "bundle"), choice=ProviderChoice("CPU"))
    with pytest.raises(ModelError, match="fails while running") as caught:
        encoder.encode(np.zeros((1, 32, 32, 3), np.uint8))
    assert not isinstance(caught.value, EncodingError)
