"""What nobody caught is seen: in the log, and in one calm dialog; the window goes on."""

import gc
import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication

from app.errors import ReelfindError
from app.ui.background.operations import Operations
from app.ui.shell.crash_log import crash_log
from app.ui.shell.error_reporter import LOGGED, ErrorReporter
from app.ui.widgets.theme import Theme
from tests.ui.loop import spin_until
from tests.videos import Scene, make_video


@pytest.fixture
def reporter(theme: Theme, caplog: pytest.LogCaptureFixture) -> Iterator[ErrorReporter]:
    hooks = (sys.excepthook, threading.excepthook, sys.unraisablehook)
    made = ErrorReporter(theme)
    made.install()
    yield made
    made.uninstall()
    assert (sys.excepthook, threading.excepthook, sys.unraisablehook) == hooks
    assert spin_until(lambda: made.dialog is None)


class _Button(QObject):
    clicked = Signal()


def _raise() -> None:
    raise ZeroDivisionError("in a slot")


def test_an_exception_in_a_slot_is_logged_and_shown(
    reporter: ErrorReporter, caplog: pytest.LogCaptureFixture
) -> None:
    button = _Button()
    button.clicked.connect(_raise)
    button.clicked.emit()
    assert spin_until(lambda: reporter.dialog is not None)
    dialog = reporter.dialog
    assert dialog is not None
    assert "ZeroDivisionError: in a slot" in dialog.details
    assert "ZeroDivisionError: in a slot" in caplog.text
    assert not dialog.isModal()
    assert "Reelfind goes on" in dialog.text
    dialog.copy.click()
    assert QGuiApplication.clipboard().text() == dialog.details
    dialog.close_button.click()
    assert spin_until(lambda: reporter.dialog is None)


def test_further_errors_are_counted_in_the_open_dialog(reporter: ErrorReporter) -> None:
    for number in range(3):
        QTimer.singleShot(0, lambda number=number: [].pop(number))
    assert spin_until(lambda: reporter.dialog is not None and "3 times" in reporter.dialog.text)


def test_an_exception_in_a_thread_is_shown_with_the_thread_s_name(reporter: ErrorReporter) -> None:
    thread = threading.Thread(target=_raise, name="counting sheep")
    thread.start()
    thread.join()
    assert spin_until(lambda: reporter.dialog is not None)
    assert reporter.dialog is not None
    assert "counting sheep" in reporter.dialog.details


def test_one_error_again_and_again_does_not_fill_the_log(
    reporter: ErrorReporter, caplog: pytest.LogCaptureFixture
) -> None:
    button = _Button()
    button.clicked.connect(_raise)
    for _ in range(4 * LOGGED):
        button.clicked.emit()
    assert spin_until(lambda: reporter.dialog is not None and "20 times" in reporter.dialog.text)
    assert caplog.text.count("ZeroDivisionError: in a slot") == LOGGED


def test_what_a_destructor_raises_goes_to_the_log_only(
    reporter: ErrorReporter, caplog: pytest.LogCaptureFixture
) -> None:
    class Dying:
        def __del__(self) -> None:
            raise OSError("in a destructor")

    Dying()
    gc.collect()
    assert "in a destructor" in caplog.text
    assert reporter.dialog is None


PLAYS_AND_STOPS = """
import sys
from pathlib import Path
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication
from app.ui.shell.crash_log import crash_log
from app.ui.shell.error_reporter import ErrorReporter
from app.ui.player.engine.playback import Playback
from app.ui.widgets.theme import Theme

app = QApplication([])
reporter = ErrorReporter(Theme(app))
reporter.install()
playback = Playback(app)
for turn in range(12):
    playback.open(Path(sys.argv[1]), 0.5)
    loop = QEventLoop()
    QTimer.singleShot(60 + 9 * turn, loop.quit)
    loop.exec()
    playback.stop()
playback.shut_down()
"""


def test_the_player_s_threads_may_say_what_they_like(tmp_path: Path) -> None:
    """With a message handler in Python this hung or crashed: the GUI thread waits for those threads."""
    video = make_video(tmp_path / "a.mp4", [Scene("red", 4, "still")])
    talkative = os.environ | {"QT_LOGGING_RULES": "*.debug=true"}
    done = subprocess.run(
        [sys.executable, "-c", PLAYS_AND_STOPS, str(video)],
        env=talkative,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0
    assert b"qt.multimedia" in done.stderr, "they did talk"


def test_a_crash_leaves_behind_where_every_thread_was(tmp_path: Path) -> None:
    program = "import sys; from pathlib import Path; from app.ui.shell.crash_log import crash_log\n"
    with_qt = (
        "from PySide6.QtCore import qFatal\nwith crash_log(Path(sys.argv[1])): qFatal('out of this world')"
    )
    done = subprocess.run(
        [sys.executable, "-c", program + with_qt, str(tmp_path)], capture_output=True, timeout=60, check=False
    )
    assert done.returncode == -signal.SIGABRT
    assert "Aborted" in (tmp_path / "crash.log").read_text()


def test_a_window_that_does_not_crash_leaves_no_crash_log(tmp_path: Path) -> None:
    with crash_log(tmp_path / "logs"):
        assert (tmp_path / "logs" / "crash.log").exists()
    assert list((tmp_path / "logs").iterdir()) == []


def test_a_dialog_that_cannot_be_shown_is_no_endless_loop(
    reporter: ErrorReporter, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def no_folder() -> Path:
        raise RuntimeError("no folder")

    monkeypatch.setattr("app.ui.shell.error_reporter.log_file", no_folder)
    reporter.report(ValueError("anything"))
    assert spin_until(lambda: "could not be shown" in caplog.text)
    reporter.report(ValueError("anything else"))
    assert not spin_until(lambda: caplog.text.count("could not be shown") > 1, timeout=0.2)
    assert "anything else" in caplog.text


def test_a_window_that_closes_only_logs(reporter: ErrorReporter, caplog: pytest.LogCaptureFixture) -> None:
    reporter.keep_quiet()
    reporter.report(ValueError("while closing"))
    assert not spin_until(lambda: reporter.dialog is not None, timeout=0.2)
    assert "while closing" in caplog.text


def test_an_operation_s_error_of_ours_is_shown_and_one_of_the_world_is_not(
    reporter: ErrorReporter, operations: Operations
) -> None:
    operations.broke.connect(reporter.report_logged)

    def world() -> None:
        raise ReelfindError("The disk is full.", "Free some space.")

    said: list[str] = []
    operations.run("world", world).failed.connect(lambda sentence, _: said.append(sentence))
    assert spin_until(lambda: said == ["The disk is full."])
    assert reporter.dialog is None
    operations.run("ours", _raise).failed.connect(lambda sentence, _: said.append(sentence))
    assert spin_until(lambda: reporter.dialog is not None)
    assert spin_until(lambda: len(said) == 2)


def test_an_error_while_reporting_ends_there(
    reporter: ErrorReporter, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Handler(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            raise RuntimeError("the log is broken")

    handler = Handler()
    logging.getLogger("app.ui.shell.error_reporter").addHandler(handler)
    try:
        reporter.report(ValueError("anything"))
    finally:
        logging.getLogger("app.ui.shell.error_reporter").removeHandler(handler)
    assert reporter.dialog is None
    reporter.report(ValueError("anything else"))
    assert spin_until(lambda: reporter.dialog is not None)


def test_ctrl_c_is_no_error(reporter: ErrorReporter, capsys: pytest.CaptureFixture[str]) -> None:
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert not spin_until(lambda: reporter.dialog is not None, timeout=0.2)
