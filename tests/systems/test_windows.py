"""What the program does on Windows, with what Windows answers as fixtures. It was never run there."""

import ctypes
import os
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from platformdirs.windows import Windows
from PySide6.QtCore import QUrl

from app import paths
from app.cli.window_command import has_display
from app.disk.plugged_in import plugged_in
from app.disk.volumes import Volume, is_connected, volume_of
from app.indexing.waiting.power_source import on_battery
from app.processes import launcher, machine_memory
from app.processes.tasks import TASKS
from app.runtime.sessions.providers import _driver_files
from app.ui.desktop.single_instance import _lock_place, _socket_name
from app.ui.system.file_urls import path_of
from app.ui.system.reveal import show_in_folder
from tests.conftest import wait_until

DRIVES_C_D_Z = 0b10_0000_0000_0000_0000_0000_1100
"""What GetLogicalDrives says of a system on C:, a second disk as D: and a share as Z:."""
LAPTOP = {
    "on its battery": bytes([0, 1, 83, 0]) + (9_000).to_bytes(4, "little") + b"\xff" * 4,
    "plugged in": bytes([1, 9, 97, 0]) + b"\xff" * 8,
    "not known": bytes([255, 255, 255, 0]) + b"\xff" * 8,
}
"""SYSTEM_POWER_STATUS as it lies in memory."""
MEMORY_16_GIB = b"".join(
    number.to_bytes(size, "little")
    for number, size in ((64, 4), (41, 4), (17_056_227_328, 8), (9_981_112_320, 8), (19_607_846_912, 8))
).ljust(64, b"\0")
"""MEMORYSTATUSEX as it lies in memory."""


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """What the system's library answers: functions of kernel32 by name."""
    monkeypatch.setattr("sys.platform", "win32")

    def answering(**functions: object) -> None:
        library = SimpleNamespace(kernel32=SimpleNamespace(**functions))
        monkeypatch.setattr(ctypes, "windll", library, raising=False)

    answering()
    return answering


def filling(memory: bytes) -> Callable[[object], int]:
    """A function of Windows that fills what it is given, and returns that it did."""

    def fill(target: object) -> int:
        held = getattr(target, "_obj", target)  # of byref
        assert ctypes.sizeof(held) == len(memory)  # type: ignore[arg-type]
        ctypes.memmove(ctypes.addressof(held), memory, len(memory))  # type: ignore[arg-type]
        return 1

    return fill


def test_drives_beside_the_system_s_own_are_offered(
    windows: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    windows(GetLogicalDrives=lambda: DRIVES_C_D_Z)
    monkeypatch.setenv("SYSTEMDRIVE", "c:")
    assert [str(place) for place in plugged_in()] == ["D:\\", "Z:\\"]


def test_a_volume_is_known_by_the_serial_number_that_formatting_gave_it(
    windows: Callable[..., None], tmp_path: Path
) -> None:
    found = volume_of(tmp_path)
    assert found == Volume(f"serial:{tmp_path.stat().st_dev:x}", Path(tmp_path.anchor))


def test_another_disk_under_the_same_letter_is_noticed(windows: Callable[..., None], tmp_path: Path) -> None:
    there = volume_of(tmp_path)
    here = Volume(f"serial:{Path(tmp_path.anchor).stat().st_dev:x}", there.mount)
    assert is_connected(here)
    assert not is_connected(Volume("serial:1c3a9f02", there.mount))
    assert not is_connected(Volume(there.identity, tmp_path / "no such drive"))


@pytest.mark.parametrize(
    ("state", "expected"), [("on its battery", True), ("plugged in", False), ("not known", None)]
)
def test_whether_a_laptop_is_plugged_in(
    windows: Callable[..., None], state: str, expected: bool | None
) -> None:
    windows(GetSystemPowerStatus=filling(LAPTOP[state]))
    assert on_battery() is expected
    windows(GetSystemPowerStatus=lambda _: 0)
    assert on_battery() is None


def test_how_much_memory_there_is(windows: Callable[..., None]) -> None:
    windows(GlobalMemoryStatusEx=filling(MEMORY_16_GIB))
    assert machine_memory.memory() == 17_056_227_328
    windows(GlobalMemoryStatusEx=lambda _: 0)
    assert machine_memory.memory() is None


def test_the_driver_of_a_graphics_card_is_a_file_of_the_system(
    windows: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SYSTEMROOT", "/Windows")
    assert _driver_files() == [Path("/Windows/System32/nvcuda.dll")]


def test_explorer_shows_a_file_selected_whatever_its_name(
    windows: Callable[..., None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = tmp_path / "told"
    program = tmp_path / "explorer.exe"
    program.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" >"{told}.part"\nmv "{told}.part" "{told}"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    video = tmp_path / "a b, c & d.mp4"
    assert show_in_folder(video)
    assert wait_until(told.exists)
    assert told.read_text().splitlines() == ["/select,", str(video)]


def test_one_window_per_library_meets_at_a_name_not_at_a_file(
    windows: Callable[..., None], tmp_path: Path
) -> None:
    names = {_socket_name(tmp_path / name) for name in ("one", "other")}
    assert len(names) == 2
    assert all(name.startswith("reelfind-") and "/" not in name for name in names)
    assert Path(_lock_place(names.pop())).is_absolute()


def test_children_of_an_environment_s_python_are_started_by_the_real_one(
    windows: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its own `python.exe` is a small program that starts the real one."""
    monkeypatch.setattr("sys.executable", "/films/.venv/Scripts/python.exe")
    monkeypatch.setattr("sys._base_executable", "/Python311/python.exe")
    assert launcher.command_line("cut")[0] == "/Python311/python.exe"
    passed = launcher.environment(TASKS["cut"])
    assert passed["__PYVENV_LAUNCHER__"] == "/films/.venv/Scripts/python.exe"


def test_children_of_the_frozen_window_are_the_program_of_the_command_line(
    windows: Callable[..., None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A program without a console has no streams to speak through."""
    window = tmp_path / "reelfind-gui.exe"
    monkeypatch.setattr("sys.executable", str(window))
    monkeypatch.setattr("sys.frozen", True, raising=False)
    assert launcher.command_line("cut")[:2] == [str(window), "--run-task"]
    (tmp_path / "reelfind.exe").touch()
    assert launcher.command_line("cut")[:2] == [str(tmp_path / "reelfind.exe"), "--run-task"]
    assert "__PYVENV_LAUNCHER__" not in launcher.environment(TASKS["cut"])


def test_there_always_is_a_display(windows: Callable[..., None], monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    assert has_display()


@pytest.mark.parametrize("address", ["file:///C:/Videos/dog%20%26%20cat.mp4", "file:///C:/%EF%BF%BD.mp4"])
def test_an_address_means_the_file_that_qt_says(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Names there are Unicode, so there are no bytes to save."""
    local = QUrl(address).toLocalFile()
    monkeypatch.setattr("app.ui.system.file_urls.os", SimpleNamespace(name="nt"))
    assert str(path_of(QUrl(address))) == local


def test_the_library_lies_where_windows_keeps_what_belongs_to_this_computer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Not in the profile that travels with a person: videos and their paths do not travel."""
    monkeypatch.delenv("REELFIND_HOME", raising=False)
    monkeypatch.setattr("platformdirs.windows.get_win_folder", lambda name: f"/users/eva/{name}")
    place = Windows(appname="reelfind", appauthor=False)
    monkeypatch.setattr(paths, "user_data_path", lambda *_, **__: place.user_data_path)
    assert paths.default_library() == Path("/users/eva/CSIDL_LOCAL_APPDATA/reelfind/library")
