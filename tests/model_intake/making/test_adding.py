"""From what a person names to a model that answers: fetched, wrapped, checked, by a process without torch."""

import json
import shutil
import subprocess
import sys
import threading
import zipfile
from pathlib import Path

import numpy as np
import pytest

from app.bundle.encoder_bundle import load_bundle
from app.errors import Cancelled, ModelError, UsageError
from app.model_intake.layouts.detection import paths_below
from app.model_store import adding
from app.model_store.adding import add_published, import_model, is_published
from app.model_store.making_process import AddProgress
from app.model_store.store import ModelStore
from app.paths import cache_folder
from app.runtime.encoders import TextEncoder
from tests.forked_program import run_program
from tests.model_intake.hub_server import COMMIT, LocalHub
from tests.model_intake.layout_maker import POCKET, little_as, little_as_bundle, pocket_as

NAME = "owner/Pocket-B-1__test"


@pytest.fixture(scope="module")
def exports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("exports")
    little_as("immich", folder / "immich")
    little_as("transformers.js", folder / "transformers.js", weights="one file")
    little_as("qdrant", folder / "qdrant")
    little_as_bundle(folder / "little")
    return folder


@pytest.fixture
def store(hub: LocalHub, tmp_path: Path) -> ModelStore:
    return ModelStore(tmp_path / "home" / "models")


def answers_like(folder: Path, reference: Path) -> bool:
    texts = ["a dog runs on the beach", "two people dance at night", "snow"]
    ours, theirs = (
        TextEncoder(load_bundle(one), variant="float32").encode(texts) for one in (folder, reference)
    )
    lengths = np.linalg.norm(ours, axis=1) * np.linalg.norm(theirs, axis=1)
    return bool(((ours * theirs).sum(1) / lengths).min() > 0.9999)


@pytest.mark.parametrize("which", ["little", pytest.param("pocket", marks=pytest.mark.nightly)])
def test_a_repository_becomes_a_model(
    which: str, hub: LocalHub, store: ModelStore, exports: Path, tmp_path: Path
) -> None:
    little = which == "little"
    export = exports / "immich" if little else pocket_as("immich", tmp_path / "pocket")
    hub.publish(NAME, export)
    hub.small[f"{NAME}/README.md"] = b"not wanted"
    hub.large[f"{NAME}/visual/model.armnn"] = b"not wanted either" * 9000
    told: list[AddProgress] = []
    model = add_published(NAME, store, report=told.append)
    assert model.name == "pocket-b-1-test"
    assert answers_like(model.folder, exports / "little" if little else POCKET)
    manifest = json.loads((model.folder / "manifest.json").read_text())
    published = manifest["published"]
    assert (published["repository"], published["commit"], published["layout"]) == (NAME, COMMIT, "immich")
    assert set(published["files"]) == {path.removeprefix(f"{NAME}/") for path in asked_for(hub)}
    assert not any("README" in line or "armnn" in line for line in hub.requests)
    assert next(progress.stage for progress in told) == "download"
    assert {"export image", "export text", "int8", "fp16", "check"} <= {progress.stage for progress in told}
    downloads = [progress for progress in told if progress.stage == "download"]
    assert downloads[-1].done == downloads[-1].total
    left = [path for path in (cache_folder() / "hub").rglob("*") if path.is_file()]
    assert left == [], "what was downloaded is in the model now"


def asked_for(hub: LocalHub) -> set[str]:
    lines = (line.split()[-1] for line in hub.requests if line.startswith("GET hub") and "/api/" not in line)
    return {line.replace(f"/resolve/{COMMIT}", "").strip("/") for line in lines}


@pytest.mark.parametrize("name", ["owner/clip", "owner/clip-vision", "owner/clip-text"])
def test_a_pair_of_repositories_is_one_model(
    name: str, hub: LocalHub, store: ModelStore, exports: Path
) -> None:
    hub.publish("owner/clip-vision", exports / "qdrant" / "vision")
    hub.publish("owner/clip-text", exports / "qdrant" / "text")
    model = add_published(name, store, variants=())
    assert model.name == "clip"
    assert answers_like(model.folder, exports / "little")


