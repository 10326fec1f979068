"""The process with the search graph: it answers, or those who ask do without it; its end costs speed only."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import psutil
import pytest
from numpy.typing import NDArray

pytest.importorskip("hnswlib", reason="the extra hnsw is not installed")

from app.vectors.graph import graph_process
from app.vectors.graph.graph_file import graph_file, graph_is_damaged
from app.vectors.graph.graph_messages import Answer, Follow, Remove
from app.vectors.graph.graph_process import GraphProcess
from app.vectors.graph.hnsw import HnswGraph
from tests.conftest import wait_until
from tests.vectors.made_vectors import WIDTH, images, normalised, texts

MODEL = "tiny-hnsw"
QUERY = normalised(texts(1))[0]
OFFSET = 64


def gallery(
    folder: Path, rows: int, *, generation: str = "1", seed: int = 1
) -> tuple[Follow, NDArray[np.float32]]:
    """A file with vectors as a gallery's."""
    vectors = normalised(images(rows, seed))
    path = folder / f"{generation}.gallery"
    path.write_bytes(bytes(OFFSET) + vectors.tobytes())
    return Follow(str(path), generation, OFFSET, rows), vectors


@pytest.fixture
def graph(tmp_path: Path) -> Iterator[GraphProcess]:
    process = GraphProcess(graph_file(tmp_path, MODEL), MODEL, WIDTH)
    yield process
    process.close()


def ready(graph: GraphProcess, target: Follow, *removed: Remove) -> None:
    graph.follow(target, removed)
    assert graph.wait(lambda: False)


def asked(graph: GraphProcess, k: int = 10) -> Answer:
    """The answer, however busy this computer is."""
    found: list[Answer] = []
    assert wait_until(lambda: bool(found) or [found.append(a) for a in [graph.ask(QUERY, k)] if a] != [], 60)
    return found[0]


def pid(graph: GraphProcess) -> int:
    assert graph._child is not None
    return graph._child.pid


def test_it_answers_from_the_rows_of_the_gallery_s_file(graph: GraphProcess, tmp_path: Path) -> None:
    target, vectors = gallery(tmp_path, 1000)
    assert graph.ask(QUERY, 10) is None, "nothing was started"
    ready(graph, target)
    answer = asked(graph)
    assert (answer.generation, answer.covers) == ("1", 1000)
    assert set(answer.rows.tolist()) == set(np.argsort(-(vectors @ QUERY))[:10].tolist())
    assert graph.problem == ""


def test_more_rows_and_removed_rows(graph: GraphProcess, tmp_path: Path) -> None:
    target, vectors = gallery(tmp_path, 1000)
    ready(graph, Follow(target.path, "1", OFFSET, 600))
    gone = np.argsort(-(vectors @ QUERY))[:10]
    gaps = np.stack((np.sort(gone), np.sort(gone) + 1), axis=1).astype(np.int64)
    ready(graph, target, Remove("1", gaps))
    answer = asked(graph, 990)
    assert answer.covers == 1000
    assert sorted(answer.rows.tolist()) == sorted(set(range(1000)) - set(gone.tolist()))


def test_the_old_graph_answers_while_another_is_built_beside(graph: GraphProcess, tmp_path: Path) -> None:
    ready(graph, gallery(tmp_path, 2_500)[0])
    target, vectors = gallery(tmp_path, 3_500, generation="2", seed=2)
    graph.follow(target)
    heard = set()
    while not graph.wait(lambda: True):
        answer = graph.ask(QUERY, 10)
        if answer is not None:
            heard.add((answer.generation, answer.covers))
    assert ("1", 2_500) in heard
    assert heard <= {("1", 2_500), ("2", 3_500)}
    answer = asked(graph)
    assert (answer.generation, answer.covers) == ("2", 3_500)
    kept = HnswGraph.load(graph_file(tmp_path, MODEL), MODEL, "2", vectors)
    assert kept is not None
    assert kept.covers == 3_500


