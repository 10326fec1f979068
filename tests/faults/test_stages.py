"""An error of ours, wherever it comes, costs one file of five; the next run makes up for it."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.catalogue.catalogue import Catalogue
from app.catalogue.records import Video, VideoState
from app.disk.scanner import _Walk
from app.errors import Cause
from app.indexing.events import RunFailed, RunFinished
from app.indexing.runs.partial_video import PartialVideo
from app.media.decoder import Decoder
from app.media.decoder_process import ChildProcess
from app.media.frames import Sampling
from app.media.video_stream import VideoStream
from app.runtime.encoders import FrameEncoder
from app.session import Session
from tests.bundles import make_bundle
from tests.conftest import wait_until
from tests.problems import problems_of
from tests.videos import make_video

VICTIM = "victim.mp4"
RED = (255, 0, 0)


class Unforeseen(Exception):  # noqa: N818 - any exception at all
    """Nobody catches this by name."""


@pytest.fixture(scope="module")
def five(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of four videos in greens and blues, and another of one red one."""
    folder = tmp_path_factory.mktemp("five")
    (folder / "four").mkdir()
    (folder / "one").mkdir()
    for number in range(4):
        make_video(folder / "four" / f"{number}.mp4", [((0, 50 * number, 250), 1.5)], size=(64, 48))
    make_video(folder / "one" / VICTIM, [(RED, 1.5, "still")], size=(64, 48))
    return folder


@pytest.fixture
def session(tmp_path: Path, five: Path) -> Iterator[Session]:
    with Session(tmp_path / "library", make_bundle(tmp_path / "bundle")) as session:
        session.add_folder(five / "four")
        session.add_folder(five / "one")
        yield session


def raising_for_victim(real: Callable[..., Any], is_victim: Callable[..., bool]) -> Callable[..., Any]:
    """`real`, but for the victim."""

    def function(*words: Any, **named: Any) -> Any:
        if is_victim(*words, **named):
            raise Unforeseen("an error of a kind that nobody foresaw")
        return real(*words, **named)

    return function


def at(stage: str, patch: pytest.MonkeyPatch, session: Session) -> None:
    """Make one real function of a stage raise for the victim."""

    def wrap(owner: Any, name: str, is_victim: Callable[..., bool]) -> None:
        patch.setattr(owner, name, raising_for_victim(getattr(owner, name), is_victim))

    def is_stream_of_victim(stream: VideoStream) -> bool:
        return stream._path.name == VICTIM

    if stage == "open":
        wrap(Decoder, "open", lambda _, path, __: path.name == VICTIM)
    elif stage == "child start":
        started: list[object] = []
        wrap(ChildProcess, "__init__", lambda child, *_: started.append(child) or len(started) == 1)
    elif stage == "probe":
        wrap(
            VideoStream,
            "begin",
            lambda stream, expected: expected == "facts" and is_stream_of_victim(stream),
        )
    elif stage == "decode":
        told: list[object] = []
        wrap(
            VideoStream,
            "_receive",
            lambda stream: is_stream_of_victim(stream) and len(told.append(0) or told) > 2,
        )
    elif stage == "inside the child":
        request = Decoder._request

        def nonsense(
            decoder: Decoder, kind: str, path: Path, sampling: Sampling, **fields: int
        ) -> VideoStream:
            if path.name == VICTIM:
                sampling = Sampling(short_side="three")  # type: ignore[arg-type]
            return request(decoder, kind, path, sampling, **fields)

        patch.setattr(Decoder, "_request", nonsense)
    elif stage == "fingerprint":
        wrap(Decoder, "fingerprint", lambda _, path: path.name == VICTIM)
    elif stage == "duplicates":
        wrap(Catalogue, "original_of", lambda _, number, *__: is_victim_id(session, number))
    elif stage == "frame handling":
        wrap(PartialVideo, "add", lambda partial, _: partial.video.path.name == VICTIM)
    elif stage == "encode":
        wrap(FrameEncoder, "encode", lambda _, images: bool(np.any(images[:, 5, 5, 0] > 200)))
    elif stage == "commit":
        wrap(Catalogue, "commit_indexed", lambda _, number, *__, **___: is_victim_id(session, number))


def is_victim_id(session: Session, number: int) -> bool:
    video = session.catalogue.video(number)
    return video is not None and video.path.name == VICTIM


def break_scan(session: Session, patch: pytest.MonkeyPatch) -> None:
    """Make the scan of the victim's folder raise."""
    victim = next(folder.id for folder in session.folders() if folder.path.name == "one")
    broken = raising_for_victim(Catalogue.scan_folder, lambda _, number, **__: number == victim)
    patch.setattr(Catalogue, "scan_folder", broken)


STAGES = [
    "open",
    "child start",
    "probe",
    "decode",
    "inside the child",
    "fingerprint",
    "duplicates",
    "frame handling",
    "encode",
    "commit",
]


def run(session: Session) -> list[object]:
    events: list[object] = []
    unsubscribe = session.indexer.subscribe(events.append)
    session.indexer.start()
    assert session.indexer.wait(60)
    unsubscribe()
    return events


def by_state(session: Session, state: VideoState) -> list[Video]:
    return [video for video in session.catalogue.videos() if video.state is state]


@pytest.mark.fault(
    "an arbitrary exception at each stage for one of five", "four indexed, ours, next run indexes it"
)
@pytest.mark.parametrize("stage", STAGES)
def test_an_error_of_ours_costs_one_file_until_the_next_run(
    session: Session, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, stage: str
) -> None:
    with monkeypatch.context() as patch:
        at(stage, patch, session)
        events = run(session)
    assert not [event for event in events if isinstance(event, RunFailed)]
    assert len(by_state(session, VideoState.INDEXED)) == 4
    (failed,) = by_state(session, VideoState.FAILED)
    assert stage == "child start" or failed.path.name == VICTIM
    assert failed.cause is Cause.PROGRAM
    assert "Reelfind" in failed.reason
    assert "Traceback" in caplog.text, "an error of ours is logged with its traceback"
    run(session)
    assert len(by_state(session, VideoState.INDEXED)) == 5
    assert not problems_of(session)


@pytest.mark.parametrize("stage", ["scan", "stat"])
def test_an_error_of_ours_in_a_scan_costs_no_other_folder(
    session: Session, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, stage: str
) -> None:
    with monkeypatch.context() as patch:
        if stage == "scan":
            break_scan(session, patch)
        else:
            real_sort = _Walk._sort_in
            patch.setattr(
                _Walk, "_sort_in", raising_for_victim(real_sort, lambda _, entry, *__: entry.name == VICTIM)
            )
        run(session)
    assert len(by_state(session, VideoState.INDEXED)) == 4
    assert "Traceback" in caplog.text
    run(session)
    assert len(by_state(session, VideoState.INDEXED)) == 5


def test_a_run_that_may_start_no_thread_ends_and_says_so(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = threading.Thread.start
    with monkeypatch.context() as patch:
        patch.setattr(
            threading.Thread,
            "start",
            raising_for_victim(start, lambda thread: thread.name == "reelfind-gate"),
        )
        *_, failed, finished = run(session)
    assert isinstance(failed, RunFailed)
    assert isinstance(finished, RunFinished)
    run(session)
    assert len(by_state(session, VideoState.INDEXED)) == 5


def test_an_error_of_ours_in_a_known_folders_scan_keeps_what_was_known(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(session)
    with monkeypatch.context() as patch:
        break_scan(session, patch)
        run(session)
    assert len(session.search("red").moments) == 5
    assert wait_until(lambda: not session.indexer.running)
