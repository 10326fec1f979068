"""The process with the search graph: it answers questions, and adds rows of the gallery's file between them.

One thread reads requests and answers; another one, which lets everybody else go first, reads the graph's
file, adds what is new, and builds another graph beside where the gallery was written anew. The file is
written once in a while; a process that is killed meanwhile leaves the old one.
"""

import logging
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from app.processes.entry import claim_stdout
from app.processes.limits import lower_thread_priority
from app.processes.wire import Message, WireError, read_message, write_message
from app.vectors.graph.graph_messages import Answer, Ask, Failure, Follow, Remove, State
from app.vectors.graph.hnsw import HnswGraph

logger = logging.getLogger(__name__)

_NICENESS = 10
_CHUNK = 8
"""Rows that are added while a question waits: some milliseconds."""
_BESIDE = 512
"""The same where no question is asked of the graph."""
_MARKED = 1024
"""Rows that are taken out while a question waits."""
_SAVE_LEAST, _SAVE_SHARE = 50_000, 0.5
"""While a graph is built it is kept whenever so many rows are new, and such a share of those kept."""
_SAVE_GROWN = 1 / 16
"""A complete one is kept when such a share of it is new."""


def main() -> None:
    """Serve the program that started this; ends when it closes stdin."""
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(message)s")
    path, model, width = sys.argv[1:]
    server = GraphServer(Path(path), model, int(width), claim_stdout())
    server.serve(sys.stdin.buffer)
    os._exit(0)  # at once, whatever the other thread does


