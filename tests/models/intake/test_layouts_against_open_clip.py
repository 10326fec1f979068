"""What an export says of itself is enough to give open_clip's own vectors: every kind in every layout."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from app.model_intake.layouts.detection import describe, wanted_files
from app.model_intake.layouts.published_model import PublishedModel
from app.model_intake.layouts.tokenizer import reference_tokens
from app.runtime.preprocess import fit
from app.runtime.sessions.onnx_runtime import ort
from tests.models.intake.comparing import (
    FRAMES,
    LOWEST_COSINE,
    assert_same_ten_nearest,
    lowest_cosine,
    texts_for,
)
from tests.models.intake.publishing import FORMS, KINDS, Form, Publisher


@pytest.fixture(scope="module", params=sorted(KINDS))
def publisher(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Publisher:
    return Publisher(request.param, tmp_path_factory.mktemp("publisher"))


@pytest.fixture(scope="module", params=FORMS)
def published(
    request: pytest.FixtureRequest, publisher: Publisher, tmp_path_factory: pytest.TempPathFactory
) -> PublishedModel:
    form: Form = request.param
    folder = publisher.publish(form, tmp_path_factory.mktemp("export"))
    model = describe(folder, name="someone/model", source="a test")
    assert model.layout == form.partition(",")[0]
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
    assert_same_ten_nearest(ours, theirs)


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
    (wanted,) = graph.get_inputs()
    rows = []
    for frame in FRAMES:
        pixels = fit(frame, model.image.spec)
        if wanted.type == "tensor(float)":
            pixels = ((pixels / 255 - mean) / std).transpose(2, 0, 1).astype(np.float32)
        rows.append(graph.run(None, {wanted.name: pixels[None]})[0])
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


def session(path: Path) -> Any:
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    return ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
