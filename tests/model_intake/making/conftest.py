"""What tests of making models share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.model_intake.hub_server import LocalHub, asked_hub


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[LocalHub]:
    """A hub on this computer that the program asks, and a home of the test's own."""
    with asked_hub(tmp_path / "home") as served:
        yield served
