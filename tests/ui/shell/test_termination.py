"""A signal closes the real window in order, at any moment."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from app.catalogue.catalogue import Catalogue
from tests.bundles import make_bundle
from tests.conftest import wait_until
from tests.videos import left_alone, make_video


def _window(tmp_path: Path) -> "subprocess.Popen[bytes]":
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "REELFIND_HOME": str(tmp_path / "home")}
    return subprocess.Popen(
        [sys.executable, "-m", "app", "--library", str(tmp_path / "library"), "gui"],
        env=environment,
        stderr=subprocess.PIPE,
    )


def _decoders(window: "subprocess.Popen[bytes]") -> list[psutil.Process]:
    return psutil.Process(window.pid).children(recursive=True)


@pytest.fixture(scope="module")
def videos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six that take a moment each."""
    folder = tmp_path_factory.mktemp("videos")
    content = make_video(folder / "0.mp4", [((40, 80, 160), 20)], size=(640, 480)).read_bytes()
    for index in range(1, 6):  # another content each: copies would be read once
        copy = folder / f"{index}.mp4"
        copy.write_bytes(content + b"\0\0\0\x08free" * index)
        left_alone(copy)
    return folder


@pytest.mark.parametrize(
    "number",
    [
        signal.SIGINT,
        *(pytest.param(number, marks=pytest.mark.nightly) for number in (signal.SIGHUP, signal.SIGTERM)),
    ],
)
def test_a_signal_closes_the_window_while_it_indexes(
    tmp_path: Path, videos: Path, number: signal.Signals
) -> None:
    with Catalogue(tmp_path / "library") as catalogue:
        catalogue.add_folder(videos)
        catalogue.set_setting("settings", {"model": str(make_bundle(tmp_path / "bundle"))})
    with _window(tmp_path) as window:
        try:
            assert wait_until(lambda: bool(_decoders(window)), timeout=60)
            children = _decoders(window)
            window.send_signal(number)
            assert window.wait(20) == 128 + number
        finally:
            window.kill()
        assert window.stderr is not None
        assert b"Traceback" not in window.stderr.read()
    assert wait_until(lambda: not any(child.is_running() for child in children), timeout=5)
    with Catalogue(tmp_path / "library") as catalogue:
        assert catalogue.is_intact()


@pytest.mark.parametrize(
    "delay", [0.6, *(pytest.param(delay, marks=pytest.mark.nightly) for delay in (0.3, 0.8, 1.5))]
)
def test_a_signal_ends_a_window_that_is_just_opening(tmp_path: Path, delay: float) -> None:
    with _window(tmp_path) as window:
        try:
            time.sleep(delay)
            window.send_signal(signal.SIGTERM)
            assert window.wait(30) in {128 + signal.SIGTERM, -signal.SIGTERM}
        finally:
            window.kill()
        assert window.stderr is not None
        assert b"Traceback" not in window.stderr.read()
