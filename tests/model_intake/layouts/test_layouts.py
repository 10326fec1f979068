"""Every layout is recognised by its files, and says of its towers what their publisher's code would take."""

import json
from pathlib import Path
from typing import Any

import pytest

from app.bundle.encoder_bundle import ImageSpec
from app.errors import ModelError
from app.model_intake.layouts.detection import describe, partner, refusal, slug, title, wanted_files
from app.model_intake.layouts.published_model import LayoutName, PublishedModel
from tests.model_intake.layout_maker import MEAN, STD, little_as
from tests.model_intake.little_model import CONTEXT, SIZE
from tests.models.export.tokenizers_made import clip, xlm_roberta

LAYOUTS: tuple[LayoutName, ...] = ("immich", "transformers.js", "qdrant")

IMMICH = [
    "README.md",
    ".gitattributes",
    "config.json",
    "textual/model.onnx",
    "textual/tokenizer.json",
    "textual/tokenizer_config.json",
    "textual/special_tokens_map.json",
    "textual/vocab.txt",
    "textual/fp16/model.armnn",
    "visual/model.onnx",
    "visual/preprocess_cfg.json",
    "visual/visual.trunk.blocks.0.attn.qkv.weight",
    "visual/onnx__MatMul_4711",
    "visual/model.onnx.data",
    "visual/rknpu/rk3588/model.rknn",
]
TRANSFORMERS_JS = [
    "README.md",
    "config.json",
    "merges.txt",
    "onnx/model.onnx",
    "onnx/model_quantized.onnx",
    "onnx/text_model.onnx",
    "onnx/text_model_fp16.onnx",
    "onnx/text_model_q4f16.onnx",
    "onnx/text_model.onnx_data",
    "onnx/text_model_fp16.onnx_data",
    "onnx/vision_model.onnx",
    "onnx/vision_model_int8.onnx",
    "onnx/vision_model_bnb4.onnx",
    "preprocessor_config.json",
    "quantize_config.json",
    "tokenizer.json",
    "tokenizer_config.json",
]


def described(folder: Path) -> PublishedModel:
    return describe(folder, name="someone/Pocket__made", source="a test", licence="Apache-2.0")


def edit(path: Path, **changes: Any) -> None:
    """Change entries of a JSON file; None takes one away."""
    content = json.loads(path.read_text("utf-8")) | changes
    path.write_text(json.dumps({key: value for key, value in content.items() if value is not None}), "utf-8")


@pytest.fixture
def immich(tmp_path: Path) -> Path:
    return little_as("immich", tmp_path / "export")


@pytest.fixture
def transformers_js(tmp_path: Path) -> Path:
    return little_as("transformers.js", tmp_path / "export")


@pytest.mark.parametrize("layout", LAYOUTS)
def test_pocket_published_in_a_layout_is_described(layout: LayoutName, tmp_path: Path) -> None:
    model = described(little_as(layout, tmp_path))
    assert (model.layout, model.name, model.title) == (layout, "pocket-made", "Pocket made")
    assert model.normalised is (True if layout == "immich" else None)
    assert model.image.spec == ImageSpec(SIZE, "squash", "linear")
    assert model.image.mean == pytest.approx(MEAN)
    assert model.image.std == pytest.approx(STD)
    assert (model.text.context_length, model.text.pad_id) == (CONTEXT, 0)
    assert model.text.cleaning == ("whitespace" if layout == "immich" else None)
    assert not model.text.language_tokens
    assert model.image.graph.is_file()
    assert model.text.graph.is_file()
    assert model.text.tokenizer.is_file()


def test_of_immich_only_float32_graphs_their_weights_and_words_are_wanted() -> None:
    wanted = wanted_files(IMMICH)
    assert wanted is not None
    assert (wanted.layout, wanted.half) == ("immich", "")
    assert set(wanted.files) == {
        *("config.json", "textual/model.onnx", "textual/tokenizer.json", "textual/tokenizer_config.json"),
        *("visual/model.onnx", "visual/preprocess_cfg.json", "visual/model.onnx.data"),
        *("visual/visual.trunk.blocks.0.attn.qkv.weight", "visual/onnx__MatMul_4711"),
    }


