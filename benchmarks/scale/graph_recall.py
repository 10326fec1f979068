"""How much of what an exact search finds the vector index finds too, for typed texts."""

import statistics
import time

import numpy as np

from app.search.scorers.hubness import bank_texts
from app.session import Session
from benchmarks.scale.place import Place
from benchmarks.scale.synthetic_library import warm

_WANTED = (100, 1600)
_EQUAL = 1e-6
"""Cosines nearer than this are the same."""


def recall(place: Place) -> list[str]:
    """Share of the nearest 100 and 1,600 frames that are found, and the time of both ways."""
    texts = bank_texts()[: place.effort.queries]
    shares: dict[int, list[float]] = {wanted: [] for wanted in _WANTED}
    took: list[float] = []
    exactly: list[float] = []
    with Session(place.library) as session:
        warm(session)
        index, vectors = session.index, session.index.gallery.vectors
        for text in texts:
            query = session.text_encoder.encode_query(text)
            query = query / np.linalg.norm(query)
            started = time.perf_counter()
            cosines = vectors @ query
            exactly.append(time.perf_counter() - started)
            for wanted, found in shares.items():
                k = min(wanted, len(vectors))
                started = time.perf_counter()
                rows, _ = index.nearest_frames(query, k)
                took.append(time.perf_counter() - started)
                limit = np.partition(cosines, -k)[-k] - _EQUAL
                found.append(min(1.0, float((cosines[rows] >= limit).sum()) / k))
    figures = " / ".join(f"{np.mean(found):.3f}" for found in shares.values())
    index_ms, exact_ms = 1e3 * statistics.median(took), 1e3 * statistics.median(exactly)
    return [f"{figures} ({index_ms:.1f} ms; exact scan, one thread {exact_ms:.1f} ms)"]
