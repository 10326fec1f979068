"""Whether searches find through a vector store what they find by comparing with every frame.

On a library made as by `benchmarks.scale`, with the real clips in it where there are any. Without an address
the client's `:memory:` answers: it shows what coarse search over clips loses, and nothing of a server's
bytes, graph or disk. Needs the extra `qdrant`.

    python -m benchmarks.vector_store [--frames N] [--library FOLDER] [--url URL]
"""

import os
import statistics
import time
import uuid
import warnings
from collections.abc import Sequence
from pathlib import Path

import click
import numpy as np
from qdrant_client import QdrantClient

from app.engines.scorer_factory import make_scorer
from app.paths import cache_folder
from app.query.parser import read
from app.search.candidates import find_candidates
from app.search.outcome import SearchOutcome
from app.search.scope import Scope
from app.search.scorers.hubness import bank_texts
from app.search.searcher import Searcher
from app.session import Session
from app.vectors.stores.qdrant.qdrant_server import QdrantServer
from app.vectors.stores.qdrant.qdrant_store import QdrantStore
from app.vectors.vector_index import VectorIndex
from benchmarks import machine
from benchmarks.retrieval import CLIPS
from benchmarks.scale.place import Place
from benchmarks.scale.synthetic_library import fill

TOP = 10


def add_clips(library: Path) -> None:
    """Index the real clips too, where there are any."""
    if CLIPS.is_dir():
        with Session(library) as session:
            folder = session.add_folder(CLIPS)
            session.indexer.start([folder.id])
            session.indexer.wait()


def moments(outcome: SearchOutcome) -> list[tuple[int, float]]:
    """The first moments: their videos and where they begin."""
    return [(moment.video_id, moment.start) for moment in outcome.moments[:TOP]]


def agreement(outcomes: Sequence[SearchOutcome], others: Sequence[SearchOutcome]) -> float:
    """Share of the first ten moments that are in both, over all queries."""
    pairs = [(moments(one), moments(other)) for one, other in zip(outcomes, others, strict=True)]
    return sum(len(set(one) & set(other)) for one, other in pairs) / sum(len(one) for one, _ in pairs)


def measure(session: Session, client: QdrantClient, queries: Sequence[str]) -> None:
    """Print how far searches agree, with filters and without, and what they cost here."""
    bundle, catalogue = session.bundle, session.catalogue
    server = QdrantServer(client, "here", uuid.uuid4().hex, bundle.embedding_width)
    store = QdrantStore(lambda _: server, lambda: {each.id: each.id % 3 for each in catalogue.watched()})
    exact, other = (
        VectorIndex(
            session.folder / name, bundle.identity, bundle.embedding_width, exact_limit=limit, server=made
        )
        for name, limit, made in (("a", 10**12, lambda: None), ("b", 0, lambda: store))
    )
    exact.refresh(catalogue)
    other.refresh(catalogue)
    started = time.process_time()
    other.update_graph()
    assert store.finish(lambda: False), store.problem
    print(f"taken in and read back: {time.process_time() - started:.0f} s of processor")
    encoder, scorer = session.text_encoder, make_scorer(session.scorer_name, bundle)
    folders = catalogue.watched()
    half = frozenset(np.unique(exact.gallery.video_of_row)[::2].tolist())
    ways = {
        "everywhere": None,
        "a folder": Scope(frozenset(), folders[0].id),
        "every second video": Scope(half),
    }
    for way, scope in ways.items():
        found = []
        for index in (exact, other):
            searcher = Searcher(catalogue, index, encoder)
            outcomes, took = [], []
            for query in queries if scope is None else queries[::10]:  # `:memory:` filters slowly
                before = time.process_time()
                outcomes.append(searcher.search(read(query), limit=60, scorer=scorer, scope=scope))
                took.append(1e3 * (time.process_time() - before))
            found.append((outcomes, statistics.median(took)))
        share = agreement(found[0][0], found[1][0])
        print(f"{way}: first {TOP} moments {share:.2%}; {found[0][1]:.1f} ms exact, {found[1][1]:.1f} ms")
    shared = []
    for query in queries:
        text = encoder.encode_query(query)
        text = text / np.linalg.norm(text)
        one, two = (find_candidates(index, index.gallery, text).clips for index in (exact, other))
        shared.append(len(np.intersect1d(one, two)) / len(one))
    print(f"candidates {np.mean(shared):.2%}; problem: {store.problem or 'none'}")
    server.reset()
    exact.close()
    other.close()


@click.command()
@click.option("--frames", default=100_000, show_default=True, type=click.IntRange(1000))
@click.option("--library", "folder", type=click.Path(path_type=Path), help="Where it is (default: a cache).")
@click.option("--url", default="", help="Of a Qdrant server that may be filled; the client's own where none.")
def main(frames: int, folder: Path | None, url: str) -> None:
    """Measure how far a vector store agrees with comparing every frame."""
    warnings.filterwarnings("ignore", category=UserWarning, module="qdrant_client")
    place = Place((folder or cache_folder() / "vector-store") / str(frames), frames)
    place.folder.mkdir(parents=True, exist_ok=True)
    os.environ["REELFIND_HOME"] = str(place.folder / "home")
    if not place.library.exists():
        fill(place)
        add_clips(place.library)
    client = QdrantClient(url=url, check_compatibility=False) if url else QdrantClient(":memory:")
    with Session(place.library) as session:
        session.warm_up()
        print(f"{len(session.index.gallery):,} frames; {machine.describe()}; {url or ':memory:'}")
        measure(session, client, bank_texts()[: place.effort.queries])


if __name__ == "__main__":
    main()
