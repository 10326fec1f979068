"""Re-scoring heads with random weights, clips to try them on, and the papers' equations written out."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.bundle.sampling_head import (
    Linear,
    Norm,
    Radius,
    SamplingHead,
)
from app.search.candidates import Candidates
from app.search.scorers.cosine import EncodedText
from app.vectors.embeddings import StoredEmbeddings
from app.vectors.gallery import Gallery, GalleryStore
from benchmarks import rescore as benchmarks
from tests.bundles import write_manifest

Wide = NDArray[np.float64]


def random_head(
    width: int = 32,
    frames: int = 6,
    *,
    radius: Radius = "linear",
    samples: int = 20,
    soft_weight: float = 0.0,
    seed: int = 0,
) -> SamplingHead:
    """A head with every weight and bias off its starting value."""
    return benchmarks.random_head(
        np.random.default_rng(seed),
        width,
        frames,
        samples=samples,
        radius=radius,
        spread=0.2,
        mixing=width**-0.5,
        soft_weight=soft_weight,
        soft_gain=15.0,
        seed=seed,
    )


def head_arrays(head: SamplingHead) -> dict[str, NDArray[np.generic]]:
    """What `tmass.npz` holds for a head, by name."""
    arrays: dict[str, NDArray[np.generic]] = {"samples": head.samples}
    for name, norm in (("ln1", head.norm1), ("ln2", head.norm2), ("ln3", head.norm3)):
        arrays |= {f"{name}_weight": norm.weight, f"{name}_bias": norm.bias}
    for name, linear in (
        ("q", head.query),
        ("k", head.key),
        ("v", head.value),
        ("o", head.output),
        ("linear", head.linear),
    ):
        arrays |= {f"{name}_weight": linear.weight, f"{name}_bias": linear.bias}
    if head.radius == "scalar":
        arrays["radius_theta"] = np.array([head.theta], np.float32)
    if head.radius_weight is not None and head.radius_bias is not None:
        arrays |= {"radius_weight": head.radius_weight, "radius_bias": head.radius_bias}
    return arrays | {"config": config_array(head_config(head))}


def head_config(head: SamplingHead) -> dict[str, Any]:
    """The description in `tmass.npz`."""
    return {
        "format": 1,
        "kind": "tmass",
        "width": head.width,
        "frames": head.frames,
        "radius": head.radius,
        "prior": {"kind": head.prior, "scale": head.prior_scale},
        "seed": head.seed,
        "soft_maximum": {"weight": head.soft_maximum_weight, "gain": head.soft_maximum_gain},
    }


def config_array(config: object) -> NDArray[np.uint8]:
    """JSON as the bytes that `tmass.npz` holds."""
    return np.frombuffer(json.dumps(config).encode(), np.uint8)


def write_head(head: SamplingHead, folder: Path) -> None:
    """Put a head into the bundle in `folder`."""
    np.savez(folder / "tmass.npz", **head_arrays(head))  # type: ignore[arg-type]
    write_manifest(folder)


def random_gallery(lengths: Sequence[int], width: int = 32, *, seed: int = 0, scale: float = 8.0) -> Gallery:
    """One video of clips with these numbers of frames; embeddings of about this length."""
    rng = np.random.default_rng(seed)
    count = sum(lengths)
    raw = rng.standard_normal((count, width)) + rng.standard_normal(width)
    raw *= scale * rng.uniform(0.5, 1.5, (count, 1)) / np.linalg.norm(raw, axis=1, keepdims=True)
    store = GalleryStore(width)
    store.append(
        StoredEmbeddings(
            video_id=1,
            folder_id=1,
            revision=1,
            matrix=raw.astype(np.float16),
            frame_ids=np.arange(count, dtype=np.int64),
            times=np.arange(count, dtype=np.float64),
            clips=np.repeat(np.arange(len(lengths)), lengths).astype(np.int32),
        )
    )
    return store.snapshot()


def random_text(width: int = 32, *, seed: int = 0, scale: float = 6.0) -> EncodedText:
    """A description of this length before it is normalised."""
    raw = np.random.default_rng(seed + 1000).standard_normal(width)
    return EncodedText.of((scale * raw / np.linalg.norm(raw)).astype(np.float32))


def candidates_of(text: EncodedText, gallery: Gallery, clips: Sequence[int] | None = None) -> Candidates:
    """These clips, all where None."""
    chosen = np.arange(len(gallery.clip_starts)) if clips is None else np.array(clips)
    return Candidates.of(chosen.astype(np.intp), gallery, gallery.vectors @ text.unit)


@dataclass(frozen=True)
class Reference:
    """T-MASS as the papers write it, one clip and one sample at a time, in float64."""

    head: SamplingHead

    def score(self, text: NDArray[np.float32], frames: Wide) -> float:
        """Of raw `text` (D,) and the raw frames (n, D) of one clip, n up to F."""
        head, t = self.head, text.astype(np.float64)
        pooled = self.pooled(t, frames)
        similarities = [cosine(t, frame) for frame in frames]
        best = cosine(t, pooled)
        if len(head.samples) and head.radius != "none":
            radius = self.radius(similarities)
            best = max(cosine(t + radius * sample, pooled) for sample in head.samples.astype(np.float64))
        gain, weight = head.soft_maximum_gain, head.soft_maximum_weight
        soft = np.log(np.mean([np.exp(gain * s) for s in similarities])) / gain
        return float((1 - weight) * best + weight * soft)

    def pooled(self, t: Wide, frames: Wide) -> Wide:
        """ψ of the clip for the text."""
        head = self.head
        q = apply(head.query, layer_norm(head.norm1, t))
        keys = [apply(head.key, layer_norm(head.norm1, frame)) for frame in frames]
        values = [apply(head.value, layer_norm(head.norm1, frame)) for frame in frames]
        raised = [np.exp(k @ q / np.sqrt(head.width)) for k in keys]
        mixed = sum(e / sum(raised) * v for e, v in zip(raised, values, strict=True))
        h = layer_norm(head.norm2, apply(head.output, np.asarray(mixed)))
        return layer_norm(head.norm3, h + apply(head.linear, h))

    def radius(self, similarities: list[float]) -> Wide:
        head, mean = self.head, float(np.mean(similarities))
        if head.radius_weight is None or head.radius_bias is None:
            return np.full(head.width, np.exp(head.theta * mean))
        slots = similarities + [mean] * (head.frames - len(similarities))
        return np.asarray(np.exp(np.array(slots) @ head.radius_weight + head.radius_bias))


def raw_frames(gallery: Gallery, rows: Sequence[int]) -> Wide:
    """Embeddings as the encoder gave them, (n, D) float64."""
    return np.asarray(gallery.vectors[rows].astype(np.float64) * gallery.norms[rows][:, None])


def layer_norm(norm: Norm, x: Wide) -> Wide:
    return np.asarray((x - x.mean()) / np.sqrt(x.var() + 1e-5) * norm.weight + norm.bias)


def apply(linear: Linear, x: Wide) -> Wide:
    return np.asarray(linear.weight.astype(np.float64) @ x + linear.bias)


def cosine(one: Wide, other: Wide) -> float:
    return float(one @ other / (np.linalg.norm(one) * np.linalg.norm(other)))
