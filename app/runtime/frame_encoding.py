"""What encodes frames, wherever it does: who indexes need not know."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from app.bundle.encoder_bundle import EncoderBundle


class FrameEncoding(Protocol):
    """As `app.runtime.encoders.FrameEncoder`, which says what each of these is. Thread-safe."""

    bundle: EncoderBundle

    @property
    def provider(self) -> str: ...
    @property
    def device(self) -> str: ...
    @property
    def variant(self) -> str: ...
    @property
    def fallback(self) -> str: ...
    @property
    def batch(self) -> int: ...
    def encode(self, frames: NDArray[np.uint8]) -> NDArray[np.float32]: ...
    def release(self) -> None: ...
    def limit_threads(self, most: int) -> None: ...
