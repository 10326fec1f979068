"""A hang, a crash or an endless appetite costs one file; the next one works."""

import contextlib
import os
import signal
import sys
import threading
from pathlib import Path

import psutil
import pytest

from app.errors import Cause, MediaError
from app.media import decoder as decoder_module
from app.media import fingerprints
from app.media.decoder import DecodeCancelled, Decoder
from app.media.frames import Sampling
from tests.conftest import has_ended, wait_until
from tests.videos import Scene, make_video

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals and limits of POSIX")


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_video(tmp_path_factory.mktemp("short") / "v.mp4", [Scene("red", 5, "stripes")])


@pytest.fixture(scope="module")
def long_video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """More frames than the pipe holds, so that the child is still at it while the first are read."""
    scenes = [Scene("green", 60, "stripes")]
    return make_video(tmp_path_factory.mktemp("long") / "v.mp4", scenes, rate=5, gop=5)


def child_of(decoder: Decoder) -> psutil.Process:
    assert decoder._child is not None
    return psutil.Process(decoder._child.pid)


def test_one_child_serves_file_after_file(video: Path) -> None:
    with Decoder() as decoder:
        decoder.probe(video)
        first = child_of(decoder).pid
        with decoder.open(video, Sampling()) as stream:
            assert len(list(stream)) == 5
        assert child_of(decoder).pid == first