def test_of_transformers_js_graphs_in_fewer_bits_stay_where_they_are() -> None:
    wanted = wanted_files(TRANSFORMERS_JS)
    assert wanted is not None
    assert wanted.layout == "transformers.js"
    assert set(wanted.files) == {
        *("config.json", "onnx/text_model.onnx", "onnx/text_model.onnx_data", "onnx/vision_model.onnx"),
        *("preprocessor_config.json", "tokenizer.json", "tokenizer_config.json"),
    }


def test_half_a_pair_says_which_half_it_is_and_where_the_other_one_lies() -> None:
    vision = wanted_files(["README.md", "config.json", "model.onnx", "preprocessor_config.json"])
    text = wanted_files(["config.json", "model.onnx", "tokenizer.json", "tokenizer_config.json", "vocab.txt"])
    assert vision is not None
    assert text is not None
    assert (vision.layout, vision.half) == ("qdrant", "vision")
    assert vision.files == ("model.onnx", "preprocessor_config.json")
    assert (text.layout, text.half) == ("qdrant", "text")
    assert text.files == ("config.json", "model.onnx", "tokenizer.json", "tokenizer_config.json")
    both = ["config.json", "model.onnx", "preprocessor_config.json", "tokenizer.json"]
    assert wanted_files(both) is None
    told = wanted_files(both, "Qdrant/clip-ViT-B-32-text")
    assert told is not None
    assert told.half == "text"
    assert partner("Qdrant/clip-ViT-B-32-vision") == "Qdrant/clip-ViT-B-32-text"
    assert partner("Qdrant/clip-ViT-B-32-text") == "Qdrant/clip-ViT-B-32-vision"
    assert partner("immich-app/ViT-B-32__openai") is None


def test_an_export_in_a_folder_of_an_archive_is_found(tmp_path: Path) -> None:
    wanted = wanted_files([f"ViT-B-32__openai-main/{path}" for path in IMMICH])
    assert wanted is not None
    assert "ViT-B-32__openai-main/visual/model.onnx" in wanted.files
    little_as("immich", tmp_path / "below" / "here")
    assert described(tmp_path).image.graph == tmp_path / "below" / "here" / "visual" / "model.onnx"


@pytest.mark.parametrize(
    ("paths", "sentence"),
    [
        (["open_clip_model.safetensors", "config.json"], "no file of it is an ONNX graph"),
        (["onnx/model.onnx", "preprocessor_config.json", "tokenizer.json"], "one graph (“onnx/model.onnx”)"),
        (["onnx/vision_model_fp16.onnx", "onnx/text_model_quantized.onnx"], "fewer bits only"),
        (
            [*TRANSFORMERS_JS, "onnx/text_projection.onnx"],
            "more than two graphs (“onnx/text_projection.onnx”)",
        ),
        (["model.onnx", "preprocessor_config.json"], "only its vision tower"),
        (["a.onnx", "b.onnx"], "in a way that Reelfind does not know"),
    ],
)
def test_what_is_laid_out_otherwise_is_refused_by_name(paths: list[str], sentence: str) -> None:
    wanted = wanted_files(paths)
    assert wanted is None or wanted.half
    error = refusal(paths)
    assert sentence in error.sentence
    assert error.advice


