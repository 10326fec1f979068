"""A node that says it has a graphics card encodes for all; when it is lost, the others encode themselves.

There is no card: its encoder runs on the processor. What is tried is who encodes, and what becomes of it.
"""

import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from app.catalogue.catalogue import Catalogue
from app.engines.model_choice import change_setting
from tests.cluster.conftest import assert_same, contents_of
from tests.cluster.index_process import SECONDS, events, index_to_the_end, indexing, names
from tests.cluster.local_cluster import local_cluster

pytestmark = [
    pytest.mark.skipif(find_spec("ray") is None, reason="ray (the extra cluster) is not installed"),
    pytest.mark.skipif(sys.platform == "win32", reason="Ray does not support clusters on Windows"),
]


def test_a_card_encodes_for_all_nodes_and_may_be_lost(tmp_path: Path, movies: Path) -> None:
    alone, library = tmp_path / "alone", tmp_path / "library"
    with Catalogue(alone) as catalogue:
        change_setting(catalogue, "cores", "1")
    index_to_the_end(alone, movies)
    said = []
    with (
        local_cluster(tmp_path / "home", cards=1) as cluster,
        indexing(library, movies, "--cluster", cluster.address) as process,
    ):
        for event in events(process):
            said.append(event)
            if len(names(said, "video_indexed")) == 1:
                assert cluster.encoders() == 1
                assert cluster.kill_second(), "it was reading a video"
                break
        said += events(process)
        assert process.wait(SECONDS) == 0, said[-3:]
    assert names(said, "video_failed") == ["broken.mp4"]
    assert_same(contents_of(library), contents_of(alone))
