"""A library with vectors."""

from pathlib import Path

import pytest

from app.catalogue.catalogue import Catalogue
from tests.vectors.kept_gallery import add


@pytest.fixture
def filled(catalogue: Catalogue, movies: Path) -> Catalogue:
    """200 frames in ten videos."""
    add(catalogue, movies, range(10))
    return catalogue
