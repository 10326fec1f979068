"""immich's exports of open_clip models: a folder for each tower, open_clip's own configuration above them.

Read as immich's machine-learning service reads them, and open_clip before it: what it says of texts is
open_clip's `text_cfg`.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import get_args

from app.model_intake.layouts.configuration import Configuration, not_done, read_configuration
from app.model_intake.layouts.picture_settings import open_clip_picture
from app.model_intake.layouts.published_model import Cleaning, PublishedImageTower, PublishedTextTower
from app.model_intake.layouts.tokenizer_file import TokenizerFile, pad_id_of

GRAPHS = ("visual/model.onnx", "textual/model.onnx")
WORDS = (
    "config.json",
    "visual/preprocess_cfg.json",
    "textual/tokenizer.json",
    "textual/tokenizer_config.json",
)

_CONTEXT = 77
"""open_clip's default."""
_CLIP_STARTS = ("<|startoftext|>", "<start_of_text>")
_ZERO = 0
"""What open_clip's own tokenizer fills up with, whatever the published one says."""


def image_tower(folder: Path) -> PublishedImageTower:
    """The image tower that lies in `folder`.

    Raises:
        ModelError: its configuration is incomplete, absurd, or wants what Reelfind does not do.
    """
    picture = open_clip_picture(read_configuration(folder, "visual/preprocess_cfg.json"))
    return PublishedImageTower(folder / GRAPHS[0], picture.spec, picture.mean, picture.std)


def text_tower(folder: Path) -> PublishedTextTower:
    """The text tower that lies in `folder`.

    Raises:
        ModelError: as of `image_tower`.
    """
    config = read_configuration(folder, "config.json")
    if "model_cfg" in config.values:  # as open_clip itself publishes it
        config = config.part("model_cfg")
    text = config.part("text_cfg")
    options = text.part("tokenizer_kwargs", {})
    if options.values.get("tokenizer_mode") or options.values.get("reduction_mask"):
        raise not_done("texts marked in a way of its own")
    tokenizer = TokenizerFile(folder, "textual/tokenizer.json")
    named = read_configuration(folder, "textual/tokenizer_config.json")
    # Where no other is named it is open_clip's own, of which immich publishes OpenAI's form.
    own = not text.values.get("hf_tokenizer_name") and any(map(tokenizer.holds, _CLIP_STARTS))
    cleaning = _cleaning(options, "lower" if own else "whitespace")
    silent = options.flag("strip_sep_token", False)
    return PublishedTextTower(
        graph=folder / GRAPHS[1],
        tokenizer=tokenizer.path,
        context_length=text.integer("context_length", 4, 4096, _CONTEXT),
        pad_id=_ZERO if own else pad_id_of(tokenizer, named),
        cleaning=cleaning,
        lowercase=cleaning != "whitespace",
        language_tokens=tokenizer.language_tokens(),
        silent_id=tokenizer.id_named(named, "sep_token") if silent else None,
    )


def _cleaning(options: Configuration, usual: Cleaning) -> Cleaning:
    known: Mapping[str, Cleaning] = {kind: kind for kind in get_args(Cleaning)}
    kind = options.text("clean", usual)
    if kind not in known:
        raise not_done(f"texts cleaned by “{kind:.20}”")
    return known[kind]
