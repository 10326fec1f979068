"""A library that is served is searched by its graph, whether it is indexed meanwhile or not."""

from pathlib import Path

import numpy as np
import pytest

from app.server.library_server import _start
from app.session import Session
from app.vectors.graph.graph_process import graph_is_available
from app.vectors.vector_index import VectorIndex
from tests.conftest import wait_until


@pytest.mark.skipif(not graph_is_available(), reason="hnswlib is not installed: every search is exact")
def test_many_searches_are_answered_by_the_graph(
    indexed_library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    defaults = {**(VectorIndex.__init__.__kwdefaults__ or {}), "exact_limit": 5, "kept_from": 1}
    monkeypatch.setattr(VectorIndex.__init__, "__kwdefaults__", defaults)
    with Session(indexed_library) as session:
        _start(session, indexes=False)
        index = session.index
        query = np.ones(session.bundle.embedding_width, np.float32)

        def answered() -> bool:
            session.search("stripes")
            return index.store.nearest(index.gallery, query, 3) is not None

        assert wait_until(answered)
        by_graph, exact = index.nearest_frames(query, 3), index.nearest_frames(query, 3, exact=True)
        assert by_graph[0].tolist() == exact[0].tolist()
