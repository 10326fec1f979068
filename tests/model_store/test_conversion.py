"""A model is made in another process, which says how far it is, can be ended, and may fail."""

import json
import signal
import sys
from pathlib import Path
from typing import Any

import psutil
import pytest

from app.bundle.encoder_bundle import load_bundle
from app.errors import Cancelled, ModelError, UsageError
from app.model_store import conversion
from app.model_store.conversion import add_model, missing_packages
from app.model_store.making_process import AddProgress
from app.model_store.store import ModelStore
from tests.conftest import wait_until

STAND_IN = Path(__file__).with_name("export_stand_in.py")


def plan(**what: Any) -> list[str]:
    """The command that does this."""
    return [sys.executable, str(STAND_IN), json.dumps(what)]


def nothing_left(store: ModelStore) -> bool:
    left = {path.name for path in (store.folder / ".staging").iterdir()}
    return left <= {".lock"} and [model.name for model in store.installed()] == ["pocket"]


def test_progress_is_passed_on_and_the_result_adopted(
    store: ModelStore, bundle: Path, tmp_path: Path
) -> None:
    say = [
        {"stage": "download", "done": 10, "total": None},
        {"stage": "download", "done": 20, "total": 40},
        "a library prints something",
        "[1, 2]",
        {"stage": "export image", "done": 1, "total": 1},
        {"stage": "done", "name": "colours"},
    ]
    reports: list[AddProgress] = []
    added = add_model(
        "ViT-B-32:laion2b_s34b_b79k",
        store,
        checkpoint=tmp_path / "weights.pt",
        tokenizer=tmp_path,
        variants=("int8",),
        random=True,
        licence="MIT, I think",
        report=reports.append,
        command=plan(say=say, bundle=str(bundle), arguments=str(tmp_path / "arguments")),
    )
    assert reports == [
        AddProgress("download", 10, None),
        AddProgress("download", 20, 40),
        AddProgress("export image", 1, 1),
    ]
    assert added == store.find("colours")
    assert added.identity == load_bundle(bundle).identity
    name, out, *rest = json.loads((tmp_path / "arguments").read_text())
    assert name == "ViT-B-32:laion2b_s34b_b79k"
    assert Path(out.removeprefix("--out=")).is_relative_to(store.folder)
    assert rest == [
        "--progress",
        "--variants=int8",
        f"--checkpoint={tmp_path / 'weights.pt'}",
        f"--tokenizer={tmp_path}",
        "--random=0",
        "--licence=MIT, I think",
    ]


def test_stopping_ends_the_process_and_its_children(store: ModelStore, tmp_path: Path) -> None:
    """At once, and nothing of it stays in the store."""
    pids = tmp_path / "pids"

    def stopping() -> bool:
        return pids.exists() and len(pids.read_text().split()) == 2

    with pytest.raises(Cancelled, match="was stopped"):
        add_model("ViT-B-32", store, stopping=stopping, command=plan(wait=str(pids)))
    started = [int(pid) for pid in pids.read_text().split()]
    assert wait_until(lambda: not any(map(alive, started)), 5)
    assert nothing_left(store)


def alive(pid: int) -> bool:
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


def test_an_interruption_ends_the_process_too(store: ModelStore, tmp_path: Path) -> None:
    pids = tmp_path / "pids"

    def interrupt() -> bool:
        if pids.exists() and len(pids.read_text().split()) == 2:
            raise KeyboardInterrupt
        return False

    with pytest.raises(KeyboardInterrupt):
        add_model("ViT-B-32", store, stopping=interrupt, command=plan(wait=str(pids)))
    assert wait_until(lambda: not any(alive(int(pid)) for pid in pids.read_text().split()), 5)
    assert nothing_left(store)


def test_its_error_is_told_in_its_words(store: ModelStore) -> None:
    error = {"error": "There is no network.", "advice": "Connect it."}
    with pytest.raises(ModelError) as raised:
        add_model("ViT-B-32", store, command=plan(say=[error], code=1, complain="a warning"))
    assert (raised.value.sentence, raised.value.advice) == ("There is no network.", "Connect it.")
    assert nothing_left(store)


@pytest.mark.parametrize(
    ("ending", "sentence"),
    [
        ({"code": 3, "complain": "Traceback ...\nValueError: odd"}, r"failed \(ValueError: odd\)"),
        ({"code": 3}, "it said nothing"),
        ({"signal": int(signal.SIGKILL)}, "ran out of memory"),
        ({"signal": int(signal.SIGSEGV)}, "Making the model failed"),
    ],
)
def test_a_crash_is_a_sentence(store: ModelStore, ending: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ModelError, match=sentence):
        add_model("ViT-B-32", store, command=plan(**ending))
    assert nothing_left(store)


def test_what_it_makes_is_checked_like_anything_else(store: ModelStore, bundle: Path) -> None:
    (bundle / "text.onnx").write_bytes(b"other")
    with pytest.raises(ModelError, match=r"text\.onnx is not the file"):
        add_model("ViT-B-32", store, command=plan(bundle=str(bundle)))
    with pytest.raises(ModelError, match="There is no search model"):
        add_model("ViT-B-32", store, command=plan())
    assert nothing_left(store)


@pytest.mark.parametrize("name", ["", "--help", "a b", "a:b:c", ":tag", "../x", "a\n"])
def test_a_name_that_is_none_starts_nothing(store: ModelStore, name: str) -> None:
    with pytest.raises(UsageError, match="no model's name"):
        add_model(name, store, command=["/no/such/program"])
    assert not store.folder.exists()


def test_missing_packages_are_named_with_the_extra(
    store: ModelStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conversion, "NEEDED", ("json", "no_such_torch"))
    assert missing_packages() == ["no_such_torch"]
    with pytest.raises(ModelError, match=r"no_such_torch.* -m pip install .*\[models\]'"):
        add_model("ViT-B-32", store)
    assert not store.folder.exists()
