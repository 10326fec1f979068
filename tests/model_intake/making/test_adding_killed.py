"""Whatever is killed while a model is added: nothing half made is listed, and the next addition goes on."""

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import psutil
import pytest

from app.model_store.adding import add_published
from app.model_store.store import ModelStore
from tests.conftest import wait_until
from tests.model_intake.hub_server import LocalHub
from tests.model_intake.layout_maker import little_as

NAME = "owner/first"


def children_of(process: int) -> list[int]:
    found = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(process)], capture_output=True, text=True, check=False
    )
    return [int(line) for line in found.stdout.split()]


def has_ended(process: int) -> bool:
    try:
        return psutil.Process(process).status() == psutil.STATUS_ZOMBIE  # which nobody took note of
    except psutil.NoSuchProcess:
        return True


def added(home: Path) -> list[str]:
    return [model.name for model in ModelStore(home / "models").installed() if not model.bundled]


@pytest.mark.skipif(sys.platform != "linux", reason="looks for child processes by Linux's ps")
@pytest.mark.parametrize(
    ("stage", "whom"),
    [
        ("export image", "child"),
        ("check", "program"),
        pytest.param("download", "program", marks=pytest.mark.nightly),
        pytest.param("download", "child", marks=pytest.mark.nightly),
        pytest.param("export image", "program", marks=pytest.mark.nightly),
        pytest.param("check", "child", marks=pytest.mark.nightly),
    ],
)
def test_a_kill_leaves_nothing_half_made(stage: str, whom: str, hub: LocalHub, tmp_path: Path) -> None:
    home = tmp_path / "home"
    words = [sys.executable, "-m", "app", "models", "add", NAME, "--variants", "none", "--json"]
    hub.publish(NAME, little_as("immich", tmp_path / "export"))
    if stage == "download":
        hub.hold_after = 200_000
    program = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
    try:
        assert program.stdout is not None
        for line in program.stdout:
            if json.loads(line).get("stage") == stage:
                break
        children = children_of(program.pid)
        assert children, "there is a child while a model is made and tried"
        victims = [program.pid] if whom == "program" else children
        for victim in victims:
            os.kill(victim, signal.SIGKILL)
        hub.go_on.set()
        program.stdout.read()
    finally:
        program.kill()
        program.wait()
        program.stdout.close()
    assert program.returncode != 0
    assert wait_until(lambda: all(map(has_ended, children))), "who outlives its parent holds its locks"
    assert added(home) == []
    assert add_published(NAME, ModelStore(home / "models"), variants=()).name == "first"
    assert added(home) == ["first"]
    left = [path for path in (home / "models" / ".staging").iterdir() if path.is_dir()]
    assert left == [], "what the killed one left is swept away"


def test_two_at_once_do_not_mix(hub: LocalHub, tmp_path: Path) -> None:
    """Of the same model: one adds it, the other says why it does not; the model is whole."""
    hub.publish(NAME, little_as("immich", tmp_path / "export"))
    store = ModelStore(tmp_path / "home" / "models")
    outcomes: list[str] = []

    def add() -> None:
        try:
            outcomes.append(add_published(NAME, store, variants=()).name)
        except Exception as error:  # noqa: BLE001 - any of the program's own sentences; looked at below
            outcomes.append(type(error).__name__)

    threads = [threading.Thread(target=add) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert "first" in outcomes
    assert set(outcomes) <= {"first", "ModelError", "UsageError", "DownloadError"}
    assert [model.problem for model in store.installed()] == ["", ""]
