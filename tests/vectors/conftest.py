"""A library with vectors."""

from pathlib import Path

import pytest

from app.catalogue.catalogue import Catalogue
from tests.vectors.kept_gallery import add


@pytest.fixture(scope="module", autouse=True)
def graphs_are_forked(quick_children: None) -> None:
    """A graph's process has its libraries."""


@pytest.fixture
def filled(catalogue: Catalogue, movies: Path) -> Catalogue:
    """200 frames in ten videos."""
    add(catalogue, movies, range(10))
    return catalogue
