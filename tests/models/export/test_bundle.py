"""An open_clip model and its bundle give the same embeddings, run as the program runs them."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import av
import numpy as np
import onnx
import pytest
import torch
from PIL import Image
from torch import Tensor, nn

from app.encoders import EncoderBundle, FrameEncoder, TextEncoder, load_bundle
from app.encoders.bundle import ImageSpec
from app.encoders.preprocess import fit
from app.encoders.sessions import open_graph
from app.errors import ModelError
from models.export import (
    BundleSpec,
    BundleTokenizer,
    Parity,
    export_bundle,
    open_clip_spec,
    open_clip_tokenizer,
    write_manifest,
)
from models.export.graph import tower_graph
from models.export.parity import lowest_cosine
from models.export.towers import text_tower
from models.open_clip_setup import import_open_clip
from tests.models.export.making import CONTEXT, SIZE, VOCABULARY, Colours, small_clip

TEXTS = ["a dog", "Two people don't agree, on a stage in München.", "🎸", "", "one after another, " * 40]
CLIPS = ("037_soccer_juggle.mp4", "036_coffee_pour.mp4", "061_trail_runner.mp4", "040_cockatoo.mp4")
EQUAL = 0.9999


def describe(model: nn.Module, **fields: Any) -> BundleSpec:
    spec = open_clip_spec(model, name="small", version="1", licence="MIT", source="made by a test")
    return replace(spec, **fields)


@pytest.fixture(scope="module")
def tokenizer() -> Any:
    return import_open_clip().SimpleTokenizer()


@pytest.fixture(scope="module")
def clip() -> nn.Module:
    return small_clip()


@pytest.fixture(scope="module")
def exported(
    clip: nn.Module, tokenizer: Any, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Parity]:
    folder = tmp_path_factory.mktemp("bundle")
    return folder, export_bundle(clip, describe(clip), open_clip_tokenizer(tokenizer), folder)


@pytest.fixture(scope="module")
def bundle(exported: tuple[Path, Parity]) -> EncoderBundle:
    return load_bundle(exported[0])


@pytest.fixture(scope="module")
def frames(shared_data: Path) -> list[np.ndarray]:
    """One frame of each clip, as large as it comes."""
    pictures = []
    for name in CLIPS:
        with av.open(str(shared_data / "clips" / name)) as container:
            pictures.append(next(container.decode(video=0)).to_ndarray(format="rgb24"))
    return pictures


def transform(size: int) -> Callable[[np.ndarray], Tensor]:
    """open_clip's own preprocessing of a picture: resize (Pillow's bicubic), centre crop, normalise."""
    open_clip = import_open_clip()
    own = open_clip.image_transform(size, is_train=False)
    return lambda picture: own(Image.fromarray(picture))


@torch.inference_mode()
def torch_image(model: nn.Module, frames: list[np.ndarray], size: int = SIZE) -> np.ndarray:
    return model.encode_image(torch.stack([transform(size)(frame) for frame in frames])).numpy()


@torch.inference_mode()
def torch_text(model: nn.Module, tokenizer: Any, texts: list[str]) -> np.ndarray:
    return model.encode_text(tokenizer(texts)).numpy()


def test_the_bundle_says_what_it_is_and_what_was_measured(exported: tuple[Path, Parity]) -> None:
    folder, parity = exported
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    assert (manifest["licence"], manifest["source"]) == ("MIT", "made by a test")
    assert manifest["embedding_width"] == 48
    assert manifest["image"] == {"size": SIZE, "resize": "crop", "interpolation": "cubic"}
    assert manifest["text"] == {"context_length": CONTEXT, "pad_id": 0, "lowercase": True}
    assert manifest["measured"]["parity"]["image"] == parity.image >= EQUAL
    assert manifest["measured"]["parity"]["text"] == parity.text >= EQUAL
    assert {path.name for path in folder.iterdir()} == {"manifest.json", *manifest["files"]}


def test_pictures_of_the_models_size_are_embedded_as_torch_does(
    bundle: EncoderBundle, clip: nn.Module, frames: list[np.ndarray]
) -> None:
    squares = [fit(frame, bundle.image) for frame in frames]
    for count in (1, 3, len(squares)):
        ours = FrameEncoder(bundle, threads=1).encode(np.stack(squares[:count]))
        assert lowest_cosine(ours, torch_image(clip, squares[:count])) >= EQUAL


def test_texts_of_any_length_are_embedded_as_torch_does(
    bundle: EncoderBundle, clip: nn.Module, tokenizer: Any
) -> None:
    encoder, wanted = TextEncoder(bundle, threads=1), torch_text(clip, tokenizer, TEXTS)
    assert lowest_cosine(encoder.encode(TEXTS), wanted) >= EQUAL
    for text, row in zip(TEXTS, wanted, strict=True):
        assert lowest_cosine(encoder.encode([text]), row[None]) >= EQUAL
    apart = np.linalg.norm(wanted[:1] - wanted[1:], axis=1)
    assert apart.min() > 0.01 * np.linalg.norm(wanted[0])


def test_a_graph_holds_its_weights_and_keeps_its_axes_open(exported: tuple[Path, Parity]) -> None:
    for name, inputs in (("image.onnx", ["", SIZE, SIZE, 3]), ("text.onnx", ["", ""])):
        model = onnx.load(exported[0] / name, load_external_data=False)
        (entry,) = model.graph.input
        assert [axis.dim_value or "" for axis in entry.type.tensor_type.shape.dim] == inputs
        assert not any(weight.external_data for weight in model.graph.initializer)
        assert [opset.version for opset in model.opset_import if opset.domain == ""] == [18]


@torch.inference_mode()
def test_large_frames_come_near_the_models_own_preprocessing(frames: list[np.ndarray]) -> None:
    """What remains is half a pixel of the crop, and area weights for Pillow's antialiased bicubic ones."""
    model = small_clip(size=224, patch=32)
    spec, large = describe(model), [frame for frame in frames if min(frame.shape[:2]) >= 448]
    wanted = torch_image(model, large, 224)
    normalise = transform(224)  # of a picture that has the size already
    squares = torch.stack([normalise(fit(frame, spec.image)) for frame in large])
    ours = model.encode_image(squares).numpy()
    assert lowest_cosine(ours, wanted) >= EQUAL


