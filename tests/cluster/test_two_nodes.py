"""A real cluster of two nodes on this computer: in the end its library is that of one process.

One node says that it has a graphics card, and encodes for all until it is lost; then the other one encodes by
itself. There is no card: its encoder runs on the processor. Tried is who encodes, and what becomes of it.
"""

import os
import signal
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from app.catalogue.catalogue import Catalogue
from app.engines.model_choice import change_setting
from tests.cluster.conftest import Contents, assert_same, contents_of
from tests.cluster.index_process import SECONDS, events, indexing, names
from tests.cluster.local_cluster import LocalCluster, local_cluster
from tests.conftest import wait_until
from tests.forked_program import run_program

pytestmark = [
    pytest.mark.skipif(find_spec("ray") is None, reason="ray (the extra cluster) is not installed"),
    pytest.mark.skipif(sys.platform == "win32", reason="Ray does not support clusters on Windows"),
]


Ends = list[tuple[signal.Signals, int]]
"""What ends each of the runs before the last, and its exit code."""


@pytest.fixture(params=[1, pytest.param(0, marks=pytest.mark.nightly)], ids=["a card", "no card"])
def cards(request: pytest.FixtureRequest) -> int:
    """Of the node that is lost; without one, each encodes by itself from the beginning."""
    return int(request.param)


@pytest.fixture
def cluster(tmp_path: Path, cards: int) -> Iterator[LocalCluster]:
    with local_cluster(tmp_path / "nodes", cards=cards) as running:
        yield running


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory, movies: Path) -> Contents:
    """What one process makes of the videos, one after the other: of copies the first is the original."""
    library = tmp_path_factory.mktemp("alone") / "library"
    with Catalogue(library) as catalogue:
        change_setting(catalogue, "cores", "1")
    home = os.environ | {"REELFIND_HOME": str(library.parent / "home")}
    run_program(["index", movies, "--library", library], env=home, check=True)
    return contents_of(library)


def read(contents: Contents) -> set[str]:
    """Names of the videos that have frames of their own."""
    return {name for name, rows in contents.rows.items() if rows.frames}


@pytest.mark.parametrize(
    "ends",
    [
        pytest.param([], id="first"),
        pytest.param([(signal.SIGKILL, -signal.SIGKILL)], marks=pytest.mark.nightly, id="killed"),
        pytest.param(
            [(signal.SIGINT, 128 + signal.SIGINT), (signal.SIGKILL, -signal.SIGKILL)],
            marks=pytest.mark.nightly,
            id="stopped then killed",
        ),
    ],
)
def test_a_run_that_loses_a_node_leaves_the_library_of_one_process(
    ends: Ends, tmp_path: Path, movies: Path, cluster: LocalCluster, cards: int, expected: Contents
) -> None:
    library = tmp_path / "library"
    done: set[str] = set()
    for number, code in ends:
        with indexing(library, movies, "--cluster", cluster.address) as process:
            next(event for event in events(process) if event["event"] == "video_indexed")
            process.send_signal(number)
            list(events(process))
            assert process.wait(SECONDS) == code
        now = read(contents_of(library))
        assert done < now < read(expected)
        done = now
    said = []
    with indexing(library, movies, "--cluster", cluster.address) as process:
        for event in events(process):
            said.append(event)
            if event["event"] == "video_indexed":
                assert wait_until(lambda: cluster.encoders() == cards)
                assert cluster.kill_second(), "it was reading a video"
                break
        said += events(process)
        assert process.wait(SECONDS) == 0, process.stderr.read() if process.stderr else ""
    assert names(said, "video_failed") in ([], ["broken.mp4"])
    assert set(names(said, "video_indexed")) == read(expected) - done, "what was committed stays"
    assert len(names(said, "video_indexed")) == len(read(expected) - done), "and each video is committed once"
    assert_same(contents_of(library), expected)
