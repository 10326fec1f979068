"""What is told to install is told for the program that runs."""

import shlex
import sys
from pathlib import Path

from app.extras import install_command


def test_from_its_sources_the_sources_are_installed(tmp_path: Path) -> None:
    root = tmp_path / "my reelfind"
    root.mkdir()
    (root / "pyproject.toml").touch()
    said = shlex.split(install_command("speech", root=root))
    assert said == [sys.executable, "-m", "pip", "install", "-e", f"{root}[speech]"]


def test_elsewhere_the_published_package_is(tmp_path: Path) -> None:
    said = shlex.split(install_command("text", root=tmp_path))
    assert said == [sys.executable, "-m", "pip", "install", "reelfind[text]"]
