"""What happens around the decoding child is no fault of the video, and what happens in it costs one video."""

import os
import resource
import stat
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.errors import Cause, DecoderStartError, MediaError
from app.media import decoder as decoder_module
from app.media.decoder import DecodeCancelled, Decoder
from app.media.decoding.sampling import sampler
from app.media.decoding.sampling.sampler import SampleEnd
from app.media.frames import Frame, Sampling
from tests.conftest import wait_until
from tests.videos import Scene, make_video, repeat_video

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals and limits of POSIX")

HURRIED = (0.5, 0.5, 0.5)


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_video(tmp_path_factory.mktemp("faults") / "v.mp4", [Scene("red", 5, "stripes")])


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Far more than libav reads at once."""
    path = tmp_path_factory.mktemp("large") / "v.mkv"
    scenes = [Scene("red", 8, "noise"), Scene("blue", 4, "noise")]
    return repeat_video(path, make_video(path.with_name("part.mkv"), scenes, rate=4, gop=4), 10)


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoder_module, "PAUSE", 0.01)


def interpreter(path: Path, script: str) -> Path:
    """A program to start in place of Python."""
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def started_instead(monkeypatch: pytest.MonkeyPatch, program: Path) -> None:
    monkeypatch.setattr(sys, "executable", str(program))


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("exit 1", "it ended at once"),
        ("kill -9 $$", "it ended at once"),
        ("kill -STOP $$", "it did not answer in time"),
        ("exec sleep 60", "it did not answer in time"),
        ("echo nonsense; exec sleep 60", "it does not answer as it should"),
    ],
)
def test_a_child_that_is_never_ready_is_no_fault_of_the_video(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, video: Path, script: str, reason: str
) -> None:
    count = tmp_path / "count"
    with Decoder(patience=(1, 1, 20)) as decoder:
        with monkeypatch.context() as patch:
            patch.setattr(decoder, "_patience", HURRIED)
            started_instead(patch, interpreter(tmp_path / "python", f"echo >> {count}; {script}"))
            with pytest.raises(DecoderStartError, match=reason):
                decoder.probe(video)
        assert len(count.read_text()) == len(HURRIED)
        assert decoder.probe(video).codec == "h264"


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize("script", ["exit 1", "kill -9 $$", "kill -STOP $$"])
def test_a_child_that_does_not_start_at_first_costs_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, video: Path, script: str
) -> None:
    once = (
        f'if [ ! -e {tmp_path}/tried ]; then : > {tmp_path}/tried; {script}; fi; exec {sys.executable} "$@"'
    )
    started_instead(monkeypatch, interpreter(tmp_path / "python", once))
    with Decoder(patience=(0.5, 20, 20)) as decoder:
        assert decoder.probe(video).codec == "h264"


@pytest.mark.usefixtures("hurried", "started_anew")
def test_too_many_open_files_are_named_and_pass(video: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    lowest_free = os.open(os.devnull, os.O_RDONLY)
    os.close(lowest_free)
    with Decoder() as decoder:
        resource.setrlimit(resource.RLIMIT_NOFILE, (lowest_free + 2, hard))
        try:
            with pytest.raises(DecoderStartError, match="too many files are open"):
                decoder.probe(video)
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        assert decoder.probe(video).codec == "h264"


def test_a_slow_start_can_be_cancelled(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, video: Path) -> None:
    started_instead(monkeypatch, interpreter(tmp_path / "python", f": > {tmp_path}/begun; exec sleep 60"))
    with Decoder() as decoder:

        def cancel() -> None:
            assert wait_until((tmp_path / "begun").exists)
            decoder.cancel()

        canceller = threading.Thread(target=cancel)
        canceller.start()
        begun = time.monotonic()
        with pytest.raises(DecodeCancelled):
            decoder.probe(video)
        assert time.monotonic() - begun < 15
        canceller.join()


@pytest.mark.usefixtures("started_anew")
def test_no_temporary_folder_is_needed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, video: Path) -> None:
    for name in ("TMPDIR", "TEMP", "TMP"):
        monkeypatch.setenv(name, str(tmp_path / "missing"))
    monkeypatch.setattr("tempfile._get_default_tempdir", lambda: (_ for _ in ()).throw(FileNotFoundError()))
    monkeypatch.setattr("tempfile.tempdir", None)
    with Decoder() as decoder:
        assert decoder.probe(video).codec == "h264"


@pytest.mark.usefixtures("started_anew")
def test_the_parents_environment_does_not_reach_the_child(
    monkeypatch: pytest.MonkeyPatch, video: Path
) -> None:
    for name in ("PYTHONHOME", "PYTHONPATH", "PYTHONSTARTUP", "PYTHONINSPECT", "PYTHONPLATLIBDIR"):
        monkeypatch.setenv(name, "/nowhere")
    monkeypatch.setenv("PYTHONIOENCODING", "no-such-encoding")
    with Decoder() as decoder:
        assert decoder.probe(video).codec == "h264"


@pytest.mark.parametrize(
    "answer",
    [
        "print('not a message', flush=True)",
        "print('[' * 60000, flush=True)",
        'print(\'{"kind": "facts", "fields": {}, "bytes": []}\', flush=True)',
        'print(\'{"kind": "heartbeat", "fields": {"position": NaN}, "bytes": []}\', flush=True)',
        'print(\'{"kind": "frame", "fields": {}, "bytes": [99999999999]}\', flush=True)',
        'print(\'{"kind": "refused", "fields": {"sentence": 1}, "bytes": []}\', flush=True)',
        "sys.stdout.buffer.write(bytes(range(256)) * 4096)",
    ],
)
def test_a_child_that_talks_nonsense_costs_its_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, video: Path, answer: str
) -> None:
    ready = 'print(\'{"kind": "ready", "fields": {}, "bytes": []}\', flush=True)'
    script = tmp_path / "child.py"
    script.write_text(f"import sys, time\n{ready}\nsys.stdin.readline()\n{answer}\ntime.sleep(60)\n")
    with Decoder() as decoder:
        with monkeypatch.context() as patch:
            started_instead(patch, interpreter(tmp_path / "python", f"exec {sys.executable} {script}"))
            with pytest.raises(MediaError) as caught:
                decoder.probe(video)
        assert caught.value.cause is Cause.PROGRAM
        assert decoder.probe(video).codec == "h264"


def test_an_error_of_ours_costs_its_file_and_is_logged(
    tmp_path: Path, video: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Sampling that makes no sense stands for whatever nobody foresaw in the child."""
    with Decoder() as decoder:
        with pytest.raises(MediaError, match="an error of its own") as caught:
            decoder.open(video, Sampling(max_rate=0))
        assert caught.value.cause is Cause.PROGRAM
        assert "ZeroDivisionError" in caplog.text
        assert decoder.probe(video).codec == "h264"


