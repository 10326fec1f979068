"""From the checkpoint to the bundle."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import torch

from app.bundle.encoder_bundle import HEAD_FILE
from app.model_intake.making.bundle_spec import Weights
from app.model_intake.making.parity import Parity
from app.model_intake.making.sample_pictures import Pictures
from models.authors.checkpoint import read_checkpoint
from models.authors.clip import POSITIONS, PROJECTION, take_clip
from models.authors.head import take_head
from models.export.bundle import export_bundle
from models.export.spec import open_clip_spec
from models.export.tokenizers.tokenizer import clip_tokenizer
from models.heads.head_file import write_head
from models.heads.stochastic import Prior

SOURCE = "the T-MASS authors' checkpoint (Wang et al., CVPR 2024)"
DESCRIPTION = "T-MASS: CLIP (ViT) tuned for text-video retrieval, with its stochastic head"


@dataclass(frozen=True, slots=True)
class ImportSettings:
    """What the checkpoint does not tell. The defaults are the release's for MSR-VTT and DiDeMo; LSMDC's prior
    is normal with scale 0.003."""

    name: str = "tmass"
    version: str = "1"
    licence: str = "not stated by its authors"
    source: str = SOURCE
    prior: Prior = field(default_factory=Prior)
    samples: int = 20
    seed: int = 24
    weights: Weights = "float32"


def import_checkpoint(
    path: Path, folder: Path, settings: ImportSettings, *, pictures: Pictures | None = None
) -> Parity:
    """Write the bundle of a released checkpoint, its head included, and return how closely it gives what the
    checkpoint gives. `pictures` as in `export_bundle`.

    Raises:
        ModelError: the checkpoint cannot be read, is of another kind, or the export failed.
    """
    checkpoint = read_checkpoint(path)
    width = checkpoint.shape(PROJECTION, 2)[0]
    context_length = checkpoint.shape(POSITIONS, 2)[0]
    model = take_clip(checkpoint)
    head = take_head(checkpoint, width, settings.prior, samples=settings.samples, seed=settings.seed)
    checkpoint.finish()
    spec = open_clip_spec(
        model,
        name=settings.name,
        version=settings.version,
        licence=settings.licence,
        source=settings.source,
        description=DESCRIPTION,
        weights=settings.weights,
    )
    with torch.inference_mode():
        write_head(head, folder / HEAD_FILE)
    tokenizer = clip_tokenizer(context_length)
    return export_bundle(model, spec, tokenizer, folder, extra_files=(HEAD_FILE,), pictures=pictures)
