"""Operations: the one way the window gets slow work done.

A widget says what to run and what to do with the answer; the work runs off the GUI thread, and every callback
arrives on it. What only reads runs on a bounded pool (`run`). What writes runs one at a time, in the order it
was asked for (`change`): a folder that is added and then removed is removed. `ReelfindError` becomes
`failed(sentence, advice)`. Anything else that is raised is our bug: it is logged with its traceback and shown
as one.

The threads are Python's own, not `QThreadPool`'s: they are known to `threading` and `logging` by name,
whereas Python code in a foreign thread leaves a phantom behind for as long as the process lives.

Worker threads never hold a QObject of their own: they know a ticket number and the pool's one signal, so no
object with thread affinity can be destroyed on the wrong thread.
"""

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal

from app.errors import ReelfindError

logger = logging.getLogger(__name__)

WORKERS = 6
"""A search, two thumbnails, what is shown of the library, one model being added and one export at a time."""


@dataclass(frozen=True, slots=True)
class _Failure:
    sentence: str
    advice: str


class _Cancelled:
    pass


class Operation(QObject):
    """One piece of work under way. Lives on the GUI thread, and all its signals are emitted there.

    Exactly one of `finished`, `failed` and `cancelled` comes at the end.
    """

    started = Signal()
    progress = Signal(object)
    finished = Signal(object)
    failed = Signal(str, str)
    cancelled = Signal()

    def __init__(self, name: str, parent: QObject, *, writes: bool = False) -> None:
        """An operation that has not begun; `writes` where it is a change."""
        super().__init__(parent)
        self.name = name
        self.writes = writes
        self._abandoned = False
        self._future: Future[None] | None = None

    def cancel_if_waiting(self) -> None:
        """Cancel unless a worker has begun."""
        if self._future is not None:
            self._future.cancel()

    def cancel(self) -> None:
        """Forget the answer. Work that waits in the queue never starts; work that runs is let run out."""
        self._abandoned = True
        self.cancel_if_waiting()


Progress = Callable[[object], None]
"""Given to work that wants it: sends a value to `Operation.progress`."""


class Operations(QObject):
    """A bounded pool for what reads, one thread for what writes, and the operations that run on them."""

    idle = Signal()
    """Every operation has settled."""
    broke = Signal(object)
    """The exception that ended an operation and is an error of ours; it is in the log already."""
    _started = Signal(int)
    _progressed = Signal(int, object)
    _settled = Signal(int, object)

    def __init__(self, parent: QObject | None = None, workers: int = WORKERS) -> None:
        super().__init__(parent)
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="operation")
        self._serial = ThreadPoolExecutor(1, thread_name_prefix="change")
        self._running: dict[int, Operation] = {}
        self._next_ticket = 0
        queued = Qt.ConnectionType.QueuedConnection
        self._started.connect(self._on_started, queued)
        self._progressed.connect(self._on_progressed, queued)
        self._settled.connect(self._on_settled, queued)

    @property
    def busy(self) -> bool:
        """Whether any operation has not settled."""
        return bool(self._running)

    def run(self, name: str, work: Callable[[], Any]) -> Operation:
        """Start `work()` as soon as a worker is free; its return value comes with `finished`."""
        return self._submit(self._pool, name, lambda _progress: work())

    def run_with_progress(self, name: str, work: Callable[[Progress], Any]) -> Operation:
        """As `run`, for work that reports on its way: it is called with a function that emits `progress`."""
        return self._submit(self._pool, name, work)

    def change(self, name: str, work: Callable[[], Any]) -> Operation:
        """Start `work()`, which writes, once every change that was asked for before has ended."""
        return self._submit(self._serial, name, lambda _progress: work())

    def cancel_waiting(self) -> None:
        """Drop what reads and has not begun. A change that waits is not dropped: someone asked for it."""
        for operation in self._running.values():
            if not operation.writes:
                operation.cancel_if_waiting()

    def shut_down(self) -> None:
        """Take nothing new and drop what waits; does not wait for what runs."""
        for executor in (self._pool, self._serial):
            executor.shutdown(wait=False, cancel_futures=True)

    def _submit(self, executor: ThreadPoolExecutor, name: str, work: Callable[[Progress], Any]) -> Operation:
        ticket = self._next_ticket
        self._next_ticket += 1
        operation = Operation(name, self, writes=executor is self._serial)
        self._running[ticket] = operation
        future = executor.submit(self._work, ticket, name, work)
        future.add_done_callback(
            lambda done: self._settled.emit(ticket, _Cancelled()) if done.cancelled() else None
        )
        operation._future = future
        return operation

    def _work(self, ticket: int, name: str, work: Callable[[Progress], Any]) -> None:
        self._started.emit(ticket)
        outcome: object
        try:
            outcome = work(lambda value: self._progressed.emit(ticket, value))
        except ReelfindError as error:
            outcome = _Failure(error.sentence, error.advice)
        except Exception as error:
            logger.exception("operation %r failed", name)
            self.broke.emit(error)
            outcome = _Failure(
                self.tr("Something went wrong inside Reelfind."),
                self.tr("The details are in its log. Please report this as a bug."),
            )
        self._settled.emit(ticket, outcome)

    def _on_started(self, ticket: int) -> None:
        operation = self._running.get(ticket)
        if operation is not None and not operation._abandoned:
            operation.started.emit()

    def _on_progressed(self, ticket: int, value: object) -> None:
        operation = self._running.get(ticket)
        if operation is not None and not operation._abandoned:
            operation.progress.emit(value)

    def _on_settled(self, ticket: int, outcome: object) -> None:
        operation = self._running.pop(ticket)
        if operation._abandoned or isinstance(outcome, _Cancelled):
            operation.cancelled.emit()
        elif isinstance(outcome, _Failure):
            operation.failed.emit(outcome.sentence, outcome.advice)
        else:
            operation.finished.emit(outcome)
        operation.deleteLater()
        if not self._running:
            self.idle.emit()
