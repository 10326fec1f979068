"""A published model becomes a bundle: wrapped, held against what it was, with variants and a manifest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.bundle.encoder_bundle import TextSpec, load_bundle
from app.model_intake.gate.by_the_book import prepared
from app.model_intake.gate.source_checks import check_against_source
from app.model_intake.graphs.published_graph import ImageInterface, TextInterface
from app.model_intake.graphs.saving import LARGEST_FILE
from app.model_intake.graphs.wrapping import Wrapped, wrap_image, wrap_text
from app.model_intake.layouts.published_model import PublishedModel
from app.model_intake.layouts.tokenizer import program_tokenizer, reference_tokens, unused_id
from app.model_intake.making.bundle_spec import BundleSpec
from app.model_intake.making.bundle_writer import (
    TOKENIZER_FILE,
    OtherVariant,
    Report,
    clear_bundle,
    finish_bundle,
)
from app.model_intake.making.originals import OriginalImages, OriginalTexts
from app.model_intake.making.parity import Embedded, Parity, Sample
from app.model_intake.making.sample_pictures import sample_pictures

VERSION = "1"
_PICTURES = 24
_TRIED = 3
"""Pictures that a wrapped graph is tried with before the whole sample."""
_FIRST_TEXTS = ("a dog", "", "two people talk at a table while it snows outside")
"""Texts that it is tried with before: of several lengths."""

Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Made:
    """What came of it."""

    parity: Parity
    image: Wrapped
    text: Wrapped


def make_bundle(
    model: PublishedModel,
    folder: Path,
    *,
    variants: Sequence[OtherVariant] = ("int8", "fp16"),
    trained: bool = True,
    published: Mapping[str, str] | None = None,
    largest: int = LARGEST_FILE,
    report: Report = lambda _stage, _done, _total: None,
) -> Made:
    """Write the bundle of a published model.

    Args:
        model: as `layouts.detection.describe` gives it.
        folder: made when absent.
        variants: which to make beside float32; kept where they are nearly as good.
        trained: false for random weights, to try things out.
        published: `repository` and `commit` for the manifest, where it was fetched.
        largest: bytes of weights beyond which a graph keeps them in a file of its own.
        report: told of the stages "export image", "export text", "check", "int8" and "fp16".

    Raises:
        ModelError: a graph is refused, or its bundle does not give what it gives.
    """
    folder.mkdir(parents=True, exist_ok=True)
    clear_bundle(folder)
    sample = Sample(sample_pictures(model.image.spec.size, _PICTURES))
    report("export image", 0, 1)
    pictures = _Pictures(model, sample)
    image = wrap_image(model.image, folder / "image.onnx", pictures.first, largest=largest)
    report("export image", 1, 1)
    report("export text", 0, 1)
    texts = _Texts(model, sample)
    text = wrap_text(model.text, texts.spec.pad_id, folder / "text.onnx", texts.first, largest=largest)
    texts.tokenizer.save(str(folder / TOKENIZER_FILE), pretty=False)
    report("export text", 1, 1)
    expected = Embedded(pictures.all(), texts.all())
    spec = BundleSpec(
        name=model.name,
        version=VERSION,
        licence=model.licence,
        source=model.source,
        image=model.image.spec,
        mean=model.image.mean,
        std=model.image.std,
        description=f"{model.title}, an export in the layout of {model.layout}",
        title=model.title,
        trained=trained,
        published=_published(model, published or {}),
    )
    graphs = [*image.files, *text.files]
    parity = finish_bundle(
        spec, texts.spec, folder, graphs, sample, expected, variants=variants, largest=largest, report=report
    )
    check_against_source(load_bundle(folder), model, pictures.run, texts.run)
    return Made(parity, image, text)


def _published(model: PublishedModel, fetched: Mapping[str, str]) -> dict[str, object]:
    """What the manifest says of where the graphs come from."""
    files = {"files": dict(model.files)} if model.files else {}
    return {"layout": model.layout, **fetched, **files}


class _Pictures:
    """What the published image graph gives for the sample, prepared by the book."""

    def __init__(self, model: PublishedModel, sample: Sample) -> None:
        self._tower = model.image
        self._squares = np.stack([prepared(picture, self._tower.spec) for picture in sample.pictures])
        self._original: OriginalImages | None = None
        self._bytes = False

    def first(self, interface: ImageInterface) -> tuple[NDArray[np.uint8], Vectors]:
        """Some squares as the bundle takes them, and their vectors."""
        self._original = OriginalImages(self._tower.graph, interface)
        self._bytes = interface.takes_bytes
        rows = self._squares[:_TRIED]
        return rows, self.run(rows)

    def all(self) -> Vectors:
        """Vectors of the whole sample."""
        return self.run(self._squares)

    def run(self, squares: NDArray[np.uint8]) -> Vectors:
        """Vectors of uint8 (N, S, S, 3) squares."""
        assert self._original is not None  # noqa: S101 - `first` comes first
        if self._bytes:
            return self._original.run(squares)
        mean, std = np.array(self._tower.mean), np.array(self._tower.std)
        planes = ((squares.astype(np.float64) / 255 - mean) / std).transpose(0, 3, 1, 2)
        return self._original.run(np.ascontiguousarray(planes, np.float32))


class _Texts:
    """What the published text graph gives for the sample, tokens as the publisher's code makes them."""

    def __init__(self, model: PublishedModel, sample: Sample) -> None:
        self._tower, self._texts = model.text, sample.texts
        self.tokenizer = program_tokenizer(model.text)
        self.spec = TextSpec(
            context_length=model.text.context_length,
            pad_id=unused_id(model.text),
            lowercase=model.text.lowercase,
            language_tokens=dict(model.text.language_tokens),
        )
        self._original: OriginalTexts | None = None

    def first(self, interface: TextInterface) -> tuple[NDArray[np.int64], Vectors]:
        """Some rows as the program gives them, and the vectors of their texts."""
        ends = self.tokenizer.encode("").ids
        pad_id = self._tower.pad_id
        self._original = OriginalTexts(
            self._tower.graph, interface, pad_id, ends_with_pad=bool(ends) and ends[-1] == pad_id
        )
        tokens = reference_tokens(self._tower, _FIRST_TEXTS)
        lengths = np.array([self._original.length(row) for row in tokens])
        empty = np.arange(tokens.shape[1]) >= lengths[:, None]
        # As the program gives them: filled up to the longest only, with what no token is.
        rows = np.where(empty, self.spec.pad_id, tokens)[:, : lengths.max()]
        return rows, self._original.run(tokens)

    def all(self) -> Vectors:
        """Vectors of the whole sample."""
        return self.run(reference_tokens(self._tower, self._texts))

    def run(self, tokens: NDArray[np.int64]) -> Vectors:
        """Vectors of int64 (N, context length) tokens."""
        assert self._original is not None  # noqa: S101 - `first` comes first
        return self._original.run(tokens)
