"""A disk that does not answer is spoken of; a computer that is slow to start a process is not a disk."""

import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from app.media.playing import film_feed
from app.media.playing.film_feed import FilmFeed
from app.processes.child import Child
from app.processes.launcher import start
from app.processes.limits import Limits
from app.ui.player.engine.silence import Silence
from tests.ui.loop import spin_until


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Until it is set, no child comes up."""
    may_start = threading.Event()

    def late(task: str, *, limits: Limits) -> Child:
        assert may_start.wait(60)
        return start(task, limits=limits)

    monkeypatch.setattr(film_feed, "start", late)
    yield may_start
    may_start.set()


@pytest.mark.parametrize(("patience", "is_told"), [(30.0, False), (0.0, True)])
def test_a_child_that_is_slow_to_start_is_no_slow_disk_for_a_while(
    application: QApplication,
    held: threading.Event,
    monkeypatch: pytest.MonkeyPatch,
    patience: float,
    is_told: bool,
) -> None:
    monkeypatch.setattr(film_feed, "SLOW_START", patience)
    owner, feed = QObject(), FilmFeed(lambda: None)
    silence = Silence(owner, feed)
    silence.setInterval(5)
    told: list[bool] = []
    rounds: list[bool] = []
    silence.lasts.connect(lambda: told.append(True))
    silence.timeout.connect(lambda: rounds.append(True))
    feed.warm_up()
    assert spin_until(lambda: feed._starting_since is not None)
    silence.start()
    assert spin_until(lambda: len(rounds) >= (1 if is_told else 4))
    assert bool(told) == is_told
    held.set()
    assert spin_until(lambda: not feed.is_starting and feed.heard_of > 0)
    silence.start()
    assert spin_until(lambda: told), "now it is up, and says nothing"
    silence.stop()
    feed.close()
