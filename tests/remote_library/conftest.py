"""A home of its own for each test, one library, and one server that most tests share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.remote_library.server_process import Server, copied_library, running_server


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where this computer keeps what is private to it."""
    monkeypatch.setenv("REELFIND_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("REELFIND_SERVER_TOKEN", raising=False)
    return tmp_path / "home"


@pytest.fixture(scope="session")
def served_library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library's folder."""
    pytest.importorskip("fastapi", reason="the extra serve is not installed")
    return copied_library(tmp_path_factory)


@pytest.fixture(scope="module")
def server(served_library: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server for the tests of a module."""
    with running_server(served_library, tmp_path_factory.mktemp("server-home")) as running:
        yield running
