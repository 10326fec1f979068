"""The approximate index above `exact_limit`: as good as exact, never out of date, its file never trusted."""

import json
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from app.catalogue.catalogue import Catalogue
from app.vectors.hnsw import HnswGraph, graph_file
from app.vectors.vector_index import VectorIndex
from tests.catalogue.making import make_file, rescan, rows_for

MODEL = "tiny-hnsw"
WIDTH = 32
LIMIT = 500


def images(count: int, seed: int) -> NDArray[np.float32]:
    """Embeddings as an image tower gives them: scenes in clusters, all in a narrow cone of the space."""
    chance = np.random.default_rng(seed)
    cone = np.random.default_rng(0).standard_normal(WIDTH)
    scenes = chance.standard_normal((max(1, count // 10), WIDTH))
    noise = 0.3 * chance.standard_normal((count, WIDTH))
    return (10 * (cone + scenes[np.arange(count) % len(scenes)] + noise)).astype(np.float32)


def texts(count: int) -> NDArray[np.float32]:
    """Queries as a text tower gives them: about the scenes, but in another cone (the modality gap)."""
    gap = 1.5 * np.random.default_rng(1).standard_normal(WIDTH)
    chance = np.random.default_rng(2)
    return (gap + 0.7 * chance.standard_normal((count, WIDTH))).astype(np.float32)


def commit(catalogue: Catalogue, movies: Path, numbers: range, frames: int = 50) -> None:
    for i in numbers:
        make_file(movies / f"{i:03}.mp4", f"video {i}")
    rescan(catalogue, movies)
    for video in catalogue.pending(MODEL):
        vectors = images(frames, seed=100 + video.id)
        rows = rows_for(video, frames, seed=video.id, model=MODEL, vectors=vectors)
        catalogue.commit_indexed(video.id, rows, fingerprint=f"{video.id:064}")


def remove(catalogue: Catalogue, movies: Path, *numbers: int) -> None:
    """Take videos out of the library: a scan of their folder finds another file over each."""
    for number in numbers:
        make_file(movies / f"{number:03}.mp4", f"it is another one now, number {number}")
    rescan(catalogue, movies)
    for video in catalogue.pending(MODEL):
        rows = rows_for(video, 0, model=MODEL, width=WIDTH)
        catalogue.commit_indexed(video.id, rows, fingerprint=f"{video.id:064} removed")


def open_index(catalogue: Catalogue, *, limit: int = LIMIT) -> VectorIndex:
    index = VectorIndex(catalogue.folder, MODEL, WIDTH, exact_limit=limit)
    index.refresh(catalogue)
    return index


def recall(index: VectorIndex, exact: VectorIndex, k: int = 100) -> float:
    """Share of the exact answer's frames that the index found, over text-like queries."""
    found = 0
    wanted = texts(40)
    for query in wanted:
        mine = index.gallery.frame_ids[index.nearest_frames(query, k)[0]]
        theirs = exact.gallery.frame_ids[exact.nearest_frames(query, k)[0]]
        found += len(np.intersect1d(mine, theirs))
    return found / (k * len(wanted))


def answers(index: VectorIndex) -> list[tuple[list[int], list[float]]]:
    return [tuple(part.tolist() for part in index.nearest_frames(query, 50)) for query in texts(10)]  # type: ignore[misc]


@pytest.fixture
def filled(catalogue: Catalogue, movies: Path) -> Catalogue:
    """3,000 frames in 60 videos."""
    commit(catalogue, movies, range(60))
    return catalogue


def test_up_to_the_limit_there_is_no_graph(catalogue: Catalogue, movies: Path) -> None:
    commit(catalogue, movies, range(10))
    index = open_index(catalogue)
    assert len(index.gallery) == LIMIT
    assert not index.wants_build
    assert not index.build_hnsw()
    assert list(catalogue.folder.glob("*.hnsw")) == []


def test_text_like_queries_find_what_exact_search_finds(filled: Catalogue) -> None:
    index, exact = open_index(filled), open_index(filled, limit=10**9)
    assert index.wants_build
    assert answers(index) == answers(exact)  # until the graph is ready
    assert index.build_hnsw()
    assert not index.wants_build
    assert recall(index, exact) > 0.98
    for query in texts(10):
        rows, scores = index.nearest_frames(query, 50)
        assert scores.tolist() == sorted(scores.tolist(), reverse=True)
        direct = index.gallery.vectors[rows] @ (query / np.linalg.norm(query))
        np.testing.assert_allclose(scores, direct, atol=1e-6)


def test_the_same_after_a_restart_and_after_a_rebuild(filled: Catalogue) -> None:
    first = open_index(filled)
    first.build_hnsw()
    restarted = open_index(filled)
    restarted.build_hnsw()
    assert answers(restarted) == answers(first)
    for file in filled.folder.glob("vectors-*"):
        file.unlink()
    rebuilt = open_index(filled)
    rebuilt.build_hnsw()
    assert answers(rebuilt) == answers(first)


def test_a_restart_reads_the_graph_instead_of_building_it(filled: Catalogue) -> None:
    open_index(filled).build_hnsw()
    (file,) = filled.folder.glob("*.hnsw")
    # Not its times: reading changes one. It is the same file, with the same content.
    before, inode = file.read_bytes(), file.stat().st_ino
    restarted = open_index(filled)
    # Building asks whether to stop after every few hundred frames; reading does not.
    assert restarted.build_hnsw(stop=lambda: True)
    assert (file.read_bytes(), file.stat().st_ino) == (before, inode)


def test_new_frames_are_found_before_the_graph_knows_them(filled: Catalogue, movies: Path) -> None:
    index = open_index(filled)
    index.build_hnsw()
    commit(filled, movies, range(60, 64))
    assert index.refresh(filled)
    assert not index.wants_build
    exact = open_index(filled, limit=10**9)
    assert recall(index, exact) > 0.98
    new = index.gallery.vectors[-1]
    assert index.nearest_frames(new, 1)[0].tolist() == [len(index.gallery) - 1]

    commit(filled, movies, range(64, 80))
    index.refresh(filled)
    assert index.wants_build
    assert index.build_hnsw()
    assert not index.wants_build
    assert recall(index, open_index(filled, limit=10**9)) > 0.98


def test_removed_frames_are_not_found(filled: Catalogue, movies: Path) -> None:
    index = open_index(filled)
    index.build_hnsw()
    old = index.gallery
    remove(filled, movies, 3, 4, 5)
    index.refresh(filled)
    assert len(index.gallery) == 57 * 50
    exact = open_index(filled, limit=10**9)
    assert recall(index, exact) > 0.98
    assert recall(index, exact, k=57 * 50) == 1.0
    assert index.nearest_frames(texts(1)[0], 5, gallery=old)[0].max() < len(old)

    index.save()
    restarted = open_index(filled)
    assert restarted.build_hnsw(stop=lambda: True)
    assert answers(restarted) == answers(index)


def test_a_worn_graph_is_built_anew(filled: Catalogue, movies: Path) -> None:
    index = open_index(filled)
    index.build_hnsw()
    remove(filled, movies, *range(20))
    index.refresh(filled)
    assert index.wants_build
    assert index.build_hnsw()
    assert not index.wants_build
    assert recall(index, open_index(filled, limit=10**9)) > 0.98
    clean = open_index(filled)
    assert clean.build_hnsw()
    assert answers(clean) == answers(index)


def test_building_can_be_stopped_and_goes_on_later(filled: Catalogue) -> None:
    index = open_index(filled)
    asked = iter([False, False, True])
    assert not index.build_hnsw(stop=lambda: next(asked))
    assert index.wants_build
    exact = open_index(filled, limit=10**9)
    assert recall(index, exact) > 0.98
    assert index.build_hnsw()
    assert not index.wants_build
    assert recall(index, exact) > 0.98


@pytest.mark.parametrize(
    "damage", ["cut", "flipped", "empty", "no sidecar", "sidecar", "foreign", "other vectors"]
)
def test_a_saved_graph_that_does_not_fit_is_built_anew(filled: Catalogue, damage: str) -> None:
    first = open_index(filled)
    first.build_hnsw()
    (graph,), (sidecar,) = filled.folder.glob("*.hnsw"), filled.folder.glob("vectors-*.json")
    data = bytearray(graph.read_bytes())
    facts = json.loads(sidecar.read_text())
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
        case "foreign":
            sidecar.write_text(json.dumps(facts | {"model": "another"}))
        case "other vectors":  # as from another library: whole, and with the same frame ids
            other = VectorIndex(filled.folder, MODEL, WIDTH, exact_limit=LIMIT)
            with filled._connections.writing() as database:
                blob = database.execute("SELECT vectors FROM embeddings LIMIT 1").fetchone()[0]
                database.execute("UPDATE embeddings SET vectors = ?", [blob])
            other.refresh(filled)
            first = other
            assert not other.build_hnsw(stop=lambda: True)
    index = open_index(filled)
    assert not index.build_hnsw(stop=lambda: True)  # it had to build
    assert index.build_hnsw()
    if damage != "other vectors":
        assert answers(index) == answers(first)
    restarted = open_index(filled)
    assert restarted.build_hnsw(stop=lambda: True)


@pytest.mark.parametrize("suffix", [".hnsw", ".json"])
def test_what_others_keep_under_its_names_stays_and_the_graph_is_kept(filled: Catalogue, suffix: str) -> None:
    taken = graph_file(filled.folder, MODEL).with_suffix(suffix)
    taken.write_bytes(b'{"a": "letter"}')
    open_index(filled).build_hnsw()
    assert open_index(filled).build_hnsw(stop=lambda: True), "it was kept under another name"
    filled.forget_model(MODEL)
    assert list(filled.folder.glob("*vectors-*")) == [taken]
    assert taken.read_bytes() == b'{"a": "letter"}'


def test_a_save_that_was_killed_leaves_nothing_for_long(filled: Catalogue) -> None:
    graph = graph_file(filled.folder, MODEL)
    left = graph.with_name(f".{graph.stem}-abcd1234.part")
    left.write_bytes(b"")
    other = graph.with_name(f".{graph.stem}-letters.part")
    other.write_bytes(b"not ours")
    open_index(filled).build_hnsw()
    assert not left.exists()
    assert other.exists()
    assert graph.stat().st_mode & 0o777 == graph.with_suffix(".json").stat().st_mode & 0o777 == 0o600
    filled.forget_model(MODEL)
    assert not graph.exists()
    assert not graph.with_suffix(".json").exists()


def test_a_graph_that_cannot_be_built_costs_speed_only(
    filled: Catalogue, movies: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    index, exact = open_index(filled), open_index(filled, limit=10**9)
    with monkeypatch.context() as broken:
        broken.setattr(HnswGraph, "add", lambda *_: (_ for _ in ()).throw(MemoryError("no room")))
        assert not index.build_hnsw()
    assert "no room" in index.build_problem
    assert "Traceback" in caplog.text
    assert answers(index) == answers(exact)
    assert not index.wants_build, "it is not tried again for every query"
    commit(filled, movies, range(60, 61))
    index.refresh(filled)
    assert index.wants_build
    assert index.build_hnsw()
    assert index.build_problem == ""


def test_a_graph_that_cannot_be_saved_still_answers(
    filled: Catalogue, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    in_the_way = make_file(tmp_path / "a file", "x")
    index = VectorIndex(in_the_way, MODEL, WIDTH, exact_limit=LIMIT)
    index.refresh(filled)
    assert index.build_hnsw()
    assert "cannot be kept" in caplog.text
    assert recall(index, open_index(filled, limit=10**9)) > 0.98
