"""An open_clip model with the weights of a file, or with random ones; and its tokenizer.

Files are read as plain tensors (safetensors, or torch's `weights_only`): none of them can run anything.
"""

from __future__ import annotations

import copy
import pickle
from pathlib import Path
from typing import Any

import torch
from torch import nn

from app.errors import ModelError, UsageError
from app.model_intake.graphs.quiet import quietly
from models.export.tokenizers.tokenizer import BundleTokenizer, open_clip_tokenizer
from models.export.weights.registry import Architecture
from models.open_clip_setup import import_open_clip, import_transformers

TOKENIZER_FILE = "tokenizer.json"
TEXT_CONFIG_FILE = "config.json"
TOKENIZER_FILES = (TOKENIZER_FILE, "tokenizer_config.json", "special_tokens_map.json", TEXT_CONFIG_FILE)
"""What a tokenizer of `transformers` consists of; only the first must be there."""
_ENDINGS = (".safetensors", ".pt", ".pth", ".bin", ".ckpt")


def build_model(architecture: Architecture, *, seed: int = 0, text_config: Path | None = None) -> nn.Module:
    """The model with random weights, drawn from `seed`.

    Args:
        architecture: see `look_up`.
        seed: of torch's generator.
        text_config: folder with the `config.json` of a text tower of `transformers`.

    Raises:
        UsageError: the model needs `transformers`, which is not installed.
        ModelError: open_clip cannot make it.
    """
    open_clip = import_open_clip()
    more: dict[str, Any] = {}
    if architecture.text_repository:
        import_transformers()
        more["text_cfg"] = copy.deepcopy(architecture.config["text_cfg"]) | {
            "hf_model_name": str(text_config),
            "hf_model_pretrained": False,
        }
    torch.manual_seed(seed)
    with quietly():
        try:
            model: nn.Module = open_clip.create_model(
                architecture.name,
                pretrained=None,
                pretrained_text=False,
                force_quick_gelu=architecture.quick_gelu,
                force_preprocess_cfg=architecture.preprocess,
                **more,
            )
        except Exception as error:  # whatever open_clip and the libraries below it raise
            raise ModelError(
                f"open_clip cannot make “{architecture.name}” ({_told(error)}).",
                "Choose another model, or another version of open_clip_torch.",
            ) from error
    return model.eval()


def load_weights(model: nn.Module, path: Path, name: str) -> None:
    """Put the weights of a file into `model`, which is called `name`.

    Raises:
        UsageError: there is no such file, or its name has an unknown ending.
        ModelError: it is damaged, holds more than tensors, or is of another model.
    """
    open_clip = import_open_clip()
    if not path.is_file() or path.suffix not in _ENDINGS:
        raise UsageError(
            f"“{path.name}” is no file of weights.", f"Name a file that ends in {', '.join(_ENDINGS)}."
        )
    with quietly():
        try:
            open_clip.factory.load_checkpoint(model, str(path), strict=True, weights_only=True)
        except pickle.UnpicklingError as error:
            raise ModelError(
                f"“{path.name}” holds more than numbers: reading it could run a program, so it was not read.",
                "Take the weights as safetensors, or from a file that holds plain tensors.",
            ) from error
        except Exception as error:  # whatever a damaged file, or one of another model, makes the readers say
            if "TorchScript" in str(error):
                raise ModelError(
                    f"“{path.name}” is a TorchScript program, not a file of plain tensors; it was not read.",
                    "Take the weights as safetensors: OpenAI's come so as NAME:openai, without --checkpoint.",
                ) from error
            raise ModelError(
                f"“{path.name}” does not give the weights of “{name}” ({_told(error)}).",
                "Check the model's name, or get the file again.",
            ) from error


def load_tokenizer(architecture: Architecture, folder: Path | None) -> BundleTokenizer:
    """The model's tokenizer, converted and proven equal.

    Args:
        architecture: see `look_up`.
        folder: with `TOKENIZER_FILES`, where the tokenizer is one of `transformers`.

    Raises:
        UsageError: `transformers` is needed and not installed.
        ModelError: it cannot be read, or cannot be proven equal.
    """
    open_clip = import_open_clip()
    text = architecture.config["text_cfg"]
    length = int(text.get("context_length", open_clip.tokenizer.DEFAULT_CONTEXT_LENGTH))
    options = dict(text.get("tokenizer_kwargs", {}))
    if not architecture.tokenizer_repository:
        if "siglip" in architecture.name.lower():
            raise ModelError(
                f"The tokenizer of “{architecture.name}” is none that can be fetched as a file.",
                "Choose another model.",
            )
        return open_clip_tokenizer(open_clip.SimpleTokenizer(context_length=length, **options))
    import_transformers()
    shipped = None if folder is None else folder / TOKENIZER_FILE
    if shipped is None or not shipped.is_file():
        raise ModelError(
            f"There is no {TOKENIZER_FILE} for “{architecture.name}”.",
            "Name a folder that has it with --tokenizer, or choose another model.",
        )
    with quietly():
        try:
            tokenizer = open_clip.tokenizer.HFTokenizer(
                str(shipped.parent),
                context_length=length,
                tokenizer_mode=text.get("tokenizer_mode"),
                **options,
            )
        except Exception as error:  # whatever a damaged file makes the library raise
            raise ModelError(
                f"The tokenizer of “{architecture.name}” cannot be read ({_told(error)}).",
                "Get its files again, or choose another model.",
            ) from error
    return open_clip_tokenizer(tokenizer, shipped)


def _told(error: Exception) -> str:
    """The first line of what a library says."""
    line = (str(error).strip().splitlines() or [type(error).__name__])[0]
    return line.rstrip(".:")[:160]
