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
from onnx.reference import ReferenceEvaluator
from PIL import Image
from torch import Tensor, nn

from app.bundle.encoder_bundle import EncoderBundle, ImageSpec, load_bundle
from app.errors import ModelError
from app.model_intake.graphs.saving import save_graph
from app.model_intake.making.bundle_spec import BundleSpec, WeightsFile
from app.model_intake.making.bundle_writer import write_manifest
from app.model_intake.making.parity import Parity, lowest_cosine
from app.model_intake.making.sample_pictures import sample_pictures
from app.runtime.encoders import FrameEncoder, TextEncoder
from app.runtime.preprocess import fit
from app.runtime.sessions.onnx_sessions import open_graph
from models.export.bundle import export_bundle
from models.export.graph import tower_graph
from models.export.spec import open_clip_spec
from models.export.tokenizers.tokenizer import BundleTokenizer, open_clip_tokenizer
from models.export.towers import text_tower
from models.open_clip_setup import ImageInput, import_open_clip, own_transform
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
    spec = describe(clip, title="Small", weights_file=WeightsFile("ab" * 32, "small.pt"))
    pictures = sample_pictures(SIZE, 24)
    return folder, export_bundle(
        clip,
        spec,
        open_clip_tokenizer(tokenizer),
        folder,
        pictures=pictures,
        variants=("int8", "fp16"),
    )


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


def test_the_exports_own_transform_is_open_clips() -> None:
    """`own_transform` translates the bundle's words back."""
    picture = sample_pictures(SIZE, 1)[0]
    mean, std = (0.48145466, 0.4578275, 0.40821073), (0.26862954, 0.26130258, 0.27577711)
    own = own_transform(ImageInput(ImageSpec(SIZE, "crop", "cubic"), mean, std))
    assert torch.equal(own(picture), transform(SIZE)(picture))
    with pytest.raises(ValueError, match="area"):
        own_transform(ImageInput(ImageSpec(SIZE, "crop", "area"), mean, std))


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
    assert manifest["parity"]["float32"]["image"] == parity.image >= EQUAL
    assert manifest["parity"]["float32"]["text"] == parity.text >= EQUAL
    assert manifest["weights"] == {"sha256": "ab" * 32, "source": "small.pt"}
    assert load_bundle(folder).title == "Small"
    assert {path.name for path in folder.iterdir()} == {"manifest.json", *manifest["files"]}


def test_pictures_of_the_models_size_are_embedded_as_torch_does(
    bundle: EncoderBundle, clip: nn.Module, frames: list[np.ndarray]
) -> None:
    squares = [fit(frame, bundle.image) for frame in frames]
    for count in (1, 3, len(squares)):
        ours = FrameEncoder(bundle, threads=1, variant="float32").encode(np.stack(squares[:count]))
        assert lowest_cosine(ours, torch_image(clip, squares[:count])) >= EQUAL


def test_int8_is_near_and_its_ranking_is_measured(
    exported: tuple[Path, Parity], bundle: EncoderBundle
) -> None:
    measured = json.loads((exported[0] / "manifest.json").read_text("utf-8"))["parity"]["int8"]
    assert set(bundle.variants["int8"]) == {"image", "text"}
    assert 0.99 <= measured["image"] < 1
    assert 0.99 <= measured["text"] < 1
    assert 0.5 < measured["top1"] <= 1
    assert 0.8 < measured["top10"] <= 1
    pictures = np.stack([fit(picture, bundle.image) for picture in sample_pictures(SIZE, 24)])
    plain, narrow = (
        FrameEncoder(bundle, threads=1, variant=variant).encode(pictures) for variant in ("float32", "int8")
    )
    assert lowest_cosine(plain, narrow) == pytest.approx(measured["image"], abs=1e-3)
    graph = onnx.load(bundle.file("text.int8.onnx"))
    assert {"MatMulInteger", "DynamicQuantizeLinear"} <= {node.op_type for node in graph.graph.node}
    assert {entry.domain for entry in graph.opset_import} == {""}
    words = VOCABULARY * 64
    assert words < bundle.file("text.int8.onnx").stat().st_size < 1.3 * words  # a byte per number


