"""Frames are encoded on nodes with a graphics card, for tasks that read videos on any node."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.bundle.encoder_bundle import EncoderBundle
from app.cluster.node_models import bundle_of
from app.errors import EncodingError, ModelError
from app.runtime.encoders import FrameEncoder
from app.runtime.preprocess import fit_batch

FRAMES = 64
"""Per request."""


@dataclass(frozen=True, slots=True)
class NoVector:
    """Why there is none; Ray carries it where an exception of ours would lose its words."""

    sentence: str
    advice: str
    reason: str | None
    """As of `EncodingError`; None where the model cannot be used at all."""

    def as_error(self) -> ModelError:
        """To be raised."""
        if self.reason is None:
            return ModelError(self.sentence, self.advice)
        return EncodingError(self.sentence, self.advice, reason=self.reason)


class EncoderLostError(ModelError):
    """No graphics card of the cluster answers any more; no fault of the model or a video."""


class EncoderActor:
    """One model on one graphics card; Ray runs it as an actor."""

    def __init__(self, identity: str) -> None:
        """Open the model; raises as `bundle_of` and `FrameEncoder`."""
        self._encoder = FrameEncoder(bundle_of(identity))

    def where(self) -> tuple[str, str, str]:
        """Provider, device and variant, as of `FrameEncoder`."""
        return self._encoder.provider, self._encoder.device, self._encoder.variant

    def encode(self, frames: NDArray[np.uint8]) -> NDArray[np.float32] | NoVector:
        """As `FrameEncoder.encode`."""
        try:
            return self._encoder.encode(frames)
        except EncodingError as error:
            return NoVector(error.sentence, error.advice, error.reason)
        except ModelError as error:
            return NoVector(error.sentence, error.advice, None)


class ActorEncoder:
    """A `FrameEncoding` that asks encoder actors, one after the other where one is lost.

    Args:
        bundle: the model's.
        actors: handles of `EncoderActor`, this task's own first.
    """

    provider = "cluster"
    device = variant = fallback = ""
    batch = FRAMES

    def __init__(self, bundle: EncoderBundle, actors: list[Any]) -> None:
        self.bundle = bundle
        self._actors = actors

    def encode(self, frames: NDArray[np.uint8]) -> NDArray[np.float32]:
        """As `FrameEncoder.encode`; what travels has the size that the model sees.

        Raises:
            EncodingError, ModelError: as there.
            EncoderLostError: no actor is left.
        """
        import ray  # noqa: PLC0415 - an extra
        from ray.exceptions import RayActorError  # noqa: PLC0415

        fitted = fit_batch(frames, self.bundle.image)
        while True:
            try:
                found = ray.get(self._actors[0].encode.remote(fitted))
            except RayActorError:
                if len(self._actors) == 1:
                    raise EncoderLostError("No graphics card of the cluster answers any more.") from None
                del self._actors[0]
                continue
            if isinstance(found, NoVector):
                raise found.as_error()
            return np.asarray(found, np.float32)

    def release(self) -> None:
        """Nothing is held here."""

    def limit_threads(self, most: int) -> None:
        """Nothing runs here."""
        del most
