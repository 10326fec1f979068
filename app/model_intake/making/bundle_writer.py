"""A bundle around its two float32 graphs: what they are held against, variants, tokenizer, manifest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from app.bundle.encoder_bundle import DATA_SUFFIX, FORMAT, REQUIRED_FILES, EncoderBundle, TextSpec
from app.bundle.score_calibration import Calibration
from app.bundle.variants import INT8_COSINE, Tower
from app.errors import ModelError
from app.model_intake.graphs.fewer_bits import halve, quantise
from app.model_intake.graphs.saving import LARGEST_FILE
from app.model_intake.making.bundle_spec import BundleSpec
from app.model_intake.making.parity import (
    LOWEST_COSINE,
    Embedded,
    Parity,
    Sample,
    embed,
    lowest_cosine,
    measure_parity,
    ranking_agreement,
)

MANIFEST_FILE = "manifest.json"
TOKENIZER_FILE = "tokenizer.json"
_UNIT = 1e-3
"""How far from 1 a length may be that counts as 1."""

OtherVariant = Literal["int8", "fp16"]
Report = Callable[[str, int, int | None], None]
"""Called with a stage, what is done of it, and the whole where it is known."""


def finish_bundle(
    spec: BundleSpec,
    text: TextSpec,
    folder: Path,
    graphs: Sequence[str],
    sample: Sample,
    expected: Embedded,
    *,
    extra_files: Sequence[str] = (),
    variants: Sequence[OtherVariant] = (),
    largest: int = LARGEST_FILE,
    report: Report = lambda _stage, _done, _total: None,
) -> Parity:
    """Hold the graphs in `folder` against their model, make their variants, and write the manifest, last.

    Args:
        spec: what the manifest says.
        text: how words become tokens.
        folder: holds the float32 graphs and the tokenizer.
        graphs: names of the graphs' files, weights beside them included.
        sample: what the model was tried with.
        expected: what it gave.
        extra_files: names of files that are in `folder` already and belong to the bundle.
        variants: which to add. A tower that int8 spoils (a cosine below `INT8_COSINE`) has no int8 file; fp16
            is for the image tower only, since a query always runs on the processor.
        largest: bytes of weights beyond which a graph keeps them in a file of their own.
        report: told of the stages "check", "int8" and "fp16".

    Raises:
        ModelError: the towers' widths differ, or the bundle does not reproduce the model (a cosine below
            `LOWEST_COSINE`).
    """
    report("check", 0, 1)
    width = expected.image.shape[1]
    if expected.text.shape[1] != width:
        raise ModelError(
            f"The towers of “{spec.name}” give {width} and {expected.text.shape[1]} numbers.",
            "Choose a model whose towers share one space.",
        )
    bundle = unmeasured(spec, text, folder, graphs, width)
    parity, given = measure_parity(bundle, sample, expected)
    if not parity.lowest >= LOWEST_COSINE:  # nor when it is not a number
        raise ModelError(
            f"The export of “{spec.name}” does not give what the model gives "
            f"(cosine {parity.image:.5f} for pictures, {parity.text:.5f} for texts).",
            "Report it with the model's name; nothing was installed.",
        )
    report("check", 1, 1)
    measured: dict[str, Mapping[str, float]] = {"float32": asdict(parity)}
    written: dict[str, dict[str, str]] = {}
    if "int8" in variants:
        report("int8", 0, 2)
        written["int8"], measured["int8"] = _add_int8(bundle, sample, given, largest, report)
    if "fp16" in variants:
        report("fp16", 0, 1)
        halve(folder / "image.onnx", folder / "image.fp16.onnx", largest=largest)
        written["fp16"] = {"image": "image.fp16.onnx"}
        report("fp16", 1, 1)
    sections: dict[str, Any] = {"parity": measured}
    if written:
        sections["variants"] = written
    if all(_is_unit(rows) for rows in (given.image, given.text)):
        sections["normalised"] = True
    write_manifest(
        spec, text, folder, [*bundle.hashes, *_files_of(folder, written), *extra_files], width, sections
    )
    return parity


def write_manifest(
    spec: BundleSpec,
    text: TextSpec,
    folder: Path,
    files: Sequence[str],
    width: int,
    sections: Mapping[str, Any],
) -> None:
    """Write the manifest over `files` of `folder`; again whenever one was added. `sections` are entries of
    its own: `parity`, `variants`, `measured`.

    Raises:
        FileNotFoundError: one of them is not there.
    """
    manifest: dict[str, Any] = {
        "format": FORMAT,
        "name": spec.name,
        "version": spec.version,
        "licence": spec.licence,
        "source": spec.source,
        "description": spec.description,
        "embedding_width": width,
        "image": asdict(spec.image),
        "text": asdict(text),
        "files": {
            name: {"sha256": _sha256(folder / name), "bytes": (folder / name).stat().st_size}
            for name in files
        },
        **sections,
    }
    if not text.language_tokens:
        del manifest["text"]["language_tokens"]
    if not spec.trained:
        manifest["trained"] = False
    if spec.published:
        manifest["published"] = dict(spec.published)
    if spec.title:
        manifest["title"] = spec.title
    if spec.weights_file is not None:
        manifest["weights"] = asdict(spec.weights_file)
    (folder / MANIFEST_FILE).write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n", "utf-8")


def clear_bundle(folder: Path) -> None:
    """Take away what an older export left; files of others stay."""
    graphs = [f"{tower}{variant}.onnx" for tower in get_args(Tower) for variant in ("", ".int8", ".fp16")]
    for name in (MANIFEST_FILE, *graphs, *(graph + DATA_SUFFIX for graph in graphs)):
        (folder / name).unlink(missing_ok=True)
    if (folder / TOKENIZER_FILE).is_symlink():  # or the file behind it were written to
        (folder / TOKENIZER_FILE).unlink()


def _add_int8(
    bundle: EncoderBundle, sample: Sample, given: Embedded, largest: int, report: Report
) -> tuple[dict[str, str], dict[str, float]]:
    """Quantise both towers; returns the files of those that stay good, and what was measured.

    The ranking agreement is that of the program on a processor: int8 where a tower has it.
    """
    towers: dict[str, str] = {}
    measured: dict[str, float] = {}
    best = given
    for done, tower in enumerate(get_args(Tower), start=1):
        found = _quantised(bundle, tower, sample, getattr(given, tower), largest)
        if found is not None:
            towers[tower], rows = f"{tower}.int8.onnx", found
            measured[tower] = lowest_cosine(rows, getattr(given, tower))
            best = replace(best, **{tower: rows})
        report("int8", done, 2)
    measured["top1"], measured["top10"] = ranking_agreement(best, given)
    return towers, measured


def _quantised(bundle: EncoderBundle, tower: Tower, sample: Sample, given: Any, largest: int) -> Any | None:
    """Embeddings of the int8 tower that was written, or None where it is too far away and none was.

    One scale per tensor first, as measured to be the quickest; one per channel where that is too coarse.
    """
    target = bundle.folder / f"{tower}.int8.onnx"
    for per_channel in (False, True):
        names = quantise(bundle.folder / f"{tower}.onnx", target, per_channel=per_channel, largest=largest)
        hashes = {**bundle.hashes, **{name: _sha256(bundle.folder / name) for name in names}}
        trial = replace(bundle, hashes=hashes, variants={"int8": {tower: target.name}})
        rows = embed(trial, sample, "int8", tower)
        if lowest_cosine(rows, given) >= INT8_COSINE:
            return rows
    for name in names:
        (bundle.folder / name).unlink()
    return None


def _files_of(folder: Path, variants: Mapping[str, Mapping[str, str]]) -> list[str]:
    graphs = [name for towers in variants.values() for name in towers.values()]
    return [name for graph in graphs for name in (graph, graph + DATA_SUFFIX) if (folder / name).is_file()]


def unmeasured(
    spec: BundleSpec, text: TextSpec, folder: Path, names: Sequence[str], width: int
) -> EncoderBundle:
    """The bundle before it has a manifest, for the program's encoders."""
    return EncoderBundle(
        folder=folder,
        name=spec.name,
        version=spec.version,
        licence=spec.licence,
        embedding_width=width,
        image=spec.image,
        text=text,
        calibration=Calibration(),
        hashes={name: _sha256(folder / name) for name in dict.fromkeys((*REQUIRED_FILES, *names))},
    )


def _is_unit(rows: NDArray[np.float32]) -> bool:
    return bool(np.abs(np.linalg.norm(rows.astype(np.float64), axis=1) - 1).max() < _UNIT)


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
