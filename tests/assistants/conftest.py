"""A small real library, and an assistant that asks it."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.forked_program import run_program
from tests.videos import Scene, make_video

if TYPE_CHECKING:
    from tests.assistants.asking import Assistant

NAME = "red & blue.mp4"


@pytest.fixture(scope="session")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a video and its library, indexed with the bundled model; not to be changed."""
    root = tmp_path_factory.mktemp("asked").resolve()
    (root / "movies").mkdir()
    make_video(root / "movies" / NAME, [Scene((220, 20, 20), 4), Scene((30, 40, 220), 4)], gop=20)
    words = "1\n00:00:04,500 --> 00:00:06,000\nThe sea at last\n"
    (root / "movies" / "red & blue.srt").write_text(words, encoding="utf-8")
    run_program(["index", root / "movies", "--library", root / "library"], check=True)
    return root


@pytest.fixture(scope="module")
def asking(indexed: Path, tmp_path_factory: pytest.TempPathFactory) -> "Iterator[Assistant]":
    """One for all tests of a module that change nothing."""
    from tests.assistants.asking import assistant  # noqa: PLC0415 - needs the extra

    log = tmp_path_factory.mktemp("log") / "stderr"
    with assistant(indexed / "library", log) as running:
        yield running


@pytest.fixture
def library(indexed: Path, tmp_path: Path) -> Path:
    """A library of one's own."""
    return Path(shutil.copytree(indexed / "library", tmp_path / "library"))
