"""A bundle against the published graphs that it was made of, which are fed by the book.

A bundle that is wrapped well gives what its publisher's code gives, for pictures of any shape and for any
text. A square picture would hide a wrong resize, a short text a wrong padding: so there are neither alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from app.bundle.encoder_bundle import EncoderBundle
from app.model_intake.gate.by_the_book import prepared
from app.model_intake.gate.captioned_pictures import captioned_pictures, unit
from app.model_intake.gate.meaning_checks import refused
from app.model_intake.layouts.published_model import PublishedModel
from app.model_intake.layouts.tokenizer import reference_tokens
from app.runtime.encoders import FrameEncoder, TextEncoder
from app.runtime.sessions.providers import ProviderChoice

Vectors = NDArray[np.float32]

LOWEST_COSINE = 0.9999
_WITHIN_ROUNDING = 0.9995
"""Lowest cosine for pictures that the program resizes itself: it and the book differ by single levels."""
_TEXTS = (
    "a dog",
    "A DOG, running on the beach!",
    "two people talk at a table, while it snows outside; a third one reads",
    "Ein Kind läuft über die Wiese",
    "猫",
    "",
)


def check_against_source(
    bundle: EncoderBundle,
    source: PublishedModel,
    run_image: Callable[[NDArray[np.uint8]], Vectors],
    run_text: Callable[[NDArray[np.int64]], Vectors],
) -> None:
    """Raise ModelError unless the program gives with the bundle what the published graphs give.

    Args:
        bundle: with its float32 graphs.
        source: as published.
        run_image: the published image graph on uint8 (N, S, S, 3) squares, normalised as its configuration
            says; gives float32 (N, D).
        run_text: the published text graph on int64 (N, context length) tokens; gives float32 (N, D).
    """
    frames = FrameEncoder(bundle, choice=ProviderChoice("CPU"), variant="float32")
    pictures = _far_from_square(captioned_pictures()[0])
    squares = np.stack([prepared(picture, source.image.spec) for picture in pictures])
    expected = run_image(squares)
    _compare("pixels", "pictures", frames.encode(squares), expected, LOWEST_COSINE)
    given = np.concatenate([frames.encode(picture[None]) for picture in pictures])
    _compare("resize", "pictures far from square", given, expected, _WITHIN_ROUNDING)
    texts = TextEncoder(bundle, variant="float32")
    wanted = run_text(reference_tokens(source.text, _TEXTS))
    _compare("padding", "texts of many lengths", texts.encode(_TEXTS), wanted, LOWEST_COSINE)
    alone = np.concatenate([texts.encode([text]) for text in _TEXTS])
    _compare("padding", "single texts", alone, wanted, LOWEST_COSINE)


def _compare(check: str, what: str, given: Vectors, expected: Vectors, lowest: float) -> None:
    cosine = float((unit(given) * unit(expected)).sum(1).min())
    if not cosine >= lowest:
        raise refused(
            check, f"for {what} it does not give what the published graphs give (cosine {cosine:.4f})"
        )


def _far_from_square(pictures: Sequence[NDArray[np.uint8]]) -> list[NDArray[np.uint8]]:
    shapes = [picture.shape[1] / picture.shape[0] for picture in pictures]
    order = np.argsort(shapes)
    return [pictures[row] for row in (*order[:3], *order[-3:])]
