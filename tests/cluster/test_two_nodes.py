"""A real cluster of two nodes on this computer: in the end its library is that of one process."""

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
from tests.cluster.index_process import SECONDS, events, index_to_the_end, indexing, names
from tests.cluster.local_cluster import LocalCluster, local_cluster

pytestmark = [
    pytest.mark.skipif(find_spec("ray") is None, reason="ray (the extra cluster) is not installed"),
    pytest.mark.skipif(sys.platform == "win32", reason="Ray does not support clusters on Windows"),
]


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCluster]:
    """One for all tests; the last of them kills a node."""
    with local_cluster(tmp_path_factory.mktemp("nodes") / "home") as running:
        yield running


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory, movies: Path) -> Contents:
    """What one process makes of the videos, one after the other: of copies the first is the original."""
    library = tmp_path_factory.mktemp("alone") / "library"
    with Catalogue(library) as catalogue:
        change_setting(catalogue, "cores", "1")
    index_to_the_end(library, movies)
    return contents_of(library)


def read(contents: Contents) -> set[str]:
    """Names of the videos that have frames of their own."""
    return {name for name, rows in contents.rows.items() if rows.frames}


def test_ctrl_c_ends_a_run_in_order_and_the_next_goes_on(
    tmp_path: Path, movies: Path, cluster: LocalCluster, expected: Contents
) -> None:
    library = tmp_path / "library"
    with indexing(library, movies, "--cluster", cluster.address) as process:
        for event in events(process):
            if event["event"] == "video_indexed":
                process.send_signal(signal.SIGINT)
                break
        rest = list(events(process))
        assert process.wait(SECONDS) == 128 + signal.SIGINT
    done = read(contents_of(library))
    assert 1 <= len(done) < len(read(expected)), rest
    said = index_to_the_end(library, movies, "--cluster", cluster.address)
    assert set(names(said, "video_indexed")) == read(expected) - done
    assert_same(contents_of(library), expected)


def test_a_driver_that_is_killed_leaves_a_library_that_opens_and_goes_on(
    tmp_path: Path, movies: Path, cluster: LocalCluster, expected: Contents
) -> None:
    library = tmp_path / "library"
    with indexing(library, movies, "--cluster", cluster.address) as process:
        next(event for event in events(process) if event["event"] == "video_indexed")
        os.kill(process.pid, signal.SIGKILL)
        process.wait(SECONDS)
    done = read(contents_of(library))
    said = index_to_the_end(library, movies, "--cluster", cluster.address)
    assert set(names(said, "video_indexed")) == read(expected) - done
    assert_same(contents_of(library), expected)


def test_a_node_that_is_killed_in_mid_run_costs_nothing(
    tmp_path: Path, movies: Path, cluster: LocalCluster, expected: Contents
) -> None:
    library = tmp_path / "library"
    said = []
    with indexing(library, movies, "--cluster", cluster.address) as process:
        for event in events(process):
            said.append(event)
            if len(names(said, "video_indexed")) == 1:
                cluster.kill_second()
                break
        said += events(process)
        assert process.wait(SECONDS) == 0, process.stderr.read() if process.stderr else ""
    assert names(said, "video_indexed") == sorted(read(expected)), "every video was committed once"
    assert len(names(said, "copy_found")) == 1
    assert names(said, "video_failed") == ["broken.mp4"]
    assert_same(contents_of(library), expected)
