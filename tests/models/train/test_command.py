"""`python -m models.train` from videos on disk to a head in a file."""

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch")
pytest.importorskip("matplotlib")

from models.open_clip_setup import import_open_clip
from models.train.__main__ import main
from models.train.loop import CURVES
from models.train.outputs.checkpoint import FILE
from models.train.run import ENCODER_FILE, HEAD_FILE
from tests.models.train.commands import ROOT, make_dataset


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_dataset(tmp_path_factory.mktemp("data"))


def run(config: Path, work: Path, *more: str) -> int:
    return main(["--config", str(config), "--work", str(work), *more])


def test_the_command_trains_a_head_and_goes_on_where_it_was(
    config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "new" / "tmass.npz"
    command = [
        sys.executable,
        "-m",
        "models.train",
        "--config",
        str(config),
        "--work",
        str(tmp_path / "work"),
    ]
    first = subprocess.run(
        [*command, "--out", str(out)], cwd=ROOT, capture_output=True, text=True, check=True, timeout=120
    )
    assert "step 3 of 3: loss" in first.stdout
    assert "broken" in first.stdout
    assert "1 of 8 missing (gone.mp4)" in first.stdout
    with np.load(out, allow_pickle=False) as head:
        described = json.loads(head["config"].tobytes())
        assert (described["frames"], described["radius"]) == (3, "linear")
        assert head["samples"].shape == (6, described["width"])
        assert not np.array_equal(head["q_weight"], np.eye(described["width"], dtype=np.float32))
    (folder,) = (tmp_path / "work").glob("run-*")
    assert {FILE, CURVES, HEAD_FILE} == {path.name for path in folder.iterdir()}
    assert run(config, tmp_path / "work") == 0
    again = capsys.readouterr().out
    assert "step" not in again  # nothing left to do
    assert (folder / HEAD_FILE).read_bytes() == out.read_bytes()


@pytest.mark.skipif(importlib.util.find_spec("open_clip") is None, reason="open_clip is not installed")
def test_the_command_fine_tunes_an_open_clip_model(config: Path, tmp_path: Path) -> None:
    shape = {
        "embed_dim": 16,
        "vision_cfg": {"image_size": 32, "layers": 1, "width": 32, "head_width": 16, "patch_size": 16},
        "text_cfg": {"context_length": 16, "vocab_size": 49408, "width": 32, "heads": 2, "layers": 1},
    }
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "reelfind-command.json").write_text(json.dumps(shape))
    import_open_clip().add_model_config(tmp_path / "models")
    lines = config.read_text(encoding="utf-8").splitlines()
    at = next(number for number, line in enumerate(lines) if "bundle" in line)
    lines[at : at + 1] = ['open_clip = "reelfind-command"', "fine_tuned = true"]
    tuned = config.with_name("tuned.toml")
    tuned.write_text("\n".join(lines), encoding="utf-8")
    for _ in range(2):
        assert run(tuned, tmp_path / "work") == 0
    (folder,) = (tmp_path / "work").glob("run-*")  # random weights follow the seed, so the run is found again
    assert {FILE, CURVES, HEAD_FILE, ENCODER_FILE} == {path.name for path in folder.iterdir()}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("steps = 3", "stepps = 3", "“optimiser.stepps” is not a setting."),
        ('dataset = "csv"', 'dataset = ""', "The configuration names no data in [data]."),
        ('dataset = "csv"', 'dataset = "imagenet"', "There is no data set “imagenet”."),
        ("bundle =", "open_clip = 'x'\nbundle =", "The configuration must name one backbone."),
        ("bundle =", "fine_tuned = true\nbundle =", "Only an open_clip model can be trained with the head."),
        ('/pocket"', '/nothing"', "There is no search model"),
        ("frames = 3", "heads = 2", "A head file holds one attention head."),
    ],
)
def test_a_mistake_is_said_in_one_line(
    config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], old: str, new: str, message: str
) -> None:
    changed = config.with_name("changed.toml")
    changed.write_text(config.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    assert run(changed, tmp_path) != 0
    said = capsys.readouterr()
    assert said.err.startswith(message)
    assert said.err.count("\n") == 1
