"""The bundle of an open_clip model: its towers become graphs, the rest is as of any bundle."""

from __future__ import annotations

import gc
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import nn

from app.model_intake.graphs.saving import LARGEST_FILE, save_graph
from app.model_intake.making.bundle_spec import BundleSpec
from app.model_intake.making.bundle_writer import (
    TOKENIZER_FILE,
    OtherVariant,
    Report,
    clear_bundle,
    finish_bundle,
)
from app.model_intake.making.parity import Parity, Sample
from app.model_intake.making.sample_pictures import Pictures, sample_pictures
from models.export.expected import expect
from models.export.graph import tower_graph
from models.export.tokenizers.tokenizer import BundleTokenizer
from models.export.towers import ImageTower, text_tower

_SAMPLE_LENGTH = 12


def export_bundle(
    model: nn.Module,
    spec: BundleSpec,
    tokenizer: BundleTokenizer,
    folder: Path,
    *,
    extra_files: Sequence[str] = (),
    pictures: Pictures | None = None,
    variants: Sequence[OtherVariant] = (),
    largest: int = LARGEST_FILE,
    report: Report = lambda _stage, _done, _total: None,
) -> Parity:
    """Write the bundle of an open_clip model and return how closely it gives what the model gives.

    The manifest is written last: a folder without one is no bundle, whatever interrupted the export.

    Args:
        model: has `encode_image` of float32 `(N, 3, S, S)` and `encode_text` of int64
            `(N, context_length)`. It is put on the CPU, in float32 and in evaluation mode.
        spec: what the manifest says.
        tokenizer: see `open_clip_tokenizer`.
        folder: made when absent; files of an older bundle in it are replaced.
        extra_files: names of files that are in `folder` already and belong to the bundle.
        pictures: uint8 RGB `(H, W, 3)` of any size to compare with; made-up ones if not given.
        variants: which to add. A tower that int8 spoils (a cosine below `INT8_COSINE`) has no int8 file; fp16
            is for the image tower only, since a query always runs on the processor.
        largest: bytes of weights beyond which a graph keeps them in a file of their own.
        report: told of the stages "export image", "export text", "int8", "fp16" and "check".

    Raises:
        ModelError: the towers' widths differ, or the bundle does not reproduce the model (a cosine below
            `LOWEST_COSINE`).
    """
    model = model.to("cpu", torch.float32).eval()
    folder.mkdir(parents=True, exist_ok=True)
    clear_bundle(folder)
    sample = Sample(pictures or sample_pictures(spec.image.size))
    names = _write_towers(model, spec, tokenizer, folder, largest, report)
    tokenizer.tokenizer.save(str(folder / TOKENIZER_FILE), pretty=False)

    return finish_bundle(
        spec,
        tokenizer.spec,
        folder,
        names,
        sample,
        expect(model, spec, tokenizer, sample),
        extra_files=extra_files,
        variants=variants,
        largest=largest,
        report=report,
    )


def _write_towers(
    model: nn.Module,
    spec: BundleSpec,
    tokenizer: BundleTokenizer,
    folder: Path,
    largest: int,
    report: Report,
) -> list[str]:
    """The two float32 graphs; returns the names of the files, weights beside them included."""
    size, longest, pad_id = spec.image.size, tokenizer.spec.context_length, tokenizer.spec.pad_id
    report("export image", 0, 1)
    pixels = torch.zeros(2, size, size, 3, dtype=torch.uint8)
    tower: nn.Module = ImageTower(model, spec.mean, spec.std).eval()
    image = save_graph(
        tower_graph(tower, pixels, "pixels", spec.weights), folder / "image.onnx", largest=largest
    )
    gc.collect()  # the exporter leaves its copies of the weights in cycles
    report("export image", 1, 1)
    report("export text", 0, 1)
    tokens = tokenizer.reference(["word " * longest])[:, : min(_SAMPLE_LENGTH, longest - 1)]
    sample = tokens.expand(2, -1).contiguous()
    tower = text_tower(model, longest, pad_id).eval()
    text = save_graph(
        tower_graph(tower, sample, "tokens", spec.weights, longest), folder / "text.onnx", largest=largest
    )
    gc.collect()
    report("export text", 1, 1)
    return [*image, *text]
