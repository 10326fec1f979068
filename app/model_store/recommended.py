"""Models that are worth a try: what is published about them, and what it means on this computer.

The list is `resources/models.json`, which says where each figure comes from.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal

from app.errors import ModelError
from app.model_store.hardware import known_matrix_speed, matrix_speed, memory
from app.paths import resource

Use = Literal["any", "non-commercial", "research"]
"""What a licence allows."""

_BYTES_PER_PARAMETER = 4
_COPIES = 3
"""Of the weights in memory while a model is made: what was published, what is written, what checks it."""
_PROGRAM_BYTES = 1 << 30
_RUNS_WELL = 2.0
"""Frames per second from which a model runs well: at one a second, half an hour for an hour of video."""


@dataclass(frozen=True, slots=True)
class RecommendedModel:
    """A published model that `models add` can fetch."""

    name: str
    """`NAME:PRETRAINED` of open_clip's registry."""
    title: str
    licence: str
    """Of the weights."""
    parameters: int
    """Of both towers."""
    gflops: float
    """2 x multiply-adds of the image tower for one frame, in 10^9."""
    efficiency: float
    """Share of a matrix product's speed that the image tower reaches on a processor."""
    image_size: int
    """Side of its square input in pixels."""
    languages: str
    """What it understands, for people: `English`, or how many languages."""
    quality_source: str
    """Where `imagenet`, `coco` and `xm3600` are published."""
    use: Use = "any"
    licence_note: str = ""
    """What to know about the licence in a sentence, or empty."""
    imagenet: float | None = None
    """Published zero-shot top-1 on ImageNet, per cent."""
    coco: float | None = None
    """Published text-to-image recall at 1 on COCO, per cent."""
    xm3600: Mapping[str, float] = field(default_factory=dict)
    """Published text-to-image recall (mean of at 1, 5 and 10) on Crossmodal-3600 by language, per cent."""
    repository: str = ""
    """`owner/name` where it is published as ONNX; empty where only torch can make it."""
    layout: str = ""
    """Of the export in the repository, see `app.model_intake.layouts`."""
    revision: str = ""
    """Commit that is fetched; empty where none is pinned."""
    files: Mapping[str, str] = field(default_factory=dict)
    """SHA-256 by path of what is fetched; empty where nothing is pinned."""

    @property
    def slug(self) -> str:
        """Name of the model once it is installed."""
        if self.repository:
            return _slug(self.repository.rpartition("/")[2])
        return _slug(self.name)

    @property
    def source(self) -> str:
        """What adding fetches: `owner/name`, `owner/name@commit` where pinned; empty where torch makes it."""
        return f"{self.repository}@{self.revision}" if self.revision else self.repository

    @property
    def needs_torch(self) -> bool:
        """Whether nobody has published it as ONNX."""
        return not self.repository

    @property
    def multilingual(self) -> bool:
        """Whether it reads more than English."""
        return self.languages != "English"

    @property
    def download_bytes(self) -> int:
        """Size of the published weights, in bytes."""
        return self.parameters * _BYTES_PER_PARAMETER

    @property
    def memory_bytes(self) -> int:
        """Memory that making it takes, and this program with it; using it takes less."""
        return self.download_bytes * _COPIES + _PROGRAM_BYTES

    @property
    def fits(self) -> bool:
        """Whether this computer's memory is enough to make it and use it, as far as can be told."""
        there = memory()
        return there is None or there >= self.memory_bytes

    @property
    def quality(self) -> str:
        """What is published of its quality, for people."""
        figures = (("ImageNet", self.imagenet), ("COCO", self.coco), ("XM3600", self.xm3600.get("en")))
        return ", ".join(f"{name} {figure:.1f} %" for name, figure in figures if figure is not None)

    @property
    def score(self) -> float:
        """What models are compared by: XM3600 in English, ImageNet where nobody measured that; per cent."""
        return self.xm3600.get("en", self.imagenet or 0.0)


@cache
def recommended_models() -> tuple[RecommendedModel, ...]:
    """The list as it is published.

    Raises:
        ModelError: this program's own list is damaged.
    """
    try:
        content = json.loads(resource("models.json").read_text(encoding="utf-8"))
        return tuple(_model(entry) for entry in content["models"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(
            "The list of models worth adding cannot be read.", "Install Reelfind again."
        ) from error


def by_name(name: str) -> RecommendedModel | None:
    """The recommended model that a person means by its name, the name it gets here, or its repository."""
    for model in recommended_models():
        if name in (model.name, model.slug) or (model.repository and name == model.repository):
            return model
    return None


def ranked(
    models: Sequence[RecommendedModel] | None = None, matrix_gflops: float | None = None
) -> list[RecommendedModel]:
    """The list for this computer: what is added with one click and runs well comes first, best first.

    Then what runs slowly, what may be used for some purposes only, what needs torch, and last what does not
    fit in memory.

    Args:
        models: the whole list where None.
        matrix_gflops: speed of matrix products; as it is known (nothing is measured) where None.
    """
    gflops = known_matrix_speed() if matrix_gflops is None else matrix_gflops

    def place(model: RecommendedModel) -> tuple[bool | float, ...]:
        slow = frames_per_second(model, gflops) < _RUNS_WELL
        return not model.fits, model.needs_torch, model.use != "any", slow, -model.score

    return sorted(recommended_models() if models is None else models, key=place)


def speed(model: RecommendedModel) -> float:
    """Frames per second that its float32 image tower is expected to take in on this computer's processor.

    From the speed of a matrix product, see `matrix_speed`; a graphics card does more.
    """
    return frames_per_second(model, matrix_speed())


def frames_per_second(model: RecommendedModel, matrix_gflops: float) -> float:
    """The same for a processor whose matrix products reach so many GFLOP/s."""
    return matrix_gflops * model.efficiency / model.gflops


def indexing_seconds(frames: int, rate: float) -> float:
    """About how long it takes to encode so many frames at a rate; decoding them goes on beside that."""
    return frames / rate if rate > 0 else 0.0


def _model(entry: Mapping[str, Any]) -> RecommendedModel:
    model = RecommendedModel(**entry)
    if model.use not in ("any", "non-commercial", "research"):
        raise ValueError(f"no use: {model.use}")
    return model


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9.]+", "-", name.lower()).strip("-.")
