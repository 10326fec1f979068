"""Whatever bytes a file's name holds: it is shown as it is, and it plays."""

import os
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QTextDocument
from PySide6.QtWidgets import QLabel

from app.ui.shell.main_window import MainWindow
from app.ui.system import reveal
from app.ui.system.file_urls import address_of, path_of
from app.ui.wording import formatting as fmt
from tests.ui.conftest import OpenWindow
from tests.ui.loop import spin_until
from tests.videos import Scene, make_video

NAMES = [
    b"latin1-\xe9 caf\xe9.mp4",
    b"hash # question ? percent %41 %.mp4",
    b"new\nline.mp4",
    "smile \U0001f642.mp4".encode(),
    b"<b>x&amp;.mp4",
    "turned \u202e4pm.exe.mp4".encode(),
    b"e" * 251 + b".mp4",
    b"\xe9" * 251 + b".mp4",
]
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="names of any bytes are Linux's")


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_video(tmp_path_factory.mktemp("video") / "red.mp4", [Scene((230, 20, 20), 2, "still")])


@pytest.fixture
def named(tmp_path: Path, video: Path) -> Path:
    """A folder whose own name is no UTF-8, with one content under all names."""
    folder = tmp_path / os.fsdecode(b"Vid\xe9os")
    folder.mkdir()
    for number, name in enumerate(NAMES):
        data = video.read_bytes() + bytes([0, 0, 0, 9]) + b"free" + bytes([number])  # contents of their own
        path = folder / os.fsdecode(name)
        path.write_bytes(data)
        os.utime(path, (1_600_000_000, 1_600_000_000))
    return folder


@pytest.fixture
def window(open_window: OpenWindow, named: Path) -> MainWindow:
    shown = open_window()
    shown.folders.add_wanted.emit(named)
    assert spin_until(
        lambda: (
            shown.contents is not None
            and shown.contents.indexed == len(NAMES)
            and not shown.contents.scanning
        )
    )
    shown.searching.set_text("red")
    assert spin_until(lambda: shown.results_model.rowCount() == len(NAMES))
    return shown


def test_a_file_of_any_name_plays_and_no_name_hides_anything(window: MainWindow) -> None:
    frames: list[float] = []
    window.player.playback.pictured.connect(lambda _, at: frames.append(at))
    marks = ("\u202e", "\n", "\udce9")
    model = window.results_model
    for row in range(len(NAMES)):
        path, index = model.moment(row).path, model.index(row)
        tip = QTextDocument()
        tip.setHtml(index.data(Qt.ItemDataRole.ToolTipRole))
        assert fmt.file_name(path) in tip.toPlainText()
        assert not any(mark in tip.toPlainText() for mark in ("\u202e", "\udce9"))
        for role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            assert not any(mark in index.data(role) for mark in marks)
        frames.clear()
        window.results.chosen.emit(row)
        for label in window.player.findChildren(QLabel):
            assert not any(mark in label.text() + label.accessibleName() for mark in marks)
        assert spin_until(lambda: frames or window.player.stage.notice), fmt.full_path(path)
        assert window.player.stage.notice == "", fmt.full_path(path)
        assert spin_until(lambda: window.player.stage.shows_video)
        window.player.left.emit()
    shown = {model.index(row).data() for row in range(model.rowCount())}
    assert {
        "new‹U+000A›line.mp4",
        "turned ‹U+202E›4pm.exe.mp4",
        "latin1-� caf�.mp4",
        "<b>x&amp;.mp4",
    } <= shown
    folders = window.folders.list.model()
    assert folders.index(1, 0).data() == "Vid�os"


class Desktop(QObject):
    """Takes what is handed to the desktop."""

    def __init__(self) -> None:
        super().__init__()
        self.taken: list[bytes] = []

    @Slot(QUrl)
    def take(self, address: QUrl) -> None:
        self.taken.append(bytes(address.toEncoded().data()))


def test_the_desktop_is_given_the_very_file(named: Path) -> None:
    desktop = Desktop()
    QDesktopServices.setUrlHandler("file", desktop, "take")  # type: ignore[arg-type]
    try:
        for name in NAMES:
            path = named / os.fsdecode(name)
            assert reveal.open_file(path)
            assert path_of(QUrl.fromEncoded(desktop.taken[-1])) == path
            reveal.show_in_folder(path)
            assert path_of(QUrl.fromEncoded(desktop.taken[-1])) == named
    finally:
        QDesktopServices.unsetUrlHandler("file")


def test_an_address_means_the_same_file_there_and_back() -> None:
    for name in [*NAMES, b"plain.mp4", "é \ufffd.mp4".encode()]:
        path = Path("/videos") / os.fsdecode(name)
        assert path_of(address_of(path)) == path
