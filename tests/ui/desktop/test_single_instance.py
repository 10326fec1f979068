"""One window per library; what starts second hands over and ends."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtNetwork import QLocalSocket

from app.paths import runtime_folder
from app.ui.desktop import single_instance
from app.ui.desktop.single_instance import SingleInstance, StartRequest
from tests.ui.conftest import OpenWindow
from tests.ui.loop import spin_until

pytestmark = pytest.mark.usefixtures("application", "runtime")


@pytest.fixture
def runtime(public_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A place for sockets with a short name: those have 100 bytes."""
    monkeypatch.setenv("REELFIND_HOME", str(public_folder))
    return public_folder


@pytest.fixture
def first(tmp_path: Path) -> Iterator[SingleInstance]:
    """The instance of a library."""
    made = SingleInstance(tmp_path / "library")
    assert not made.hand_over(StartRequest())
    yield made
    made.close()
    made.deleteLater()


def start_second(library: Path, *words: str) -> int:
    """Start the program itself for the same library, without running our own loop meanwhile."""
    arguments = [sys.executable, "-m", "app", "--library", str(library), "gui", *words]
    done: list[int] = []

    def start() -> None:
        ended = subprocess.run(arguments, check=False, timeout=60, capture_output=True)
        done.append(ended.returncode)

    thread = threading.Thread(target=start)
    thread.start()
    assert spin_until(lambda: not thread.is_alive())
    thread.join()
    return done[0]


def test_a_second_start_hands_over_and_ends(first: SingleInstance, tmp_path: Path) -> None:
    taken: list[StartRequest] = []
    first.requested.connect(taken.append)
    folder = tmp_path / "clips"
    assert start_second(tmp_path / "library", "a dog", "--folder", str(folder)) == 0
    assert [(request.query, request.folder) for request in taken] == [("a dog", folder)]


def test_the_window_takes_what_a_second_start_asks_for(open_window: OpenWindow, tmp_path: Path) -> None:
    window = open_window()
    assert spin_until(lambda: window.contents is not None)
    watched = tmp_path / "clips"
    (watched / "2023").mkdir(parents=True)
    window.folders.add_wanted.emit(watched)
    assert spin_until(lambda: window.contents is not None and window.contents.folders)
    window.showMinimized()
    window.come_to_front()
    assert window.isVisible()
    assert not window.isMinimized()
    window.take(StartRequest("a dog", watched / "2023"))
    assert window.searching.text == 'in:"clips/2023" a dog'
    window.take(StartRequest("", tmp_path))
    assert "not in your library" in window.search_bar.line.text()


def test_another_library_is_another_instance(first: SingleInstance, tmp_path: Path) -> None:
    other = SingleInstance(tmp_path / "other")
    assert not other.hand_over(StartRequest())
    other.close()


def test_a_socket_left_behind_is_replaced(tmp_path: Path, runtime: Path) -> None:
    crash = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "from PySide6.QtCore import QCoreApplication\n"
        "from app.ui.desktop.single_instance import SingleInstance, StartRequest\n"
        "app = QCoreApplication([])\n"
        "first = SingleInstance(Path(sys.argv[1]))\n"
        "first.hand_over(StartRequest())\n"
        "os._exit(0)"
    )
    subprocess.run([sys.executable, "-c", crash, str(tmp_path / "library")], check=True)
    assert [path for path in runtime_folder().iterdir() if path.is_socket()]
    made = SingleInstance(tmp_path / "library")
    assert not made.hand_over(StartRequest())
    made.close()


def test_an_instance_that_does_not_answer_keeps_its_socket(
    first: SingleInstance, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(single_instance, "PATIENCE_MS", 50)
    taken: list[str] = []
    first.requested.connect(lambda request: taken.append(request.query))
    for query in ("late", "again"):
        second = SingleInstance(tmp_path / "library")
        assert not second.hand_over(StartRequest(query)), "the first one's loop does not run meanwhile"
        second.close()
    assert spin_until(lambda: taken == ["late", "again"])


def test_the_socket_is_its_users_alone(first: SingleInstance) -> None:
    folder = runtime_folder()
    assert folder.stat().st_mode & 0o077 == 0
    if os.name == "posix":
        folder.chmod(0o755)
        unsafe = SingleInstance(folder / "library")
        assert not unsafe.hand_over(StartRequest()), "no socket where others can reach it"


def test_rubbish_is_no_request(first: SingleInstance, tmp_path: Path) -> None:
    taken: list[StartRequest] = []
    first.requested.connect(taken.append)
    name = next(str(path) for path in runtime_folder().iterdir() if path.is_socket())
    deep = b"[" * 50_000 + b"\n"
    for words in (
        deep,
        b"\xff\x00\n",
        b"{}\n",
        b'{"query": 1, "folder": null, "token": ""}\n',
        b"x" * 70_000,
    ):
        socket = QLocalSocket()
        socket.connectToServer(name)
        assert socket.waitForConnected(3000)
        socket.write(words)
        assert spin_until(lambda end=socket: end.state() == QLocalSocket.LocalSocketState.UnconnectedState)
    assert not taken
    folder = Path(os.fsdecode(b"/v\xe9"))
    assert StartRequest.from_bytes(StartRequest("q", folder).to_bytes()) == StartRequest("q", folder)
