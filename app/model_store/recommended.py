"""Models that are worth a try: what is published about them, and what it means on this computer.

The list is `resources/models.json`, which says where each figure comes from.
"""

import json
import re
from dataclasses import dataclass
from functools import cache

from app.errors import ModelError
from app.model_store.hardware import matrix_speed, memory
from app.paths import resource

_BYTES_PER_PARAMETER = 4
_COPIES = 3
"""Of the weights in memory while a model is made: torch's, the graph's, and the checking session's."""
_PROGRAM_BYTES = 1 << 30


@dataclass(frozen=True, slots=True)
class RecommendedModel:
    """A published model that `models add` can fetch."""

    name: str
    """`NAME:PRETRAINED` of open_clip's registry."""
    title: str
    licence: str
    """Of the weights."""
    licence_note: str
    """What to know about the licence in a sentence, or empty."""
    parameters: int
    """Of both towers."""
    gflops: float
    """2 x multiply-adds of the image tower for one frame, in 10^9."""
    efficiency: float
    """Share of a matrix product's speed that the image tower reaches on a processor."""
    image_size: int
    """Side of its square input in pixels."""
    languages: str
    """What it understands, for people."""
    imagenet: float | None
    """Published zero-shot top-1 on ImageNet, per cent."""
    coco: float | None
    """Published text-to-image recall at 1 on COCO, per cent."""
    quality_source: str
    """Where these two are published."""

    @property
    def slug(self) -> str:
        """Name of the model once it is installed."""
        return re.sub(r"[^a-z0-9.]+", "-", self.name.lower())

    @property
    def download_bytes(self) -> int:
        """Size of the published weights, in bytes."""
        return self.parameters * _BYTES_PER_PARAMETER

    @property
    def fits(self) -> bool:
        """Whether this computer's memory is enough to make it and use it, as far as can be told."""
        there = memory()
        return there is None or there >= self.download_bytes * _COPIES + _PROGRAM_BYTES

    @property
    def quality(self) -> str:
        """What is published of its quality, for people."""
        figures = (("ImageNet", self.imagenet), ("COCO", self.coco))
        return ", ".join(f"{name} {figure:.1f} %" for name, figure in figures if figure is not None)


@cache
def recommended_models() -> tuple[RecommendedModel, ...]:
    """The list, best first of each kind.

    Raises:
        ModelError: this program's own list is damaged.
    """
    try:
        content = json.loads(resource("models.json").read_text(encoding="utf-8"))
        return tuple(
            RecommendedModel(**({"licence_note": "", "imagenet": None, "coco": None} | entry))
            for entry in content["models"]
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(
            "The list of models worth adding cannot be read.", "Install Reelfind again."
        ) from error


def speed(model: RecommendedModel) -> float:
    """Frames per second that its float32 image tower is expected to take in on this computer's processor.

    From the speed of a matrix product, see `matrix_speed`; a graphics card does more.
    """
    return matrix_speed() * model.efficiency / model.gflops
