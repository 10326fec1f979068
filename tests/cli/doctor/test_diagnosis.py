"""`reelfind doctor` says what the model runs on and why on nothing better, and which models there are."""

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from app.cli.doctor import findings
from app.cli.doctor.diagnosis import code_of, diagnose, diagnose_without_library, print_diagnosis
from app.errors import Cause, LibraryError
from app.runtime import encoders
from app.runtime.sessions.providers import ProviderChoice
from app.session import Session
from tests.bundles import make_bundle
from tests.catalogue.making import (
    index_all,
    make_file,
    rescan,
    rows_for,
)


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


def test_what_takes_long_is_checked_when_asked_for_and_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(findings, "_QUICK", 0)
    said: list[str] = []
    with Session(tmp_path / "library", make_bundle(tmp_path / "colours")) as session:
        quick = diagnose(session)
        full = diagnose(session, full=True, report=said.append)
    assert (quick["library"]["checked"], full["library"]["checked"]) == ("quick", "full")
    assert full["library"]["unchecked"] == []
    assert "vectors" in quick["library"]["unchecked"]
    assert said[: len(quick["library"]["unchecked"])] == quick["library"]["unchecked"]
    print_diagnosis(quick)
    printed = capsys.readouterr().out
    assert "not checked: pages of the file, vectors" in printed
    assert "reelfind doctor --full" in printed


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


def test_doctor_finds_each_state_and_says_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One library with everything that a user's machine may come up with."""
    movies, away = tmp_path / "movies", tmp_path / "away"
    for number in range(7):
        make_file(movies / f"{number}.mp4", f"video {number}")
    make_file(away / "stick.mp4", "on a stick")
    model = make_bundle(tmp_path / "colours")
    with Session(tmp_path / "library", model) as session:
        catalogue, identity = session.catalogue, session.bundle.identity
        for folder in (movies, away):
            catalogue.add_folder(folder)
            rescan(catalogue, folder)
        ids = [video.id for video in catalogue.videos()]
        index_all(catalogue, identity, only=ids[4:])
        catalogue.commit_failed(ids[0], "It is damaged.", "Copy it again.", Cause.FILE)
        catalogue.commit_failed(ids[1], "It may not be read.", "Mend that.", Cause.ENVIRONMENT)
        catalogue.commit_failed(ids[1], "It may not be read.", "Mend that.", Cause.ENVIRONMENT)
        catalogue.commit_failed(ids[2], "It cannot be read.", "The log has it.", Cause.PROGRAM)
        video = catalogue.video(ids[3])
        assert video is not None
        rows = replace(rows_for(video, model=identity), warning="The rest is missing.", cause=Cause.FILE)
        catalogue.commit_indexed(ids[3], replace(rows, read_until=41.0), fingerprint="f" * 64)
        (movies / "6.mp4").unlink()
        rescan(catalogue, movies)
        with catalogue._connections.writing() as database:
            database.execute("UPDATE folders SET online = 0 WHERE path = ?", [bytes(away)])
            database.execute("UPDATE embeddings SET vectors = zeroblob(6) WHERE video_id = ?", [ids[5]])
            database.execute(
                "INSERT INTO unreachable VALUES (1, ?, 'It may not be listed.')", [bytes(movies / "x")]
            )
            database.execute("INSERT INTO settings VALUES ('broken', '{')")
        (tmp_path / "library" / "holiday.jpg").write_bytes(b"picture")
        monkeypatch.setattr(findings, "LEAST_FREE", 1 << 60)
        monkeypatch.setattr(findings.tempfile, "TemporaryFile", _no_temporary_file)
        diagnosis = diagnose(session)
    found = {finding["kind"]: finding for finding in diagnosis["findings"]}
    needs = {kind for kind, finding in found.items() if finding["needs_person"]}
    assert needs >= {
        *("damaged rows", "damaged settings", "unreachable", "failed files", "failed by circumstances"),
        *("failed by Reelfind", "partly indexed", "disk nearly full", "temporary folder"),
    }
    assert set(found) - needs >= {"folder away", "gone files", "foreign files"}
    assert all(finding["sentence"].endswith(".") for finding in found.values())
    assert code_of(diagnosis) == 1
    assert not diagnosis["library"]["intact"]
    (again,) = [video for video in diagnosis["failures"] if video["cause"] == "environment"]
    assert (again["attempts"], again["will_be_retried"]) == (2, True)
    print_diagnosis(diagnosis)
    printed = capsys.readouterr().out
    assert "(It will be tried again; 2 times so far.)" in printed
    assert "(until 0:41)" in printed
    assert "holiday.jpg" in printed
    assert "doctor --repair" in printed


