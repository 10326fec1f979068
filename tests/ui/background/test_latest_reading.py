"""What is shown last was read last, whatever overtakes."""

import queue
import threading
from collections.abc import Iterator

import pytest

from app.errors import UsageError
from app.ui.background.latest_reading import LatestReading
from app.ui.background.operations import WORKERS, Operation, Operations
from tests.ui.loop import spin_until


class Thing:
    """Something to read, whose readers answer only when they are let."""

    def __init__(self, operations: Operations) -> None:
        self._operations = operations
        self.value: object = "old"
        self.begun: queue.Queue[threading.Event] = queue.Queue()
        self.is_there = True
        self.arrived: list[object] = []
        self.failed: list[tuple[str, str]] = []
        self.reading = LatestReading(self._start, operations)
        self.reading.arrived.connect(self.arrived.append)
        self.reading.failed.connect(lambda sentence, advice: self.failed.append((sentence, advice)))

    def _start(self) -> Operation | None:
        return self._operations.run("read", self._read) if self.is_there else None

    def _read(self) -> object:
        value, answers = self.value, threading.Event()
        self.begun.put(answers)
        assert answers.wait(60)
        if isinstance(value, Exception):
            raise value
        return value

    def let_answer(self) -> None:
        """The reading that began first says what it saw."""
        self.begun.get(timeout=60).set()


@pytest.fixture
def thing(operations: Operations) -> Iterator[Thing]:
    made = Thing(operations)
    yield made
    assert spin_until(lambda: not operations.busy)


def test_what_began_before_a_change_is_not_shown_after_it(thing: Thing) -> None:
    thing.reading.read()
    before = thing.begun.get(timeout=60)
    thing.value = "new"
    thing.reading.read()
    thing.reading.read()
    before.set()
    assert spin_until(lambda: not thing.begun.empty())
    thing.let_answer()
    assert spin_until(lambda: thing.arrived)
    assert thing.arrived == ["new"]
    assert thing.begun.empty(), "asked for twice meanwhile, and read once more"


def test_a_reading_that_fails_says_so_and_is_not_the_last(thing: Thing) -> None:
    thing.value = UsageError("It cannot be read.", "Try again.")
    thing.reading.read()
    thing.let_answer()
    assert spin_until(lambda: thing.failed)
    thing.value = "there again"
    thing.reading.read()
    thing.let_answer()
    assert spin_until(lambda: thing.arrived)
    assert (thing.failed, thing.arrived) == ([("It cannot be read.", "Try again.")], ["there again"])


def test_where_there_is_nothing_to_read_it_can_be_asked_for_later(thing: Thing) -> None:
    thing.is_there = False
    thing.reading.read()
    thing.is_there = True
    thing.reading.read()
    thing.let_answer()
    assert spin_until(lambda: thing.arrived)
    assert thing.arrived == ["old"]


def test_a_reading_that_never_began_is_given_up(thing: Thing, operations: Operations) -> None:
    """As where the window closes: the next one is read."""
    gates = [threading.Event() for _ in range(WORKERS)]
    for gate in gates:
        operations.run("keeps a worker", gate.wait)
    thing.reading.read()
    operations.cancel_waiting()
    for gate in gates:
        gate.set()
    assert spin_until(lambda: not operations.busy)
    thing.reading.read()
    thing.let_answer()
    assert spin_until(lambda: thing.arrived)
