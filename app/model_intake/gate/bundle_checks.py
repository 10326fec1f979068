"""What an unknown model must do before it becomes one of the models here; run in a process of its own.

Both towers, in every variant that runs on a processor, get pictures or texts of many kinds, alone and
together. Their vectors must be what the library can store (finite, in the range of float16, not zero), must
not be the same for everything, and must not depend on what else is in the batch. Then descriptions have to
find the pictures they describe (`meaning_checks.py`).
"""

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.bundle.encoder_bundle import EncoderBundle, load_bundle
from app.bundle.graph_rules import NoGraphError, inspect_bundle
from app.bundle.sampling_head import load_head
from app.bundle.variants import Variant
from app.errors import EncodingError, ModelError
from app.model_intake.gate.meaning_checks import ADVICE, check_int8, check_meaning
from app.model_intake.gate.sample_frames import EMPTY_TEXTS, TEXTS, frames
from app.runtime.encoders import FrameEncoder, TextEncoder
from app.runtime.sessions.onnx_sessions import open_graph
from app.runtime.sessions.providers import ProviderChoice

Vectors = NDArray[np.float32]

_ALONE = (0, 1, 3)
"""Which samples are encoded by themselves."""
_BATCH_SECONDS = 20.0
"""The largest batch is made smaller where one frame takes so long that it would take more than this."""
_SMALLEST_LARGE_BATCH = 4
_SAME = 1e-5
"""Longest distance of unit vectors that are the same but for rounding. Random weights give 1e-3 and more."""
_DIFFERENCE: dict[Variant, float] = {"float32": 0.01, "int8": 0.3, "fp16": 0.05}
"""Largest relative difference of a vector alone and in a batch. int8 towers take one scale from a whole
batch; what mixes its rows is off by more."""
_STORED_COSINE = 0.999
"""Lowest cosine of a vector to what float16 keeps of it."""
_HALF_COSINE = 0.98
"""Lowest cosine of a half-precision tower to the float32 one."""


def try_model(folder: Path, *, entering: Callable[[str], None] = lambda _phase: None) -> None:
    """Look into the bundle in `folder` and run it.

    Args:
        folder: of the bundle.
        entering: told of "files", "run" and, at last, "half": half precision is not made for a processor, so
            that a crash there says nothing of the model.

    Raises:
        ModelError: it is not to be used.
    """
    entering("files")
    bundle = load_bundle(folder)
    with suppress(NoGraphError):  # opening it says what it is instead
        inspect_bundle(bundle)
    load_head(bundle)
    entering("run")
    frames_float, texts_float = _frames(bundle, "float32"), TextEncoder(bundle, variant="float32")
    reference = _try_images(bundle, "float32", frames_float)
    _try_texts(bundle, "float32", texts_float)
    seen, read = _try_meaning(bundle, frames_float, texts_float)
    for encoder in (frames_float, texts_float):
        encoder.release()
    check_int8(bundle, seen, read)
    if "image" in bundle.variants.get("int8", {}):
        _try_images(bundle, "int8", _frames(bundle, "int8"))
    if "text" in bundle.variants.get("int8", {}):
        _try_texts(bundle, "int8", TextEncoder(bundle, variant="int8"))
    if half := bundle.variants.get("fp16", {}).get("image"):
        entering("half")
        _try_half(bundle, half, reference)


def _frames(bundle: EncoderBundle, variant: Variant) -> FrameEncoder:
    return FrameEncoder(bundle, choice=ProviderChoice("CPU"), variant=variant)


def _try_meaning(bundle: EncoderBundle, encoder: FrameEncoder, texts: TextEncoder) -> tuple[Vectors, Vectors]:
    """Returns the vectors of captioned pictures, and of their captions."""
    try:
        return check_meaning(bundle, encoder, texts)
    except EncodingError as error:
        raise _refused(f"it gives {error.reason} for a picture or its caption") from error


