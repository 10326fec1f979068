"""Small open_clip models with random weights, published as others publish theirs: exported by torch into each
layout, with the configurations that open_clip and `transformers` would write."""

from __future__ import annotations

import json
import string
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from app.runtime.languages import language_of
from models.export.graph import tower_graph
from models.export.towers import ImageTower
from models.open_clip_setup import image_input, import_open_clip, import_transformers, own_transform
from tests.models.export.tokenizers_made import clip, nllb, t5, xlm_roberta

SIZE, WIDTH, SPACE = 48, 64, 48
_PATCH, _VOCABULARY = 16, 1200
_TRANSFORMERS = {
    "hidden_size": WIDTH,
    "num_hidden_layers": 1,
    "num_attention_heads": 2,
    "intermediate_size": 96,
    "max_position_embeddings": 130,
    "vocab_size": _VOCABULARY,
    "bos_token_id": 0,
    "pad_token_id": 1,
    "eos_token_id": 2,
}
_HF_MODELS: dict[str, dict[str, Any]] = {
    "xlm-roberta": {**_TRANSFORMERS, "model_type": "xlm-roberta", "type_vocab_size": 1},
    "nllb": {
        **_TRANSFORMERS,
        "model_type": "m2m_100",
        "d_model": WIDTH,
        "encoder_layers": 1,
        "decoder_layers": 1,
        "encoder_attention_heads": 2,
        "decoder_attention_heads": 2,
        "encoder_ffn_dim": 96,
        "decoder_ffn_dim": 96,
    },
}

Form = Literal["immich", "immich, newer", "transformers.js", "qdrant"]
"""A layout, and whether graphs are as they used to be (float32 pixels, a batch of one)."""
FORMS = get_args(Form)


@dataclass(frozen=True)
class Kind:
    """What is published."""

    make_tokenizer: Callable[[Path], Path]
    text: dict[str, Any]
    """Of open_clip's `text_cfg`."""
    picture: dict[str, Any]
    """Of open_clip's `preprocess_cfg`."""
    hf_model: str = ""


_CLIP_PICTURE = {"mean": (0.48, 0.46, 0.41), "std": (0.27, 0.26, 0.28)}
_SIGLIP_PICTURE = {"mean": (0.5,) * 3, "std": (0.5,) * 3, "resize_mode": "squash"}
KINDS = {
    "ViT with crop": Kind(clip, {"context_length": 20}, {**_CLIP_PICTURE, "resize_mode": "shortest"}),
    "ViT with squash": Kind(
        clip,
        {"context_length": 20},
        {**_CLIP_PICTURE, "resize_mode": "squash", "interpolation": "bilinear"},
    ),
    "SigLIP": Kind(
        t5,
        {
            "context_length": 16,
            "hf_tokenizer_name": "someone/siglip",
            "tokenizer_kwargs": {"clean": "canonicalize"},
            "no_causal_mask": True,
            "proj_bias": True,
            "pool_type": "last",
        },
        _SIGLIP_PICTURE,
    ),
    "xlm-roberta": Kind(
        xlm_roberta,
        {"hf_tokenizer_name": "someone/xlm", "hf_pooler_type": "mean_pooler"},
        {**_CLIP_PICTURE, "resize_mode": "shortest"},
        hf_model="xlm-roberta",
    ),
    "NLLB": Kind(
        nllb,
        {"hf_tokenizer_name": "someone/nllb", "hf_proj_type": "linear", "hf_pooler_type": "cls_pooler"},
        _SIGLIP_PICTURE,
        hf_model="nllb",
    ),
}


