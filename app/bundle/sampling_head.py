"""The trained head of a bundle, `tmass.npz`: what T-MASS re-scores clips with at query time.

The file is somebody else's, like the rest of a bundle. Its hash is checked with the others (`load_bundle`);
here its size is bounded before anything is read, no object is ever unpickled, and every array and number is
looked at.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from app.bundle.arrays import stored_array, stored_arrays
from app.bundle.description import damaged
from app.bundle.encoder_bundle import HEAD_FILE, EncoderBundle
from app.errors import ModelError

FORMAT = 1
LAYER_NORM_EPS = 1e-5
"""Added to the variance in each of the three layer normalisations, as torch does."""

MOST_FRAMES = 64
MOST_SAMPLES = 1024
_CONFIG_BYTES = 1 << 16
_LARGEST = 1e6
"""No trained weight comes near this; products of three such matrices still fit float32."""

Radius = Literal["none", "cos", "scalar", "linear"]
PriorKind = Literal["uniform", "normal"]
Vector = NDArray[np.float32]
Matrix = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Norm:
    """Gain and offset of one layer normalisation, (D,) float32 each."""

    weight: Vector
    bias: Vector


@dataclass(frozen=True, slots=True)
class Linear:
    """`y = x · weightᵀ + bias`: (D, D) and (D,) float32."""

    weight: Matrix
    bias: Vector


@dataclass(frozen=True, slots=True)
class SamplingHead:
    """T-MASS (Wang et al., CVPR 2024) on X-Pool's text-conditioned pooling (Gorti et al., CVPR 2022).

    Notation of the papers: D width, F frames per clip, S samples. Arrays are float32 and read-only.
    """

    width: int
    frames: int
    norm1: Norm
    """LN1, of the text and of every frame."""
    query: Linear
    key: Linear
    value: Linear
    output: Linear
    norm2: Norm
    linear: Linear
    norm3: Norm
    radius: Radius
    """`none` R = 0, `cos` R = exp(mean s), `scalar` R = exp(θ · mean s), `linear` R = exp(s·W + b)."""
    theta: float
    """θ; 1 unless the radius is `scalar`."""
    radius_weight: Matrix | None
    """W, (F, D); None unless the radius is `linear`."""
    radius_bias: Vector | None
    """b, (D,); None unless the radius is `linear`."""
    samples: Matrix
    """E, (S, D), as it was drawn once for all; S may be 0."""
    prior: PriorKind
    """What E was drawn from: `uniform` scale · U[0, 1), `normal` N(0, scale²)."""
    prior_scale: float
    seed: int
    soft_maximum_weight: float
    """Share, 0..1, of the soft maximum of the frame similarities in the score."""
    soft_maximum_gain: float


def load_head(bundle: EncoderBundle) -> SamplingHead | None:
    """Read and check the head of a verified bundle; None where the bundle has none.

    Raises:
        ModelError: the file is no such head, or of a newer format.
    """
    if not bundle.has_head:
        return None
    reader = _Reader(bundle)
    width = bundle.embedding_width
    config = reader.config()
    frames = reader.integer(config, "frames", 1, MOST_FRAMES)
    if reader.integer(config, "width", 1, 1 << 20) != width:
        raise reader.damaged(f"it is made for {config['width']} numbers per embedding, not {width}")
    radius: Radius = reader.choice(config, "radius", get_args(Radius))  # type: ignore[assignment]
    prior, soft = reader.mapping(config, "prior"), reader.mapping(config, "soft_maximum")
    linear = radius == "linear"
    return SamplingHead(
        width=width,
        frames=frames,
        norm1=reader.norm("ln1", width),
        query=reader.linear("q", width),
        key=reader.linear("k", width),
        value=reader.linear("v", width),
        output=reader.linear("o", width),
        norm2=reader.norm("ln2", width),
        linear=reader.linear("linear", width),
        norm3=reader.norm("ln3", width),
        radius=radius,
        theta=float(reader.array("radius_theta", (1,))[0]) if radius == "scalar" else 1.0,
        radius_weight=reader.array("radius_weight", (frames, width)) if linear else None,
        radius_bias=reader.array("radius_bias", (width,)) if linear else None,
        samples=reader.array("samples", (None, width)),
        prior=reader.choice(prior, "kind", get_args(PriorKind)),  # type: ignore[arg-type]
        prior_scale=reader.number(prior, "scale", 0.0, 1e6),
        seed=reader.integer(config, "seed", 0, (1 << 64) - 1),
        soft_maximum_weight=reader.number(soft, "weight", 0.0, 1.0),
        soft_maximum_gain=reader.number(soft, "gain", 1e-3, 1e4),
    )


class _Reader:
    """The members of the file, each looked at before it is trusted."""

    def __init__(self, bundle: EncoderBundle) -> None:
        self._bundle = bundle
        self._members = self._read()

    def damaged(self, what: str) -> ModelError:
        return damaged(self._bundle.folder, f"{HEAD_FILE} cannot be used: {what}")

    def config(self) -> dict[str, Any]:
        """The JSON object of `config`, of this program's format."""
        raw = self._array("config")
        if raw.dtype != np.uint8 or raw.ndim != 1 or len(raw) > _CONFIG_BYTES:
            raise self.damaged("its description is no text")
        try:
            config = json.loads(raw.tobytes().decode("utf-8"))
        except (ValueError, RecursionError) as error:
            raise self.damaged("its description is not valid JSON") from error
        if not isinstance(config, dict):
            raise self.damaged("its description is not a JSON object")
        if config.get("format") != FORMAT or config.get("kind") != "tmass":
            raise ModelError(
                f"The re-scoring head of the model in “{self._bundle.folder.name}” is of a kind that this "
                "Reelfind does not know.",
                "Update Reelfind, or export the model again.",
            )
        return config

    def norm(self, name: str, width: int) -> Norm:
        return Norm(self.array(f"{name}_weight", (width,)), self.array(f"{name}_bias", (width,)))

    def linear(self, name: str, width: int) -> Linear:
        return Linear(self.array(f"{name}_weight", (width, width)), self.array(f"{name}_bias", (width,)))

    def array(self, name: str, shape: tuple[int | None, ...]) -> NDArray[np.float32]:
        """An array of this shape (None: up to `MOST_SAMPLES`) as float32, C-contiguous, read-only."""
        raw = self._array(name)
        if raw.dtype == np.uint8:
            raise self.damaged(f"{name} holds {raw.dtype}, not float32")
        fits = len(raw.shape) == len(shape) and all(
            have == want or (want is None and have <= MOST_SAMPLES)
            for have, want in zip(raw.shape, shape, strict=True)
        )
        if not fits:
            raise self.damaged(f"{name} has the shape {raw.shape}")
        made = np.ascontiguousarray(raw, dtype=np.float32)
        if not np.all(np.abs(made) <= _LARGEST):  # nor is anything of NaN
            raise self.damaged(f"{name} holds numbers that cannot be")
        made.setflags(write=False)
        return made

    def mapping(self, content: Mapping[str, Any], key: str) -> dict[str, Any]:
        value = content.get(key)
        if not isinstance(value, dict):
            raise self.damaged(f"its description lacks “{key}”")
        return value

    def integer(self, content: Mapping[str, Any], key: str, low: int, high: int) -> int:
        value = content.get(key)
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            raise self.damaged(f"its description gives no possible number for “{key}”")
        return value

    def number(self, content: Mapping[str, Any], key: str, low: float, high: float) -> float:
        value = content.get(key)
        if not isinstance(value, int | float) or isinstance(value, bool) or not low <= value <= high:
            raise self.damaged(f"its description gives no possible number for “{key}”")
        return float(value)

    def choice(self, content: Mapping[str, Any], key: str, allowed: tuple[str, ...]) -> str:
        value = content.get(key)
        if value not in allowed:
            raise self.damaged(f"its description gives no known “{key}”")
        return str(value)

    def _read(self) -> dict[str, bytes]:
        """The arrays as they are stored."""
        width = self._bundle.embedding_width
        limit = 4 * width * (5 * width + MOST_FRAMES + MOST_SAMPLES + 16) + 2 * _CONFIG_BYTES
        try:
            return stored_arrays(self._bundle.file(HEAD_FILE), limit, "head")
        except ValueError as error:
            raise self.damaged(str(error)) from error

    def _array(self, name: str) -> NDArray[Any]:
        """An array as stored."""
        content = self._members.get(name)
        if content is None:
            raise self.damaged(f"it lacks {name}")
        try:
            return stored_array(content)
        except ValueError as error:
            raise self.damaged(f"{name} {error}") from error
