"""Frames and words become vectors."""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from functools import cached_property
from itertools import islice

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from app.bundle.encoder_bundle import EncoderBundle
from app.bundle.variants import Variant
from app.errors import EncodingError, ModelError
from app.query.scripts import script_of
from app.runtime.batch_size import BATCH
from app.runtime.languages import language_of
from app.runtime.preprocess import fit_batch
from app.runtime.sessions.onnx_sessions import GraphRunError
from app.runtime.sessions.providers import ProviderChoice, choose_provider
from app.runtime.sessions.thread_count import background_threads
from app.runtime.towers import OpenTower

__all__ = ["BATCH", "FrameEncoder", "TextEncoder"]

_TEXTS = 64
"""Texts per run."""

_REMEMBERED_QUERIES = 256

_WORDS_OF_MANY = 100_000
"""Words and parts of words in a tokenizer for many languages at least; English ones have 30,000 to 50,000."""
_WORDS_OF_SCRIPT = 1_000
"""Of a script that was learned; English tokenizers know up to 500 Chinese characters, and alphabets."""


class _Encoder:
    """What both encoders say of their session."""

    bundle: EncoderBundle
    _tower: OpenTower

    @property
    def provider(self) -> str:
        """Execution provider in use, as the session reports it: `CUDA`, `CoreML`, `DirectML` or `CPU`."""
        return self._tower.provider

    @property
    def device(self) -> str:
        """Name of the accelerator in use, empty for the processor and where it is not known."""
        return self._tower.device

    @property
    def variant(self) -> Variant:
        """Which variant of the bundle's tower runs: `float32`, `int8` or `fp16`."""
        return self._tower.variant

    @property
    def fallback(self) -> str:
        """Why nothing better than `provider` runs, one sentence; empty where the best there is does."""
        return self._tower.fallback

    @property
    def batch(self) -> int:
        """Rows per run: measured on an accelerator, less where there was not enough memory."""
        return self._tower.batch

    def release(self) -> None:
        """Drop the session and its memory; the next `encode` opens it again."""
        self._tower.release()