class Publisher:
    """A model in open_clip's own classes, its vectors, and its exports."""

    def __init__(self, kind: str, folder: Path) -> None:
        """Make the model of a kind (a key of `KINDS`); `folder` takes its tokenizer."""
        self.kind = KINDS[kind]
        self.tokenizer_folder = self.kind.make_tokenizer(folder / "tokenizer")
        self.model = _model(self.kind, self.tokenizer_folder, folder / "hf")
        self.context_length = int(self.kind.text.get("context_length", 77))
        self._tokenizer = self._open_clips_tokenizer()

    def image_vectors(self, pictures: Sequence[NDArray[np.uint8]]) -> NDArray[np.float32]:
        """open_clip's own vectors of pictures uint8 RGB `(H, W, 3)`, by its own transform: (N, D) float32."""
        transform = own_transform(image_input(self.model))
        with torch.inference_mode():
            rows = [self.model.encode_image(transform(picture)[None]) for picture in pictures]  # type: ignore[operator]
        return _array(torch.cat(rows))

    def text_vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """open_clip's own vectors of texts, by its own tokenizer: (N, D) float32."""
        with torch.inference_mode():
            return _array(self.model.encode_text(self.tokens(texts)))  # type: ignore[operator]

    def tokens(self, texts: Sequence[str]) -> Tensor:
        """open_clip's token ids; NLLB's text by text, each in its language."""
        if self.kind.hf_model != "nllb":
            tokens: Tensor = self._tokenizer(list(texts))
            return tokens
        names = {"de": "deu_Latn", "en": "eng_Latn", "fr": "fra_Latn", "ja": "jpn_Jpan", "ru": "rus_Cyrl"}
        names["zh"] = "zho_Hans"
        rows = []
        for text in texts:
            # `set_language` of open_clip 3.3 is undone by transformers 5 before the text is read.
            self._tokenizer.tokenizer.src_lang = names[language_of(text, names)]
            rows.append(self._tokenizer([text]))
        return torch.cat(rows)

    def publish(self, form: Form, folder: Path) -> Path:
        """Export into a layout; returns `folder`."""
        if form == "immich":
            self._publish_immich(folder)
        elif form == "immich, newer":
            self._publish_newer_immich(folder)
        elif form == "transformers.js":
            self._publish_halves(folder, folder, "onnx/vision_model.onnx", "onnx/text_model.onnx")
        else:
            self._publish_halves(folder / "vision", folder / "text", "model.onnx", "model.onnx")
        return folder

    def _publish_immich(self, folder: Path) -> None:
        """As immich's exporter: unit vectors, a batch of one, tokens int32, one length."""
        visual, textual = folder / "visual", folder / "textual"
        pixels = torch.randn(1, 3, SIZE, SIZE)
        tokens = torch.ones(1, self.context_length, dtype=torch.int32)
        _export(_Image(self.model, unit=True), (pixels,), visual / "model.onnx", ["image"], "embedding")
        _export(_Text(self.model, unit=True), (tokens,), textual / "model.onnx", ["text"], "embedding")
        cfg = import_open_clip().model.get_model_preprocess_cfg(self.model)
        _json(visual / "preprocess_cfg.json", cfg)
        text_cfg = {**self.kind.text, "vocab_size": _VOCABULARY}
        config = {"embed_dim": SPACE, "vision_cfg": {"image_size": SIZE}, "text_cfg": text_cfg}
        _json(folder / "config.json", config)
        self._copy_tokenizer(textual)

    def _publish_newer_immich(self, folder: Path) -> None:
        """As immich's newer exports: bytes come in, any batch; by torch's newer exporter."""
        self._publish_immich(folder)
        wanted = image_input(self.model)
        sample = torch.zeros(2, SIZE, SIZE, 3, dtype=torch.uint8)
        tower = _Unit(ImageTower(self.model, wanted.mean, wanted.std))
        onnx.save(tower_graph(tower, sample, "image"), str(folder / "visual" / "model.onnx"))
        tokens = torch.ones(2, self.context_length, dtype=torch.int32)
        graph = tower_graph(_Text(self.model, unit=True), tokens, "text")
        onnx.save(graph, str(folder / "textual" / "model.onnx"))

    def _publish_halves(self, vision: Path, text: Path, vision_graph: str, text_graph: str) -> None:
        """As models of `transformers`: raw vectors, any batch, tokens int64, a mask where there is one."""
        pixels = torch.randn(2, 3, SIZE, SIZE)
        _export(_Image(self.model), (pixels,), vision / vision_graph, ["pixel_values"], "image_embeds", 1)
        tokens = torch.ones(2, self.context_length, dtype=torch.int64)
        if self.kind.hf_model:
            names = ["input_ids", "attention_mask"]
            _export(_MaskedText(self.model), (tokens, tokens), text / text_graph, names, "text_embeds", 2)
        else:
            _export(_Text(self.model), (tokens,), text / text_graph, ["input_ids"], "text_embeds", 1)
        _json(vision / "preprocessor_config.json", self._processor())
        siglip = self.kind.make_tokenizer is t5
        text_config = {"max_position_embeddings": self.context_length}
        _json(
            text / "config.json",
            {"model_type": "siglip" if siglip else "clip", "text_config": text_config},
        )
        self._copy_tokenizer(text)
        if siglip:
            _canonicalize(text / "tokenizer.json")

    def _processor(self) -> dict[str, Any]:
        """The `preprocessor_config.json` of `transformers` that says what open_clip's configuration says."""
        wanted = image_input(self.model)
        crops = wanted.spec.resize == "crop"
        square = {"height": SIZE, "width": SIZE}
        return {
            "image_processor_type": "CLIPImageProcessor" if crops else "SiglipImageProcessor",
            "size": {"shortest_edge": SIZE} if crops else square,
            **({"crop_size": square, "do_center_crop": True} if crops else {}),
            "image_mean": list(wanted.mean),
            "image_std": list(wanted.std),
            "resample": 3 if wanted.spec.interpolation == "cubic" else 2,
            "rescale_factor": 1 / 255,
        }

    def _copy_tokenizer(self, folder: Path) -> None:
        for path in self.tokenizer_folder.iterdir():
            (folder / path.name).write_bytes(path.read_bytes())

    def _open_clips_tokenizer(self) -> Any:
        """open_clip's wrapper around the published file.

        But for NLLB's it is told to read the file as it is: `transformers` builds others anew from parts of
        it (SentencePiece's normaliser is then missing), and OpenAI's from files that are not published.
        """
        options = dict(self.kind.text.get("tokenizer_kwargs", {}))
        if self.kind.make_tokenizer is clip:
            options["clean"] = "lower"
        of_open_clip = import_open_clip().tokenizer
        folder = self.tokenizer_folder
        wrapper = of_open_clip.HFTokenizer(str(folder), context_length=self.context_length, **options)
        if self.kind.hf_model != "nllb":
            named = json.loads((folder / "tokenizer_config.json").read_text("utf-8"))
            file = str(folder / "tokenizer.json")
            wrapper.tokenizer = import_transformers().PreTrainedTokenizerFast(
                tokenizer_file=file, pad_token=named["pad_token"]
            )
        return wrapper