def test_a_model_whose_tokens_see_the_padding_gets_all_of_it(
    clip: nn.Module, tokenizer: Any, tmp_path: Path
) -> None:
    model = small_clip(no_causal_mask=True)
    tower, tokens = text_tower(model, CONTEXT, 0).eval(), tokenizer(TEXTS)
    path = tmp_path / "text.onnx"
    path.write_bytes(
        tower_graph(tower, torch.ones(2, 9, dtype=torch.int64), "tokens", describe(clip), CONTEXT)
    )
    graph, wanted = open_graph(path, width=48, threads=1), torch_text(model, tokenizer, TEXTS)
    for row, embedding in zip(tokens, wanted, strict=True):
        for length in (int(row.argmax()) + 1, CONTEXT):
            assert lowest_cosine(graph.run(row[None, :length].numpy()), embedding[None]) >= EQUAL


@pytest.fixture(scope="module")
def colours() -> BundleSpec:
    """Of a model that exports at once, for what does not depend on the model."""
    image = ImageSpec(SIZE, "squash", "area")
    return BundleSpec("colours", "1", "MIT", "a test", image, (0.5, 0.4, 0.3), (0.2, 0.3, 0.4))


@pytest.fixture(scope="module")
def converted(tokenizer: Any) -> BundleTokenizer:
    return open_clip_tokenizer(tokenizer)


def test_other_files_belong_to_the_bundle_and_can_be_added(
    colours: BundleSpec, converted: BundleTokenizer, tmp_path: Path
) -> None:
    (tmp_path / "head.bin").write_bytes(b"head")
    draw = np.random.default_rng(0)
    pictures = [draw.integers(0, 256, (h, w, 3), dtype=np.uint8) for h, w in ((20, 90), (64, 48))]
    narrow = replace(colours, weights="float16")
    parity = export_bundle(
        Colours(), narrow, converted, tmp_path, extra_files=("head.bin",), pictures=pictures
    )
    assert parity.pictures == 2
    assert parity.lowest >= EQUAL
    bundle = load_bundle(tmp_path)
    assert bundle.file("head.bin").read_bytes() == b"head"
    table = 2 * Colours().table.weight.numel()
    assert table < bundle.file("text.onnx").stat().st_size < 1.1 * table  # two bytes per weight

    (tmp_path / "later.bin").write_bytes(b"later")
    files = (*bundle.hashes, "later.bin")
    write_manifest(narrow, converted.spec, tmp_path, files, 3, {"parity": parity.lowest})
    assert load_bundle(tmp_path).file("later.bin").is_file()
    assert load_bundle(tmp_path).identity == bundle.identity


def test_a_bundle_that_differs_from_its_model_is_not_written(
    colours: BundleSpec, converted: BundleTokenizer, tmp_path: Path
) -> None:
    (tmp_path / "manifest.json").write_text("an older bundle's")
    shifted = replace(converted, reference=lambda texts: (converted.reference(texts) + 1) % VOCABULARY)
    with pytest.raises(ModelError, match="does not give what the model gives"):
        export_bundle(Colours(), colours, shifted, tmp_path)
    assert not (tmp_path / "manifest.json").exists()


def test_towers_of_two_widths_are_refused(
    colours: BundleSpec, converted: BundleTokenizer, tmp_path: Path
) -> None:
    with pytest.raises(ModelError, match="give 3 and 5 numbers"):
        export_bundle(Colours(words=5), colours, converted, tmp_path)


def test_weights_that_one_file_cannot_hold_are_refused(
    colours: BundleSpec, converted: BundleTokenizer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("models.export.graph.LARGEST_TOWER", 8)
    with pytest.raises(ModelError, match="fit into one file"):
        export_bundle(Colours(), colours, converted, tmp_path)


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"size": (32, 48)}, "not squares"),
        ({"resize_mode": "longest"}, "resizing"),
        ({"interpolation": "random"}, "interpolation"),
    ],
)
def test_preprocessing_that_the_program_cannot_do_is_refused(told: dict[str, Any], sentence: str) -> None:
    model = Colours()
    model.preprocess_cfg = {"size": SIZE} | told
    with pytest.raises(ModelError, match=sentence):
        describe(model)


def test_the_models_own_preprocessing_is_taken() -> None:
    model = Colours()
    model.preprocess_cfg = {
        "size": (SIZE, SIZE),
        "mean": (0.0, 0.0, 0.0),
        "std": (1.0, 1.0, 1.0),
        "interpolation": "bilinear",
        "resize_mode": "squash",
    }
    spec = describe(model)
    assert spec.image == ImageSpec(SIZE, "squash", "linear")
    assert (spec.mean, spec.std) == ((0.0, 0.0, 0.0), (1.0, 1.0, 1.0))
