"""Frames and words become vectors."""

import threading
from collections import OrderedDict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from app.encoders.bundle import EncoderBundle
from app.encoders.preprocess import fit_batch
from app.encoders.sessions import Graph, open_graph
from app.errors import ModelError

BATCH = 16
"""Frames per run: beyond this the throughput on a CPU no longer grows, memory does."""

_REMEMBERED_QUERIES = 256


class FrameEncoder:
    """Encodes frames with a bundle's image tower. Thread-safe."""

    def __init__(self, bundle: EncoderBundle, *, threads: int | None = None) -> None:
        self.bundle = bundle
        self._graph: Graph = open_graph(
            bundle.file("image.onnx"), width=bundle.embedding_width, threads=threads
        )

    @property
    def provider(self) -> str:
        """Execution provider in use: `CUDA` or `CPU`."""
        return self._graph.provider

    def encode(self, frames: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Encode frames of one size.

        Args:
            frames: (N, H, W, 3) uint8 RGB, upright, square pixels, any H and W.

        Returns:
            (N, D) float32, raw (not L2-normalised).
        """
        if frames.ndim != 4 or frames.shape[-1] != 3 or frames.dtype != np.uint8:
            raise ValueError(f"expected uint8 (N, H, W, 3), got {frames.dtype} {frames.shape}")
        result = np.empty((len(frames), self.bundle.embedding_width), dtype=np.float32)
        for start in range(0, len(frames), BATCH):
            batch = fit_batch(frames[start : start + BATCH], self.bundle.image)
            result[start : start + BATCH] = self._graph.run(batch)
        return result


class TextEncoder:
    """Encodes descriptions with a bundle's text tower. Thread-safe; remembers recent queries."""

    def __init__(self, bundle: EncoderBundle, *, threads: int | None = None) -> None:
        self.bundle = bundle
        self._graph: Graph = open_graph(
            bundle.file("text.onnx"), width=bundle.embedding_width, threads=threads
        )
        self._tokenizer = _open_tokenizer(bundle)
        self._recent: OrderedDict[str, NDArray[np.float32]] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def provider(self) -> str:
        """Execution provider in use: `CUDA` or `CPU`."""
        return self._graph.provider

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Encode descriptions.

        Args:
            texts: any strings; longer ones are cut at the bundle's context length.

        Returns:
            (N, D) float32, raw (not L2-normalised).
        """
        result = np.empty((len(texts), self.bundle.embedding_width), dtype=np.float32)
        if not texts:
            return result
        lowered = [text.lower() if self.bundle.text.lowercase else text for text in texts]
        tokens = np.array([item.ids for item in self._tokenizer.encode_batch(lowered)], dtype=np.int64)
        for start in range(0, len(texts), 64):
            result[start : start + 64] = self._graph.run(tokens[start : start + 64])
        return result

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


def _open_tokenizer(bundle: EncoderBundle) -> Tokenizer:
    path = bundle.file("tokenizer.json")
    try:
        tokenizer = Tokenizer.from_file(str(path))
    except Exception as error:  # the library raises a bare Exception for any malformed file
        raise ModelError(
            f"The tokenizer of the model “{bundle.name}” cannot be read.", "Install the model again."
        ) from error
    tokenizer.enable_truncation(bundle.text.context_length)
    tokenizer.enable_padding(pad_id=bundle.text.pad_id)
    return tokenizer
