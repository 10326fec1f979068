"""Slow work: off the GUI thread, answers on it, and every end has its signal."""

import logging
import threading
from functools import partial

import pytest
from PySide6.QtCore import QThread

from app.errors import UsageError
from app.indexing.events import Progress as Progressed
from app.indexing.events import RunFailed, RunFinished
from app.ui.background.event_bridge import IndexingBridge
from app.ui.background.operations import WORKERS, Operation, Operations
from tests.ui.loop import spin_until


class Ends:
    """Notes how an operation ends."""

    def __init__(self, operation: Operation) -> None:
        self.received: list[tuple[object, ...]] = []
        self.on_gui_thread: list[bool] = []
        operation.finished.connect(lambda value: self._note("finished", value))
        operation.failed.connect(lambda sentence, advice: self._note("failed", sentence, advice))
        operation.cancelled.connect(lambda: self._note("cancelled"))

    def _note(self, *what: object) -> None:
        self.received.append(what)
        self.on_gui_thread.append(QThread.isMainThread())


def test_work_runs_elsewhere_and_its_answer_comes_on_the_gui_thread(operations: Operations) -> None:
    ends = Ends(operations.run("think", threading.current_thread))
    assert spin_until(lambda: ends.received)
    [(how, thread)] = ends.received
    assert how == "finished"
    assert thread is not threading.main_thread()
    assert ends.on_gui_thread == [True]


def test_progress_comes_in_order(operations: Operations) -> None:
    def count(progress: object) -> str:
        assert callable(progress)
        for number in range(5):
            progress(number)
        return "done"

    seen: list[object] = []
    operation = operations.run_with_progress("count", count)
    operation.progress.connect(seen.append)
    ends = Ends(operation)
    assert spin_until(lambda: ends.received)
    assert seen == [0, 1, 2, 3, 4]


def test_an_error_of_the_users_world_arrives_as_sentence_and_advice(operations: Operations) -> None:
    def fail() -> None:
        raise UsageError("That is no folder.", "Choose another.")

    ends = Ends(operations.run("fail", fail))
    assert spin_until(lambda: ends.received)
    assert ends.received == [("failed", "That is no folder.", "Choose another.")]


def test_a_bug_is_logged_with_its_traceback_and_shown_as_one(
    operations: Operations, caplog: pytest.LogCaptureFixture
) -> None:
    def bug() -> None:
        raise ZeroDivisionError("our own fault")

    with caplog.at_level(logging.ERROR):
        ends = Ends(operations.run("bug", bug))
        assert spin_until(lambda: ends.received)
    [(how, sentence, advice)] = ends.received
    assert how == "failed"
    assert "inside Reelfind" in str(sentence)
    assert "log" in str(advice)
    assert "ZeroDivisionError: our own fault" in caplog.text


def test_cancelled_work_gives_no_answer(operations: Operations) -> None:
    gate = threading.Event()
    operation = operations.run("wait", lambda: gate.wait(20))
    ends = Ends(operation)
    operation.cancel()
    gate.set()
    assert spin_until(lambda: ends.received)
    assert ends.received == [("cancelled",)]


def test_what_waits_can_be_dropped_while_what_runs_is_let_run_out(operations: Operations) -> None:
    gate = threading.Event()
    running = [Ends(operations.run("runs", lambda: gate.wait(20))) for _ in range(WORKERS)]
    assert spin_until(lambda: operations.busy)
    waiting = Ends(operations.run("waits", lambda: "never"))
    operations.cancel_waiting()
    assert spin_until(lambda: waiting.received)
    assert waiting.received == [("cancelled",)]
    gate.set()
    assert spin_until(lambda: all(ends.received for ends in running))


def test_changes_run_one_at_a_time_in_the_order_they_were_asked_for(operations: Operations) -> None:
    """On a pool two that were asked for in order were swapped in more than a quarter of all cases."""
    begun: list[int] = []
    at_work = threading.Lock()

    def change(number: int) -> int:
        assert at_work.acquire(blocking=False), "another change is under way"
        begun.append(number)
        at_work.release()
        return number

    ended: list[int] = []
    for number in range(3000):
        operations.change("change", partial(change, number)).finished.connect(ended.append)
        if number % 10 == 0:
            operations.run("read", lambda: None)
    assert spin_until(lambda: not operations.busy)
    assert begun == ended == list(range(3000))


def test_a_change_waits_for_no_reader(operations: Operations) -> None:
    gate = threading.Event()
    readers = [Ends(operations.run("reads", lambda: gate.wait(20))) for _ in range(WORKERS)]
    changed = Ends(operations.change("change", lambda: "done"))
    assert spin_until(lambda: changed.received)
    assert not any(ends.received for ends in readers)
    gate.set()
    assert spin_until(lambda: all(ends.received for ends in readers))


def test_a_change_that_fails_holds_up_none_after_it(operations: Operations) -> None:
    def fail() -> None:
        raise UsageError("That is no folder.", "Choose another.")

    failing, after = Ends(operations.change("fail", fail)), Ends(operations.change("go on", lambda: "done"))
    assert spin_until(lambda: failing.received and after.received)
    assert after.received == [("finished", "done")]


def test_changes_that_wait_are_made_also_when_the_window_closes(operations: Operations) -> None:
    gate = threading.Event()
    slow = Ends(operations.change("slow", lambda: gate.wait(20)))
    waiting = Ends(operations.change("waits", lambda: "made"))
    operations.cancel_waiting()
    gate.set()
    assert spin_until(lambda: waiting.received and slow.received)
    assert waiting.received == [("finished", "made")]


def test_of_waiting_progress_only_the_last_is_passed_on(operations: Operations) -> None:
    bridge = IndexingBridge()
    bridge.open()
    received: list[object] = []
    bridge.event_received.connect(received.append)
    steps = [Progressed(n, 9, None, n / 9, 0.0, None) for n in range(9)]
    end = RunFinished(indexed=9, failed=0, stopped=False, took=1.0)

    def send() -> None:
        for step in steps:
            bridge.receive(step)
        bridge.receive(end)

    sender = threading.Thread(target=send)
    sender.start()
    sender.join()
    assert received == [], "events wait for the GUI thread"
    assert spin_until(lambda: end in received)
    assert received == [steps[-1], end]


def test_what_is_heard_before_anybody_listens_is_passed_on_once_somebody_does(operations: Operations) -> None:
    """A run that fails as the library opens: nobody would learn why nothing is indexed."""
    bridge = IndexingBridge()
    received: list[object] = []
    bridge.event_received.connect(received.append)
    failed = RunFailed("Another Reelfind is already indexing this library.", "Nothing needs to be done.")
    bridge.receive(failed)
    ended = Ends(operations.run("let a queued event come", lambda: None))
    assert spin_until(lambda: ended.received)
    assert received == []
    bridge.open()
    bridge.receive(failed)
    assert spin_until(lambda: len(received) == 2)
