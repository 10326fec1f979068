"""The whole way: open_clip models with random weights, exported into the layouts, served by a hub on this
computer, added by the command where torch cannot be imported. The program gives open_clip's own vectors."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.bundle.encoder_bundle import load_bundle
from app.model_store.store import ModelStore
from tests.model_intake.hub_server import COMMIT, LocalHub, asked_hub
from tests.models.intake.comparing import (
    FRAMES,
    LOWEST_COSINE,
    assert_same_ten_nearest,
    lowest_cosine,
    texts_for,
)
from tests.models.intake.publishing import Form, Publisher
from tests.models.intake.test_bundles_against_open_clip import image_vectors, text_vectors

WAYS: dict[str, Form] = {
    "ViT with crop": "transformers.js",
    "ViT with squash": "immich",
    "SigLIP": "immich, newer",
    "xlm-roberta": "qdrant",
    "NLLB": "immich",
}
TORCH = ("torch", "torchvision", "open_clip", "transformers", "onnxscript")


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[LocalHub]:
    with asked_hub(tmp_path / "home") as served:
        yield served


@pytest.mark.parametrize(("kind", "form"), WAYS.items())
def test_a_model_added_by_the_command_gives_open_clips_vectors(
    kind: str, form: Form, hub: LocalHub, tmp_path: Path
) -> None:
    publisher = Publisher(kind, tmp_path / "publisher")
    export = publisher.publish(form, tmp_path / "export")
    if form == "qdrant":
        hub.publish("someone/model-vision", export / "vision")
        hub.publish("someone/model-text", export / "text")
    else:
        hub.publish("someone/model", export)
    name = "someone/model-vision" if form == "qdrant" else "someone/model"
    added = add_without_torch(name, tmp_path / "blocked")
    bundle = load_bundle(ModelStore().folder / added)
    manifest = json.loads((bundle.folder / "manifest.json").read_text("utf-8"))
    assert manifest["published"]["commit"].startswith(COMMIT)
    assert not bundle.trained
    texts = texts_for(form)
    frames, words = image_vectors(bundle), text_vectors(bundle, texts)
    their_frames, their_words = publisher.image_vectors(FRAMES), publisher.text_vectors(texts)
    assert lowest_cosine(frames, their_frames) >= LOWEST_COSINE
    assert lowest_cosine(words, their_words) >= LOWEST_COSINE
    assert_same_ten_nearest((words, frames), (their_words, their_frames))


def add_without_torch(repository: str, blocked: Path) -> str:
    """`reelfind models add` in a process in which packages of these names fail on being imported; the name
    of the model."""
    blocked.mkdir()
    for name in TORCH:
        (blocked / f"{name}.py").write_text("raise ImportError('not installed')\n")
    program = (
        f"import sys; sys.path.insert(0, {str(blocked)!r}); sys.argv = ['reelfind', *sys.argv[1:]]\n"
        "from app.cli import main; main()"
    )
    options = ("--variants", "none", "--untrained", "--json")
    done = subprocess.run(
        [sys.executable, "-c", program, "models", "add", repository, *options],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return str(json.loads(done.stdout.splitlines()[-1])["name"])