def _no_temporary_file() -> None:
    raise FileNotFoundError(2, "No usable temporary directory found")


def test_doctor_has_no_complaint_where_all_is_well(tmp_path: Path) -> None:
    with Session(tmp_path / "library", make_bundle(tmp_path / "colours")) as session:
        diagnosis = diagnose(session)
    assert [finding for finding in diagnosis["findings"] if finding["kind"] != "watching"] == []
    assert diagnosis["library"]["checked"] == "full"


def test_doctor_says_that_another_model_was_indexed_for(tmp_path: Path) -> None:
    """As after an update that brings another bundled model."""
    folder = tmp_path / "videos"
    make_file(folder / "a.mp4", "one")
    with Session(tmp_path / "library", make_bundle(tmp_path / "colours")) as session:
        session.add_folder(folder)
        rescan(session.catalogue, folder)
        index_all(session.catalogue, model="an earlier one")
        diagnosis = diagnose(session)
    (finding,) = (one for one in diagnosis["findings"] if one["kind"] == "no vectors")
    assert finding["sentence"].startswith("1 video cannot be found")
    assert finding["advice"] == "Index them for it with: reelfind index"
    assert code_of(diagnosis) == 1


def test_doctor_says_that_no_decoder_can_be_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/no/such/python")
    (finding,) = [found for found in findings.of_machine(tmp_path) if found.kind == "decoder"]
    assert finding.needs_person
    assert finding.sentence.endswith(".")


def test_doctor_says_what_large_libraries_lack_and_how_to_install_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("hnswlib", reason="the extra hnsw is not installed")
    assert [found for found in findings.of_machine(tmp_path) if found.kind == "search graph"] == []
    monkeypatch.setitem(sys.modules, "hnswlib", None)
    (finding,) = [found for found in findings.of_machine(tmp_path) if found.kind == "search graph"]
    assert finding.sentence.startswith("hnswlib is not installed")
    assert "[hnsw]" in finding.advice
    assert not finding.needs_person, "everything works"


def test_doctor_works_without_a_library(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    error = LibraryError("The library is damaged.", "Repair it.")
    diagnosis = diagnose_without_library(tmp_path, error)
    assert code_of(diagnosis) == 1
    print_diagnosis(diagnosis)
    assert "The library is damaged." in capsys.readouterr().out


def test_doctor_names_the_runtime_that_is_installed(tmp_path: Path) -> None:
    with Session(tmp_path / "library", make_bundle(tmp_path / "colours")) as session:
        packages = diagnose(session)["packages"]
    runtimes = {name: number for name, number in packages.items() if name.startswith("onnxruntime")}
    assert any(number != "not installed" for number in runtimes.values())


@pytest.mark.parametrize(
    "name",
    [
        "window.ini", "window.ini.lock", "indexing.lock", "frames.db", "thumbnails",
        "vectors-0123456789abcdef.rows", "vectors-0123456789abcdef.lock",
        "vectors-0123456789abcdef-01234567.gallery", ".vectors-0123456789abcdef-01234567.part",
    ],
)  # fmt: skip
def test_what_the_program_keeps_in_the_library_s_folder_is_not_foreign(tmp_path: Path, name: str) -> None:
    (tmp_path / name).touch()
    (tmp_path / "holiday.jpg").touch()
    assert findings._foreign(tmp_path) == ["holiday.jpg"]
