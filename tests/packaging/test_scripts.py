"""The scripts themselves: plain, and naming no registry."""

import os
import subprocess
import sys

import pytest

from tests.conftest import ROOT

SOURCED = {"setup.sh", "system.sh"}


def test_no_registry_is_named() -> None:
    for file in (ROOT / "packaging").rglob("*.*"):
        if "__pycache__" in file.parts:
            continue
        text = file.read_text()
        assert "://" not in text.replace("file://", ""), file.name


@pytest.mark.skipif(sys.platform == "win32", reason="plain sh scripts")
def test_the_scripts_are_plain_sh() -> None:
    for script in (ROOT / "packaging").rglob("*.sh"):
        checked = subprocess.run(["/bin/sh", "-n", str(script)], capture_output=True, text=True, check=False)
        assert (checked.returncode, checked.stderr) == (0, ""), script.name
        assert script.name in SOURCED or os.access(script, os.X_OK), script.name


@pytest.mark.parametrize("arguments", [[], ["11"], ["bookworm"]])
def test_bare_wants_a_release(arguments: list[str]) -> None:
    script = ROOT / "packaging" / "bare.sh"
    done = subprocess.run(["/bin/sh", str(script), *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith("bare: use: sh packaging/bare.sh 12|13")
