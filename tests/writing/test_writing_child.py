"""The writing child: what it may not do, and what its end costs."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import psutil
import pytest

from app.errors import Cancelled, Cause, MediaError, ReelfindError
from app.extras import install_command
from app.processes.wire import Message, WireError
from app.writing import models
from app.writing.messages import frame_message, image_of, sight_message, sight_of
from app.writing.models import find_models
from app.writing.readings import Written
from app.writing.writing_process import WritingProcess
from app.writing.writing_reader import WritingReader
from benchmarks.written_videos import Text, drifting, make_written_video

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")

GREY = np.full((360, 640, 3), 120, np.uint8)


def test_without_the_extra_a_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "_PACKAGE", "a_package_that_nobody_has")
    with pytest.raises(ReelfindError, match="is not installed") as refused:
        WritingReader()
    assert install_command("text") in refused.value.advice


def test_a_package_with_other_models_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "_RECOGNITION", "another.onnx")
    with pytest.raises(ReelfindError, match="does not have the expected models"):
        find_models()


@pytest.mark.usefixtures("reader")
def test_a_child_that_is_killed_costs_the_video_and_the_next_one_is_read() -> None:
    process = WritingProcess()
    try:
        process.begin()
        assert process.look(GREY, 1.0) == ()
        assert process._child is not None
        os.kill(process._child.pid, signal.SIGKILL)
        with pytest.raises(MediaError) as failure:
            process.look(GREY, 2.0)
        assert failure.value.cause is Cause.ENVIRONMENT
        process.begin()
        assert process.look(GREY, 3.0) == ()
    finally:
        process.close()


@pytest.mark.usefixtures("reader")
def test_a_child_that_hangs_is_ended() -> None:
    process = WritingProcess(stall_timeout=0.5)
    try:
        process.begin()
        assert process._child is not None
        os.kill(process._child.pid, signal.SIGSTOP)
        with pytest.raises(MediaError, match=r"longer than 0\.5 seconds") as failure:
            process.look(GREY, 4.0)
        assert failure.value.stalled
    finally:
        process.close()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits what a process allocates")
@pytest.mark.usefixtures("reader")
def test_too_little_memory_is_no_fault_of_the_video() -> None:
    process = WritingProcess(memory_limit=1 << 30)
    noise = np.random.default_rng(0).integers(0, 255, (2160, 3840, 3), np.uint8)  # 25 MB, 100 MB as float32
    try:
        process.begin()
        assert process._child is not None
        child = psutil.Process(process._child.pid)
        assert child.rlimit(psutil.RLIMIT_DATA) == (1 << 30, 1 << 30)
        taken = child.memory_info().data  # of which it inherits some that are forked
        child.rlimit(psutil.RLIMIT_DATA, (taken + (60 << 20), 1 << 30))
        with pytest.raises(MediaError, match="memory") as failure:
            process.look(noise, 5.0)
        assert failure.value.cause is Cause.ENVIRONMENT
    finally:
        process.close()


@pytest.mark.usefixtures("reader")  # skips where the extra is absent
def test_reading_stops_at_once_when_told(tmp_path: Path) -> None:
    video = make_written_video(
        tmp_path / "v.mp4", [Text("Harbour")], seconds=8, background=drifting(), rate=1
    )
    short = make_written_video(tmp_path / "w.mp4", [Text("Harbour")], seconds=2, rate=1)
    began = threading.Event()
    with WritingReader() as stopped:
        stopper = threading.Thread(target=lambda: (began.wait(), stopped.cancel()))
        stopper.start()
        with pytest.raises(Cancelled):
            stopped.read(video, progress=lambda _: began.set())
        stopper.join()
        assert [line.text for line in stopped.read(short, progress=lambda _: None)] == ["Harbour"]


def test_a_file_that_is_no_video_is_refused(reader: WritingReader, tmp_path: Path) -> None:
    path = tmp_path / "v.mp4"
    path.write_bytes(b"no video at all")
    with pytest.raises(MediaError) as failure:
        reader.read(path, progress=lambda _: None)
    assert failure.value.cause is Cause.FILE


def test_the_child_opens_no_connection() -> None:
    script = (
        "import sys, socket\n"
        "from app.writing.writing_child import _stay_offline\n"
        "sys.addaudithook(_stay_offline)\n"
        "try:\n"
        "    socket.create_connection(('127.0.0.1', 9), 1)\n"
        "except PermissionError:\n"
        "    print('refused')\n"
    )
    said = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "refused"


def test_frames_and_what_stands_in_them_travel_as_they_are() -> None:
    written = (Written("Hôtel 出口", 0.98, 0.1, 0.2, 1.3, 0.25),)
    assert sight_of(sight_message(written)) == written
    assert sight_of(sight_message(None)) is None
    assert (image_of(frame_message(GREY, 0.0)) == GREY).all()


@pytest.mark.parametrize(
    "blob",
    [
        b"",
        b"nothing",
        b'{"text": 1}',
        b'[["EXIT", 1, 0, 0, 1]]',
        b'[["EXIT", 1, 0, 0, 1, NaN]]',
        b'[["EXIT", 1, 0, -1, 1, 1]]',
        b"[[7, 1, 0, 0, 1, 1]]",
        b"[" * 100_000,
        b'[["' + b"x" * 1000 + b'", 1, 0, 0, 1, 1]]',
        b"[" + b",".join([b'["a", 1, 0, 0, 1, 1]'] * 1000) + b"]",
    ],
)
def test_nonsense_from_the_child_is_noticed(blob: bytes) -> None:
    with pytest.raises(WireError):
        sight_of(Message("sight", {"changed": True}, (blob,)))