class FrameEncoder(_Encoder):
    """Encodes frames with a bundle's image tower. Thread-safe.

    Args:
        bundle: a verified bundle.
        threads: of the processor; `background_threads()` if not given.
        choice: where to run; `choose_provider()` if not given.
        variant: this one, whatever the provider and the bundle's measurements suggest.
    """

    def __init__(
        self,
        bundle: EncoderBundle,
        *,
        threads: int | None = None,
        choice: ProviderChoice | None = None,
        variant: Variant | None = None,
    ) -> None:
        self.bundle = bundle
        side = bundle.image.size
        self._tower = OpenTower(
            bundle,
            "image",
            choose=choose_provider if choice is None else lambda: choice,
            example=lambda count: _patches(count, side),
            variant=variant,
            threads=threads,
        )

    def encode(self, frames: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Encode frames of one size.

        Args:
            frames: (N, H, W, 3) uint8 RGB, upright, square pixels, any H and W.

        Returns:
            (N, D) float32, raw (not L2-normalised), finite also as float16.

        Raises:
            EncodingError: there is no such vector for one of them; the video is at fault, or the model.
            ModelError: the model cannot be used.
        """
        if frames.ndim != 4 or frames.shape[-1] != 3 or frames.dtype != np.uint8:
            raise ValueError(f"expected uint8 (N, H, W, 3), got {frames.dtype} {frames.shape}")
        try:
            return self._tower.run(
                len(frames), lambda first, last: fit_batch(frames[first:last], self.bundle.image)
            )
        except EncodingError as error:
            raise _no_vector(error.reason) from error
        except GraphRunError as error:
            if not self._runs():
                raise
            raise _no_vector("it fails on it") from error

    def limit_threads(self, most: int) -> None:
        """Use at most so many threads of the processor, from when the session is opened next; 0: as usual."""
        usual = background_threads()
        self._tower.threads = min(most, usual) if most else usual

    def _runs(self) -> bool:
        """Whether the tower runs on a picture that it ran on before."""
        side = self.bundle.image.size
        try:
            self._tower.run(1, lambda first, last: _patches(last - first, side))
        except ModelError:
            return False
        return True


class TextEncoder(_Encoder):
    """Encodes descriptions with a bundle's text tower, always on the processor: a query is one row.

    Thread-safe; remembers recent queries. Args as of `FrameEncoder`.
    """

    def __init__(
        self, bundle: EncoderBundle, *, threads: int | None = None, variant: Variant | None = None
    ) -> None:
        self.bundle = bundle
        self._tower = OpenTower(
            bundle,
            "text",
            choose=lambda: ProviderChoice("CPU"),
            batch=_TEXTS,
            variant=variant,
            threads=threads,
        )
        self._tokenizer = _open_tokenizer(bundle)
        self._language_ids = _language_ids(bundle, self._tokenizer)
        self._recent: OrderedDict[str, NDArray[np.float32]] = OrderedDict()
        self._lock = threading.Lock()

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Encode descriptions.

        Args:
            texts: any strings; longer ones are cut at the bundle's context length.

        Returns:
            (N, D) float32, raw (not L2-normalised), finite also as float16.

        Raises:
            EncodingError: there is no such vector for one of them.
            ModelError: the model or its tokenizer cannot be used.
        """
        if not texts:
            return np.empty((0, self.bundle.embedding_width), dtype=np.float32)
        lowered = [text.lower() if self.bundle.text.lowercase else text for text in texts]
        tokens = self._tokens(lowered)
        if self._language_ids:
            tokens = np.hstack([self._languages(texts), tokens])
        try:
            return self._tower.run(len(texts), lambda first, last: tokens[first:last])
        except EncodingError as error:
            raise EncodingError(
                f"The model gives no usable vector for this description ({error.reason}).",
                "Describe it in other words, or choose another model.",
                reason=error.reason,
            ) from error

    def _tokens(self, texts: Sequence[str]) -> NDArray[np.int64]:
        """Token ids (N, L) int64 of texts, padded to one length."""
        try:
            rows = [item.ids for item in self._tokenizer.encode_batch(texts)]
            return np.array(rows, dtype=np.int64).reshape(len(texts), -1)
        except BaseException as error:  # the library raises bare Exceptions, and others for a panic of Rust's
            if isinstance(error, KeyboardInterrupt | SystemExit):
                raise
            raise ModelError(
                f"The tokenizer of the model “{self.bundle.name}” cannot read this text.",
                "Describe it in other words, or choose another model.",
            ) from error

    def _languages(self, texts: Sequence[str]) -> NDArray[np.int64]:
        """Ids (N, 1) int64 of the tokens that the texts begin with."""
        ids = [self._language_ids[language_of(text, self._language_ids)] for text in texts]
        return np.array(ids, dtype=np.int64).reshape(-1, 1)

    def reads(self, script: str) -> bool:
        """Whether the tokenizer knows words in a script, and not only its letters.

        Args:
            script: a key of `SCRIPTS`.
        """
        if self.reads_many_languages:
            return True
        known = (word for word in self._vocabulary if any(script_of(letter) == script for letter in word))
        return sum(1 for _ in islice(known, _WORDS_OF_SCRIPT)) == _WORDS_OF_SCRIPT

    @property
    def reads_many_languages(self) -> bool:
        """Whether the model was made for many languages: then its tokenizer knows their words, or has a
        token for each."""
        return bool(self._language_ids) or self._tokenizer.get_vocab_size() >= _WORDS_OF_MANY

    @cached_property
    def _vocabulary(self) -> tuple[str, ...]:
        return tuple(word for word in self._tokenizer.get_vocab() if not word.isascii())

    def encode_query(self, text: str) -> NDArray[np.float32]:
        """Encode one typed description; returns (D,) float32, raw. Repeated queries cost nothing."""
        key = " ".join(text.split())
        with self._lock:
            known = self._recent.get(key)
            if known is not None:
                self._recent.move_to_end(key)
                return known
        vector: NDArray[np.float32] = self.encode([key])[0]
        vector.setflags(write=False)
        with self._lock:
            self._recent[key] = vector
            while len(self._recent) > _REMEMBERED_QUERIES:
                self._recent.popitem(last=False)
        return vector


def _no_vector(reason: str) -> EncodingError:
    return EncodingError(
        f"The model gives no usable vector for this video ({reason}).",
        "If other videos fail in the same way, choose another model.",
        reason=reason,
    )


def _patches(count: int, side: int) -> NDArray[np.uint8]:
    """(count, side, side, 3) uint8: pictures of coloured patches, always the same, to try a device with."""
    coarse = np.random.default_rng(0).integers(0, 256, (count, 4, 4, 3), dtype=np.uint8)
    place = np.arange(side) * 4 // side
    return np.ascontiguousarray(coarse[:, place][:, :, place])


def _open_tokenizer(bundle: EncoderBundle) -> Tokenizer:
    path = bundle.file("tokenizer.json")
    try:
        tokenizer = Tokenizer.from_file(str(path))
        room = 1 if bundle.text.language_tokens else 0
        tokenizer.enable_truncation(bundle.text.context_length - room)
        tokenizer.enable_padding(pad_id=bundle.text.pad_id)
    except BaseException as error:  # bare Exceptions for any malformed file, and others for a panic of Rust's
        if isinstance(error, KeyboardInterrupt | SystemExit):
            raise
        raise ModelError(
            f"The tokenizer of the model “{bundle.name}” cannot be read.", "Install the model again."
        ) from error
    return tokenizer


def _language_ids(bundle: EncoderBundle, tokenizer: Tokenizer) -> dict[str, int]:
    """ISO 639-1 code to the id that a text of that language begins with.

    Raises:
        ModelError: the tokenizer has no such token.
    """
    tokens = bundle.text.language_tokens
    ids = ((code, tokenizer.token_to_id(token)) for code, token in sorted(tokens.items()))
    found = {code: number for code, number in ids if number is not None}
    if len(found) < len(tokens):
        raise ModelError(
            f"The tokenizer of the model “{bundle.name}” lacks tokens of its languages.",
            "Install the model again.",
        )
    return found
