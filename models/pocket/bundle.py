"""The written bundle, run the way the program runs it: ONNX Runtime, the bundle's tokenizer, squashed
frames."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from app.runtime.sessions.onnx_runtime import ort
from models.pocket.config import PocketConfig
from models.pocket.export import IMAGE_FILE, TEXT_FILE, TOKENIZER_FILE
from models.pocket.figures.evaluate import Vectors
from models.pocket.pictures.preprocess import Pixels, squash

BATCH = 16


class BundleRunner:
    """Embeds pictures and sentences with a bundle folder. Raises `FileNotFoundError` when a file is
    missing."""

    def __init__(self, folder: Path, config: PocketConfig) -> None:
        self.size = config.views.size
        self._image = _session(folder / IMAGE_FILE, config.threads)
        self._text = _session(folder / TEXT_FILE, config.threads)
        self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
        self._tokenizer.enable_truncation(config.text.context_length)
        self._tokenizer.enable_padding(pad_id=config.text.pad_id)

    def embed_pictures(self, pictures: list[Pixels]) -> Vectors:
        """Raw embeddings `(N, D)` of RGB pictures `(h, w, 3)` of any size."""
        return self.embed_squashed(np.stack([squash(picture, self.size) for picture in pictures]))

    def embed_squashed(self, pixels: Pixels) -> Vectors:
        """Raw embeddings `(N, D)` of `uint8 (N, size, size, 3)`."""
        parts = [
            self._image.run(None, {"pixels": pixels[start : start + BATCH]})[0]
            for start in range(0, len(pixels), BATCH)
        ]
        return np.concatenate(parts)

    def embed_texts(self, texts: list[str]) -> Vectors:
        """Raw embeddings `(N, D)` of sentences."""
        parts = []
        for start in range(0, len(texts), BATCH):
            encoded = self._tokenizer.encode_batch(texts[start : start + BATCH])
            tokens = np.array([encoding.ids for encoding in encoded], np.int64)
            parts.append(self._text.run(None, {"tokens": tokens})[0])
        return np.concatenate(parts)


def _session(path: Path, threads: int) -> ort.InferenceSession:
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    return ort.InferenceSession(path, options, providers=["CPUExecutionProvider"])
