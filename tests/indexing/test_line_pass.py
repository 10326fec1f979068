"""Lines are read behind the pictures: each video's at once, resumed after any end, and again where needed."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

import pytest

from app.errors import Cancelled, Cause, DecoderStartError, MediaError
from app.indexing.behind.line_sources import LineSource, read_names
from app.indexing.events import (
    IndexingEvent,
    LinesFailed,
    LinesProgress,
    LinesRead,
    RunFinished,
    SourceFailed,
    VideoIndexed,
)
from app.lines.line import Line, Source
from app.lines.reader import LineReader
from app.media.fingerprints import fingerprint
from app.media.subtitles.subtitle_reader import SubtitleReader
from app.session import Session
from tests.catalogue.making import rows_for
from tests.indexing.conftest import run
from tests.videos import left_alone

SRT = "1\n00:00:00,500 --> 00:00:01,500\n{}\n"


class Readings(LineReader):
    """A reader whose lines the test says, by the video's name."""

    source = Source.SPEECH

    def __init__(self, reader: str = "heard 1") -> None:
        self.reader = reader
        self.read_names: list[str] = []
        self.results: dict[str, Exception] = {}
        self.gates: dict[str, threading.Event] = {}
        self.at = threading.Event()
        self._cancelled = threading.Event()

    def read(self, path: Path, *, progress: Callable[[float], None]) -> tuple[Line, ...]:
        self.read_names.append(path.name)
        if path.name in self.results:
            raise self.results[path.name]
        for step in range(3):
            progress(float(step))
            self.at.set()
            gate = self.gates.get(path.name)
            while gate is not None and not gate.is_set() and not self._cancelled.is_set():
                gate.wait(0.01)
            if self._cancelled.is_set():
                raise Cancelled("stopped")
        return (Line(0.5, 1.0, f"said in {path.stem}"),)

    def cancel(self) -> None:
        self._cancelled.set()

    def __enter__(self) -> Self:
        self._cancelled.clear()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        pass


@pytest.fixture
def heard(session: Session, videos: Path, monkeypatch: pytest.MonkeyPatch) -> Readings:
    """Speech is on, and read by `Readings`; the library is indexed but for that."""
    readings, catalogue, bundle = Readings(), session.catalogue, session.bundle
    catalogue.scan_folder(session.add_folder(videos).id, settle=0.0)
    for video in catalogue.pending(bundle.identity):  # nobody looks at the frames
        rows = rows_for(video, seed=video.id, model=bundle.identity, width=bundle.embedding_width)
        catalogue.commit_indexed(video.id, rows, fingerprint=fingerprint(video.path), mtime_ns=video.mtime_ns)
    monkeypatch.setattr(session.indexer, "_sources", lambda: (source_of(readings),))
    return readings


def source_of(readings: Readings) -> LineSource:
    return LineSource(Source.SPEECH, wanted=True, quick=False, reader=readings.reader, open=lambda: readings)


def texts(session: Session, source: Source = Source.SPEECH) -> set[str]:
    return {
        line.text
        for video in session.catalogue.videos()
        for line in session.catalogue.lines(video.id, source)
    }


def of(events: list[IndexingEvent], kind: type[IndexingEvent]) -> list[IndexingEvent]:
    return [event for event in events if isinstance(event, kind)]


ALL = {"said in red", "said in green", "said in blue"}


def test_every_video_is_read_once_and_told(session: Session, heard: Readings) -> None:
    events = run(session)
    assert texts(session) == ALL
    assert len(of(events, LinesRead)) == 3
    progress = of(events, LinesProgress)
    assert progress[-1] == replace(progress[-1], done=3, total=3, current=None)  # type: ignore[type-var]
    assert isinstance(events[-1], RunFinished)
    assert not of(run(session), LinesRead)
    assert len(heard.read_names) == 3
    counts = session.catalogue.line_counts()[Source.SPEECH]
    assert (counts.done, counts.failed, counts.pending, counts.lines) == (3, 0, 0, 3)


