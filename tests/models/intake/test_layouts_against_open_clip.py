"""What an export says of itself is enough to give open_clip's own vectors: every kind in every layout."""

from pathlib import Path
from typing import get_args

import numpy as np
import pytest
from numpy.typing import NDArray

from app.model_intake.layouts.detection import describe, wanted_files
from app.model_intake.layouts.published_model import LayoutName, PublishedModel
from app.model_intake.layouts.sample_texts import TEXTS
from app.model_intake.layouts.text_cleaning import clean
from app.model_intake.layouts.tokenizer import reference_tokens
from app.runtime.onnx_runtime import ort
from app.runtime.preprocess import fit
from tests.models.intake.publishing import KINDS, Publisher
from tests.runtime.pictures import pictures

LOWEST_COSINE = 0.9999
TIE = 2e-4
"""Cosines this near are as good as equal: Pillow and we differ by up to one level of 255 where we resize."""
Vectors = tuple[NDArray[np.float32], NDArray[np.float32]]
SHAPES = ((48, 400), (400, 48), (70, 300), (333, 111), (90, 160), (120, 97), (48, 48), (500, 499))
"""Height and width of frames, most of them far from square."""
FRAMES = [frame for height, width in SHAPES for frame in pictures(5, height, width)]
AS_TYPED = tuple(text for text in TEXTS if clean(text, "whitespace") == text)
"""What open_clip repairs first in the others (curly quotes, entities) `transformers` leaves as typed."""


def texts_for(layout: LayoutName) -> tuple[str, ...]:
    return TEXTS if layout == "immich" else AS_TYPED


def unit(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


def lowest_cosine(left: NDArray[np.float32], right: NDArray[np.float32]) -> float:
    return float((unit(left) * unit(right)).sum(axis=1).min())


def other_ten_nearest(ours: Vectors, theirs: Vectors) -> list[int]:
    """Numbers of the texts whose ten nearest frames are not open_clip's.

    Args:
        ours: vectors of texts and of frames.
        theirs: open_clip's.
    """
    mine, right = (unit(texts) @ unit(frames).T for texts, frames in (ours, theirs))
    wrong = []
    for number, (found, true) in enumerate(zip(mine, right, strict=True)):
        ten = np.argsort(-found, kind="stable")[:10]
        if true[ten].min() < np.sort(true)[-10] - TIE:
            wrong.append(number)
    return wrong


@pytest.fixture(scope="module", params=sorted(KINDS))
def publisher(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Publisher:
    return Publisher(request.param, tmp_path_factory.mktemp("publisher"))


@pytest.fixture(scope="module", params=get_args(LayoutName))
def published(
    request: pytest.FixtureRequest, publisher: Publisher, tmp_path_factory: pytest.TempPathFactory
) -> PublishedModel:
    folder = publisher.publish(request.param, tmp_path_factory.mktemp("export"))
    model = describe(folder, name="someone/model", source="a test")
    assert model.layout == request.param
    return model


def test_pictures_far_from_square_get_open_clips_vectors(
    publisher: Publisher, published: PublishedModel
) -> None:
    assert lowest_cosine(image_vectors(published), publisher.image_vectors(FRAMES)) >= LOWEST_COSINE


def test_texts_in_many_languages_get_open_clips_vectors(
    publisher: Publisher, published: PublishedModel
) -> None:
    texts = texts_for(published.layout)
    assert len(texts) >= 35
    ours, theirs = text_vectors(published, texts), publisher.text_vectors(texts)
    assert lowest_cosine(ours, theirs) >= LOWEST_COSINE


def test_texts_find_the_same_ten_frames(publisher: Publisher, published: PublishedModel) -> None:
    texts = texts_for(published.layout)
    ours = text_vectors(published, texts), image_vectors(published)
    theirs = publisher.text_vectors(texts), publisher.image_vectors(FRAMES)
    assert not other_ten_nearest(ours, theirs)


def test_every_file_that_is_needed_is_wanted(published: PublishedModel) -> None:
    root = published.image.graph.parents[1]
    paths = [path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()]
    wanted = wanted_files(paths)
    assert wanted is not None
    needed = {published.image.graph, published.text.graph, published.text.tokenizer}
    assert {path.relative_to(root).as_posix() for path in needed} <= set(wanted.files)


def image_vectors(model: PublishedModel) -> NDArray[np.float32]:
    """Vectors of `FRAMES` by the published graph and what the export says of pictures."""
    mean, std = np.array(model.image.mean), np.array(model.image.std)
    graph = session(model.image.graph)
    name = graph.get_inputs()[0].name
    rows = []
    for frame in FRAMES:
        pixels = (fit(frame, model.image.spec) / 255 - mean) / std
        rows.append(graph.run(None, {name: pixels.transpose(2, 0, 1)[None].astype(np.float32)})[0])
    return np.concatenate(rows)


def text_vectors(model: PublishedModel, texts: tuple[str, ...]) -> NDArray[np.float32]:
    """Vectors of texts by the published graph and what the export says of words."""
    graph = session(model.text.graph)
    rows = []
    for row in reference_tokens(model.text, texts):
        given = {"mask": row != model.text.pad_id, "tokens": row}
        feed = {
            value.name: given["mask" if "mask" in value.name else "tokens"][None].astype(
                np.int32 if value.type == "tensor(int32)" else np.int64
            )
            for value in graph.get_inputs()
        }
        rows.append(graph.run(None, feed)[0])
    return np.concatenate(rows)


def session(path: Path) -> ort.InferenceSession:
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    return ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