class _Image(nn.Module):
    def __init__(self, model: nn.Module, unit: bool = False) -> None:
        super().__init__()
        self.model, self.unit = model, unit

    def forward(self, pixels: Tensor) -> Tensor:
        embedded: Tensor = self.model.encode_image(pixels, normalize=self.unit)  # type: ignore[operator]
        return embedded


class _Text(nn.Module):
    def __init__(self, model: nn.Module, unit: bool = False) -> None:
        super().__init__()
        self.model, self.unit = model, unit

    def forward(self, tokens: Tensor) -> Tensor:
        embedded: Tensor = self.model.encode_text(tokens, normalize=self.unit)  # type: ignore[operator]
        return embedded


class _Unit(nn.Module):
    def __init__(self, tower: nn.Module) -> None:
        super().__init__()
        self.tower = tower

    def forward(self, pixels: Tensor) -> Tensor:
        return nn.functional.normalize(self.tower(pixels), dim=-1)


class _MaskedText(nn.Module):
    """A text tower of `transformers` that is told where the padding is."""

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        text: Any = model.text
        self.transformer, self.pooler, self.proj = text.transformer, text.pooler, text.proj

    def forward(self, tokens: Tensor, mask: Tensor) -> Tensor:
        states = self.transformer(input_ids=tokens, attention_mask=mask)
        projected: Tensor = self.proj(self.pooler(states, mask))
        return projected