def test_a_folder_or_an_archive_needs_no_network(
    store: ModelStore, exports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    shutil.copytree(exports / "transformers.js", tmp_path / "deep" / "some model")
    (tmp_path / "deep" / "notes.txt").write_text("mine")
    model = import_model(tmp_path / "deep", store)
    assert answers_like(model.folder, exports / "little")
    archive = tmp_path / "zipped.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        for path in (exports / "immich").rglob("*"):
            packed.write(path, Path("inside") / path.relative_to(exports / "immich"))
    zipped = add_published(str(archive), store, variants=())
    assert (model.name, zipped.name) == ("deep", "zipped")
    assert answers_like(zipped.folder, exports / "little")


def test_a_model_as_reelfind_exports_them_is_still_imported(store: ModelStore, exports: Path) -> None:
    model = import_model(exports / "little", store)
    assert (model.name, model.identity) == ("little", load_bundle(exports / "little").identity)


def test_an_archive_with_anything_odd_in_it_is_refused(
    store: ModelStore, exports: Path, tmp_path: Path
) -> None:
    archive = tmp_path / "odd.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        packed.write(exports / "immich" / "config.json", "../config.json")
        packed.write(exports / "immich" / "visual" / "model.onnx", "visual/model.onnx")
    with pytest.raises(ModelError, match="refused"):
        import_model(archive, store)
    assert not (tmp_path.parent / "config.json").exists()


def test_a_download_that_was_stopped_is_gone_on_with(
    hub: LocalHub, store: ModelStore, tmp_path: Path
) -> None:
    export = little_as("immich", tmp_path / "export", weights="one file")
    with (export / "visual" / "model.onnx_data").open("ab") as weights:
        weights.write(bytes(8_000_000))  # which no tensor lies in
    hub.publish(NAME, export)
    hub.hold_after = 6_000_000
    stop = threading.Event()

    def stop_in_the_middle(progress: AddProgress) -> None:
        if progress.stage == "download" and progress.done > 4_500_000:
            stop.set()

    with pytest.raises(Cancelled):
        add_published(NAME, store, variants=(), report=stop_in_the_middle, stopping=stop.is_set)
    hub.go_on.set()
    assert [model for model in store.installed() if not model.bundled] == []
    kept = sum(path.stat().st_size for path in (cache_folder() / "hub").rglob("*") if path.is_file())
    assert kept > 4_000_000
    first: list[AddProgress] = []
    add_published(NAME, store, variants=(), report=first.append)
    steps = [progress.done for progress in first if progress.stage == "download"]
    begun = next(done for done in steps if done > 1_000_000)
    assert begun > 4_000_000, "it goes on where it was stopped"


@pytest.mark.parametrize("fault", ["missing weights", "swapped towers", "wrong interpolation"])
def test_a_faulty_export_is_refused_and_leaves_nothing(
    fault: str, hub: LocalHub, store: ModelStore, tmp_path: Path
) -> None:
    weights = {"weights": "one file"} if fault == "missing weights" else {}
    hub.publish(NAME, little_as("immich", tmp_path / "faulty", fault=fault, **weights))
    with pytest.raises(ModelError):
        add_published(NAME, store, variants=())
    assert [model for model in store.installed() if not model.bundled] == []
    assert not list((store.folder / ".staging").glob("tmp*/*"))


def test_offline_is_a_sentence(store: ModelStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    with pytest.raises(ModelError, match="127") as caught:
        add_published(NAME, store)
    assert caught.value.advice


def test_what_is_neither_is_said(store: ModelStore, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="There is no"):
        add_published(str(tmp_path / "nowhere"), store)
    (tmp_path / "text.txt").write_text("no archive")
    with pytest.raises(UsageError, match="neither"):
        import_model(tmp_path / "text.txt", store)
    (tmp_path / "empty").mkdir()
    with pytest.raises(ModelError, match="no ONNX export"):
        import_model(tmp_path / "empty", store)
    assert is_published("owner/name")
    assert not is_published("ViT-B-32:openai")


def test_the_command_works_where_torch_cannot_be_imported(
    hub: LocalHub, exports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also in the processes that it starts: packages of these names fail on being imported."""
    hub.publish(NAME, exports / "transformers.js")
    blocked = tmp_path / "blocked"
    blocked.mkdir()
    for name in ("torch", "torchvision", "open_clip", "transformers", "onnxscript"):
        (blocked / f"{name}.py").write_text("raise ImportError('not installed')\n")
    program = (
        f"import sys; sys.path.insert(0, {str(blocked)!r}); sys.argv = ['reelfind', *sys.argv[1:]]\n"
        "from app.cli import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, "models", "add", NAME, "--json"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    last = json.loads(done.stdout.splitlines()[-1])
    assert last["name"] == "pocket-b-1-test"
    assert '"stage": "fp16"' in done.stdout
    assert "pocket-b-1-test" in run_program(["models", "list", "--json"], check=True).stdout


def test_what_was_downloaded_is_kept_where_the_gate_says_nothing_of_the_model(
    hub: LocalHub, store: ModelStore, exports: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where there is too little memory now: the next try fetches nothing again."""
    hub.publish(NAME, exports / "immich")

    def not_now(_folder: Path) -> None:
        raise ModelError("The model could not be tested.", "Try again.")

    with monkeypatch.context() as patched:
        patched.setattr(adding, "run_in_sandbox", not_now)
        with pytest.raises(ModelError, match="could not be tested"):
            add_published(NAME, store, variants=())
    before = sum(line.startswith("GET storage") for line in hub.requests)
    add_published(NAME, store, variants=())
    assert sum(line.startswith("GET storage") for line in hub.requests) == before


def test_a_name_that_is_taken_is_said_before_anything_is_fetched(
    hub: LocalHub, store: ModelStore, exports: Path, tmp_path: Path
) -> None:
    hub.publish(NAME, exports / "immich")
    add_published(NAME, store, variants=())
    before = len(hub.requests)
    with pytest.raises(UsageError, match="models remove pocket-b-1-test"):
        add_published(NAME, store, variants=())
    assert len(hub.requests) == before


def test_a_process_that_does_not_get_on_is_ended(
    hub: LocalHub, store: ModelStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A graph may compute for ever while it is held against its source."""
    monkeypatch.setattr(adding, "_PATIENCE", 0.3)
    says = 'print(\'{"stage": "export image", "done": 0, "total": 1}\', flush=True)'
    command = [sys.executable, "-c", f"import time; {says}; time.sleep(600)"]
    with pytest.raises(ModelError, match="did not get on"):
        add_published(NAME, store, command=command)


def test_only_a_few_levels_of_a_folder_are_looked_at(tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*"abcdefghij")
    deep.mkdir(parents=True)
    (deep / "model.onnx").write_bytes(b"x")
    (tmp_path / "a" / "near.txt").write_text("x")
    assert list(paths_below(tmp_path)) == ["a/near.txt"]
