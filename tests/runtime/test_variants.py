"""A tower in fewer bits is used where it is as good, never where it crashes."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import numpy_helper

from app.bundle.encoder_bundle import EncoderBundle, load_bundle
from app.bundle.variants import variant_for
from app.errors import ModelError
from app.runtime.encoders import FrameEncoder, TextEncoder
from app.runtime.sessions.providers import ProviderChoice
from tests.bundle.manifests import add_files
from tests.bundles import COLOURS, colour_embedding, make_bundle

VARIANTS = {
    "int8": {"image": "image.int8.onnx", "text": "text.int8.onnx"},
    "fp16": {"image": "image.fp16.onnx"},
}
PARITY = {
    "float32": {"image": 1.0, "text": 1.0, "pictures": 32, "texts": 40},
    "int8": {"image": 0.995, "text": 0.993, "top1": 0.97, "top10": 0.95},
}
CPU = ProviderChoice("CPU")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A bundle with variants; the int8 towers give twice what the float32 ones give, to tell them apart."""
    folder = make_bundle(tmp_path / "bundle")
    for tower, constant in (("image", "full"), ("text", "table")):
        graph = onnx.load(str(folder / f"{tower}.onnx"))
        for tensor in graph.graph.initializer:
            if tensor.name == constant:
                values = numpy_helper.to_array(tensor)
                changed = values / 2 if tower == "image" else values * 2
                tensor.CopyFrom(numpy_helper.from_array(changed.astype(values.dtype), constant))
            if tower == "image" and tensor.name == "half":
                tensor.CopyFrom(numpy_helper.from_array(np.array(1.0, dtype=np.float32), "half"))
        onnx.save(graph, str(folder / f"{tower}.int8.onnx"))
    (folder / "image.fp16.onnx").write_bytes(b"never opened")
    names = [name for towers in VARIANTS.values() for name in towers.values()]
    return add_files(folder, *names, variants=VARIANTS, parity=PARITY, title="All the colours")


def frame(rgb: tuple[int, int, int]) -> np.ndarray:
    return np.full((1, 32, 32, 3), rgb, dtype=np.uint8)


def test_a_bundle_says_which_variants_it_has(folder: Path) -> None:
    bundle = load_bundle(folder)
    assert bundle.variants == VARIANTS
    assert bundle.parity["int8"]["top10"] == 0.95
    assert bundle.title == bundle.manifest_title == "All the colours"


def test_variants_are_of_the_same_space(folder: Path, tmp_path: Path) -> None:
    assert load_bundle(folder).identity == load_bundle(make_bundle(tmp_path / "plain")).identity


def test_the_processor_uses_int8(folder: Path) -> None:
    bundle = load_bundle(folder)
    frames, texts = FrameEncoder(bundle, choice=CPU), TextEncoder(bundle)
    assert (frames.variant, texts.variant, frames.provider) == ("int8", "int8", "CPU")
    np.testing.assert_allclose(
        frames.encode(frame((255, 0, 0)))[0], 2 * colour_embedding(COLOURS["red"]), atol=1e-6
    )
    np.testing.assert_allclose(texts.encode(["red"])[0], 2 * colour_embedding(COLOURS["red"]), atol=1e-6)


@pytest.mark.parametrize(
    ("measured", "image", "text"),
    [
        ({"image": 0.99, "text": 0.98, "top10": 0.9}, "int8", "float32"),
        ({"image": 0.98, "text": 0.999}, "float32", "int8"),
        ({"image": 0.999, "text": 0.999, "top10": 0.89}, "float32", "float32"),
        ({}, "float32", "float32"),
    ],
)
def test_int8_that_is_not_as_good_is_left_alone(
    folder: Path, measured: dict[str, float], image: str, text: str
) -> None:
    bundle = load_bundle(add_files(folder, parity={"int8": measured}))
    assert FrameEncoder(bundle, choice=CPU).variant == image
    assert TextEncoder(bundle).variant == text


def test_a_variant_can_be_asked_for(folder: Path) -> None:
    bundle = load_bundle(folder)
    encoder = FrameEncoder(bundle, choice=CPU, variant="float32")
    assert encoder.variant == "float32"
    np.testing.assert_allclose(encoder.encode(frame((0, 0, 0)))[0], [-0.5, -0.5, -0.5])


def test_half_precision_is_for_cuda_only(folder: Path) -> None:
    bundle: EncoderBundle = load_bundle(folder)

    def used(tower: Any, provider: str, parity: dict[str, dict[str, float]]) -> str:
        return variant_for(tower, provider, bundle.variants, parity)

    assert used("image", "CUDA", {}) == used("image", "CUDA", {"fp16": {"image": 0.9995}}) == "fp16"
    assert used("image", "CUDA", {"fp16": {"image": 0.99}}) == "float32"
    assert used("text", "CUDA", {}) == "float32"
    without = {"fp16": dict(bundle.variants["fp16"])}
    for provider in ("CPU", "CoreML", "DirectML"):
        assert variant_for("image", provider, without, {"fp16": {"image": 1.0}}) == "float32"
    with pytest.raises(ValueError, match="fp16"):
        FrameEncoder(bundle, choice=CPU, variant="fp16")


def test_a_variant_with_one_tower_leaves_the_other(folder: Path) -> None:
    bundle = load_bundle(add_files(folder, variants={"int8": {"image": "image.int8.onnx"}}))
    assert FrameEncoder(bundle, choice=CPU).variant == "int8"
    assert TextEncoder(bundle, variant="int8").variant == "float32"


def test_a_variant_of_tomorrow_is_left_out(folder: Path) -> None:
    bundle = load_bundle(add_files(folder, variants={"int4": {"image": "image.int8.onnx"}}))
    assert bundle.variants == {}


@pytest.mark.parametrize(
    "keys",
    [
        {"variants": []},
        {"variants": {"int8": "image.int8.onnx"}},
        {"variants": {"int8": {"sound": "image.int8.onnx"}}},
        {"variants": {"int8": {"image": "unlisted.onnx"}}},
        {"variants": {"int8": {"image": "../image.onnx"}}},
        {"variants": {"int8": {"image": "tokenizer.json"}}},
        {"variants": {"int8": {"image": 7}}},
        {"variants": {"int4": {"image": "unlisted.onnx"}}},
        {"variants": None},
        {"parity": [1.0]},
        {"parity": {"int8": 0.999}},
        {"parity": {"int8": {"image": "0.999"}}},
        {"parity": {"int8": {"image": True}}},
        {"parity": {"int8": {"image": 1.5}}},
        {"parity": {"int8": {"image": float("nan")}}},
        {"parity": {"int8": {"image": float("inf")}}},
        {"parity": {"int8": {"image": 10**400}}},
        {"parity": {"float32": {"pictures": -7}}},
        {"parity": {"float32": {"pictures": 10**400}}},
        {"title": ""},
        {"title": 7},
        {"title": "\x1b[2Jwiped"},
        {"title": "x" * 1000},
    ],
)
def test_a_wrong_entry_is_refused_with_a_sentence(folder: Path, keys: dict[str, Any]) -> None:
    with pytest.raises(ModelError, match="description") as caught:
        load_bundle(add_files(folder, **keys))
    assert caught.value.advice


@pytest.mark.parametrize("edit", [lambda path: path.write_bytes(b"other"), Path.unlink])
def test_an_altered_variant_is_refused(folder: Path, edit: Callable[[Path], object]) -> None:
    edit(folder / "image.int8.onnx")
    with pytest.raises(ModelError, match=r"image\.int8\.onnx"):
        load_bundle(folder)
