"""The search graph as the program sees it: a child process that answers, or does not.

It may not have been started yet, read its file, have died or hang: then there is no answer, and whoever asks
compares with every frame. A process that died is started again, a few times.
"""

import importlib.util
import logging
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.processes.child import Child
from app.processes.launcher import StartError, start
from app.processes.limits import Limits
from app.processes.wire import Message, WireError, read_message, write_message
from app.vectors.graph.graph_file import graph_bytes
from app.vectors.graph.graph_messages import Answer, Ask, Failure, Follow, Remove, State

logger = logging.getLogger(__name__)

PATIENCE = 0.25
"""Seconds to wait for an answer. Comparing with every one of a million frames takes less."""
_HANGS = 10.0
"""Seconds without an answer after which it is killed."""
_PAUSES = (1.0, 5.0, 25.0)
"""Seconds to wait before it is started again for the first, second, third time; then it stays away."""
_HEALTHY = 600.0
"""Seconds after which it counts as well again."""
_POLL = 0.1
_LEAST_MEMORY = 512 << 20
EXTRA = "hnsw"
"""The optional package that brings what builds the graph: it has to be compiled where it is installed."""
_LIBRARY = "hnswlib"
_GROWTH = 1.5
"""How much a library may grow before the process is started again with a limit of memory that fits it."""


def graph_is_available() -> bool:
    """Whether what builds the graph is installed; without it every search compares with every frame."""
    return importlib.util.find_spec(_LIBRARY) is not None


