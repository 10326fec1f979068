"""What tests of making models share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.model_intake.hub_server import LocalHub, local_hub


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[LocalHub]:
    """A hub on this computer that the program asks, and a home of the test's own."""
    monkeypatch.setenv("REELFIND_HOME", str(tmp_path / "home"))
    with local_hub() as served:
        monkeypatch.setenv("HF_ENDPOINT", served.address)
        yield served