def test_the_child_is_renewed_after_many_files(video: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert decoder_module.FILES_PER_CHILD <= 200
    monkeypatch.setattr(decoder_module, "FILES_PER_CHILD", 5)
    with Decoder() as decoder:
        decoder.probe(video)
        first = child_of(decoder).pid
        for number in range(5):
            assert child_of(decoder).pid == first, number
            decoder.probe(video)
        assert child_of(decoder).pid != first


@pytest.mark.parametrize(
    ("number", "sentence", "cause"),
    [
        (signal.SIGSEGV, "Reading this video crashes the decoder.", Cause.FILE),
        (signal.SIGABRT, "Reading this video crashes the decoder.", Cause.FILE),
        (signal.SIGKILL, "The decoder was stopped while it read this video", Cause.ENVIRONMENT),
        (signal.SIGTERM, "The decoder was stopped while it read this video", Cause.ENVIRONMENT),
    ],
)
def test_a_child_lost_part_way_keeps_what_was_read_and_says_what_it_lies_in(
    long_video: Path, video: Path, number: signal.Signals, sentence: str, cause: Cause
) -> None:
    with Decoder() as decoder:
        with decoder.open(long_video, Sampling()) as stream:
            frames = iter(stream)
            first = next(frames)
            child_of(decoder).send_signal(number)
            rest = list(frames)
            assert first.time == 0
            assert len(rest) < 59
            assert stream.warning.startswith(sentence)
            assert "Only the first" in stream.warning
            assert stream.cause is cause
            assert stream.read_until == stream.position
        assert decoder.probe(video).codec == "h264"


def test_a_child_killed_between_files_is_replaced(video: Path) -> None:
    with Decoder() as decoder:
        decoder.probe(video)
        child = child_of(decoder)
        child.kill()
        assert wait_until(lambda: has_ended(child))
        assert decoder.probe(video).codec == "h264"


def test_a_child_that_fell_silent_before_the_file_is_replaced(long_video: Path, video: Path) -> None:
    with Decoder(stall_timeout=1.0) as decoder:
        decoder.probe(video)
        child_of(decoder).suspend()
        with decoder.open(long_video, Sampling()) as stream:
            assert len(list(stream)) == 60
        assert stream.warning == ""
        assert stream.cause is None
        assert stream.read_until is None


def test_a_child_that_falls_silent_part_way_is_a_matter_of_the_machine(long_video: Path) -> None:
    with Decoder(stall_timeout=1.0) as decoder, decoder.open(long_video, Sampling()) as stream:
        frames = iter(stream)
        next(frames)
        child_of(decoder).suspend()
        list(frames)
        assert stream.warning.startswith("The video stopped giving pictures for 1 seconds.")
        assert stream.cause is Cause.ENVIRONMENT


def test_a_slow_reader_is_no_stall(long_video: Path) -> None:
    with Decoder(stall_timeout=0.6) as decoder, decoder.open(long_video, Sampling()) as stream:
        frames = iter(stream)
        next(frames)
        child = child_of(decoder)
        assert not wait_until(lambda: not child.is_running(), timeout=1.0)
        assert len(list(frames)) == 59


def test_cancel_from_another_thread_ends_the_wait(long_video: Path, video: Path) -> None:
    with Decoder() as decoder:
        decoder.probe(video)
        child_of(decoder).suspend()
        canceller = threading.Timer(0.3, decoder.cancel)
        canceller.start()
        with pytest.raises(DecodeCancelled):
            decoder.open(long_video, Sampling())
        canceller.join()
        assert decoder.probe(video).codec == "h264"


def test_cancel_stops_the_iteration(long_video: Path) -> None:
    with Decoder() as decoder, decoder.open(long_video, Sampling()) as stream:
        frames = iter(stream)
        next(frames)
        decoder.cancel()
        with pytest.raises(DecodeCancelled):
            list(frames)


def test_cancel_without_a_reader_does_nothing(video: Path) -> None:
    with Decoder() as decoder:
        decoder.cancel()
        decoder.probe(video)
        decoder.cancel()
        assert decoder.probe(video).codec == "h264"


def test_leaving_a_stream_early_leaves_nothing_running(long_video: Path, video: Path) -> None:
    with Decoder() as decoder:
        with decoder.open(long_video, Sampling()) as stream:
            next(iter(stream))
            child = child_of(decoder)
        assert not child.is_running()
        assert decoder.probe(video).codec == "h264"


@pytest.mark.usefixtures("started_anew")
def test_memory_is_limited(tmp_path: Path, video: Path) -> None:
    scenes = [Scene("red", 0.25, "still")]
    large = make_video(tmp_path / "l.mp4", scenes, size=(4096, 4096), rate=8, codec="mpeg4")
    with Decoder(memory_limit=120 << 20) as decoder:
        with pytest.raises(MediaError, match="more memory"), decoder.open(large, Sampling()) as stream:
            list(stream)
        assert decoder.probe(video).codec == "h264"
    with Decoder() as decoder:
        assert decoder.probe(large).width == 4096


@pytest.mark.usefixtures("started_anew")
@pytest.mark.skipif(sys.platform != "linux", reason="prctl")
def test_the_child_gives_up_what_it_does_not_need(video: Path) -> None:
    with Decoder() as decoder:
        decoder.probe(video)
        child = child_of(decoder)
        assert child.rlimit(psutil.RLIMIT_CORE) == (0, 0)
        assert child.rlimit(psutil.RLIMIT_DATA)[0] == 2 << 30
        assert child.nice() == min(19, psutil.Process().nice() + 5)
        assert os.getsid(child.pid) != os.getsid(0)
        assert set(child.environ()).isdisjoint({"HOME", "USER", "DISPLAY"})


@pytest.mark.usefixtures("started_anew")
@pytest.mark.skipif(sys.platform != "linux", reason="prctl")
def test_the_child_dies_with_its_parent(video: Path) -> None:
    """Even stopped, when it could not notice by itself that nobody listens any more."""
    reader, writer = os.pipe()
    parent = os.fork()
    if parent == 0:
        with contextlib.suppress(BaseException):
            decoder = Decoder()
            decoder.probe(video)
            child_of(decoder).suspend()
            os.write(writer, str(child_of(decoder).pid).encode())
            signal.pause()
        os._exit(1)
    orphan = psutil.Process(int(os.read(reader, 20)))
    os.kill(parent, signal.SIGKILL)
    os.waitpid(parent, 0)
    assert wait_until(lambda: has_ended(orphan))
    os.close(reader)
    os.close(writer)


@pytest.mark.usefixtures("started_anew")
def test_a_decoder_outlives_the_thread_that_started_its_child(video: Path) -> None:
    """The child dies with the thread that started it (PR_SET_PDEATHSIG); the next file gets a new one."""
    with Decoder() as decoder:
        thread = threading.Thread(target=decoder.probe, args=(video,))
        thread.start()
        thread.join()
        assert decoder.probe(video).codec == "h264"


def test_only_one_video_at_a_time(video: Path) -> None:
    with Decoder() as decoder, decoder.open(video, Sampling()), pytest.raises(RuntimeError):
        decoder.probe(video)


def test_closing_twice_or_unused_is_fine(video: Path) -> None:
    decoder = Decoder()
    decoder.close()
    decoder.probe(video)
    decoder.close()
    decoder.close()


def test_a_fingerprint_is_taken_in_the_child_too(tmp_path: Path) -> None:
    path = tmp_path / "noise.bin"
    path.write_bytes(bytes(range(256)) * (9 << 10))
    with Decoder() as decoder:
        for version in (1, fingerprints.VERSION):
            assert decoder.fingerprint(path, version) == fingerprints.fingerprint(path, version)
        with pytest.raises(MediaError) as refused:
            decoder.fingerprint(tmp_path / "missing.bin")
        assert refused.value.cause is Cause.ENVIRONMENT
        assert decoder.probe(make_video(tmp_path / "a.mp4", [Scene("red", 2, "stripes")])).codec == "h264"


def test_a_disk_that_does_not_answer_holds_up_nothing_but_the_child(tmp_path: Path) -> None:
    pipe = tmp_path / "silent.mp4"
    os.mkfifo(pipe)
    with Decoder(stall_timeout=0.5) as decoder:
        with pytest.raises(MediaError) as given_up:
            decoder.fingerprint(pipe)
        assert given_up.value.cause is Cause.ENVIRONMENT
        assert decoder.fingerprint(make_video(tmp_path / "a.mp4", [Scene("red", 2, "stripes")]))
