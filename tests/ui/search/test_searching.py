"""Searching while typing: patience, one at a time, and no answer to an old question."""

import threading
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import cast

import pytest

from app.catalogue.records import Presence
from app.errors import UsageError
from app.open_library import OpenLibrary
from app.search.outcome import SearchOutcome
from app.ui.background.operations import Operations
from app.ui.background.searching import Renewal, Searching
from tests.ui.loop import spin_until
from tests.ui.outcomes import moment, outcome


class SlowSession:
    """Answers a search only when told to; stands in for a library so large that searching takes a while."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, Path | None]] = []
        self.gate = threading.Event()
        self.broken = False

    def presences(self, ids: Collection[int]) -> dict[int, Presence]:
        """Nothing is in the library any more."""
        return dict.fromkeys(ids, Presence.GONE)

    def search(self, text: str, *, folder: Path | None = None, limit: int = 60) -> SearchOutcome:
        self.asked.append((text, folder))
        self.gate.wait(20)
        if self.broken:
            raise UsageError("The disk does not answer.", "Try again.")
        if text == "bad":
            raise UsageError("There is nothing to look for.", "Describe it.")
        return outcome(moment(1), query=text)


class Listener:
    def __init__(self, searching: Searching) -> None:
        self.found: list[str] = []
        self.failed: list[str] = []
        self.busy: list[bool] = []
        self.renewed: list[Renewal] = []
        searching.renewed.connect(self.renewed.append)
        searching.found.connect(lambda answer: self.found.append(answer.query))
        searching.failed.connect(lambda sentence, _: self.failed.append(sentence))
        searching.busy.connect(self.busy.append)


@pytest.fixture
def session() -> SlowSession:
    return SlowSession()


@pytest.fixture
def searching(operations: Operations, session: SlowSession) -> Iterator[Searching]:
    made = Searching(operations, operations)
    made.set_session(cast(OpenLibrary, session))
    yield made
    session.gate.set()
    made.stop()


def test_typing_is_waited_for(searching: Searching, session: SlowSession) -> None:
    session.gate.set()
    received = Listener(searching)
    for typed in ("a", "a d", "a do", "a dog"):
        searching.set_text(typed)
    assert session.asked == []
    assert spin_until(lambda: received.found)
    assert session.asked == [("a dog", None)]


def test_enter_does_not_wait(searching: Searching, session: SlowSession) -> None:
    searching.set_text("a dog")
    searching.search_now()
    assert spin_until(lambda: session.asked == [("a dog", None)], timeout=0.2)


def test_what_was_asked_for_by_enter_is_told_once_it_is_answered(
    searching: Searching, session: SlowSession
) -> None:
    told: list[str] = []
    received = Listener(searching)
    searching.answered.connect(told.append)
    session.gate.set()
    searching.set_text("a do")
    assert spin_until(lambda: received.found == ["a do"])
    assert told == [], "typing alone asks for nothing"
    searching.search_now()
    assert told == ["a do"], "what stands there already was asked for"
    searching.set_text("bad")
    searching.search_now()
    assert spin_until(lambda: received.failed)
    assert told == ["a do"]
    searching.set_text("a dog")
    searching.search_now()
    assert spin_until(lambda: told == ["a do", "a dog"])


def test_an_answer_to_an_old_question_is_dropped(searching: Searching, session: SlowSession) -> None:
    received = Listener(searching)
    for text in ("a dog", "a cat", "a cow"):
        searching.set_text(text)
        searching.search_now()
        assert spin_until(lambda: session.asked)
    session.gate.set()
    assert spin_until(lambda: received.found)
    assert received.found == ["a cow"]
    assert [text for text, _ in session.asked] == ["a dog", "a cow"], "what nobody waits for is not searched"
    assert received.busy[-1] is False


def test_clearing_the_box_drops_the_answer_too(searching: Searching, session: SlowSession) -> None:
    received = Listener(searching)
    searching.set_text("a dog")
    searching.search_now()
    assert spin_until(lambda: session.asked)
    searching.set_text("")
    session.gate.set()
    searching.set_text("a cat")
    searching.search_now()
    assert spin_until(lambda: received.found)
    assert received.found == ["a cat"]


def test_a_folder_asks_again(searching: Searching, session: SlowSession) -> None:
    session.gate.set()
    received = Listener(searching)
    searching.set_text("a dog")
    searching.search_now()
    assert spin_until(lambda: len(received.found) == 1)
    searching.search_now()
    searching.set_folder(Path("/videos"))
    assert spin_until(lambda: len(received.found) == 2)
    assert session.asked == [("a dog", None), ("a dog", Path("/videos"))]


def test_a_question_that_makes_no_sense_is_answered_with_a_sentence(
    searching: Searching, session: SlowSession
) -> None:
    session.gate.set()
    received = Listener(searching)
    searching.set_text("bad")
    searching.search_now()
    assert spin_until(lambda: received.failed)
    assert received.failed == ["There is nothing to look for."]
    assert received.busy[-1] is False


def test_text_typed_while_the_library_opens_is_searched_then(
    operations: Operations, session: SlowSession
) -> None:
    session.gate.set()
    early = Searching(operations, operations)
    received = Listener(early)
    early.set_text("a dog")
    early.search_now()
    early.set_session(cast(OpenLibrary, session))
    assert spin_until(lambda: received.found == ["a dog"])
    early.stop()


def ask(searching: Searching, received: Listener, text: str) -> None:
    searching.set_text(text)
    searching.search_now()
    assert spin_until(lambda: received.found == [text])


def test_enter_tries_a_failed_search_again(searching: Searching, session: SlowSession) -> None:
    session.gate.set()
    session.broken = True
    received = Listener(searching)
    searching.set_text("a dog")
    searching.search_now()
    assert spin_until(lambda: len(received.failed) == 1)
    searching.search_now()
    assert spin_until(lambda: len(received.failed) == 2)
    session.broken = False
    searching.search_now()
    assert spin_until(lambda: received.found == ["a dog"])
    searching.search_now()
    assert not spin_until(lambda: len(session.asked) > 3, timeout=0.2), "what was answered is not asked again"


def test_a_library_that_changes_renews_the_answer_and_finds_nothing_anew(
    searching: Searching, session: SlowSession
) -> None:
    session.gate.set()
    received = Listener(searching)
    ask(searching, received, "a dog")
    told = len(received.busy)
    searching.look_again()
    assert spin_until(lambda: received.renewed)
    assert received.renewed[0].outcome.query == "a dog"
    assert received.renewed[0].presence == {1: Presence.GONE}
    assert received.found == ["a dog"]
    assert len(received.busy) == told, "it is done quietly"


def test_many_changes_renew_the_answer_now_and_then(
    searching: Searching, session: SlowSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.ui.background.searching.RENEW_MS", 1000)
    session.gate.set()
    received = Listener(searching)
    ask(searching, received, "a dog")
    for _ in range(50):
        searching.look_again()
    assert spin_until(lambda: len(received.renewed) == 1)
    for _ in range(50):
        searching.look_again()
    assert not spin_until(lambda: len(received.renewed) > 1, timeout=0.1)
    assert spin_until(lambda: len(received.renewed) == 2)
    assert len(session.asked) == 3


def test_what_is_typed_meanwhile_comes_before_a_renewal(searching: Searching, session: SlowSession) -> None:
    session.gate.set()
    received = Listener(searching)
    ask(searching, received, "a dog")
    session.gate.clear()
    searching.look_again()
    assert spin_until(lambda: len(session.asked) == 2)
    searching.set_text("a cat")
    searching.search_now()
    session.gate.set()
    assert spin_until(lambda: received.found == ["a dog", "a cat"])
    assert received.renewed == [], "nobody looks at that answer any more"


def test_another_ranking_asks_again_also_while_a_search_runs(
    searching: Searching, session: SlowSession
) -> None:
    received = Listener(searching)
    searching.set_text("a dog")
    searching.search_now()
    assert spin_until(lambda: len(session.asked) == 1)
    searching.repeat()
    session.gate.set()
    assert spin_until(lambda: received.found == ["a dog"])
    assert len(session.asked) == 2
