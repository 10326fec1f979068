"""A real application without a screen; Qt's own warnings and leftover timers are failures."""

import gc
import shutil
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, Qt, QThread, QTimer, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from app.model_store.hardware import matrix_speed
from app.ui.background.operations import Operations
from app.ui.models.model_rows import InstalledRow
from app.ui.models.models_dialog import ModelsDialog
from app.ui.shell.main_window import MainWindow
from app.ui.system.window_language import Languages
from app.ui.widgets.theme import Theme
from tests.bundles import make_bundle
from tests.ui.loop import spin_until

ALLOWED = {
    "This plugin does not support": "the offscreen platform has no window manager to give hints to",
    "PulseAudioService": "a test machine has no sound server",
    "No audio device detected": "a test machine has no loudspeaker",
    "No RHI backend": "the offscreen platform has no GPU; pictures are converted on the CPU",
    "symbolsresolver": "PipeWire is optional",
    "Immediate exit requested": "a player that is closed while it opens a file says so",
    "QBackingStore::flush() called for  QVideoWindow": "without a GPU Qt paints pictures by itself, and one "
    "that comes while its window goes is not shown",
}
"""Qt messages that are facts of a machine without screen and sound, each with its reason."""


@pytest.fixture(autouse=True)
def qt_messages() -> Iterator[list[str]]:
    """Fail a test during which Qt warned."""
    received: list[str] = []

    def hear(kind: QtMsgType, context: object, message: str) -> None:
        quiet = kind in (QtMsgType.QtDebugMsg, QtMsgType.QtInfoMsg)
        if not quiet and not any(part in message for part in ALLOWED):
            received.append(f"{kind.name}: {message}")

    previous = qInstallMessageHandler(hear)
    yield received
    qInstallMessageHandler(previous)
    if received:
        pytest.fail("Qt warned: " + "; ".join(received))


@pytest.fixture(autouse=True)
def slot_errors(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fail a test during which a slot raised: Qt only prints it and goes on."""
    raised: list[BaseException] = []
    monkeypatch.setattr(sys, "excepthook", lambda _kind, error, _trace: raised.append(error))
    yield
    if raised:
        raise raised[0]


@pytest.fixture(scope="session")
def application() -> QApplication:
    running = QApplication.instance()
    app = running if isinstance(running, QApplication) else QApplication(["reelfind"])
    app.setQuitOnLastWindowClosed(False)
    Languages(app).use("en")
    return app


@pytest.fixture(scope="session")
def theme(application: QApplication) -> Theme:
    return Theme(application, Qt.ColorScheme.Light)


@pytest.fixture(scope="module", autouse=True)
def looked_through_once() -> None:
    """What other tests left loaded is not looked through after every test here."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def nothing_ticks_on(application: QApplication) -> Iterator[None]:
    """Fail a test that leaves a timer or a Qt thread running."""
    yield
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    # `type`, not `isinstance`: that asks objects for their `__class__`, and lazy modules answer by loading.
    alive = [
        thing
        for thing in gc.get_objects()
        if issubclass(type(thing), QTimer | QThread) and shiboken6.isValid(thing)
    ]
    timers = [thing for thing in alive if isinstance(thing, QTimer) and thing.isActive()]
    threads = [t for t in alive if isinstance(t, QThread) and t.isRunning() and t is not application.thread()]
    gc.freeze()  # what is still there belongs to a longer fixture, and is not looked through again
    if timers or threads:
        pytest.fail(f"the test left behind {timers} {threads}")


@pytest.fixture
def operations(application: QApplication) -> Iterator[Operations]:
    """A pool that is empty again when the test ends."""
    made = Operations()
    yield made
    assert spin_until(lambda: not made.busy)
    made.shut_down()


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store of models and a cache of the test's own."""
    monkeypatch.setenv("REELFIND_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """A real encoder bundle that knows colours."""
    return make_bundle(tmp_path / "colours")


OpenWindow = Callable[[], MainWindow]


@contextmanager
def opened_windows(theme: Theme, library: Path, bundle: Path) -> Iterator[OpenWindow]:
    """What shows the real window on a library; closed and checked at the end."""
    windows: list[MainWindow] = []

    def open_one() -> MainWindow:
        window = MainWindow(theme, library, bundle)
        windows.append(window)
        window.resize(1280, 800)
        window.show()
        window.start()
        return window

    yield open_one
    for window in windows:
        if window.isVisible():
            close(window)
        window.deleteLater()
        QCoreApplication.sendPostedEvents(window, QEvent.Type.DeferredDelete)


@pytest.fixture
def open_window(theme: Theme, tmp_path: Path, bundle: Path) -> Iterator[OpenWindow]:
    """Shows the real window on a real library in a temporary folder."""
    with opened_windows(theme, tmp_path / "library", bundle) as open_one:
        yield open_one


@contextmanager
def lasting_window(theme: Theme, place: Path) -> Iterator[MainWindow]:
    """A window for all tests of a module, its library open and its model loaded; each leaves it as it was.

    What it consists of, its threads and its player are there before the first: no test leaves them behind.

    Args:
        theme: its look.
        place: has the library and the bundle `colours`, and gets a home.
    """
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("REELFIND_HOME", str(place / "home"))
        with opened_windows(theme, place / "library", place / "colours") as open_one:
            window = open_one()
            ready: list[object] = []
            window.control.ready.connect(ready.append)
            assert spin_until(lambda: ready and window.contents is not None and not window.contents.scanning)
            come_to_rest(window)
            for pool in (window.operations._pool, window.operations._serial):
                together = threading.Barrier(pool._max_workers + 1)
                for _ in range(pool._max_workers):
                    pool.submit(together.wait)
                together.wait(10)
            window.player.playback.warm_up()
            assert spin_until(lambda: window.player.playback._feed.heard_of)
            gc.freeze()
            yield window


def come_to_rest(window: MainWindow) -> None:
    """Wait until nothing runs, and what ended has started nothing else."""
    looks: list[bool] = []

    def at_rest() -> bool:
        if looks[-3:] != [False] * 3:
            looks.append(window.operations.busy)
        return looks[-3:] == [False] * 3

    assert spin_until(at_rest), "it never comes to rest"


def close(window: MainWindow) -> None:
    """Close as a person does and wait until everything has stopped."""
    done: list[bool] = []
    window.closed.connect(lambda: done.append(True))
    window.close()
    assert not window.isVisible(), "a closed window vanishes at once"
    assert spin_until(lambda: bool(done)), "closing never ended"
    assert not window.operations.busy


ShowModels = Callable[[], tuple[MainWindow, ModelsDialog]]


@pytest.fixture
def known_processor(home: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """The list of models waits for no measurement."""
    measured = tmp_path_factory.getbasetemp() / "measured processor"
    matrix_speed(measured)
    shutil.copytree(measured, home / "cache")


@pytest.fixture
def show_models(open_window: OpenWindow) -> ShowModels:
    """Opens the window and its models dialog, and waits until the list is there."""

    def shown() -> tuple[MainWindow, ModelsDialog]:
        window = open_window()
        assert spin_until(window.status.engine.isEnabled)
        window.status.models_wanted.emit()
        dialog = window.choosing.dialog
        assert spin_until(lambda: bool(dialog.findChildren(InstalledRow)))
        return window, dialog

    return shown
