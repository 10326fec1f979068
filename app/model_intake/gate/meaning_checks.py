"""Whether a model sees what it should see and reads what it should read; its int8 variant too.

What a graph computes cannot be known from its numbers alone; whether captions find their pictures can. Each
check has a name, which is logged, and says in its sentence what failed.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from app.bundle.encoder_bundle import EncoderBundle
from app.bundle.variants import Tower, variant_for
from app.errors import ModelError
from app.model_intake.gate.by_the_book import prepared
from app.model_intake.gate.captioned_pictures import FLOOR, captioned_pictures, found, unit
from app.runtime.encoders import FrameEncoder, TextEncoder

logger = logging.getLogger(__name__)

ADVICE = "Get the model from a source that you trust."

Vectors = NDArray[np.float32]

_UNIT = 1e-3
_PREPARED_COSINE = 0.999
"""Lowest cosine of a picture through the program and the same picture prepared by the book: the two differ by
a level of 255 here and there."""
_SAME = 1e-4
_INT8_COSINE, _INT8_NEAREST = 0.9, 0.8
"""Lowest mean cosine of int8 vectors to the float32 ones, and share of each caption's ten nearest pictures
that have to stay. Published int8 graphs that were damaged lose a quarter of the nearest, or all."""
_NEAREST = 10
_TEXT = "a brown dog on the grass"


def check_meaning(bundle: EncoderBundle, frames: FrameEncoder, texts: TextEncoder) -> tuple[Vectors, Vectors]:
    """Raise ModelError unless the float32 towers pass; else return what they give for pictures and captions.

    Args:
        bundle: with verified files.
        frames: its float32 image encoder.
        texts: its float32 text encoder.
    """
    pictures, captions = captioned_pictures()
    seen = np.concatenate([frames.encode(picture[None]) for picture in pictures])
    read = texts.encode(captions)
    _check_resize(bundle, frames, pictures, seen)
    _check_norms(bundle, seen, read)
    _check_case(bundle, texts)
    if bundle.trained and (there := found(seen, read)) < FLOOR:
        raise refused(
            "captions",
            f"descriptions of {len(captions)} pictures find {there} of them, {FLOOR} are the least; its "
            "towers may not belong together, or its pictures be prepared wrongly",
        )
    return seen, read


def check_int8(bundle: EncoderBundle, seen: Vectors, read: Vectors) -> None:
    """Raise ModelError where int8 towers that would be used rank otherwise than the float32 ones.

    Args:
        bundle: with verified files.
        seen: what `check_meaning` gave for the pictures.
        read: what it gave for the captions.
    """
    pictures, captions = captioned_pictures()
    for tower in ("image", "text"):
        if not _uses_int8(bundle, tower):
            continue
        if tower == "image":
            encoder = FrameEncoder(bundle, variant="int8")
            rows = np.concatenate([encoder.encode(picture[None]) for picture in pictures])
            pair, whole = (rows, read), seen
        else:
            rows = TextEncoder(bundle, variant="int8").encode(captions)
            pair, whole = (seen, rows), read
        cosine = float((unit(rows) * unit(whole)).sum(1).mean())
        nearest = _shared(_order(*pair), _order(seen, read))
        if not (cosine >= _INT8_COSINE and nearest >= _INT8_NEAREST):
            raise refused(
                "int8",
                f"its {tower} encoder in int8 gives other vectors than the full one (cosine {cosine:.2f}, "
                f"{nearest:.0%} of the nearest pictures stay)",
            )


def refused(check: str, why: str) -> ModelError:
    """What to say of a model that does not pass the check of this name."""
    logger.info("the check “%s” failed: %s", check, why)
    return ModelError(f"The model is refused: {why}.", ADVICE)


def _check_resize(
    bundle: EncoderBundle, frames: FrameEncoder, pictures: Sequence[NDArray[np.uint8]], seen: Vectors
) -> None:
    """A picture far from square is brought to the square as the manifest says."""
    if bundle.image.interpolation == "area":  # OpenCV's, which is no book's
        return
    shapes = [max(picture.shape[:2]) / min(picture.shape[:2]) for picture in pictures]
    far = np.argsort(shapes)[-4:]
    squares = np.stack([prepared(pictures[row], bundle.image) for row in far])
    cosine = float((unit(frames.encode(squares)) * unit(seen[far])).sum(1).min())
    if cosine < _PREPARED_COSINE:
        raise refused("resize", f"pictures far from square are not prepared as it says (cosine {cosine:.3f})")


def _check_norms(bundle: EncoderBundle, seen: Vectors, read: Vectors) -> None:
    for rows in (seen, read) if bundle.normalised else ():
        if float(np.abs(np.linalg.norm(rows.astype(np.float64), axis=1) - 1).max()) > _UNIT:
            raise refused("norm", "its vectors do not have the length of 1 that it says")


def _check_case(bundle: EncoderBundle, texts: TextEncoder) -> None:
    """Capitals do not matter where the manifest says so; words do in a model that was trained."""
    capitals, small, other = unit(
        texts.encode(["A BROWN DOG ON THE GRASS", "a brown dog on the grass", "snow"])
    )
    if bundle.text.lowercase and float(np.linalg.norm(capitals - small)) > _SAME:
        raise refused("case", "it reads capital letters otherwise than it says")
    if bundle.trained and float(np.linalg.norm(small - other)) < _SAME:
        raise refused("words", "it gives the same vector for different descriptions")


def _uses_int8(bundle: EncoderBundle, tower: Tower) -> bool:
    return variant_for(tower, "CPU", bundle.variants, bundle.parity) == "int8"


def _order(seen: Vectors, read: Vectors) -> NDArray[np.intp]:
    return np.argsort(-(unit(read) @ unit(seen).T), axis=1, kind="stable")[:, :_NEAREST]


def _shared(left: NDArray[np.intp], right: NDArray[np.intp]) -> float:
    """Mean share of the nearest in common."""
    common = [len(set(one) & set(other)) for one, other in zip(left.tolist(), right.tolist(), strict=True)]
    return sum(common) / left.size
