"""The encoders whose embeddings a head is trained on: a bundle, or a model of open_clip."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch
from numpy.typing import NDArray

from app.bundle.encoder_bundle import load_bundle
from app.errors import ModelError
from app.runtime.encoders import FrameEncoder, TextEncoder
from app.runtime.preprocess import fit_batch
from models.open_clip_setup import image_input, import_open_clip

BATCH = 32
"""Frames or texts per run of an open_clip model."""


class Backbone(Protocol):
    """Embeds frames and texts into one space of `width` dimensions."""

    @property
    def identity(self) -> str:
        """Names the space: embeddings of two backbones with different identities are never mixed."""

    @property
    def width(self) -> int:
        """Numbers of an embedding, D."""

    @property
    def image_size(self) -> int:
        """Side in pixels of the square that frames are fitted to; best decoded with this shorter side."""

    def encode_frames(self, frames: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Embed upright RGB frames (N, H, W, 3) of any one size; returns (N, D), raw."""

    def encode_texts(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embed descriptions; returns (N, D), raw. Longer ones are cut at the context length."""


class BundleBackbone:
    """A `Backbone` that is an encoder bundle.

    Args:
        folder: the bundle.
        threads: of ONNX Runtime; all cores but one where None.

    Raises:
        ModelError: the folder holds no bundle that can be used.
    """

    def __init__(self, folder: Path, *, threads: int | None = None) -> None:
        bundle = load_bundle(folder)
        self.identity = bundle.identity
        self.width = bundle.embedding_width
        self.image_size = bundle.image.size
        self.spec = bundle.image
        self._frames = FrameEncoder(bundle, threads=threads)
        self._texts = TextEncoder(bundle, threads=threads)

    def encode_frames(self, frames: NDArray[np.uint8]) -> NDArray[np.float32]:
        """See `Backbone.encode_frames`."""
        return self._frames.encode(frames)

    def encode_texts(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """See `Backbone.encode_texts`."""
        return self._texts.encode(texts)


class OpenClipBackbone:
    """A `Backbone` that is a model of open_clip, in float32; the embeddings are those before normalisation.

    Frames are resized as the program does it (`app.runtime.preprocess`), so that a head is trained on what
    it meets in an exported bundle.

    Args:
        name: a model open_clip knows ("ViT-B-32").
        pretrained: a tag of open_clip ("openai") or a file of weights; None for random weights.
        device: a torch device ("cpu", "cuda").

    Raises:
        UsageError: open_clip is not installed.
        ModelError: the model is unknown, its weights cannot be had, or it wants pictures the program cannot
            make.
    """

    def __init__(self, name: str, pretrained: str | None, device: str = "cpu") -> None:
        open_clip = import_open_clip()
        try:
            model = open_clip.create_model(name, pretrained=pretrained, device=device)
            self._tokenize: Any = open_clip.get_tokenizer(name)
        except Exception as error:  # of the network, of unpickling plain tensors, of shapes that do not fit
            raise ModelError(
                f"The model “{name}” with the weights “{pretrained}” cannot be loaded ({_told(error)}).",
                "Check both names and the connection, or give a file of weights.",
            ) from error
        self.model: torch.nn.Module = model.eval()
        self.input = image_input(model)
        self.image_size = self.input.spec.size
        self._device = torch.device(device)
        self._mean = torch.tensor(self.input.mean, device=device).view(1, 3, 1, 1)
        self._std = torch.tensor(self.input.std, device=device).view(1, 3, 1, 1)
        self.identity = f"{name}-{pretrained or 'random'}-{_fingerprint(model, repr(self.input))}"
        self.width = len(self.encode_texts([""])[0])

    def encode_frames(self, frames: NDArray[np.uint8]) -> NDArray[np.float32]:
        """See `Backbone.encode_frames`."""
        parts = []
        for start in range(0, len(frames), BATCH):
            fitted = fit_batch(frames[start : start + BATCH], self.input.spec)
            pixels = torch.from_numpy(fitted).to(self._device).permute(0, 3, 1, 2).float() / 255
            parts.append(self._run("encode_image", (pixels - self._mean) / self._std))
        return self._joined(parts)

    def encode_texts(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """See `Backbone.encode_texts`."""
        parts = []
        for start in range(0, len(texts), BATCH):
            tokens = self._tokenize(list(texts[start : start + BATCH]))
            parts.append(self._run("encode_text", tokens.to(self._device)))
        return self._joined(parts)

    def _run(self, method: str, batch: torch.Tensor) -> NDArray[np.float32]:
        with torch.inference_mode():
            embedding = getattr(self.model, method)(batch, normalize=False)
        return np.asarray(embedding.float().cpu().numpy(), np.float32)

    def _joined(self, parts: list[NDArray[np.float32]]) -> NDArray[np.float32]:
        return np.concatenate(parts) if parts else np.empty((0, self.width), np.float32)


def _fingerprint(model: torch.nn.Module, settings: str) -> str:
    """Twelve hexadecimal digits of SHA-256 over the weights and how pictures are prepared."""
    digest = hashlib.sha256(settings.encode())
    for name, tensor in model.state_dict().items():
        digest.update(f"{name}{tuple(tensor.shape)}".encode())
        digest.update(tensor.detach().cpu().contiguous().view(-1).view(torch.uint8).numpy().tobytes())
    return digest.hexdigest()[:12]


def _told(error: Exception) -> str:
    """The first sentence of what a library says."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0].split(". ")[0].rstrip(".:")[:200]
