"""What a model has to show before it may be used: each deliberate fault is caught, and Pocket passes."""

import hashlib
import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from math import comb
from pathlib import Path

import numpy as np
import onnx
import pytest
from numpy.typing import NDArray
from onnx import numpy_helper

from app.bundle.encoder_bundle import ImageSpec, load_bundle
from app.errors import ModelError
from app.model_intake.gate.by_the_book import prepared
from app.model_intake.gate.captioned_pictures import FLOOR, NEAREST, captioned_pictures, found
from app.model_intake.gate.meaning_checks import check_meaning
from app.model_intake.gate.sandbox import run_in_sandbox
from app.model_intake.layouts.detection import describe
from app.model_intake.layouts.published_model import PublishedModel
from app.model_intake.making import make_bundle as making
from app.model_intake.making.make_bundle import make_bundle
from app.model_store.adding import add_published
from app.model_store.store import ModelStore
from app.runtime.encoders import FrameEncoder, TextEncoder
from app.runtime.preprocess import fit
from app.runtime.sessions.providers import ProviderChoice
from tests.model_intake.layout_maker import POCKET, little_as, pocket_as
from tests.model_store.conftest import edit_manifest

CPU = ProviderChoice("CPU")


def encoders(folder: Path) -> tuple[FrameEncoder, TextEncoder]:
    bundle = load_bundle(folder)
    return FrameEncoder(bundle, choice=CPU, variant="float32"), TextEncoder(bundle, variant="float32")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Pocket, published and wrapped again: with variants, and Pillow's resizing."""
    folder = tmp_path_factory.mktemp("gate")
    pocket_as("transformers.js", folder / "export")
    make_bundle(describe(folder / "export", name="pocket", source="a test"), folder / "bundle")
    return folder / "bundle"