class GraphProcess:
    """The process with one model's search graph. Thread-safe; `close` it."""

    def __init__(self, path: Path, model: str, width: int) -> None:
        """Nothing is started before `follow`.

        Args:
            path: the graph's file.
            model: identity of the encoder bundle.
            width: D.
        """
        self._arguments = (str(path.absolute()), model, str(width))
        self._width = width
        self._closing = threading.Event()
        self._asking = threading.Lock()  # held by who waits for an answer: one at a time
        self._sending = threading.Lock()  # held while something is sent
        self._changed = threading.Condition()  # guards what follows
        self._keeper: threading.Thread | None = None
        self._child: Child | None = None
        self._room = 0  # vectors that the limit of memory has been chosen for
        self._outgrown = False
        self._target: Follow | None = None
        self._removed: tuple[Remove, ...] = ()
        self._state = State("", 0, busy=True)
        self._failed = False
        self._problem = ""
        self._number = 0  # of the last question
        self._answer: Answer | None = None
        self._late = 0.0  # when the last question was asked, where its answer was not waited for; else 0

    @property
    def problem(self) -> str:
        """Why there is no graph, one sentence; empty where there is, or will be."""
        return self._problem

    @property
    def generation(self) -> str:
        """Of the gallery's file whose rows the answers name; empty where there are none now."""
        return self._state.generation

    @property
    def covers(self) -> int:
        """About how many rows of it are in the graph, from the first on."""
        return self._state.covers

    def follow(self, target: Follow, removed: Sequence[Remove] = ()) -> None:
        """Have a gallery's rows in the graph; returns at once, it may take minutes. Starts the process.

        Args:
            target: the gallery's file.
            removed: which rows must not be found any more, in this file and in those before.
        """
        with self._changed:
            if self._closing.is_set():
                return
            self._target, self._removed, self._failed = target, tuple(removed), False
            if self._keeper is None:
                if not graph_is_available():
                    self._problem = f"The search graph could not be used: {_LIBRARY} is not installed."
                    self._failed = True
                    return
                self._keeper = threading.Thread(target=self._keep, name="search graph", daemon=True)
                self._keeper.start()
                return
            child = self._child
            self._outgrown = child is not None and target.stored > self._room
        if child is not None:
            if self._outgrown:
                child.kill()
            else:
                self._tell(child)

    def wait(self, stop: Callable[[], bool]) -> bool:
        """Wait until the graph has all it was told to; returns whether it has.

        Args:
            stop: asked a few times a second; ends the waiting, and the graph goes on.
        """
        with self._changed:
            while not (self._complete() or self._failed or self._closing.is_set() or stop()):
                if self._keeper is None or not self._keeper.is_alive():
                    break
                self._changed.wait(_POLL)
            return self._complete()

    def _complete(self) -> bool:
        target, state = self._target, self._state
        return (
            target is not None
            and not state.busy
            and (state.generation, state.covers) == (target.generation, target.stored)
        )

    def ask(self, query: NDArray[np.float32], k: int) -> Answer | None:
        """About the k rows nearest to a query; None where that is not known in time.

        Args:
            query: (D,) float32, L2-normalised.
            k: how many at most.
        """
        if self._state.busy or not self._state.generation or not self._asking.acquire(timeout=PATIENCE):
            return None
        try:
            with self._changed:
                child = self._child
                if child is None or self._state.busy:
                    return None
                if self._late:
                    if time.monotonic() - self._late > _HANGS:
                        logger.warning("the search graph does not answer")
                        child.kill()
                    return None
                self._number += 1
                number, self._late = self._number, time.monotonic()
            if not self._send(child, [Ask(number, k, query).message()], PATIENCE):
                return None
            with self._changed:
                self._changed.wait_for(lambda: not self._late or self._state.busy, PATIENCE)
                answer = self._answer
            return answer if answer is not None and answer.number == number and answer.generation else None
        finally:
            self._asking.release()

    def close(self) -> None:
        """End the process at once, whatever it does; its file stays good."""
        self._closing.set()
        with self._changed:
            child, keeper = self._child, self._keeper
        if child is not None:
            child.kill()
        if keeper is not None:
            keeper.join()

    def _tell(self, child: Child) -> None:
        with self._changed:
            target, removed = self._target, self._removed
        if target is not None:
            self._send(child, [*(one.message() for one in removed), target.message()])

    def _send(self, child: Child, messages: Sequence[Message], patience: float = -1) -> bool:
        """Send what belongs together; False where the child is gone or too busy to read it in time."""
        if not self._sending.acquire(timeout=patience):
            return False
        try:
            for message in messages:
                write_message(child.stdin, message)
        except (OSError, ValueError):  # it has ended, and whoever reads from it knows
            return False
        finally:
            self._sending.release()
        return True

    def _keep(self) -> None:
        """Start the process, hear what it says, start it again."""
        # On Linux it ends with the thread that started it: this one, which lives as long.
        pauses = iter(_PAUSES)
        while not self._closing.is_set():
            started = time.monotonic()
            ended = self._run()
            if self._closing.is_set():
                return
            if self._outgrown:
                continue
            if time.monotonic() - started > _HEALTHY:
                pauses = iter(_PAUSES)
            pause = next(pauses, None)
            again = "it is started again" if pause is not None else "it is not started again"
            with self._changed:
                self._problem = f"The search graph could not be used: {ended}; {again}."
                self._changed.notify_all()
            logger.warning("%s", self._problem)
            if pause is None:
                return
            self._closing.wait(pause)

    def _run(self) -> str:
        """Run the process to its end; returns why it ended, in some words."""
        target = self._target
        count = 0 if target is None else int(_GROWTH * target.stored)
        # Two graphs while one is built beside the other, and the gallery's file, which counts as it is read.
        memory = _LEAST_MEMORY + 2 * graph_bytes(count, self._width) + 4 * self._width * count
        try:
            child = start("search-graph", *self._arguments, limits=Limits(memory=memory))
        except StartError as error:
            return error.reason
        with child:
            with self._changed:
                self._child, self._room, self._outgrown = child, count, False
            if not self._closing.is_set():
                self._tell(child)
                with suppress(OSError, ValueError):
                    self._listen(child)
            with self._changed:
                self._child, self._answer, self._late = None, None, 0.0
                self._state = State("", 0, busy=True)
                self._changed.notify_all()
        if child.stderr:
            logger.info("the search graph said: %s", child.stderr)
        return f"its process ended with code {child.exit_code}"

    def _listen(self, child: Child) -> None:
        while True:
            try:
                message = read_message(child.stdout)
                if message is None:
                    return
                self._hear(message)
            except WireError as error:
                logger.warning("the search graph sent something else than it should: %s", error)
                return

    def _hear(self, message: Message) -> None:
        with self._changed:
            match message.kind:
                case "answer":
                    self._answer = Answer.of(message)
                    if self._answer.number == self._number:
                        self._late = 0.0
                case "state":
                    state = State.of(message)
                    if self._late and self._state.busy and not state.busy:
                        self._late = time.monotonic()  # only now could it answer
                    self._state = state
                    if self._complete():
                        self._problem = ""
                case "failure":
                    failure = Failure.of(message)
                    logger.warning("the search graph: %s", failure.reason)
                    self._state = State(self._state.generation, self._state.covers, busy=False)
                    if self._target is not None and self._target.generation == failure.generation:
                        self._problem = f"The search graph could not be built: {failure.reason}."
                        self._failed = True
                case kind:
                    raise WireError(f"unknown: {kind!r}")
            self._changed.notify_all()