def test_an_empty_folder_is_no_export(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no ONNX export"):
        described(tmp_path)


def test_names_of_repositories_become_slugs_and_titles() -> None:
    assert slug("immich-app/ViT-B-16-SigLIP2__webli") == "vit-b-16-siglip2-webli"
    assert slug("../ümlaut/..") == "model"
    assert title("immich-app/ViT-B-16-SigLIP2__webli") == "ViT-B-16-SigLIP2 webli"
    assert title("x/\x1b[31mred").isprintable()


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"size": 224}, ImageSpec(224, "squash", "linear")),
        ({"size": [224, 224], "resize_mode": "shortest"}, ImageSpec(224, "crop", "linear")),
        ({"resize_mode": None, "interpolation": "bicubic"}, ImageSpec(SIZE, "crop", "cubic")),
    ],
)
def test_open_clips_ways_to_resize(immich: Path, changes: dict[str, Any], expected: ImageSpec) -> None:
    edit(immich / "visual" / "preprocess_cfg.json", **changes)
    assert described(immich).image.spec == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"size": 224, "do_center_crop": True, "crop_size": 224}, ImageSpec(224, "crop", "cubic")),
        ({"size": {"shortest_edge": 224}, "crop_size": {"height": 224, "width": 224}, "do_center_crop": True},
         ImageSpec(224, "crop", "cubic")),
        ({"size": {"height": 256, "width": 256}, "image_processor_type": "SiglipImageProcessor"},
         ImageSpec(256, "squash", "cubic")),
        ({"size": 256, "image_processor_type": "ViTFeatureExtractor", "resample": 2},
         ImageSpec(256, "squash", "linear")),
        ({"size": {"shortest_edge": 256}, "image_processor_type": "CLIPImageProcessor", "crop_size": 256},
         ImageSpec(256, "crop", "cubic")),
        ({"size": {"height": 224, "width": 224}, "image_processor_type": "ChineseCLIPImageProcessor",
          "do_center_crop": False}, ImageSpec(224, "squash", "cubic")),
        ({"size": 224, "resize_mode": "shortest", "interpolation": "bicubic", "mean": [0.5] * 3,
          "std": [0.5] * 3}, ImageSpec(224, "crop", "cubic")),
    ],
)  # fmt: skip
def test_the_ways_to_write_sizes_and_crops(
    transformers_js: Path, changes: dict[str, Any], expected: ImageSpec
) -> None:
    usual = {"do_center_crop": None, "image_processor_type": None, "resample": 3}
    edit(transformers_js / "preprocessor_config.json", **(usual | changes))
    assert described(transformers_js).image.spec == expected


def test_pixels_that_are_not_normalised_or_scaled_otherwise(transformers_js: Path) -> None:
    file = transformers_js / "preprocessor_config.json"
    edit(file, do_normalize=False)
    assert described(transformers_js).image.mean == (0, 0, 0)
    assert described(transformers_js).image.std == (1, 1, 1)
    edit(file, do_normalize=True, do_rescale=False, image_mean=[7.0] * 3, image_std=[5.0] * 3)
    assert described(transformers_js).image.std == pytest.approx((5 / 255,) * 3)
    assert described(transformers_js).image.mean == pytest.approx((7 / 255,) * 3)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"resize_mode": "longest"}, "the resizing “longest”"),
        ({"interpolation": "random"}, "the interpolation “random”"),
        ({"size": [224, 336]}, "336 × 224 pixels, not squares"),
        ({"size": 10**9}, "gives 1000000000 for “size”"),
        ({"size": "224"}, "gives '224' for “size”"),
        ({"size": True}, "gives True for “size”"),
        ({"size": None}, "has no “size”"),
        ({"mode": "L"}, "colours “L”"),
        ({"mean": [0.5, 0.5]}, "for “mean”"),
        ({"mean": [0.5, 0.5, 1e300]}, "for “mean”"),
        ({"std": [0.5, 0.5, 0]}, "for “std”"),
        ({"std": [0.5, float("nan"), 0.5]}, "for “std”"),
    ],
)
def test_pictures_that_cannot_be_made_are_refused(
    immich: Path, changes: dict[str, Any], sentence: str
) -> None:
    edit(immich / "visual" / "preprocess_cfg.json", **changes)
    with pytest.raises(ModelError) as caught:
        described(immich)
    assert sentence in caught.value.sentence


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"image_processor_type": "Siglip2ImageProcessor"}, "NaFlex"),
        ({"max_num_patches": 256}, "NaFlex"),
        ({"do_resize": False}, "brought to its size by someone else"),
        ({"size": {"shortest_edge": 256}, "do_center_crop": False}, "not squares"),
        ({"size": {"shortest_edge": 256}, "do_center_crop": True, "crop_size": 224}, "224 are cut out"),
        ({"resample": 1}, "“lanczos”"),
        ({"rescale_factor": 0}, "“rescale_factor”"),
        ({"do_normalize": "yes"}, "“do_normalize”"),
    ],
)
def test_processors_that_cannot_be_followed_are_refused(
    transformers_js: Path, changes: dict[str, Any], sentence: str
) -> None:
    edit(transformers_js / "preprocessor_config.json", **changes)
    with pytest.raises(ModelError) as caught:
        described(transformers_js)
    assert sentence in caught.value.sentence