def test_another_reader_reads_everything_again(
    session: Session, heard: Readings, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(session)
    other = Readings("heard 2")
    monkeypatch.setattr(session.indexer, "_sources", lambda: (source_of(other),))
    run(session)
    assert len(other.read_names) == 3
    assert session.catalogue.line_counts()[Source.SPEECH].lines == 3


def test_a_stop_ends_the_reading_and_the_next_run_goes_on(session: Session, heard: Readings) -> None:
    heard.gates = {name: threading.Event() for name in ("red.mp4", "green.mp4", "blue.mp4")}
    first = threading.Event()
    heard.gates["red.mp4"].set()
    session.indexer.subscribe(lambda event: first.set() if isinstance(event, LinesProgress) else None)
    session.indexer.start()
    assert first.wait(30)
    assert session.indexer.stop()
    done = len(texts(session))
    assert done < 3
    heard.gates = {}
    run(session)
    assert texts(session) == ALL
    assert len(heard.read_names) <= 4


def test_a_pause_holds_the_reading(session: Session, heard: Readings) -> None:
    heard.gates = {name: threading.Event() for name in ("red.mp4", "green.mp4", "blue.mp4")}
    session.indexer.start()
    assert heard.at.wait(30)
    session.indexer.pause()
    for gate in heard.gates.values():
        gate.set()
    time.sleep(0.5)  # nothing happens meanwhile
    assert len(heard.read_names) == 1
    assert texts(session) == set()
    session.indexer.resume()
    assert session.indexer.wait(30)
    assert texts(session) == ALL


def test_a_stop_while_paused_ends_the_run(session: Session, heard: Readings) -> None:
    heard.gates = {
        "red.mp4": threading.Event(),
        "green.mp4": threading.Event(),
        "blue.mp4": threading.Event(),
    }
    session.indexer.start()
    assert heard.at.wait(30)
    session.indexer.pause()
    assert session.indexer.stop()
    session.indexer.resume()


def test_a_failure_costs_its_video_and_is_listed(session: Session, heard: Readings) -> None:
    heard.results["red.mp4"] = MediaError("The sound is damaged.", "Copy it again.")
    heard.results["green.mp4"] = MediaError("No memory.", cause=Cause.ENVIRONMENT)
    heard.results["blue.mp4"] = ValueError("a bug")
    events = run(session)
    causes = {event.path.name: event.cause for event in of(events, LinesFailed)}  # type: ignore[union-attr]
    assert causes == {
        "red.mp4": Cause.FILE,
        "green.mp4": Cause.ENVIRONMENT,
        "blue.mp4": Cause.PROGRAM,
    }
    failures = {each.video.path.name: each for each in session.catalogue.line_failures(Source.SPEECH)}
    assert failures["red.mp4"].reason == "The sound is damaged."
    heard.results, heard.read_names = {}, []
    run(session)
    assert sorted(heard.read_names) == ["blue.mp4", "green.mp4"], "the file's own is not tried again"
    session.retry()
    assert session.indexer.wait(60)
    assert texts(session) == ALL
    assert not session.catalogue.line_failures(Source.SPEECH)


def test_no_child_is_no_fault_of_a_video(session: Session, heard: Readings) -> None:
    for name in ("red.mp4", "green.mp4", "blue.mp4"):
        heard.results[name] = DecoderStartError("No child can be started.", "Close other programs.")
    events = run(session)
    assert len(heard.read_names) == 1
    assert not of(events, LinesFailed)
    [failed] = of(events, SourceFailed)
    assert isinstance(failed, SourceFailed)
    assert (failed.source, failed.reason) == (Source.SPEECH, "No child can be started.")
    heard.results = {}
    run(session)
    assert texts(session) == ALL


def test_a_source_that_cannot_be_read_is_said_and_costs_nothing_else(
    session: Session, videos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lacking = LineSource(
        Source.SPEECH, wanted=True, quick=False, problem="It is not installed.", advice="Install it."
    )
    monkeypatch.setattr(session.indexer, "_sources", lambda: (lacking,))
    session.add_folder(videos)
    events = run(session)
    assert len(of(events, VideoIndexed)) == 3
    assert of(events, SourceFailed) == [SourceFailed(Source.SPEECH, "It is not installed.", "Install it.")]


def test_only_what_is_asked_for_is_read(session: Session, heard: Readings) -> None:
    session.indexer.start(sources=frozenset({Source.SUBTITLE}))
    assert session.indexer.wait(60)
    assert not heard.read_names
    session.indexer.start(sources=frozenset({Source.SPEECH}))
    assert session.indexer.wait(60)
    assert len(heard.read_names) == 3


def test_only_the_folders_that_were_asked_for_are_read(
    session: Session, heard: Readings, three_colours: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "violet.mp4").write_bytes((three_colours / "red.mp4").read_bytes() + bytes(8))
    left_alone(other / "violet.mp4")
    folder = session.add_folder(other)
    session.indexer.start([folder.id])
    assert session.indexer.wait(60)
    assert heard.read_names == ["violet.mp4"]


def test_copies_share_the_lines(session: Session, heard: Readings, videos: Path) -> None:
    (videos / "copy.mp4").write_bytes((videos / "red.mp4").read_bytes())
    left_alone(videos / "copy.mp4")
    run(session)
    assert len(heard.read_names) == 3


def test_a_file_that_went_or_changed_is_left_to_the_next_scan(
    session: Session, heard: Readings, videos: Path
) -> None:
    heard.gates = {name: threading.Event() for name in ("red.mp4", "green.mp4", "blue.mp4")}
    session.indexer.start()
    assert heard.at.wait(30)
    [reading] = heard.read_names
    others = [name for name in heard.gates if name != reading]
    with (videos / reading).open("ab") as file:
        file.write(bytes(8))
    (videos / others[0]).unlink()
    for gate in heard.gates.values():
        gate.set()
    assert session.indexer.wait(60)
    assert texts(session) == {f"said in {Path(others[1]).stem}"}
    assert not session.catalogue.line_failures(Source.SPEECH)
    left_alone(videos / reading)
    run(session)
    assert f"said in {Path(reading).stem}" in texts(session)


def test_a_new_video_is_not_kept_waiting(
    session: Session, heard: Readings, videos: Path, three_colours: Path
) -> None:
    heard.gates = {name: threading.Event() for name in ("red.mp4", "green.mp4", "blue.mp4")}
    told: list[IndexingEvent] = []
    session.indexer.subscribe(told.append)
    session.indexer.start()
    assert heard.at.wait(30)
    (videos / "new.mp4").write_bytes((three_colours / "red.mp4").read_bytes() + bytes(8))
    left_alone(videos / "new.mp4")
    session.indexer.start()
    for gate in heard.gates.values():
        gate.set()
    assert session.indexer.wait(60)
    kinds = [type(event).__name__ for event in told if isinstance(event, LinesRead | VideoIndexed)]
    assert kinds == ["LinesRead", "VideoIndexed", "LinesRead", "LinesRead", "LinesRead"]


def test_subtitles_are_read_by_themselves_and_again_when_they_change(
    session: Session, videos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.media.subtitles.sidecars._REMEMBERED_SECONDS", 0.0)
    session.add_folder(videos)
    (videos / "red.en.srt").write_text(SRT.format("the first text"))
    run(session)
    assert texts(session, Source.SUBTITLE) == {"the first text"}
    assert session.catalogue.line_counts()[Source.SUBTITLE].done == 3
    assert not of(run(session), LinesRead)
    (videos / "red.en.srt").write_text(SRT.format("another text than before"))
    (videos / "blue.srt").write_text(SRT.format("it came later"))
    (videos / "green.srt").write_bytes(b"no subtitles")
    assert len(of(run(session), LinesRead)) == 2
    assert texts(session, Source.SUBTITLE) == {"another text than before", "it came later"}
    [failure] = session.catalogue.line_failures(Source.SUBTITLE)
    assert failure.video.path.name == "green.mp4"
    assert not of(run(session), LinesFailed), "it is the file's fault"
    (videos / "green.srt").write_text(SRT.format("mended"))
    (videos / "red.en.srt").unlink()
    run(session)
    assert texts(session, Source.SUBTITLE) == {"it came later", "mended"}


def test_subtitles_that_are_turned_off_stay_and_are_read_no_more(session: Session, videos: Path) -> None:
    session.add_folder(videos)
    (videos / "red.srt").write_text(SRT.format("kept"))
    run(session)
    session.change_setting("subtitles", "off")
    (videos / "blue.srt").write_text(SRT.format("new"))
    run(session)
    assert texts(session, Source.SUBTITLE) == {"kept"}


def test_a_kill_at_any_moment_loses_nothing(tmp_path: Path, videos: Path, bundle: Path) -> None:
    for number, name in enumerate(("red", "green", "blue")):
        (videos / f"{name}.srt").write_text(SRT.format(f"text {number}"))
    library = tmp_path / "killed"
    program = (
        "import sys; from pathlib import Path; from app.session import Session\n"
        "from app.indexing.events import LinesRead\n"
        f"session = Session(Path({str(library)!r}), Path({str(bundle)!r}))\n"
        f"session.add_folder(Path({str(videos)!r}))\n"
        "say = lambda event: isinstance(event, LinesRead) and print('read', flush=True)\n"
        "session.indexer.subscribe(say)\n"
        "session.indexer.start(); session.indexer.wait(60)\n"
    )
    command = [sys.executable, "-c", program]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=os.environ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.send_signal(signal.SIGKILL if os.name != "nt" else signal.SIGTERM)
    with Session(library, bundle) as session:
        assert len(texts(session, Source.SUBTITLE)) >= 1
        run(session)
        assert texts(session, Source.SUBTITLE) == {"text 0", "text 1", "text 2"}


def test_the_reader_of_subtitles_says_which_version_it_is() -> None:
    assert SubtitleReader.reader == "subtitles 1"


def test_sources_are_named() -> None:
    assert read_names("speech, Text") == {Source.SPEECH, Source.WRITING}
    assert read_names("none") == frozenset()