def test_fp16_takes_bytes_and_gives_float32(bundle: EncoderBundle) -> None:
    """Run by ONNX's own slow reference: ONNX Runtime's processor never gets such a graph."""
    assert bundle.variants["fp16"] == {"image": "image.fp16.onnx"}
    graph = onnx.load(bundle.file("image.fp16.onnx"))
    (given,), (wanted,) = graph.graph.input, graph.graph.output
    assert given.type.tensor_type.elem_type == onnx.TensorProto.UINT8
    assert wanted.type.tensor_type.elem_type == onnx.TensorProto.FLOAT
    kinds = {stored.data_type for stored in graph.graph.initializer if len(stored.dims) > 1}
    assert kinds == {onnx.TensorProto.FLOAT16}
    pixels = np.stack([fit(picture, bundle.image) for picture in sample_pictures(SIZE, 3)])
    (ours,) = ReferenceEvaluator(graph).run(None, {given.name: pixels})
    assert lowest_cosine(ours, FrameEncoder(bundle, threads=1, variant="float32").encode(pixels)) > 0.999


def test_texts_of_any_length_are_embedded_as_torch_does(
    bundle: EncoderBundle, clip: nn.Module, tokenizer: Any
) -> None:
    encoder = TextEncoder(bundle, threads=1, variant="float32")
    wanted = torch_text(clip, tokenizer, TEXTS)
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
    """However much larger: 480 lines shrink by 2.1, 1080 by 4.8."""
    model = small_clip(size=224, patch=32)
    spec, large = describe(model), [*frames, *sample_pictures(448, 5)]
    wanted = torch_image(model, large, 224)
    normalise = transform(224)  # of a picture that has the size already
    squares = torch.stack([normalise(fit(frame, spec.image)) for frame in large])
    ours = model.encode_image(squares).numpy()
    assert lowest_cosine(ours, wanted) >= 0.99999


def test_a_model_whose_tokens_see_the_padding_gets_all_of_it(
    clip: nn.Module, tokenizer: Any, tmp_path: Path
) -> None:
    model = small_clip(no_causal_mask=True)
    tower, tokens = text_tower(model, CONTEXT, 0).eval(), tokenizer(TEXTS)
    path = tmp_path / "text.onnx"
    sample = torch.ones(2, 9, dtype=torch.int64)
    save_graph(tower_graph(tower, sample, "tokens", longest=CONTEXT), path)
    graph, wanted = open_graph(path, width=48, threads=1), torch_text(model, tokenizer, TEXTS)
    for row, embedding in zip(tokens, wanted, strict=True):
        for length in (int(row.argmax()) + 1, CONTEXT):
            assert lowest_cosine(graph.run(row[None, :length].numpy()), embedding[None]) >= EQUAL
    alone = torch.nn.functional.pad(torch.tensor([[5]]), (0, CONTEXT - 1))
    with torch.inference_mode():
        lone = model.encode_text(alone).numpy()
    assert lowest_cosine(graph.run(np.array([[5]])), lone) >= EQUAL  # nothing but an end token


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
    write_manifest(narrow, converted.spec, tmp_path, files, 3, {"measured": {"lowest": parity.lowest}})
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


def test_weights_that_one_file_cannot_hold_lie_beside_the_graph(
    colours: BundleSpec, converted: BundleTokenizer, tmp_path: Path
) -> None:
    """Their hash is in the manifest, and an older bundle's are taken away."""
    (tmp_path / "image.onnx.data").write_bytes(b"an older bundle's")
    parity = export_bundle(
        Colours(),
        colours,
        converted,
        tmp_path,
        pictures=sample_pictures(SIZE, 12),
        variants=("int8",),
        largest=100_000,
    )
    assert parity.lowest >= EQUAL
    assert (tmp_path / "text.onnx").stat().st_size < 10_000
    bundle = load_bundle(tmp_path)
    assert {"text.onnx.data", "text.int8.onnx.data"} <= set(bundle.hashes)
    assert "image.onnx.data" not in bundle.hashes
    assert {path.name for path in tmp_path.iterdir()} == {"manifest.json", *bundle.hashes}
    together = TextEncoder(bundle, threads=1, variant="float32").encode(TEXTS)
    assert lowest_cosine(TextEncoder(bundle, threads=1, variant="int8").encode(TEXTS), together) > 0.999
    with (tmp_path / "text.onnx.data").open("r+b") as stream:
        stream.write(b"altered")
    with pytest.raises(ModelError, match="not the file that was exported"):
        load_bundle(tmp_path)


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