def test_a_process_that_was_killed_is_started_again_and_said_once(
    graph: GraphProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(graph_process, "_PAUSES", (0.3, 0.3))
    target, _ = gallery(tmp_path, 1000)
    ready(graph, target)
    before = asked(graph)
    file = graph_file(tmp_path, MODEL)
    inode = file.stat().st_ino
    os.kill(pid(graph), signal.SIGKILL)
    assert wait_until(lambda: graph.problem != "")
    assert (
        graph.problem
        == "The search graph could not be used: its process ended with code -9; it is started again."
    )
    assert graph.ask(QUERY, 10) is None
    assert wait_until(lambda: graph.problem == "", 60)
    assert set(asked(graph).rows.tolist()) == set(before.rows.tolist())
    assert file.stat().st_ino == inode, "it was read, not built again"


def test_one_that_dies_again_and_again_stays_away(
    graph: GraphProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(graph_process, "_PAUSES", (0.01,))
    target, _ = gallery(tmp_path, 1000)
    ready(graph, target)
    first = pid(graph)
    os.kill(first, signal.SIGKILL)
    assert wait_until(lambda: graph._child is not None and graph._child.pid != first, 60)
    os.kill(pid(graph), signal.SIGKILL)
    assert wait_until(lambda: "not started again" in graph.problem, 60)
    graph.follow(target)
    assert not graph.wait(lambda: False)
    assert graph.ask(QUERY, 10) is None


def test_one_that_hangs_is_not_waited_for_and_killed(
    graph: GraphProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(graph_process, "_PAUSES", (0.01,))
    ready(graph, gallery(tmp_path, 1000)[0])
    asked(graph)
    hung = pid(graph)
    os.kill(hung, signal.SIGSTOP)
    monkeypatch.setattr(graph_process, "PATIENCE", 1.0)
    monkeypatch.setattr(graph_process, "_HANGS", 1.5)
    assert graph.ask(QUERY, 10) is None
    started = time.perf_counter()
    assert graph.ask(QUERY, 10) is None
    assert time.perf_counter() - started < graph_process.PATIENCE, "only the first one waited"
    assert wait_until(lambda: graph.ask(QUERY, 10) is None and not psutil.pid_exists(hung), 30)
    assert asked(graph).covers == 1000


def test_what_cannot_be_done_is_said_and_tried_with_the_next_file(
    graph: GraphProcess, tmp_path: Path
) -> None:
    graph.follow(Follow(str(tmp_path / "nowhere"), "1", OFFSET, 10))
    assert not graph.wait(lambda: False)
    assert graph.problem.startswith("The search graph could not be built: ")
    assert "nowhere" in graph.problem
    assert graph.ask(QUERY, 10) is None
    ready(graph, gallery(tmp_path, 100)[0])
    assert graph.problem == ""


def test_closing_ends_it_at_once_whatever_it_does(graph: GraphProcess, tmp_path: Path) -> None:
    graph.follow(gallery(tmp_path, 50_000)[0])
    assert wait_until(lambda: graph.generation == "1", 60), "it has begun"
    process = psutil.Process(pid(graph))
    started = time.perf_counter()
    graph.close()
    assert time.perf_counter() - started < 2.0
    assert not process.is_running()
    assert graph.ask(QUERY, 10) is None
    graph.follow(gallery(tmp_path, 100)[0])
    assert not graph.wait(lambda: False)


PROGRAM = """
import sys
from pathlib import Path
from app.vectors.graph.graph_messages import Follow
from app.vectors.graph.graph_process import GraphProcess

if __name__ == "__main__":
    process = GraphProcess(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
    process.follow(Follow(sys.argv[4], "1", int(sys.argv[5]), int(sys.argv[6])))
    while process._child is None:
        process.wait(lambda: True)
    print(process._child.pid, flush=True)
    process.wait(lambda: False)
    print("ready", flush=True)
    sys.stdin.read()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_a_program_that_is_killed_leaves_no_process_and_a_good_file(tmp_path: Path) -> None:
    target, vectors = gallery(tmp_path, 1000)
    file = graph_file(tmp_path, MODEL)
    words = (str(file), MODEL, str(WIDTH), target.path, str(OFFSET), str(target.stored))
    script = tmp_path / "program.py"
    script.write_text(PROGRAM)
    with subprocess.Popen(
        [sys.executable, script, *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as program:
        assert program.stdout is not None
        child = int(program.stdout.readline())
        assert program.stdout.readline() == b"ready\n"
        program.kill()
        assert wait_until(lambda: not psutil.pid_exists(child))
    assert not graph_is_damaged(file)
    assert HnswGraph.load(file, MODEL, "1", vectors) is not None