def _model(kind: Kind, tokenizer: Path, hf: Path) -> nn.Module:
    open_clip = import_open_clip()
    torch.manual_seed(1)
    vision = open_clip.CLIPVisionCfg(1, WIDTH, head_width=32, patch_size=_PATCH, image_size=SIZE)
    words = {key: value for key, value in kind.text.items() if not key.startswith("hf_tokenizer")}
    words.pop("tokenizer_kwargs", None)
    if kind.hf_model:
        _json(hf / "config.json", _HF_MODELS[kind.hf_model])
        words |= {"hf_model_name": str(hf), "hf_model_pretrained": False}
    text = open_clip.CLIPTextCfg(vocab_size=_VOCABULARY, width=WIDTH, heads=2, layers=1, **words)
    custom = kind.hf_model or "no_causal_mask" in words
    if not custom:
        text.pool_type, text.eos_id = "eos", _number(tokenizer, "<|endoftext|>")
    model: nn.Module = (open_clip.CustomTextCLIP if custom else open_clip.CLIP)(SPACE, vision, text)
    picture = {"size": SIZE, "interpolation": "bicubic", **kind.picture}
    open_clip.model.set_model_preprocess_cfg(model, picture)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(0.1 * torch.randn_like(parameter))
    return model.eval()


def _canonicalize(file: Path) -> None:
    """Let a `tokenizer.json` take punctuation out itself, as SigLIP's for transformers.js do."""
    content = json.loads(file.read_text("utf-8"))
    punctuation = "[" + "".join(f"\\x{{{ord(mark):x}}}" for mark in string.punctuation) + "]"
    content["normalizer"] = {
        "type": "Sequence",
        "normalizers": [
            {"type": "Replace", "pattern": {"String": "_"}, "content": " "},
            {"type": "Replace", "pattern": {"Regex": punctuation}, "content": ""},
            {"type": "Replace", "pattern": {"Regex": r"\s+"}, "content": " "},
            {"type": "Strip", "strip_left": True, "strip_right": True},
            content["normalizer"],
        ],
    }
    _json(file, content)


def _number(tokenizer: Path, token: str) -> int:
    added = json.loads((tokenizer / "tokenizer.json").read_text("utf-8"))["added_tokens"]
    return next(int(entry["id"]) for entry in added if entry["content"] == token)


def _export(
    tower: nn.Module,
    inputs: tuple[Tensor, ...],
    path: Path,
    names: list[str],
    output: str,
    dynamic: int = 0,
) -> None:
    """Trace a tower; the first `dynamic` inputs take any batch."""
    path.parent.mkdir(parents=True, exist_ok=True)
    axes = {name: {0: "batch"} for name in names[:dynamic]}
    fastpath = torch.backends.mha.get_fastpath_enabled()
    torch.backends.mha.set_fastpath_enabled(False)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the exporter that others use is an old one, and says so
            torch.onnx.export(
                tower.eval(),
                inputs,
                str(path),
                input_names=names,
                output_names=[output],
                dynamic_axes={**axes, output: {0: "batch"}} if axes else None,
                opset_version=17,
                dynamo=False,
            )
    finally:
        torch.backends.mha.set_fastpath_enabled(fastpath)


def _array(rows: Tensor) -> NDArray[np.float32]:
    return np.asarray(rows.numpy(), dtype=np.float32)


def _json(path: Path, content: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, indent=2), "utf-8")
