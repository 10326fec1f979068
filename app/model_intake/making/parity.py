"""How closely a bundle, run as the program runs it, gives what the model it was made of gives."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.bundle.encoder_bundle import EncoderBundle
from app.bundle.variants import Tower, Variant
from app.model_intake.gate.captioned_pictures import unit
from app.model_intake.layouts.sample_texts import TEXTS
from app.model_intake.making.sample_pictures import Pictures
from app.runtime.encoders import FrameEncoder, TextEncoder
from app.runtime.preprocess import fit
from app.runtime.sessions.providers import ProviderChoice

LOWEST_COSINE = 0.9999
"""A bundle that is further away from its model is not written."""

ALONE = 4
"""Pictures and texts that are also embedded one by one: each in its own size or length."""


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
class Embedded:
    """Raw embeddings float32 `(N, D)` of pictures and texts."""

    image: NDArray[np.float32]
    text: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Sample:
    """What a bundle is tried with."""

    pictures: Pictures
    texts: tuple[str, ...] = TEXTS


def embed(bundle: EncoderBundle, sample: Sample, variant: Variant, tower: Tower) -> NDArray[np.float32]:
    """Embed the sample's pictures or texts with one variant of a bundle's tower, on the processor.

    Raises:
        ModelError: the program cannot run the file.
    """
    if tower == "text":
        return TextEncoder(bundle, variant=variant).encode(sample.texts)
    frames = FrameEncoder(bundle, choice=ProviderChoice("CPU"), variant=variant)
    return frames.encode(np.stack([fit(picture, bundle.image) for picture in sample.pictures]))


def measure_parity(bundle: EncoderBundle, sample: Sample, expected: Embedded) -> tuple[Parity, Embedded]:
    """Run the bundle's float32 graphs in the program's own encoders and compare; some pictures and texts also
    alone, in their own size and length. Returns the bundle's embeddings too.

    Raises:
        ModelError: the program cannot run one of the files.
    """
    frames = FrameEncoder(bundle, choice=ProviderChoice("CPU"), variant="float32")
    encoder = TextEncoder(bundle, variant="float32")
    squares = np.stack([fit(picture, bundle.image) for picture in sample.pictures])
    given = Embedded(frames.encode(squares), encoder.encode(sample.texts))
    pictures = np.concatenate([frames.encode(picture[None]) for picture in sample.pictures[:ALONE]])
    # The last texts of the sample are the odd ones: empty, and longer than any context.
    texts = np.concatenate([encoder.encode([text]) for text in sample.texts[-ALONE:]])
    parity = Parity(
        image=min(
            lowest_cosine(given.image, expected.image), lowest_cosine(pictures, expected.image[:ALONE])
        ),
        text=min(lowest_cosine(given.text, expected.text), lowest_cosine(texts, expected.text[-ALONE:])),
        pictures=len(sample.pictures),
        texts=len(sample.texts),
    )
    return parity, given


def lowest_cosine(ours: NDArray[np.float32], theirs: NDArray[np.float32]) -> float:
    """The lowest cosine between the rows of two float `(N, D)`."""
    return float((unit(ours) * unit(theirs)).sum(1).min())


def ranking_agreement(ours: Embedded, theirs: Embedded) -> tuple[float, float]:
    """How far two embeddings of one sample rank its pictures alike for its texts: the share of texts with the
    same best picture, and the mean share of the ten best (of all, where there are fewer) in common."""
    orders = [
        np.argsort(-(unit(given.text) @ unit(given.image).T), axis=1, kind="stable")
        for given in (ours, theirs)
    ]
    best = min(10, orders[0].shape[1])
    common = [len(set(left[:best]) & set(right[:best])) for left, right in zip(*orders, strict=True)]
    return float(np.mean(orders[0][:, 0] == orders[1][:, 0])), float(np.mean(common)) / best
