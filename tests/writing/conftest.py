"""A reader for the tests of one file; its children start once, before the first of them."""

from collections.abc import Iterator

import pytest

from app.errors import ReelfindError
from app.writing.models import find_models
from app.writing.writing_reader import WritingReader
from tests.videos import Scene, make_video


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WritingReader]:
    """What reads text in pictures."""
    try:
        find_models()
    except ReelfindError as absent:
        pytest.skip(str(absent))
    with WritingReader() as opened:
        video = make_video(tmp_path_factory.mktemp("first") / "v.mp4", [Scene("grey", 1, "still")])
        opened.read(video, progress=lambda _: None)
        yield opened
