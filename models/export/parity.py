"""How closely a bundle, run as the program runs it, gives what the torch model gives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from app.encoders import EncoderBundle, FrameEncoder, TextEncoder
from app.encoders.preprocess import fit
from models.export.spec import BundleSpec
from models.export.tokenizer import BundleTokenizer

LOWEST_COSINE = 0.9999
"""A bundle that is further away from its model is not written."""

Pictures = Sequence[NDArray[np.uint8]]

SAMPLE_PICTURES = 6
SAMPLE_TEXTS = (
    "a dog",
    "A man in a red shirt plays the guitar on a stage, at night.",
    "two people don't agree; she’s 27 & he is “older”",
    "ein Café am Ufer — Москва, 東京, القاهرة",
    "🎸🔥 rock'n'roll!!!   \t\n next line",
    "",
    "one after another, " * 40,
)


@dataclass(frozen=True, slots=True)
class Parity:
    """The lowest cosine between the bundle's embeddings and the model's, and of how many."""

    image: float
    text: float
    pictures: int
    texts: int

    @property
    def lowest(self) -> float:
        """The worse of the two towers."""
        return min(self.image, self.text)


@dataclass(frozen=True, slots=True)
class Expected:
    """What the torch model gives: raw embeddings float32 `(N, D)` of pictures and texts."""

    pictures: Pictures
    texts: tuple[str, ...]
    image: NDArray[np.float32]
    text: NDArray[np.float32]


def sample_pictures(size: int) -> list[NDArray[np.uint8]]:
    """Made-up pictures `(size, size, 3)`: blots of colour with grain, always the same."""
    draw = np.random.default_rng(0)
    pictures = []
    for _ in range(SAMPLE_PICTURES):
        blots = cv2.resize(draw.uniform(0, 255, (6, 6, 3)), (size, size), interpolation=cv2.INTER_CUBIC)
        grain = draw.normal(0, 12, (size, size, 3))
        pictures.append((blots + grain).clip(0, 255).astype(np.uint8))
    return pictures


@torch.inference_mode()
def expect(
    model: nn.Module,
    spec: BundleSpec,
    tokenizer: BundleTokenizer,
    pictures: Pictures,
    texts: Sequence[str] = SAMPLE_TEXTS,
) -> Expected:
    """Embed with the torch model: pictures `(H, W, 3)` uint8 RGB of any size, brought to the model's square
    by the program's preprocessing, and texts, through the model's own tokenizer."""
    mean, std = np.array(spec.mean, np.float32), np.array(spec.std, np.float32)
    squares = np.stack([fit(picture, spec.image) for picture in pictures]).astype(np.float32)
    normalised = torch.from_numpy((squares / 255 - mean) / std).permute(0, 3, 1, 2)
    image: Tensor = model.encode_image(normalised)  # type: ignore[operator]
    text: Tensor = model.encode_text(tokenizer.reference(texts))  # type: ignore[operator]
    return Expected(pictures, tuple(texts), image.float().numpy(), text.float().numpy())


def measure_parity(bundle: EncoderBundle, expected: Expected) -> Parity:
    """Run the bundle's files in the program's own encoders and compare; texts alone and all together, since
    they are padded to the longest.

    Raises:
        ModelError: the program cannot run one of the files.
    """
    frames = FrameEncoder(bundle)
    image = np.concatenate([frames.encode(picture[None]) for picture in expected.pictures])
    encoder = TextEncoder(bundle)
    alone = np.concatenate([encoder.encode([text]) for text in expected.texts])
    together = encoder.encode(expected.texts)
    return Parity(
        image=lowest_cosine(image, expected.image),
        text=min(lowest_cosine(text, expected.text) for text in (alone, together)),
        pictures=len(image),
        texts=len(alone),
    )


def lowest_cosine(ours: NDArray[np.float32], theirs: NDArray[np.float32]) -> float:
    """The lowest cosine between the rows of two float `(N, D)`."""
    left, right = ours.astype(np.float64), theirs.astype(np.float64)
    lengths = np.linalg.norm(left, axis=1) * np.linalg.norm(right, axis=1)
    return float(((left * right).sum(1) / lengths).min())