def _try_images(bundle: EncoderBundle, variant: Variant, encoder: FrameEncoder) -> Vectors:
    """Returns the vectors of the pictures."""
    what = f"{_named(variant)}image encoder"
    pictures = frames(bundle.image.size)

    def encode(rows: Sequence[int]) -> Vectors:
        return _vectors(what, "test picture", lambda: encoder.encode(pictures[list(rows)]))

    started = time.monotonic()
    alone = {row: encode([row])[0] for row in _ALONE}
    seconds = max((time.monotonic() - started) / len(_ALONE), 1e-6)
    most = int(np.clip(_BATCH_SECONDS / seconds, _SMALLEST_LARGE_BATCH, len(pictures)))
    together = encode(range(most))
    pair = encode([3, 1])
    _check(what, "picture", together)
    _compare(what, "frame", variant, [(alone[row], together[row]) for row in _ALONE])
    _compare(what, "frame", variant, [(alone[3], pair[0]), (alone[1], pair[1])])
    return together


def _try_texts(bundle: EncoderBundle, variant: Variant, encoder: TextEncoder) -> None:
    what = f"{_named(variant)}text encoder"
    texts = [*TEXTS, "word " * (bundle.text.context_length + 8)]

    def encode(some: Sequence[str]) -> Vectors:
        return _vectors(what, "test text", lambda: encoder.encode(some))

    together = encode(texts)
    _check(what, "text", together)
    alone = {row: encode([texts[row]])[0] for row in (*_ALONE, len(texts) - 1)}
    pair = encode([texts[1], texts[0]])
    _compare(what, "text", variant, [(vector, together[row]) for row, vector in alone.items()])
    _compare(what, "text", variant, [(alone[1], pair[0]), (alone[0], pair[1])])
    for text in EMPTY_TEXTS:
        encode([text])
    encode(EMPTY_TEXTS)


def _try_half(bundle: EncoderBundle, name: str, reference: Vectors) -> None:
    """Run the half-precision image tower as it is, which a processor can in most cases."""
    what = f"{_named('fp16')}image encoder"
    reference = reference[:_SMALLEST_LARGE_BATCH]  # unoptimised it is slow
    pictures = frames(bundle.image.size)[: len(reference)]
    try:
        graph = open_graph(
            bundle.file(name), width=bundle.embedding_width, data=bundle.data_of(name), optimise=False
        )
        half = graph.run(pictures)
    except EncodingError as error:
        raise _refused(f"its {what} gives {error.reason} for a test picture") from error
    except ModelError:  # what a processor has no kernel for
        return
    _check(what, "picture", half)
    if min(_cosine(a, b) for a, b in zip(half, reference, strict=True)) < _HALF_COSINE:
        raise _refused(f"its {what} gives other vectors than the full one")


def _vectors(what: str, sample: str, encode: Callable[[], Vectors]) -> Vectors:
    try:
        return encode()
    except EncodingError as error:
        raise _refused(f"its {what} gives {error.reason} for a {sample}") from error


def _check(what: str, sample: str, vectors: Vectors) -> None:
    """See that vectors can be stored and told apart."""
    for vector in vectors:
        stored = vector.astype(np.float16).astype(np.float32)
        if not vector.any():
            raise _refused(f"its {what} gives nothing but zeros for a {sample}")
        if _cosine(stored, vector) < _STORED_COSINE:
            raise _refused(f"its {what} gives numbers that are too small to be stored for a {sample}")
    directions = vectors / np.linalg.norm(vectors.astype(np.float64), axis=1, keepdims=True)
    if float(np.linalg.norm(directions - directions[0], axis=1).max()) < _SAME:
        raise _refused(f"its {what} gives the same vector for every {sample}")


def _compare(what: str, sample: str, variant: Variant, pairs: Sequence[tuple[Vectors, Vectors]]) -> None:
    for alone, together in pairs:
        difference = np.linalg.norm(alone.astype(np.float64) - together)
        if not difference <= _DIFFERENCE[variant] * np.linalg.norm(alone.astype(np.float64)):
            raise _refused(f"its {what} gives another vector for a {sample} alone than among others")


def _cosine(a: Vectors, b: Vectors) -> float:
    first, second = a.astype(np.float64), b.astype(np.float64)
    length = float(np.linalg.norm(first) * np.linalg.norm(second))
    return float(first @ second) / length if length else 0.0


def _named(variant: Variant) -> str:
    return {"float32": "", "int8": "int8 ", "fp16": "half-precision "}[variant]


def _refused(why: str) -> ModelError:
    return ModelError(f"The model is refused: {why}.", ADVICE)
