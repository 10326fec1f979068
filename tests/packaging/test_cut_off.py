"""The set-up with a real Python and a real pip, which are killed while they install."""

import os
import shutil
import signal
import subprocess
import sys
from importlib.metadata import distribution
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.conftest import ROOT, wait_until

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="plain sh scripts")

PROJECT = """
[build-system]
requires = []
build-backend = "slow_backend"
backend-path = ["."]

[project]
name = "reelfind"
version = "1"
"""
BACKEND = '''
"""Builds a package that brings a program; waits in the middle of it while there is a file `wait`."""

import time
import zipfile
from pathlib import Path

INFO = "reelfind-1.dist-info"


def build_editable(folder, config_settings=None, metadata_directory=None):
    Path("building").touch()
    while Path("wait").exists():
        time.sleep(0.05)
    name = "reelfind-1-py3-none-any.whl"
    with zipfile.ZipFile(Path(folder, name), "w") as wheel:
        wheel.writestr("reelfind.py", "def main():\\n    print('started')\\n")
        wheel.writestr(f"{INFO}/METADATA", "Metadata-Version: 2.1\\nName: reelfind\\nVersion: 1\\n")
        wheel.writestr(f"{INFO}/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr(f"{INFO}/entry_points.txt", "[console_scripts]\\nreelfind = reelfind:main\\n")
        wheel.writestr(f"{INFO}/RECORD", "")
    return name
'''
COPYING = """#!/bin/sh
if [ "$1 $2" = "-m venv" ]; then exec "{cp}" -Rp "{made}/." "$3"; fi
exec "{python}" "$@"
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The set-up's scripts beside a project that needs no network to be installed."""
    folder = tmp_path / "checkout"
    scripts = folder / "packaging"
    scripts.mkdir(parents=True)
    for name in ("run.sh", "setup.sh", "system.sh"):
        text = (ROOT / "packaging" / name).read_text(encoding="utf-8")
        (scripts / name).write_text(text, encoding="utf-8")
    (scripts / "constraints.txt").touch()
    (folder / "pyproject.toml").write_text(PROJECT)
    (folder / "slow_backend.py").write_text(BACKEND)
    return folder


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Python, but that each environment it makes is a copy of one that it made: pip is put in once, as it
    is here where it is."""
    folder = tmp_path_factory.mktemp("python")
    ours = distribution("pip") if find_spec("pip") else None
    made = [sys.executable, "-m", "venv", *(["--without-pip"] if ours else []), folder / "made"]
    subprocess.run(made, check=True)
    if ours:
        packages = next((folder / "made").glob("lib/python3*/site-packages"))
        for name in ("pip", f"pip-{ours.version}.dist-info"):
            shutil.copytree(str(ours.locate_file(name)), packages / name)
    program = folder / "python"
    program.write_text(COPYING.format(cp=shutil.which("cp"), made=folder / "made", python=sys.executable))
    program.chmod(0o755)
    return program


def start(checkout: Path, python: Path) -> "subprocess.Popen[str]":
    """Without apt-get and a compiler: with nothing on the path but a few tools."""
    tools = checkout.parent / "tools"
    if not tools.exists():
        tools.mkdir()
        for name in ["cat", "cksum", "dirname", "find", "flock", "grep", "ls", "mkdir", "rm", "sed"]:
            place = next(
                Path(folder, name) for folder in os.environ["PATH"].split(":") if Path(folder, name).exists()
            )
            (tools / name).symlink_to(place)
    return subprocess.Popen(
        ["/bin/sh", str(checkout / "packaging" / "run.sh")],
        env={"PATH": str(tools), "PYTHON": str(python), "PIP_NO_INDEX": "1", "HOME": str(checkout.parent)},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip


def test_killed_in_the_middle_of_pip_the_next_run_begins_anew_and_ends_well(
    checkout: Path, python: Path
) -> None:
    (checkout / "wait").touch()
    first = start(checkout, python)
    assert wait_until((checkout / "building").exists, 120), first.stderr
    os.killpg(first.pid, signal.SIGKILL)
    first.communicate()
    half = next((checkout / ".venv").glob("lib/python3*/site-packages")) / "half_made.py"
    half.touch()
    assert not (checkout / ".venv" / "bin" / "reelfind").exists()

    (checkout / "wait").unlink()
    said, errors = start(checkout, python).communicate(timeout=240)
    assert said == "started\n", errors
    assert "left unfinished" in errors
    assert not half.exists()
    assert start(checkout, python).communicate(timeout=60) == ("started\n", ""), "the third one does nothing"


def test_two_at_once_install_once(checkout: Path, python: Path) -> None:
    (checkout / "wait").touch()
    first = start(checkout, python)
    assert wait_until((checkout / "building").exists, 120)
    (checkout / "building").unlink()
    second = start(checkout, python)
    assert second.stderr is not None
    assert "waiting for another set-up" in second.stderr.readline()
    (checkout / "wait").unlink()
    assert first.communicate(timeout=240)[0] == "started\n"
    assert second.communicate(timeout=240)[0] == "started\n"
    assert not (checkout / "building").exists(), "it is not built again"
