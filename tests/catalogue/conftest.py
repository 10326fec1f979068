"""A library and a folder of videos, fresh for each test."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.catalogue.catalogue import Catalogue


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    """An empty library."""
    with Catalogue(tmp_path / "library") as opened:
        yield opened


@pytest.fixture
def movies(tmp_path: Path, catalogue: Catalogue) -> Path:
    """An empty watched folder."""
    folder = tmp_path / "movies"
    folder.mkdir()
    catalogue.add_folder(folder)
    return folder


@pytest.fixture
def public_folder() -> Iterator[Path]:
    """An empty folder that every user of the machine can reach, as pytest's own are not."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        folder.chmod(0o755)
        yield folder
