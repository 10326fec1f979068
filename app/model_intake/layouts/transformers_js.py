"""Exports of `transformers` models for transformers.js, and Qdrant's: the same in two repositories."""

from __future__ import annotations

from pathlib import Path

from app.model_intake.layouts.configuration import Configuration, read_configuration
from app.model_intake.layouts.picture_settings import transformers_picture
from app.model_intake.layouts.published_model import PublishedImageTower, PublishedTextTower
from app.model_intake.layouts.tokenizer_file import TokenizerFile, pad_id_of

GRAPHS = ("onnx/vision_model.onnx", "onnx/text_model.onnx")
WORDS = ("config.json", "preprocessor_config.json", "tokenizer.json", "tokenizer_config.json")
VISION_WORDS = ("preprocessor_config.json",)
TEXT_WORDS = ("config.json", "tokenizer.json", "tokenizer_config.json")
HALF_GRAPH = "model.onnx"

_CONTEXTS = {"clip": 77, "clip_text_model": 77, "siglip": 64, "siglip2": 64, "chinese_clip": 52}
"""Where a configuration leaves it out, because it is the default of its kind."""
_LONGEST = 512
"""No description is longer; positions beyond it cost time and say nothing."""


def image_tower(folder: Path, graph: str) -> PublishedImageTower:
    """The image tower with the configuration in `folder` and the graph that is named.

    Raises:
        ModelError: its configuration is incomplete, absurd, or wants what Reelfind does not do.
    """
    picture = transformers_picture(read_configuration(folder, "preprocessor_config.json"))
    return PublishedImageTower(folder / graph, picture.spec, picture.mean, picture.std)


def text_tower(folder: Path, graph: str) -> PublishedTextTower:
    """The text tower with the tokenizer in `folder` and the graph that is named.

    SigLIP was trained on lower-case texts, and its tokenizer leaves that to others.

    Raises:
        ModelError: as of `image_tower`.
    """
    config = read_configuration(folder, "config.json")
    named = read_configuration(folder, "tokenizer_config.json")
    tokenizer = TokenizerFile(folder)
    if named.text("padding_side", "right") != "right":
        raise named.wrong("padding_side", named.values["padding_side"])
    kind = config.text("model_type", "")
    return PublishedTextTower(
        graph=folder / graph,
        tokenizer=tokenizer.path,
        context_length=_context_length(config, named, kind),
        pad_id=pad_id_of(tokenizer, named),
        cleaning=None,
        lowercase=kind.startswith("siglip"),
        language_tokens=tokenizer.language_tokens(),
    )


def _context_length(config: Configuration, named: Configuration, kind: str) -> int:
    """Tokens that the text graph takes at most: its positions, or fewer where the tokenizer says so."""
    text = config.part("text_config", config.values)
    usual = _CONTEXTS.get(kind, _CONTEXTS["clip"])
    positions = text.integer("max_position_embeddings", 4, 1 << 20, usual)
    most: object = named.values.get("model_max_length")
    told = most if isinstance(most, int) and not isinstance(most, bool) and most >= 4 else positions
    return min(positions, told, _LONGEST)
