"""The two towers of an open_clip model as modules with the bundle's inputs and outputs."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn


class ImageTower(nn.Module):
    """`pixels` uint8 `(N, S, S, 3)` RGB to raw embeddings float32 `(N, D)`; normalisation is inside."""

    def __init__(
        self, model: nn.Module, mean: tuple[float, float, float], std: tuple[float, float, float]
    ) -> None:
        super().__init__()
        self.model = model
        self.mean: Tensor
        self.std: Tensor
        self.register_buffer("mean", 255 * torch.tensor(mean), persistent=False)
        self.register_buffer("std", 255 * torch.tensor(std), persistent=False)

    def forward(self, pixels: Tensor) -> Tensor:
        normalised = (pixels.float() - self.mean) / self.std
        embedded: Tensor = self.model.encode_image(normalised.permute(0, 3, 1, 2))  # type: ignore[operator]
        return embedded


class CausalTextTower(nn.Module):
    """`tokens` int64 `(N, L)`, `L` up to the context length, to raw embeddings float32 `(N, D)`.

    No token sees a later one, and the embedding is that of the end token: what follows it changes nothing, so
    a short text need not be padded to the context length (a query of ten tokens costs an eighth).
    """

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        text: Any = text_module(model)
        self.embed, self.transformer = text.token_embedding, text.transformer
        self.norm, self.projection = text.ln_final, text.text_projection
        self.positions = text.positional_embedding
        # The end token is the one with the highest id, as in CLIP, where the model names none.
        self.end = _end_id(text) if _pooling(text) == "eos" else None

    def forward(self, tokens: Tensor) -> Tensor:
        batch, length = tokens.shape  # not len(): torch.export would take it for a constant
        places = torch.arange(length)
        later = torch.zeros(length, length).masked_fill(places > places[:, None], -torch.inf)
        # Looked up, not sliced: a slice would be exported as if the text never had the full length.
        states = self.embed(tokens) + self.positions[places]
        states = self.norm(self.transformer(states, attn_mask=later))
        scores = tokens if self.end is None else (tokens == self.end).int()
        pooled: Tensor = states[torch.arange(batch), scores.argmax(-1)]
        if self.projection is None:
            return pooled
        linear = isinstance(self.projection, nn.Linear)
        projected: Tensor = self.projection(pooled) if linear else pooled @ self.projection
        return projected


class PaddedTextTower(nn.Module):
    """`tokens` int64 `(N, L)` to raw embeddings float32 `(N, D)`, padded to the context length inside: for a
    model whose tokens see the padding, which then must be there as in its training."""

    def __init__(self, model: nn.Module, context_length: int, pad_id: int) -> None:
        super().__init__()
        self.model = model
        self.context_length = context_length
        self.padding: Tensor
        self.register_buffer("padding", torch.full((1, context_length), pad_id), persistent=False)

    def forward(self, tokens: Tensor) -> Tensor:
        padded = torch.cat([tokens, self.padding.expand(tokens.shape[0], -1)], dim=1)
        embedded: Tensor = self.model.encode_text(padded[:, : self.context_length])  # type: ignore[operator]
        return embedded


class MaskedTextTower(nn.Module):
    """`tokens` int64 `(N, L)` to raw embeddings float32 `(N, D)`, for a model that masks the padding itself:
    a short text need not be padded."""

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self.model = model

    def forward(self, tokens: Tensor) -> Tensor:
        embedded: Tensor = self.model.encode_text(tokens)  # type: ignore[operator]
        return embedded


def text_tower(model: nn.Module, context_length: int, pad_id: int) -> nn.Module:
    """The text tower of an open_clip model: a short way where the model allows it."""
    if is_causal(model):
        return CausalTextTower(model)
    if masks_padding(model, pad_id):
        return MaskedTextTower(model)
    return PaddedTextTower(model, context_length, pad_id)


def masks_padding(model: nn.Module, pad_id: int) -> bool:
    """Whether no token sees the padding: so it is in open_clip's towers of `transformers`."""
    config = getattr(text_module(model), "config", None)
    return config is not None and getattr(config, "pad_token_id", None) == pad_id


def is_causal(model: nn.Module) -> bool:
    """Whether the text embedding is that of an end token which sees nothing behind it."""
    text = text_module(model)
    return (
        getattr(text, "attn_mask", None) is not None
        and getattr(text, "cls_emb", None) is None
        and not getattr(text, "use_pad_mask", False)
        and _pooling(text) in ("argmax", "eos")
    )


def text_module(model: nn.Module) -> nn.Module:
    """Where the text tower's parts are: in the model itself, or in its `text`."""
    text = getattr(model, "text", None)
    return text if isinstance(text, nn.Module) else model


def _pooling(text: nn.Module) -> str:
    return str(getattr(text, "text_pool_type", getattr(text, "pool_type", "")))


def _end_id(text: nn.Module) -> int:
    return int(getattr(text, "text_eos_id", getattr(text, "eos_id", -1)))