class GraphServer:
    """The graph of one gallery, and what is said about it."""

    def __init__(self, path: Path, model: str, width: int, answers: BinaryIO) -> None:
        """Nothing is read yet.

        Args:
            path: the graph's file.
            model: identity of the encoder bundle.
            width: D.
            answers: where answers go.
        """
        self._path = path
        self._model = model
        self._width = width
        self._answers = answers
        self._sending = threading.Lock()
        self._using = threading.Lock()  # held by whoever touches the graph that answers
        self._nobody_asks = threading.Event()
        self._nobody_asks.set()
        self._told = threading.Condition()  # guards what follows
        self._target: Follow | None = None
        self._removed: dict[str, Remove] = {}
        self._news = False
        self._graph: HnswGraph | None = None  # the one that answers
        self._beside: HnswGraph | None = None  # the one that will
        self._saved = 0  # rows of the file's generation that are in it

    def serve(self, requests: BinaryIO) -> None:
        """Answer until there are no more requests."""
        threading.Thread(target=self._build, name="graph builder", daemon=True).start()
        while (message := read_message(requests)) is not None:
            match message.kind:
                case "ask":
                    self._send(self._answer(Ask.of(message)).message())
                case "follow":
                    self._tell(target=Follow.of(message))
                case "remove":
                    self._tell(removed=Remove.of(message))
                case kind:
                    raise WireError(f"what is {kind!r}?")

    def _send(self, message: Message) -> None:
        with self._sending:
            write_message(self._answers, message)

    def _tell(self, target: Follow | None = None, removed: Remove | None = None) -> None:
        with self._told:
            if target is not None:
                self._target = target
            if removed is not None:
                self._removed[removed.generation] = removed
            self._news = True
            self._told.notify()

    def _answer(self, question: Ask) -> Answer:
        self._nobody_asks.clear()
        try:
            with self._using:
                graph = self._graph
                rows = None if graph is None else graph.search(question.query, question.k)
                if graph is None or rows is None:
                    return Answer(question.number, "", 0, np.empty(0, np.int64))
                return Answer(question.number, graph.generation, graph.covers, rows)
        finally:
            self._nobody_asks.set()

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """While inside, no question is answered; who asks comes first."""
        self._nobody_asks.wait()
        with self._using:
            yield

    def _build(self) -> None:
        lower_thread_priority(_NICENESS)
        while True:
            with self._told:
                self._told.wait_for(lambda: self._news)
                self._news = False
                target, removed = self._target, dict(self._removed)
            try:
                self._take_out(removed)
                if target is not None and self._follow(target, removed.get(target.generation)):
                    self._say_state()
            except Exception as error:
                logger.exception("the search graph cannot follow")
                generation = "" if target is None else target.generation
                self._send(Failure(generation, str(error) or type(error).__name__).message())

    def _take_out(self, removed: dict[str, Remove]) -> None:
        """Let the graph that answers not find what was removed."""
        graph = self._graph
        if graph is not None and graph.generation in removed:
            rows = np.flatnonzero(removed[graph.generation].mask(graph.covers))
            for start in range(0, len(rows), _MARKED):
                with self._turn():
                    graph.delete(rows[start : start + _MARKED])

    def _follow(self, target: Follow, removed: Remove | None) -> bool:
        """Have a gallery's rows in the graph; returns whether all of them are, False where there is news."""
        graph = self._graph
        if graph is not None and graph.generation == target.generation and graph.covers >= target.stored:
            return True
        vectors = np.memmap(target.path, "<f4", "r", target.offset, (target.stored, self._width))
        if graph is None:
            graph = self._loaded(target, vectors)
            self._graph = graph
            self._say_state()
            if removed is not None:
                self._take_out({target.generation: removed})
        elif graph.generation != target.generation:
            if self._beside is None or self._beside.generation != target.generation:
                self._beside = HnswGraph(self._width, target.generation, capacity=_capacity(target))
            graph = self._beside
        skip = np.zeros(target.stored, np.bool_) if removed is None else removed.mask(target.stored)
        if not self._add(graph, vectors, skip):
            return False
        if graph is self._beside:
            with self._turn():
                self._graph, self._beside = graph, None
            if removed is not None:
                self._take_out({target.generation: removed})
            self._save(graph)
        elif graph.covers - self._saved > _SAVE_GROWN * graph.covers:
            self._save(graph)
        return True

    def _loaded(self, target: Follow, vectors: NDArray[np.float32]) -> HnswGraph:
        """The graph that was kept, where it is this gallery's; else an empty one."""
        self._say_state(busy=True)
        graph = HnswGraph.load(self._path, self._model, target.generation, vectors)
        if graph is None:
            return HnswGraph(self._width, target.generation, capacity=_capacity(target))
        self._saved = graph.covers
        return graph

    def _add(self, graph: HnswGraph, vectors: NDArray[np.float32], skip: NDArray[np.bool_]) -> bool:
        """Add the rows that a graph lacks; returns whether it has all now, False where there is news."""
        size = _CHUNK if graph is self._graph else _BESIDE
        if graph.covers < len(vectors):
            with self._turn():
                graph.reserve(len(vectors) - graph.covers)
        while graph.covers < len(vectors):
            if self._news:
                return False
            part = slice(graph.covers, min(graph.covers + size, len(vectors)))
            if graph is self._graph:
                with self._turn():
                    graph.add(vectors[part], skip[part])
                if graph.covers - self._saved > max(_SAVE_LEAST, _SAVE_SHARE * self._saved):
                    self._save(graph)
                    self._say_state()
            else:
                graph.add(vectors[part], skip[part])
        return True

    def _save(self, graph: HnswGraph) -> None:
        """Keep a graph; what cannot be kept is built again at the next start."""
        self._say_state(busy=True)
        self._saved = graph.covers  # whether or not: it is tried again when as much is new
        try:
            with self._turn():
                graph.save(self._path, self._model)
        except OSError as error:
            logger.warning("the search graph cannot be kept: %s", error)

    def _say_state(self, *, busy: bool = False) -> None:
        graph = self._graph
        state = State("", 0, busy) if graph is None else State(graph.generation, graph.covers, busy)
        self._send(state.message())


def _capacity(target: Follow) -> int:
    return target.stored + target.stored // 8 + 1
