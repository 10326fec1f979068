"""open_clip models with random weights, exported into every layout and made into bundles without torch: the
program gives open_clip's own vectors."""

from pathlib import Path

import numpy as np
import onnx
import pytest
from numpy.typing import NDArray

from app.bundle.encoder_bundle import EncoderBundle, load_bundle
from app.model_intake.layouts.detection import describe
from app.model_intake.layouts.sample_texts import TEXTS
from app.model_intake.making.make_bundle import make_bundle
from app.runtime.encoders import FrameEncoder, TextEncoder
from tests.model_intake.layout_maker import Weights, save
from tests.models.intake.comparing import (
    FRAMES,
    LOWEST_COSINE,
    assert_same_ten_nearest,
    lowest_cosine,
    texts_for,
)
from tests.models.intake.publishing import FORMS, KINDS, SPACE, Form, Publisher


@pytest.fixture(scope="module", params=sorted(KINDS))
def publisher(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Publisher:
    return Publisher(request.param, tmp_path_factory.mktemp("publisher"))


@pytest.fixture(scope="module", params=FORMS)
def made(
    request: pytest.FixtureRequest, publisher: Publisher, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Form, EncoderBundle]:
    """The bundle of an export, and how it was published."""
    export = publisher.publish(request.param, tmp_path_factory.mktemp("export"))
    folder = tmp_path_factory.mktemp("bundle")
    model = describe(export, name="someone/model", source="a test", licence="Apache-2.0")
    done = make_bundle(model, folder, variants=(), trained=False)
    # Traced with one row, a tower of pictures takes many at once all the same: that is a third of the time.
    assert done.image.form == ("shapes rewritten" if request.param == "immich" else "as published")
    return request.param, load_bundle(folder)


def test_the_program_gives_open_clips_vectors(publisher: Publisher, made: tuple[Form, EncoderBundle]) -> None:
    form, bundle = made
    texts = texts_for(form)
    frames, words = image_vectors(bundle), text_vectors(bundle, texts)
    their_frames, their_words = publisher.image_vectors(FRAMES), publisher.text_vectors(texts)
    assert lowest_cosine(frames, their_frames) >= LOWEST_COSINE
    assert lowest_cosine(words, their_words) >= LOWEST_COSINE
    assert_same_ten_nearest((words, frames), (their_words, their_frames))


def test_the_manifest_says_what_was_made_of_what(made: tuple[Form, EncoderBundle]) -> None:
    form, bundle = made
    assert bundle.embedding_width == SPACE
    assert not bundle.trained
    assert bundle.normalised is form.startswith("immich")
    assert bundle.licence == "Apache-2.0"


def test_one_text_gives_what_it_gives_among_others(made: tuple[Form, EncoderBundle]) -> None:
    _, bundle = made
    texts = ("a dog", "", "eine Katze schläft auf dem Sofa", "one after another, " * 40)
    alone = np.concatenate([text_vectors(bundle, (text,)) for text in texts])
    np.testing.assert_allclose(alone, text_vectors(bundle, texts), rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("weights", ["one file", "many files"])
def test_weights_beside_the_graphs_are_merged(publisher: Publisher, weights: Weights, tmp_path: Path) -> None:
    export = publisher.publish("immich", tmp_path / "export")
    for tower in ("visual", "textual"):
        graph = export / tower / "model.onnx"
        save(onnx.load(str(graph)), graph, weights)
        assert len(list(graph.parent.iterdir())) > 2
    make_bundle(describe(export, name="x", source="a test"), tmp_path / "bundle", variants=(), trained=False)
    bundle = load_bundle(tmp_path / "bundle")
    assert {path.name for path in bundle.folder.iterdir()} == {"manifest.json", *bundle.hashes}
    assert set(bundle.hashes) == {"image.onnx", "text.onnx", "tokenizer.json"}
    assert lowest_cosine(text_vectors(bundle, TEXTS), publisher.text_vectors(TEXTS)) >= LOWEST_COSINE


def image_vectors(bundle: EncoderBundle) -> NDArray[np.float32]:
    encoder = FrameEncoder(bundle, threads=1)
    try:
        return np.concatenate([encoder.encode(frame[None]) for frame in FRAMES])
    finally:
        encoder.release()


def text_vectors(bundle: EncoderBundle, texts: tuple[str, ...]) -> NDArray[np.float32]:
    encoder = TextEncoder(bundle, threads=1)
    try:
        return encoder.encode(texts)
    finally:
        encoder.release()