@pytest.fixture(scope="module")
def little(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The little model, published and wrapped, with variants."""
    folder = tmp_path_factory.mktemp("little")
    little_as("transformers.js", folder / "export")
    make_bundle(describe(folder / "export", name="little", source="a test"), folder / "bundle")
    return folder / "bundle"


@pytest.fixture
def bundle(little: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(little, tmp_path / "bundle"))


def test_the_pictures_are_of_many_shapes_and_small() -> None:
    pictures, captions = captioned_pictures()
    assert len(pictures) == len(set(captions)) == 24
    shapes = [picture.shape[1] / picture.shape[0] for picture in pictures]
    assert sum(shape > 1.6 or shape < 0.65 for shape in shapes) >= 10
    assert max(shapes) > 2.5
    assert min(shapes) < 0.6
    assert all(picture.std() > 10 for picture in pictures)


@pytest.mark.parametrize("which", ["bundled", pytest.param("made", marks=pytest.mark.nightly)])
def test_the_bundled_model_passes_with_room(which: str, request: pytest.FixtureRequest) -> None:
    folder: Path = POCKET if which == "bundled" else request.getfixturevalue(which)
    pictures, captions = captioned_pictures()
    frames, texts = encoders(folder)
    seen = np.concatenate([frames.encode(picture[None]) for picture in pictures])
    assert found(seen, texts.encode(captions)) >= FLOOR + 8
    run_in_sandbox(folder)


def test_towers_that_know_nothing_of_each_other_do_not_pass() -> None:
    """Each caption has the chance of being among the nearest; and what chance finds is as many."""
    pictures = 24
    share = NEAREST / pictures
    chance = sum(
        comb(pictures, count) * share**count * (1 - share) ** (pictures - count)
        for count in range(FLOOR, pictures + 1)
    )
    assert chance < 1e-6
    draw = np.random.default_rng(0)
    luck = [found(draw.normal(size=(24, 16)), draw.normal(size=(24, 16))) for _ in range(300)]
    assert max(luck) < FLOOR
    assert abs(np.mean(luck) - NEAREST) < 0.5


def test_towers_of_two_models_are_refused(bundle: Path) -> None:
    model = onnx.load(str(bundle / "image.onnx"))
    draw = np.random.default_rng(7)
    for tensor in model.graph.initializer:
        if "head." in tensor.name:
            value = numpy_helper.to_array(tensor)
            noise = 0.05 * draw.standard_normal(value.shape)
            tensor.CopyFrom(numpy_helper.from_array(noise.astype(value.dtype), tensor.name))
    onnx.save(model, str(bundle / "image.onnx"))
    relist(bundle, "image.onnx", keep_variants=False)
    with pytest.raises(ModelError, match="descriptions of 24 pictures find"):
        run_in_sandbox(bundle)
    edit_manifest(bundle, lambda manifest: manifest.update(trained=False))
    run_in_sandbox(bundle)


@pytest.mark.parametrize("fault", ["random image tower", "other tokenizer"])
def test_an_export_whose_captions_find_nothing_is_refused(fault: str, tmp_path: Path) -> None:
    export = little_as("immich", tmp_path / "export", fault=fault)
    store = ModelStore(tmp_path / "models")
    with pytest.raises(ModelError, match="descriptions of 24 pictures find"):
        add_published(str(export), store, variants=())
    assert add_published(str(export), store, variants=(), trained=False).name == "export"


def test_a_damaged_int8_variant_is_refused(bundle: Path) -> None:
    path = bundle / "image.int8.onnx"
    model = onnx.load(str(path))
    draw = np.random.default_rng(1)
    spoiled = 0
    for tensor in model.graph.initializer:
        value = numpy_helper.to_array(tensor)
        if value.dtype == np.int8 and value.size > 4096:
            wrong = draw.integers(-127, 128, value.shape, dtype=np.int8)
            tensor.CopyFrom(numpy_helper.from_array(wrong, tensor.name))
            spoiled += 1
    assert spoiled
    onnx.save(model, str(path))
    relist(bundle, "image.int8.onnx")
    with pytest.raises(ModelError, match="int8"):
        run_in_sandbox(bundle)


def test_a_wrong_length_is_refused(bundle: Path) -> None:
    edit_manifest(bundle, lambda manifest: manifest.update(normalised=True))
    with pytest.raises(ModelError, match="length of 1"):
        run_in_sandbox(bundle)


def test_capitals_that_matter_are_refused_where_they_must_not(bundle: Path) -> None:
    content = json.loads((bundle / "tokenizer.json").read_text("utf-8"))
    content["normalizer"]["lowercase"] = False
    (bundle / "tokenizer.json").write_text(json.dumps(content))
    relist(bundle, "tokenizer.json")
    edit_manifest(bundle, lambda manifest: manifest["text"].update(lowercase=False))
    run_in_sandbox(bundle)  # it reads capitals otherwise, and says so

    frames, texts = encoders(bundle)
    claims = replace(load_bundle(bundle), text=replace(load_bundle(bundle).text, lowercase=True))
    with pytest.raises(ModelError, match="capital letters"):
        check_meaning(claims, frames, texts)


@pytest.mark.parametrize(
    "change",
    [
        lambda model: replace(model, image=replace(model.image, spec=cropped(model.image.spec))),
        lambda model: replace(model, image=replace(model.image, mean=(0.0, 0.0, 0.0))),
        lambda model: replace(model, text=replace(model.text, pad_id=5)),
    ],
    ids=["resize", "normalisation", "padding"],
)
def test_a_bundle_that_is_not_as_its_source_is_not_made(
    change: Callable[[PublishedModel], PublishedModel], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The making takes the source for something else than it is; what the source itself gives tells."""
    export = little_as("transformers.js", tmp_path / "export", attention_mask=False, fixed_length=True)
    right = describe(export, name="pocket", source="a test")
    wrong = change(right)
    image, text = making.wrap_image, making.wrap_text
    real_spec = making.BundleSpec
    monkeypatch.setattr(making, "wrap_image", lambda _, *given, **more: image(wrong.image, *given, **more))
    monkeypatch.setattr(making, "wrap_text", lambda _, *given, **more: text(wrong.text, *given, **more))
    monkeypatch.setattr(
        making, "BundleSpec", lambda **given: real_spec(**{**given, "image": wrong.image.spec})
    )
    with pytest.raises(ModelError, match=r"does not give|gives the same"):
        making.make_bundle(right, tmp_path / "bundle", variants=())


def cropped(spec: ImageSpec) -> ImageSpec:
    return replace(spec, resize="crop")


@pytest.mark.parametrize("resize", ["squash", "crop"])
@pytest.mark.parametrize("interpolation", ["linear", "cubic"])
def test_the_program_prepares_pictures_as_the_book_does(resize: str, interpolation: str) -> None:
    """Single levels differ; the other way to resize differs by a lot, which a square picture would hide."""
    draw = np.random.default_rng(5)
    spec = ImageSpec(96, resize, interpolation)  # type: ignore[arg-type]
    other = replace(spec, resize="crop" if resize == "squash" else "squash")
    for height, width in ((50, 400), (400, 50), (300, 299), (97, 640), (20, 30)):
        picture = smooth(draw, height, width)
        book, ours = prepared(picture, spec).astype(int), fit(picture, spec).astype(int)
        assert book.shape == ours.shape == (96, 96, 3)
        assert np.abs(book - ours).max() <= 3
        assert np.abs(book - ours).mean() < 0.1
        if max(height, width) > 2 * min(height, width):
            assert np.abs(book - fit(picture, other).astype(int)).mean() > 5


def smooth(draw: np.random.Generator, height: int, width: int) -> NDArray[np.uint8]:
    coarse = draw.integers(0, 256, (height // 10 + 1, width // 10 + 1, 3), dtype=np.uint8)
    return np.ascontiguousarray(coarse.repeat(10, axis=0).repeat(10, axis=1)[:height, :width])


def relist(folder: Path, name: str, *, keep_variants: bool = True) -> None:
    """Let the manifest know the file as it is now."""
    digest = hashlib.sha256((folder / name).read_bytes()).hexdigest()

    def edit(manifest: dict[str, object]) -> None:
        manifest["files"][name]["sha256"] = digest  # type: ignore[index]
        if not keep_variants:
            manifest.pop("variants", None)

    edit_manifest(folder, edit)