def failing_after(path: Path, frames: int) -> Iterator[Any]:
    """Sample a file whose descriptor cannot be read any more after some frames."""
    seen = 0
    for item in sampler.sample(path, Sampling(), lambda _: None):
        seen += isinstance(item, Frame)
        if seen == frames:
            unreadable = os.open(os.devnull, os.O_WRONLY)
            for link in Path("/proc/self/fd").iterdir():
                if link.resolve() == path:
                    os.dup2(unreadable, int(link.name))
            os.close(unreadable)
        yield item


@pytest.mark.skipif(sys.platform != "linux", reason="/proc")
def test_a_disk_that_fails_part_way_is_no_damage_of_the_file(large: Path) -> None:
    *frames, ending = failing_after(large.resolve(), 3)
    assert isinstance(ending, SampleEnd)
    assert 3 <= len(frames) < 115
    assert ending.warning.startswith("The file cannot be read from the disk. Only the first")
    assert ending.cause is Cause.ENVIRONMENT
    assert ending.partial


@pytest.mark.parametrize("change", [-1, 1])
def test_a_file_that_changes_while_it_is_read_is_read_again_later(
    decoder: Decoder, large: Path, tmp_path: Path, change: int
) -> None:
    path = tmp_path / "v.mkv"
    data = large.read_bytes()
    path.write_bytes(data)
    with decoder.open(path, Sampling()) as stream:
        frames = iter(stream)
        next(frames)
        with path.open("r+b") as file:
            if change < 0:
                file.truncate(len(data) // 4)
            else:
                file.seek(0, os.SEEK_END)
                file.write(bytes(1000))
        list(frames)
        assert stream.warning.startswith("The file changed while it was being read.")
        assert stream.cause is Cause.ENVIRONMENT
        assert stream.read_until is not None


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_forbidden_file_is_tried_again(decoder: Decoder, tmp_path: Path, video: Path) -> None:
    path = tmp_path / "v.mp4"
    path.write_bytes(video.read_bytes())
    path.chmod(0)
    with pytest.raises(MediaError, match="may not read") as caught:
        decoder.probe(path)
    assert caught.value.cause is Cause.ENVIRONMENT
    path.chmod(0o600)
    assert decoder.probe(path).codec == "h264"


def test_what_lies_in_the_file_is_said_to(decoder: Decoder, tmp_path: Path, video: Path) -> None:
    half = tmp_path / "half.mp4"
    half.write_bytes(video.read_bytes()[:2000])
    for path in (half, tmp_path):
        with pytest.raises(MediaError) as caught:
            decoder.probe(path)
        assert caught.value.cause is Cause.FILE


def test_a_codec_that_nobody_knows_is_named_in_a_sentence(
    decoder: Decoder, tmp_path: Path, video: Path
) -> None:
    path = tmp_path / "v.mp4"
    path.write_bytes(video.read_bytes().replace(b"avc1", b"zzzz").replace(b"avcC", b"zzzC"))
    with pytest.raises(MediaError, match=r"codec .* is not supported") as caught:
        decoder.probe(path)
    assert caught.value.cause is Cause.FILE
