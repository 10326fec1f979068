"""Frames and words land where the towers put them, whatever the batch."""

from pathlib import Path

import numpy as np
import pytest

from app.bundle.encoder_bundle import EncoderBundle, ImageSpec, load_bundle
from app.errors import ModelError
from app.paths import bundled_model
from app.runtime.encoders import FrameEncoder, TextEncoder
from app.runtime.preprocess import fit, fit_batch
from tests.bundles import COLOURS, WIDTH, colour_embedding, make_bundle, write_manifest


@pytest.fixture
def bundle(tmp_path: Path) -> EncoderBundle:
    return load_bundle(make_bundle(tmp_path / "bundle"))


def plain(rgb: tuple[int, int, int], height: int = 90, width: int = 160) -> np.ndarray:
    return np.full((height, width, 3), rgb, dtype=np.uint8)


def test_frames_keep_their_order_over_batches(bundle: EncoderBundle) -> None:
    colours = [tuple(COLOURS.values())[number % len(COLOURS)] for number in range(37)]
    vectors = FrameEncoder(bundle).encode(np.stack([plain(rgb) for rgb in colours]))
    assert vectors.shape == (37, WIDTH)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(vectors, [colour_embedding(rgb) for rgb in colours], atol=1e-6)


def test_no_frames_and_no_texts_give_no_rows(bundle: EncoderBundle) -> None:
    assert FrameEncoder(bundle).encode(np.empty((0, 90, 160, 3), dtype=np.uint8)).shape == (0, WIDTH)
    assert TextEncoder(bundle).encode([]).shape == (0, WIDTH)


@pytest.mark.parametrize("shape", [(90, 160, 3), (1, 90, 160), (1, 90, 160, 4)])
def test_something_that_is_no_batch_of_frames_is_our_bug(bundle: EncoderBundle, shape: tuple[int]) -> None:
    with pytest.raises(ValueError, match="expected uint8"):
        FrameEncoder(bundle).encode(np.zeros(shape, dtype=np.uint8))


def test_words_are_found_in_any_case_and_any_batch(bundle: EncoderBundle) -> None:
    encoder = TextEncoder(bundle)
    alone = encoder.encode(["Red"])[0]
    beside = encoder.encode(["red", "a much longer description with a blue word"])[0]
    np.testing.assert_array_equal(alone, colour_embedding(COLOURS["red"]))
    np.testing.assert_array_equal(alone, beside)


def test_a_repeated_query_is_remembered(bundle: EncoderBundle) -> None:
    encoder = TextEncoder(bundle)
    assert encoder.encode_query("red  blue ") is encoder.encode_query("red blue")


def test_a_long_text_is_cut_not_refused(bundle: EncoderBundle) -> None:
    vector = TextEncoder(bundle).encode(["red " * 1000])[0]
    np.testing.assert_allclose(vector, 8 * colour_embedding(COLOURS["red"]))


def test_the_provider_is_what_the_session_reports(bundle: EncoderBundle) -> None:
    assert FrameEncoder(bundle).provider in {"CPU", "CUDA"}


def test_a_file_that_is_no_graph_is_refused_with_a_sentence(tmp_path: Path) -> None:
    folder = make_bundle(tmp_path / "bundle")
    (folder / "image.onnx").write_bytes(b"not a graph")
    write_manifest(folder)
    with pytest.raises(ModelError, match=r"image\.onnx cannot be used"):
        FrameEncoder(load_bundle(folder))


def test_a_tokenizer_that_is_none_is_refused_with_a_sentence(tmp_path: Path) -> None:
    folder = make_bundle(tmp_path / "bundle")
    (folder / "tokenizer.json").write_text("{}")
    write_manifest(folder)
    with pytest.raises(ModelError, match="tokenizer"):
        TextEncoder(load_bundle(folder))


def test_squash_keeps_the_edges_and_crop_drops_them() -> None:
    image = plain((0, 0, 0), 100, 200)
    image[:, :40] = 255
    squashed = fit(image, ImageSpec(50, "squash", "area"))
    cropped = fit(image, ImageSpec(50, "crop", "area"))
    assert squashed.shape == cropped.shape == (50, 50, 3)
    assert squashed[:, :10].min() == 255
    assert cropped.max() == 0


def test_a_batch_is_the_same_pictures_one_by_one() -> None:
    rng = np.random.default_rng(1)
    images = rng.integers(0, 256, (5, 60, 100, 3), dtype=np.uint8)
    spec = ImageSpec(32, "squash", "area")
    np.testing.assert_array_equal(fit_batch(images, spec), np.stack([fit(image, spec) for image in images]))


def test_the_bundled_model_prefers_what_it_is_told() -> None:
    bundle = load_bundle(bundled_model())
    rng = np.random.default_rng(0)
    noise = rng.integers(0, 256, (2, 90, 160, 3), dtype=np.uint8)
    frames = FrameEncoder(bundle).encode(noise)
    texts = TextEncoder(bundle).encode(["a dog in the snow", "a puppy on a snowy field", "a plate of pasta"])
    texts /= np.linalg.norm(texts, axis=1, keepdims=True)
    assert frames.shape == (2, bundle.embedding_width)
    assert np.isfinite(frames).all()
    assert texts[0] @ texts[1] > texts[0] @ texts[2] + 0.2
