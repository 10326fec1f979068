"""What the media tests share."""

from collections.abc import Iterator

import pytest

from app.media.decoder import Decoder


@pytest.fixture
def decoder() -> Iterator[Decoder]:
    with Decoder() as decoder:
        yield decoder
