"""Where hnswlib is not installed everything is found all the same, and it is said."""

import sys

import numpy as np
import pytest

from app.catalogue.catalogue import Catalogue
from app.vectors.vector_index import VectorIndex
from tests.catalogue.making import MODEL, WIDTH


def test_a_large_library_is_searched_exactly_and_that_is_said(
    filled: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "hnswlib", None)
    large = VectorIndex(filled.folder, MODEL, WIDTH, exact_limit=100, kept_from=1)
    exact = VectorIndex(filled.folder, MODEL, WIDTH, kept_from=10**9)
    large.refresh(filled)
    exact.refresh(filled)
    assert not large.finish_graph()
    assert large.build_problem == "The search graph could not be used: hnswlib is not installed."
    assert not large.wants_build, "it is not looked for at every query"
    for query in np.random.default_rng(1).normal(size=(5, WIDTH)).astype(np.float32):
        found, wanted = large.nearest_frames(query, 20), exact.nearest_frames(query, 20)
        assert [part.tolist() for part in found] == [part.tolist() for part in wanted]
    assert list(filled.folder.glob("*.hnsw")) == []
    large.close()