@pytest.mark.parametrize(
    ("kind", "told", "expected"),
    [("clip", {}, 77), ("siglip", {}, 64), ("siglip", {"max_position_embeddings": 32}, 32),
     ("jina_clip", {"max_position_embeddings": 8192}, 512)],
)  # fmt: skip
def test_the_context_length_is_that_of_the_kind_where_it_is_left_out(
    transformers_js: Path, kind: str, told: dict[str, int], expected: int
) -> None:
    edit(transformers_js / "config.json", model_type=kind, text_config=told)
    edit(transformers_js / "tokenizer_config.json", model_max_length=10**30)
    text = described(transformers_js).text
    assert text.context_length == expected
    assert text.lowercase is (kind == "siglip")


def test_what_open_clip_does_with_texts(immich: Path) -> None:
    file = immich / "config.json"
    names = {"context_length": 64, "hf_tokenizer_name": "bert"}
    for kind, lowercase in (("canonicalize", True), ("lower", True), ("whitespace", False)):
        edit(file, text_cfg={**names, "tokenizer_kwargs": {"clean": kind}})
        text = described(immich).text
        assert (text.cleaning, text.lowercase) == (kind, lowercase)
    edit(file, text_cfg={**names, "tokenizer_kwargs": {"clean": "odd"}})
    with pytest.raises(ModelError, match="cleaned by “odd”"):
        described(immich)
    edit(file, text_cfg={**names, "tokenizer_kwargs": {"tokenizer_mode": "clips"}})
    with pytest.raises(ModelError, match="in a way of its own"):
        described(immich)
    edit(file, text_cfg={"context_length": 1 << 40})
    with pytest.raises(ModelError, match="“context_length”"):
        described(immich)


def test_open_clips_own_tokenizer_fills_up_with_0_whatever_is_published(immich: Path) -> None:
    """MobileCLIP's text tower sees the padding; the tokenizer that immich publishes beside it is OpenAI's."""
    clip(immich / "textual")
    edit(immich / "config.json", text_cfg={"context_length": 64})
    text = described(immich).text
    assert (text.pad_id, text.cleaning, text.lowercase) == (0, "lower", True)
    edit(immich / "config.json", text_cfg={"context_length": 64, "hf_tokenizer_name": "openai/clip"})
    text = described(immich).text
    assert text.pad_id > 0
    assert text.cleaning == "whitespace"


def test_a_tokenizer_of_others_keeps_its_padding_where_open_clip_names_none(immich: Path) -> None:
    """As M-CLIP's text towers, published beside the configuration of another model."""
    xlm_roberta(immich / "textual")
    edit(immich / "config.json", text_cfg={"context_length": 64})
    text = described(immich).text
    assert (text.pad_id, text.cleaning, text.lowercase) == (1, "whitespace", False)


def test_a_separator_that_the_model_never_saw_is_silent(immich: Path) -> None:
    options = {"clean": "canonicalize", "strip_sep_token": True}
    edit(immich / "config.json", text_cfg={"hf_tokenizer_name": "bert", "tokenizer_kwargs": options})
    edit(immich / "textual" / "tokenizer_config.json", sep_token="[SEP]")  # noqa: S106
    known = json.loads((immich / "textual" / "tokenizer.json").read_text("utf-8"))["model"]["vocab"]
    assert described(immich).text.silent_id == known["[SEP]"]


def test_padding_that_the_tokenizer_does_not_have_is_refused(immich: Path) -> None:
    edit(immich / "textual" / "tokenizer_config.json", pad_token={"content": "<none>"})
    with pytest.raises(ModelError, match="no token “<none>”"):
        described(immich)
    edit(immich / "textual" / "tokenizer_config.json", pad_token=7)
    with pytest.raises(ModelError, match="“pad_token”"):
        described(immich)


def test_padding_on_the_left_is_refused(transformers_js: Path) -> None:
    edit(transformers_js / "tokenizer_config.json", padding_side="left")
    with pytest.raises(ModelError, match="“padding_side”"):
        described(transformers_js)


@pytest.mark.parametrize("content", ["[1, 2]", "{", "[" * 100_000, '{"size": ' + "9" * 5000 + "}", "\0"])
def test_configurations_that_are_none_are_refused(immich: Path, content: str) -> None:
    (immich / "visual" / "preprocess_cfg.json").write_text(content)
    with pytest.raises(ModelError):
        described(immich)


def test_a_file_that_is_missing_is_named(immich: Path) -> None:
    (immich / "textual" / "tokenizer_config.json").unlink()
    with pytest.raises(ModelError, match=r"there is no textual/tokenizer_config\.json"):
        described(immich)
