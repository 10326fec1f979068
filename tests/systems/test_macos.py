"""What the program does on macOS, with what macOS answers as fixtures. It was never run there."""

import ctypes
import os
import resource
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from platformdirs.macos import MacOS
from PySide6.QtCore import QProcess

from app import paths
from app.cli.window_command import has_display
from app.disk import plugged_in as places
from app.disk.volumes import is_connected, volume_of
from app.indexing.waiting.power_source import on_battery
from app.processes import limits
from app.ui.system.reveal import show_in_folder

POOL = 7
"""A reference as macOS' libraries hand them out."""


@pytest.fixture(autouse=True)
def macos(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "darwin")


def test_disks_are_those_of_the_finder_but_not_the_system_s_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """/Volumes, as `ls -l` shows it: the system's own disk is a link there."""
    (tmp_path / "Macintosh HD").symlink_to("/")
    for name in ("Time Machine", "Films"):
        (tmp_path / name).mkdir()
    monkeypatch.setattr(places, "_MAC", tmp_path)
    assert [place.name for place in places.plugged_in()] == ["Films", "Time Machine"]
    monkeypatch.setattr(places, "_MAC", tmp_path / "nowhere")
    assert places.plugged_in() == []


def test_a_volume_is_known_by_where_it_is_mounted(tmp_path: Path) -> None:
    found = volume_of(tmp_path)
    assert found.mount.is_mount()
    assert found.identity == f"mount:{os.fsencode(found.mount).hex()}"
    assert is_connected(found)


class _Function:
    """A function of a C library: its types are set before it is called."""

    def __init__(self, answer: Callable[..., object]) -> None:
        self._answer = answer

    def __call__(self, *arguments: object) -> object:
        return self._answer(*arguments)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [(b"AC Power", False), (b"Battery Power", True), (b"UPS Power", True), (b"Something New", None)],
)
def test_whether_a_laptop_is_plugged_in(
    kind: bytes, expected: bool | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    released = []

    def put(_: object, target: "ctypes.Array[ctypes.c_char]", size: int, encoding: int) -> bool:
        assert (len(kind) < size, encoding) == (True, 0x08000100)
        target.value = kind
        return True

    libraries = {
        "IOKit": SimpleNamespace(
            IOPSCopyPowerSourcesInfo=_Function(lambda: POOL),
            IOPSGetProvidingPowerSourceType=_Function(lambda about: about + 1),
        ),
        "CoreFoundation": SimpleNamespace(
            CFStringGetCString=_Function(put), CFRelease=_Function(released.append)
        ),
    }
    monkeypatch.setattr("ctypes.util.find_library", lambda name: name)
    monkeypatch.setattr(ctypes, "CDLL", libraries.__getitem__)
    assert on_battery() is expected
    assert released == [POOL], "what was copied is given back"


def test_nothing_is_said_of_power_where_the_system_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ctypes.util.find_library", lambda name: f"/no such library/{name}")
    assert on_battery() is None


def test_the_finder_shows_a_file_selected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started = []

    def start(program: str, words: list[str]) -> tuple[bool, int]:
        started.append((program, words))
        return True, 1

    monkeypatch.setattr(QProcess, "startDetached", start)
    assert show_in_folder(tmp_path / "a b.mp4")
    assert started == [("/usr/bin/open", ["-R", str(tmp_path / "a b.mp4")])]


def test_there_always_is_a_display(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    assert has_display()


def test_memory_is_counted_in_bytes_where_there_is_no_proc(monkeypatch: pytest.MonkeyPatch) -> None:
    """`ru_maxrss` is in bytes there, in kilobytes on Linux."""
    monkeypatch.setattr(limits, "Path", lambda _: Path("/no such file"))
    monkeypatch.setattr(resource, "getrusage", lambda _: SimpleNamespace(ru_maxrss=123 << 20))
    assert limits._peak_memory() == 123 << 20


def test_what_only_linux_can_is_left_out_quietly(monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[object] = []
    monkeypatch.setattr(os, "setpriority", lambda *words: called.append(words))
    monkeypatch.setattr(os, "sched_setaffinity", lambda *words: called.append(words))
    limits.lower_thread_priority(10)
    limits.let_others_go_first(10)
    limits.keep_to_cores(1)
    assert called == []


def test_the_library_lies_in_application_support(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("REELFIND_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    place = MacOS(appname="reelfind", appauthor=False)
    monkeypatch.setattr(paths, "user_data_path", lambda *_, **__: place.user_data_path)
    assert paths.default_library() == tmp_path / "Library/Application Support/reelfind/library"
