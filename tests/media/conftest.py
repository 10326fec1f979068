"""What the media tests share."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from app.errors import MediaError
from app.media.decoder import Decoder
from app.processes import launcher
from tests import forked_children


@pytest.fixture(scope="module")
def decoder() -> Iterator[Decoder]:
    """One for all tests of a module; its child runs before the first of them begins."""
    with Decoder() as decoder:
        with suppress(MediaError):
            decoder.fingerprint(Path("nothing"))
        yield decoder


@pytest.fixture
def started_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """Children are started as the program starts them, in this test."""
    monkeypatch.setattr(launcher, "_popen", forked_children.started_anew)
