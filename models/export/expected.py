"""What the torch model itself gives for a sample: what its bundle is held against."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from app.model_intake.making.bundle_spec import BundleSpec
from app.model_intake.making.parity import Embedded, Sample
from app.runtime.preprocess import fit
from models.export.tokenizers.tokenizer import BundleTokenizer
from models.open_clip_setup import ImageInput, own_transform

_BATCH = 16


@torch.inference_mode()
def expect(model: nn.Module, spec: BundleSpec, tokenizer: BundleTokenizer, sample: Sample) -> Embedded:
    """Embed a sample with the torch model, through open_clip's own preprocessing of pictures (where it has
    one: none with area weights) and the model's own tokenizer."""
    if spec.image.interpolation == "area":
        mean, std = np.array(spec.mean, np.float32), np.array(spec.std, np.float32)
        squares = np.stack([fit(picture, spec.image) for picture in sample.pictures]).astype(np.float32)
        pixels = torch.from_numpy((squares / 255 - mean) / std).permute(0, 3, 1, 2)
    else:
        transform = own_transform(ImageInput(spec.image, spec.mean, spec.std))
        pixels = torch.stack([transform(picture) for picture in sample.pictures])
    tokens = tokenizer.reference(sample.texts)
    return Embedded(_run(model.encode_image, pixels), _run(model.encode_text, tokens))


def _run(encode: Any, rows: Tensor) -> NDArray[np.float32]:
    parts = [encode(rows[start : start + _BATCH]).float().numpy() for start in range(0, len(rows), _BATCH)]
    return np.concatenate(parts)
