"""`python -m models.evaluate` from a head in a file to a report."""

import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("torch")
pytest.importorskip("matplotlib")

from models.evaluate.__main__ import main
from models.heads.head_file import write_head
from models.heads.tmass import TMassConfig, TMassHead
from models.train.__main__ import main as train
from models.train.outputs.checkpoint import FILE
from tests.models.train.commands import ROOT, make_dataset

PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_dataset(tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="module")
def work(config: Path) -> Path:
    """The working folder of a finished training; the head is in it."""
    folder = config.parent / "work"
    assert train(["--config", str(config), "--work", str(folder), "--out", str(folder / "tmass.npz")]) == 0
    return folder


def test_the_command_writes_a_report_with_pictures(config: Path, work: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "models.evaluate", "--config", str(config), "--work", str(work)]
    command += ["--head", str(work / "tmass.npz"), "--out", str(tmp_path / "report"), "--resamples", "20"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=120)
    report = (tmp_path / "report" / "report.md").read_text(encoding="utf-8")
    assert report.strip() in done.stdout
    assert "### Text to video, 12 queries" in report
    assert "### Video to text, 6 queries" in report
    assert "1 of 8 missing (gone.mp4)" in report
    assert "broken.mp4:" in report
    names = [line.split(" | ")[0][2:] for line in report.splitlines() if line.startswith("| ")]
    assert names == 2 * [
        "scorer", "mean of the frames, no head", "best frame, no head", "no sampling", "S = 5",
        "S = 6, 3 frames",
    ]  # fmt: skip
    pictures = sorted(path.name for path in (tmp_path / "report").glob("*.png"))
    assert pictures == ["head_recall.png", "head_recall_at_1.png"]
    for name in pictures:
        assert f"({name})" in report
        assert (tmp_path / "report" / name).read_bytes().startswith(PNG)


def test_ablations_are_trained_where_asked(config: Path, work: Path, tmp_path: Path) -> None:
    (checkpoint,) = work.glob(f"run-*/{FILE}")
    arguments = ["--config", str(config), "--work", str(work), "--head", str(checkpoint)]
    arguments += ["--out", str(tmp_path), "--train-ablations", "--resamples", "5"]
    assert main(arguments) == 0
    report = (tmp_path / "report.md").read_text(encoding="utf-8")
    for row in ("| radius: none |", "| radius: scalar |", "| loss: CE(t) |", "| loss: CE(t_s) |"):
        assert report.count(row) == 2
    assert (tmp_path / "trained_recall_at_1.png").read_bytes().startswith(PNG)


def test_a_head_of_another_backbone_is_refused(
    config: Path, work: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_head(TMassHead(TMassConfig(8, frames=3)), tmp_path / "small.npz")
    arguments = ["--config", str(config), "--work", str(work), "--out", str(tmp_path)]
    for name, sentence in (("small.npz", "The head is for embeddings of 8 numbers"), ("no.npz", "“")):
        assert main([*arguments, "--head", str(tmp_path / name)]) == 2
        assert capsys.readouterr().err.startswith(sentence)
