"""A library whose frames another computer encodes: the rows are those of this one, whatever happens to it."""

import os
import re
import shutil
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from app.errors import UsageError
from app.indexing.events import IndexingEvent, RunFinished, VideoIndexed
from app.paths import encoder_tokens_file
from app.session import Session
from tests.encoder_service.service_process import TOKEN, Service, running_service
from tests.forked_program import run_program

CLIPS = 3


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory, shared_data: Path) -> Path:
    """Some real ones, the smallest."""
    folder = tmp_path_factory.mktemp("clips")
    every = sorted((shared_data / "clips").iterdir(), key=lambda path: path.stat().st_size)
    for path in [path for path in every if path.suffix in {".mp4", ".mkv", ".webm", ".mov"}][:CLIPS]:
        shutil.copy(path, folder)
    return folder


def vectors(session: Session) -> dict[str, NDArray[np.float32]]:
    """Of every video the vectors of its frames, of length one."""
    names = {video.id: video.path.name for video in session.catalogue.videos()}
    found = {}
    for stored in session.catalogue.embeddings(session.bundle.identity):
        rows = stored.matrix.astype(np.float32)
        found[names[stored.video_id]] = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return found


def index(session: Session) -> list[IndexingEvent]:
    events: list[IndexingEvent] = []
    unsubscribe = session.indexer.subscribe(events.append)
    session.indexer.start()
    assert session.indexer.wait(120)
    unsubscribe()
    assert isinstance(events[-1], RunFinished)
    return events


def assert_same(given: dict[str, NDArray[np.float32]], expected: dict[str, NDArray[np.float32]]) -> None:
    assert set(given) == set(expected)
    assert len(given) == CLIPS
    for name, rows in given.items():
        assert rows.shape == expected[name].shape
        assert np.abs(rows - expected[name]).max() < 1e-3
        assert (rows * expected[name]).sum(1).min() > 1 - 1e-3


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory, clips: Path) -> dict[str, NDArray[np.float32]]:
    """What this computer makes of the clips."""
    with Session(tmp_path_factory.mktemp("local")) as session:
        session.add_folder(clips)
        index(session)
        return vectors(session)


def test_a_library_is_the_same_whoever_encodes(
    service: Service, tmp_path: Path, clips: Path, expected: dict[str, NDArray[np.float32]]
) -> None:
    with Session(tmp_path / "library") as session:
        session.add_folder(clips)
        session.change_setting("encoder_url", service.setting)
        assert session.provider.startswith("studio (")
        index(session)
        assert session.provider.startswith("studio (")
        assert not session.fallback
        assert_same(vectors(session), expected)
        like = f'like:"{clips / sorted(expected)[0]}@0.5"'
        assert session.search(like).moments[0].path.name == sorted(expected)[0]


def test_a_service_that_dies_in_mid_run_loses_nothing(
    tmp_path: Path, clips: Path, expected: dict[str, NDArray[np.float32]]
) -> None:
    with running_service(tmp_path / "service") as service, Session(tmp_path / "library") as session:
        session.add_folder(clips)
        session.change_setting("encoder_url", service.setting)
        events: list[IndexingEvent] = []

        def received(event: IndexingEvent) -> None:
            events.append(event)
            if isinstance(event, VideoIndexed) and service.process.poll() is None:
                service.kill()

        session.indexer.subscribe(received)
        index(session)
        assert sum(isinstance(event, VideoIndexed) for event in events) == CLIPS
        assert_same(vectors(session), expected)
        assert "cannot be reached; this computer encodes meanwhile" in session.fallback
        assert session.provider == session.frame_encoder.provider != "studio"


def test_the_setting_changes_in_the_middle_of_a_run(
    service: Service, tmp_path: Path, clips: Path, expected: dict[str, NDArray[np.float32]]
) -> None:
    with Session(tmp_path / "library") as session:
        session.add_folder(clips)
        providers: list[str] = []

        def received(event: IndexingEvent) -> None:
            if isinstance(event, VideoIndexed):
                providers.append(session.provider)
                session.change_setting("encoder_url", service.setting if len(providers) % 2 else "")

        session.indexer.subscribe(received)
        index(session)
        assert {provider.startswith("studio") for provider in providers} == {True, False}
        assert_same(vectors(session), expected)


def test_a_token_is_kept_for_its_user_alone_and_never_in_the_library(
    service: Service, tmp_path: Path
) -> None:
    with Session(tmp_path / "library") as session:
        session.change_setting("encoder_url", service.setting)
        assert session.settings.encoder_url == service.url
        session.change_setting("encoder_url", service.url)
        assert session.test_encoder().name == "studio"
    assert encoder_tokens_file().stat().st_mode & 0o777 == 0o600
    assert TOKEN in encoder_tokens_file().read_text()
    files = [path for path in (tmp_path / "library").rglob("*") if path.is_file()]
    assert files
    assert not any(TOKEN.encode() in path.read_bytes() for path in files)


def test_an_address_without_a_token_and_what_is_none_are_refused(tmp_path: Path) -> None:
    with Session(tmp_path / "library") as session:
        for typed, words in (
            ("http://192.168.1.9", "There is no token for 192.168.1.9:8731"),
            ("http://192.168.1.9 short", "A token has"),
            ("http://192.168.1.9 a b", "two words"),
            (f"ftp://x {TOKEN}", "is not the address"),
        ):
            with pytest.raises(UsageError, match=re.escape(words)):
                session.change_setting("encoder_url", typed)
            assert session.settings.encoder_url == ""


def test_the_command_line_sets_it_and_doctor_says_what_became_of_it(service: Service, tmp_path: Path) -> None:
    def reelfind(*words: str, **variables: str) -> str:
        done = run_program([*words, "--library", tmp_path / "library"], env=os.environ | variables)
        assert TOKEN not in done.stdout + done.stderr
        return done.stdout + done.stderr

    assert f"encoder_url = {service.url}" in reelfind("settings", "encoder_url", service.setting)
    assert f"encoder_url = {service.url}" in reelfind("settings")
    assert "on studio (CPU)" in reelfind("doctor")
    assert "(default)" in reelfind("settings", "encoder_url", "default")
    away = "http://127.0.0.1:1"
    assert away in reelfind("settings", "encoder_url", away, REELFIND_ENCODER_TOKEN=TOKEN)
    told = reelfind("doctor")
    assert "The encoder service at 127.0.0.1:1 cannot be reached; this computer encodes meanwhile." in told
    assert "See that it runs there" in told
