"""Whatever stands in an export's configurations, it is understood or refused with a sentence."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.errors import ModelError
from app.model_intake.layouts.detection import describe, refusal, wanted_files
from app.model_intake.layouts.tokenizer import program_tokenizer, reference_tokens
from tests.model_intake.layout_maker import little_as
from tests.models.export.tokenizers_made import bert

KEYS = (
    *("size", "crop_size", "shortest_edge", "height", "width", "mean", "std", "image_mean", "image_std"),
    *("resize_mode", "interpolation", "mode", "resample", "do_resize", "do_center_crop", "do_normalize"),
    *("do_rescale", "rescale_factor", "image_processor_type", "feature_extractor_type", "max_num_patches"),
    *("text_cfg", "model_cfg", "context_length", "tokenizer_kwargs", "clean", "strip_sep_token"),
    *("hf_tokenizer_name", "text_config", "model_type", "max_position_embeddings", "pad_token"),
    *("sep_token", "model_max_length", "padding_side", "content", "post_processor", "special_tokens"),
    *("added_tokens", "model", "vocab", "normalizer", "pre_tokenizer", "padding", "id", "type", "version"),
)
WORDS = ("shortest", "squash", "bicubic", "bilinear", "RGB", "[PAD]", "clip", "siglip", "\x1b[2J", "9" * 300)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**12) | st.floats() | st.sampled_from(WORDS),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=6,
)
FILES = {
    "immich": (
        "config.json",
        "visual/preprocess_cfg.json",
        "textual/tokenizer_config.json",
        "textual/tokenizer.json",
    ),
    "transformers.js": ("config.json", "preprocessor_config.json", "tokenizer_config.json", "tokenizer.json"),
}
PARTS = (
    *("..", "", ".", "onnx", "visual", "textual", "vision", "text", "model.onnx", "text_model.onnx"),
    *("vision_model.onnx", "tokenizer.json", "preprocessor_config.json", "a_fp16.onnx", "\x1b.onnx"),
)


@pytest.fixture(scope="module")
def exports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, dict[str, str]]]:
    """An export in each of two layouts, and what stands in its files; with a small tokenizer."""
    made = {}
    for layout, files in FILES.items():
        folder = little_as(layout, tmp_path_factory.mktemp("export"))  # type: ignore[arg-type]
        bert((folder / files[-1]).parent)
        made[layout] = folder, {name: (folder / name).read_text("utf-8") for name in files}
    return made


@settings(max_examples=settings.default.max_examples // 3)
@given(
    layout=st.sampled_from(sorted(FILES)),
    number=st.integers(0, 3),
    changes=st.dictionaries(st.sampled_from(KEYS), VALUES, min_size=1, max_size=3),
)
def test_any_configuration_is_understood_or_refused(
    exports: dict[str, Any], layout: str, number: int, changes: dict[str, Any]
) -> None:
    folder, contents = exports[layout]
    name = FILES[layout][number]
    (folder / name).write_text(json.dumps(json.loads(contents[name]) | changes), "utf-8")
    try:
        said = _understood(folder)
    finally:
        (folder / name).write_text(contents[name], "utf-8")
    assert said.isprintable()
    assert len(said) < 400


@given(st.lists(st.lists(st.sampled_from(PARTS), max_size=7).map("/".join), max_size=12))
def test_any_paths_are_recognised_or_refused(paths: list[str]) -> None:
    wanted = wanted_files(paths)
    if wanted is None:
        assert refusal(paths).sentence.isprintable()
    else:
        assert set(wanted.files) <= set(paths)


def _understood(folder: Path) -> str:
    """Why an export is refused; empty where it is not, and then it makes sense."""
    try:
        model = describe(folder, name="x", source="a test")
        assert 16 <= model.image.spec.size <= 1024
        assert 4 <= model.text.context_length <= 4096
        assert model.text.pad_id >= 0
        program_tokenizer(model.text)
        assert reference_tokens(model.text, ["a dog", ""]).shape == (2, model.text.context_length)
    except ModelError as error:
        return f"{error.sentence} {error.advice}"
    return ""
