"""`reelfind doctor` says what the model runs on and why on nothing better, and which models there are."""

from pathlib import Path

import pytest

from app.cli.diagnosis import diagnose, print_diagnosis
from app.encoders import ProviderChoice, encoders
from app.session import Session
from tests.bundles import make_bundle


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("REELFIND_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def test_doctor_says_where_the_model_runs_and_what_was_added(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("REELFIND_PROVIDER", "cpu")
    model = make_bundle(home / "models" / "colours")
    broken = make_bundle(home / "models" / "broken")
    (broken / "text.onnx").unlink()
    with Session(tmp_path / "library", model) as session:
        diagnosis = diagnose(session)
    told = diagnosis["model"]
    assert (told["provider"], told["device"], told["variant"], told["batch"]) == ("CPU", "", "float32", 16)
    assert "REELFIND_PROVIDER" in told["fallback"]
    models = {item["name"]: item for item in diagnosis["models"]}
    assert list(models) == ["pocket", "broken", "colours"]
    assert (models["pocket"]["bundled"], models["colours"]["bundled"]) == (True, False)
    assert models["colours"]["problem"] == ""
    assert "text.onnx" in models["broken"]["problem"]
    assert diagnosis["library"]["frame_cache_bytes"] == 0

    print_diagnosis(diagnosis)
    printed = capsys.readouterr().out
    assert "Colours 1, float32 on CPU\n  REELFIND_PROVIDER=cpu keeps it on the processor.\n" in printed
    assert "text.onnx" in printed


def test_doctor_says_nothing_of_a_fallback_where_the_best_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(encoders, "choose_provider", lambda: ProviderChoice("CPU"))
    with Session(tmp_path / "library", make_bundle(tmp_path / "colours")) as session:
        diagnosis = diagnose(session)
    assert diagnosis["model"]["fallback"] == ""
    print_diagnosis(diagnosis)
    model, ranking = capsys.readouterr().out.splitlines()[2:4]
    assert model == "Model    Colours 1, float32 on CPU"
    assert ranking.startswith("  ")
    assert "added" not in ranking


def test_doctor_names_the_runtime_that_is_installed(tmp_path: Path) -> None:
    with Session(tmp_path / "library", make_bundle(tmp_path / "colours")) as session:
        packages = diagnose(session)["packages"]
    runtimes = {name: number for name, number in packages.items() if name.startswith("onnxruntime")}
    assert any(number != "not installed" for number in runtimes.values())
