"""A checkout to be set up, with nothing of this machine but a few tools."""

import shutil
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.packaging.checkouts import TOOLS, Checkout


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    root = tmp_path / "a check out"
    shutil.copytree(ROOT / "packaging", root / "packaging")
    shutil.copy(ROOT / "pyproject.toml", root)
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in TOOLS:
        found = shutil.which(name)
        assert found is not None, name
        (programs / name).symlink_to(found)
    (programs / "c++").symlink_to(programs / "true")
    return Checkout(root, programs)
