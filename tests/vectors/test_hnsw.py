"""The approximate graph: as good as exact for texts; its file is never trusted."""

import json
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

pytest.importorskip("hnswlib", reason="the extra hnsw is not installed")

from app.vectors.graph.graph_file import delete_graph, graph_file, graph_is_damaged
from app.vectors.graph.hnsw import HnswGraph
from tests.vectors.made_vectors import WIDTH, images, normalised, texts

MODEL = "tiny-hnsw"
GENERATION = "0123abcd"
ROWS, FEW = 3000, 300


@pytest.fixture(scope="module")
def vectors() -> NDArray[np.float32]:
    return normalised(images(ROWS, seed=1))


@pytest.fixture(scope="module")
def few(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """For what is about the file."""
    return vectors[:FEW]


def built(vectors: NDArray[np.float32], *, chunk: int = 500) -> HnswGraph:
    graph = HnswGraph(WIDTH, GENERATION, capacity=len(vectors))
    for start in range(0, len(vectors), chunk):
        part = vectors[start : start + chunk]
        graph.add(part, np.zeros(len(part), np.bool_))
    return graph


@pytest.fixture(scope="module")
def whole(vectors: NDArray[np.float32]) -> HnswGraph:
    """Of all vectors; to be searched only."""
    return built(vectors)


def answers(graph: HnswGraph, k: int = 50) -> list[list[int]]:
    found = [graph.search(query, k) for query in normalised(texts(10))]
    return [sorted(rows.tolist()) for rows in found if rows is not None]


def recall(graph: HnswGraph, vectors: NDArray[np.float32], k: int) -> float:
    """Share of the nearest k of these rows that the graph finds, over text-like queries."""
    shares = []
    for query in normalised(texts(40)):
        nearest = np.argsort(-(vectors @ query))[:k]
        shares.append(len(np.intersect1d(graph.search(query, k), nearest)) / k)  # type: ignore[arg-type]
    return float(np.mean(shares))


def load(path: Path, vectors: NDArray[np.float32]) -> HnswGraph | None:
    return HnswGraph.load(path, MODEL, GENERATION, vectors)


@pytest.mark.parametrize(("k", "least"), [(100, 0.99), (1600, 0.97)])
def test_text_like_queries_find_what_exact_search_finds(
    whole: HnswGraph, vectors: NDArray[np.float32], k: int, least: float
) -> None:
    assert recall(whole, vectors, k) >= least
    assert whole.covers == ROWS


def test_the_same_rows_give_the_same_graph_and_so_does_its_file(
    vectors: NDArray[np.float32], tmp_path: Path
) -> None:
    vectors = vectors[:1000]
    first, path = built(vectors), graph_file(tmp_path, MODEL)
    first.save(path, MODEL)
    restarted = load(path, vectors)
    assert restarted is not None
    assert restarted.covers == len(vectors)
    assert answers(restarted) == answers(first) == answers(built(vectors, chunk=7))


def test_a_loaded_graph_takes_more_rows(vectors: NDArray[np.float32], tmp_path: Path) -> None:
    path = graph_file(tmp_path, MODEL)
    built(vectors[:1000]).save(path, MODEL)
    graph = load(path, vectors[:1000])
    assert graph is not None
    graph.reserve(2000)
    graph.add(vectors[1000:], np.zeros(2000, np.bool_))
    assert graph.covers == ROWS
    assert recall(graph, vectors, 100) > 0.98


def test_removed_rows_are_not_found_after_a_restart_either(
    vectors: NDArray[np.float32], tmp_path: Path
) -> None:
    graph, path = built(vectors), graph_file(tmp_path, MODEL)
    gone = np.arange(500, 1000)
    graph.delete(gone)
    graph.delete(np.append(gone[-3:], ROWS + 5))  # once more, and one it never had
    graph.save(path, MODEL)
    restarted = load(path, vectors)
    assert restarted is not None
    for one in (graph, restarted):
        found = np.concatenate(
            [rows for query in normalised(texts(10)) if (rows := one.search(query, 2400)) is not None]
        )
        assert len(found) == 24_000
        assert not np.isin(found, gone).any()
    restarted.delete(gone)
    assert answers(restarted) == answers(graph)


def test_rows_that_are_left_out_are_covered_and_not_found(vectors: NDArray[np.float32]) -> None:
    graph = HnswGraph(WIDTH, GENERATION, capacity=ROWS)
    skip = np.arange(ROWS) % 2 == 1
    graph.add(vectors, skip)
    assert graph.covers == ROWS
    found = graph.search(normalised(texts(1))[0], ROWS)
    assert found is not None
    assert sorted(found.tolist()) == list(range(0, ROWS, 2))


def test_an_empty_graph_finds_nothing() -> None:
    found = HnswGraph(WIDTH, GENERATION, capacity=1).search(normalised(texts(1))[0], 10)
    assert found is not None
    assert len(found) == 0


@pytest.mark.parametrize(
    "damage",
    [
        "cut",
        "flipped",
        "empty",
        "no sidecar",
        "sidecar",
        "earlier",
        "model",
        "generation",
        "vectors",
        "fewer",
    ],
)
def test_a_saved_graph_that_does_not_fit_is_not_used(
    few: NDArray[np.float32], tmp_path: Path, damage: str
) -> None:
    graph = graph_file(tmp_path, MODEL)
    built(few).save(graph, MODEL)
    sidecar = graph.with_suffix(".json")
    data, facts = bytearray(graph.read_bytes()), json.loads(sidecar.read_text())
    assert load(graph, few) is not None
    match damage:
        case "cut":
            graph.write_bytes(data[:-100])
        case "flipped":
            data[len(data) // 2] ^= 1
            graph.write_bytes(data)
        case "empty":
            graph.write_bytes(b"")
        case "no sidecar":
            sidecar.unlink()
        case "sidecar":
            sidecar.write_text('{"size": ')
        case "earlier":
            del facts["generation"]
            sidecar.write_text(json.dumps(facts))
        case "model" | "generation":
            sidecar.write_text(json.dumps(facts | {damage: "another"}))
        case "vectors":  # as of a library that was put back from a backup
            few = few.copy()
            few[123] = few[122]
        case "fewer":
            few = few[:200]
    assert load(graph, few) is None
    # Neither what is empty nor half a sidecar is known as ours: another name is taken.
    assert graph_is_damaged(graph) == (damage in {"cut", "flipped"})
    built(few).save(graph, MODEL)
    assert load(graph, few) is not None


@pytest.mark.parametrize("suffix", [".hnsw", ".json"])
def test_what_others_keep_under_its_names_stays_and_the_graph_is_kept(
    few: NDArray[np.float32], tmp_path: Path, suffix: str
) -> None:
    path = graph_file(tmp_path, MODEL)
    taken = path.with_suffix(suffix)
    taken.write_bytes(b'{"a": "letter"}')
    built(few).save(path, MODEL)
    assert load(path, few) is not None, "it was kept under another name"
    delete_graph(path)
    assert list(tmp_path.iterdir()) == [taken]
    assert taken.read_bytes() == b'{"a": "letter"}'


def test_a_save_that_was_killed_leaves_nothing_for_long(few: NDArray[np.float32], tmp_path: Path) -> None:
    path = graph_file(tmp_path, MODEL)
    left = path.with_name(f".{path.stem}-abcd1234.part")
    left.write_bytes(b"")
    other = path.with_name(f".{path.stem}-letters.part")
    other.write_bytes(b"not ours")
    built(few).save(path, MODEL)
    assert not left.exists()
    assert other.exists()
    assert path.stat().st_mode & 0o777 == path.with_suffix(".json").stat().st_mode & 0o777 == 0o600
    delete_graph(path)
    assert list(tmp_path.iterdir()) == [other]


def test_a_folder_that_is_none_is_an_error_of_the_disk(few: NDArray[np.float32], tmp_path: Path) -> None:
    in_the_way = tmp_path / "a file"
    in_the_way.write_bytes(b"")
    with pytest.raises(OSError, match="a file"):
        built(few).save(graph_file(in_the_way, MODEL), MODEL)
