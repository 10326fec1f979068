"""`reelfind models`: what scripts and people rely on."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from app.catalogue.catalogue import Catalogue
from app.cli.models.conversion_progress import ProgressLine
from app.model_store.making_process import AddProgress
from tests.bundles import make_bundle
from tests.forked_program import run_program
from tests.model_store.hostile import VECTORS
from tests.model_store.test_store import junk
from tests.videos import make_video

RED, BLUE = (220, 20, 20), (30, 40, 220)

Reelfind = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def reelfind(tmp_path: Path) -> Reelfind:
    """Runs the installed command with a home and a library of its own."""
    environment = dict(os.environ) | {"REELFIND_HOME": str(tmp_path / "home")}

    def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
        return run_program(arguments, env=environment)

    return run


def test_models_are_imported_listed_used_and_removed(reelfind: Reelfind, tmp_path: Path) -> None:
    bundle = make_bundle(tmp_path / "bundle")
    done = reelfind("models", "import", bundle)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "Added Colours 1. Use it with: reelfind models use colours\n"
    assert (tmp_path / "home" / "models" / "colours" / "image.onnx").exists()

    listed = json.loads(reelfind("models", "list", "--json").stdout)
    pocket, colours = listed["installed"]
    assert (pocket["name"], pocket["in_use"], pocket["bundled"]) == ("pocket", True, True)
    assert (colours["name"], colours["in_use"], colours["coming"]) == ("colours", False, None)
    assert colours["embedding_width"] == 3
    names = {offer["name"] for offer in listed["recommended"]}
    assert "ViT-B-32-SigLIP2-256:webli" in names
    assert all(offer["frames_per_second"] > 0 for offer in listed["recommended"])

    used = reelfind("models", "use", "colours", "--json")
    assert json.loads(used.stdout) == {"name": "colours", "in_use": True, "coming": None}
    refused = reelfind("models", "remove", "colours")
    assert refused.returncode == 2
    assert "Colours 1 is in use in this library" in refused.stderr

    assert f"{pocket['title']} is in use" in reelfind("models", "use", "pocket").stdout
    assert reelfind("models", "remove", "colours").returncode == 0
    assert not (tmp_path / "home" / "models" / "colours").exists()


def test_a_model_that_is_coming_is_shown_and_its_embeddings_go_with_it(
    reelfind: Reelfind, tmp_path: Path
) -> None:
    videos = tmp_path / "videos"
    videos.mkdir()
    make_video(videos / "red.mp4", [(RED, 0.1)])  # one picture each: Pocket looks at it
    make_video(videos / "blue.mp4", [(BLUE, 0.1)])
    reelfind("models", "import", make_bundle(tmp_path / "bundle"))
    assert reelfind("index", videos).returncode == 0

    pending_model = reelfind("models", "use", "colours")
    assert "being prepared: 0 of 2 videos" in pending_model.stdout
    assert "colours  (preparing: 0 of 2)" in reelfind("models", "list").stdout
    refused = reelfind("models", "remove", "colours")
    assert (refused.returncode, "is being prepared" in refused.stderr) == (2, True)

    now = json.loads(reelfind("models", "use", "colours", "--now", "--json").stdout)
    assert now["in_use"] is True
    assert reelfind("index").returncode == 0
    identity = json.loads(reelfind("models", "list", "--json").stdout)["installed"][1]["identity"]
    library = tmp_path / "home" / "library"
    with Catalogue(library) as catalogue:
        assert len(catalogue.embedded(identity)) == 2
    assert reelfind("models", "use", "pocket").returncode == 0
    assert reelfind("models", "remove", "colours").returncode == 0
    with Catalogue(library) as catalogue:
        assert catalogue.embedded(identity) == {}


def test_the_list_is_for_people_too(reelfind: Reelfind, tmp_path: Path) -> None:
    (tmp_path / "home" / "models" / "broken").mkdir(parents=True)
    shown = reelfind("models", "list").stdout
    assert "pocket  (in use)" in shown
    assert "There is no search model in “broken”" in shown
    assert "ImageNet 74.0 %" in shown
    assert "For research only" in shown
    assert "frames/s on this processor" in shown


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["use", "nothing"], 2, "no model “nothing”"),
        (["remove", "nothing"], 2, "no model “nothing”"),
        (["remove", "pocket"], 2, "in use"),
        (["import", "/no/such/folder"], 2, "neither a folder nor a zip archive"),
        (["add", "a b"], 2, "no model's name"),
        (["add", "ViT-B-32", "--variants", "int4"], 2, "no variants"),
        (["add", "ViT-B-32", "--checkpoint", "/no/such/file"], 2, "no file"),
        (["add", "ViT-B-32", "--checkpoint", __file__, "--random"], 2, "both"),
    ],
)
def test_a_mistake_gets_one_sentence_and_the_right_code(
    reelfind: Reelfind, arguments: list[str], code: int, sentence: str
) -> None:
    done = reelfind("models", *arguments)
    assert done.returncode == code
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


PROGRESS = [
    AddProgress("download", 0, None),
    *(AddProgress("download", done * 1_000_000, 100_000_000) for done in range(0, 101, 5)),
    AddProgress("export image", 0, 1),
    AddProgress("check", 3, 10),
]


def show(monkeypatch: pytest.MonkeyPatch, *, terminal: bool, as_json: bool) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: terminal, raising=False)
    with ProgressLine(as_json=as_json) as line:
        for progress in PROGRESS:
            line.show(progress)


def test_progress_is_one_line_on_a_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    show(monkeypatch, terminal=True, as_json=False)
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.count("\n") == 1
    parts = told.err.strip("\n").split("\r")[1:]
    assert len(parts) == len(PROGRESS)
    assert all(len(part) == 39 for part in parts)
    assert parts[11].strip() == "download: 50 of 100 MB"
    assert parts[-1].strip() == "check: 3 of 10"


def test_progress_is_few_lines_elsewhere(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    show(monkeypatch, terminal=False, as_json=False)
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "download: 0 MB"
    assert lines[-2:] == ["export image", "check: 3 of 10"]
    assert len(lines) <= 14


def test_progress_is_json_for_scripts(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    show(monkeypatch, terminal=True, as_json=True)
    told = capsys.readouterr()
    events = [json.loads(line) for line in told.out.splitlines()]
    assert told.err == ""
    assert events[-1] == {"event": "progress", "stage": "check", "done": 3, "total": 10}


@pytest.mark.skipif(sys.platform == "win32", reason="pipes and such names are POSIX")
def test_any_junk_in_the_models_folder_is_listed(reelfind: Reelfind, tmp_path: Path) -> None:
    junk(tmp_path / "home" / "models", make_bundle(tmp_path / "bundle"))
    for arguments in (["list"], ["list", "--json"]):
        done = reelfind("models", *arguments)
        assert done.returncode == 0, done.stderr
        assert done.stderr == ""
        assert "pocket" in done.stdout


def test_a_refused_removal_keeps_the_model_whole(reelfind: Reelfind, tmp_path: Path) -> None:
    reelfind("models", "import", make_bundle(tmp_path / "bundle"))
    folder = tmp_path / "home" / "models" / "colours"
    (folder / "photo.jpg").write_text("mine")
    refused = reelfind("models", "remove", "colours")
    assert refused.returncode == 2
    assert "also holds “photo.jpg”" in refused.stderr
    assert {"photo.jpg", "image.onnx", "manifest.json"} <= {path.name for path in folder.iterdir()}


def test_a_hostile_model_is_refused_in_one_sentence(reelfind: Reelfind, tmp_path: Path) -> None:
    bundle = make_bundle(tmp_path / "bundle")
    VECTORS["image-constant"](bundle)
    refused = reelfind("models", "import", bundle)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr == (
        "reelfind: The model is refused: its image encoder gives the same vector for every picture. "
        "Get the model from a source that you trust.\n"
    )
