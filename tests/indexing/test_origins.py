"""Camera, day and place are noted while indexing, and read behind where an earlier version did not."""

import os
import shutil
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.catalogue.catalogue import FILE_NAME
from app.indexing.events import RunFinished, VideoFailed, VideoIndexed
from app.media.decoder import Decoder
from app.media.geography import gazetteer as places
from app.session import Session
from tests.indexing.conftest import RED, run
from tests.videos import left_alone, make_video

PHONE = {
    "com.apple.quicktime.make": "Apple",
    "com.apple.quicktime.model": "iPhone 12",
    "com.apple.quicktime.location.ISO6709": "+38.7110-009.1300/",
    "DATE_RECORDED": "2023-05-14",
}

Row = tuple[str, float | None, str | None, str | None]


@pytest.fixture(scope="module", autouse=True)
def settlements() -> Iterator[None]:
    """The names of places, real ones, are loaded once and not by every run: that takes two seconds."""
    loaded = places._Cities()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(places, "_Cities", lambda: loaded)
        yield


@pytest.fixture
def videos(tmp_path: Path) -> Path:
    """A folder with a video of a phone in Lisbon, and one that says nothing."""
    folder = tmp_path / "videos"
    folder.mkdir()
    make_video(folder / "phone.mkv", [(RED, 2)], metadata=PHONE)
    make_video(folder / "plain.mkv", [(RED, 1)])
    return folder


def origins(session: Session) -> dict[str, Row]:
    """Camera, latitude, place and day by the file's name, as they are stored."""
    with sqlite3.connect(session.folder / FILE_NAME) as database:
        rows = database.execute(
            """SELECT path, camera, latitude, place, created FROM videos
            JOIN facts ON facts.video_id = videos.id JOIN origins ON origins.video_id = videos.id"""
        ).fetchall()
    database.close()
    return {Path(os.fsdecode(path)).name: tuple(row) for path, *row in rows}


def forget_origins(session: Session) -> None:
    """Make the library one of the version before."""
    with sqlite3.connect(session.folder / FILE_NAME) as database:
        database.execute("DELETE FROM origins")
        database.execute("UPDATE facts SET created = NULL")
    database.close()


def check(found: dict[str, Row]) -> None:
    camera, latitude, place, created = found["phone.mkv"]
    assert (camera, latitude, created) == ("Apple iPhone 12", 38.711, "2023-05-14T00:00:00")
    assert place is not None
    assert place.startswith("Alfama, Lisbon, ")
    assert found["plain.mkv"] == ("", None, "", None)


def test_they_are_noted_while_indexing(session: Session, videos: Path) -> None:
    session.add_folder(videos)
    run(session)
    check(origins(session))


def test_they_are_read_behind_without_indexing_anything(session: Session, videos: Path) -> None:
    session.add_folder(videos)
    run(session)
    forget_origins(session)
    revision = session.catalogue.revision()
    events = run(session)
    check(origins(session))
    assert not [event for event in events if isinstance(event, VideoIndexed | VideoFailed)]
    (finished,) = (event for event in events if isinstance(event, RunFinished))
    assert (finished.indexed, finished.failed) == (0, 0)
    assert session.catalogue.revision() == revision, "no vector changed"
    assert not session.catalogue.without_origin()


def test_what_is_away_is_read_when_it_is_back(session: Session, videos: Path, tmp_path: Path) -> None:
    session.add_folder(videos)
    run(session)
    forget_origins(session)
    videos.rename(tmp_path / "unplugged")
    run(session)
    assert origins(session) == {}
    (tmp_path / "unplugged").rename(videos)
    run(session)
    check(origins(session))


def test_a_copy_speaks_for_what_is_gone(session: Session, videos: Path) -> None:
    shutil.copy2(videos / "phone.mkv", videos / "again.mkv")
    session.add_folder(videos)
    run(session)
    forget_origins(session)
    (videos / "phone.mkv").unlink()
    run(session)
    assert origins(session)["again.mkv"][0] == "Apple iPhone 12"


def test_a_stop_keeps_what_was_read_and_the_next_run_goes_on(
    session: Session, videos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session.add_folder(videos)
    run(session)
    forget_origins(session)
    read, go_on = threading.Event(), threading.Event()
    tags = Decoder.tags

    def slow_tags(self: Decoder, path: Path) -> object:
        found = tags(self, path)
        read.set()
        assert go_on.wait(20)
        return found

    with monkeypatch.context() as patched:
        patched.setattr(Decoder, "tags", slow_tags)
        session.indexer.start()
        assert read.wait(20)
        assert not session.indexer.stop(timeout=0)
        go_on.set()
        assert session.indexer.wait(20)
    assert len(origins(session)) == 1
    run(session)
    check(origins(session))


def test_a_pause_holds_it(session: Session, videos: Path) -> None:
    session.add_folder(videos)
    run(session)
    forget_origins(session)
    session.indexer.pause()
    session.indexer.start()
    assert not session.indexer.wait(1.0)
    assert origins(session) == {}
    session.indexer.resume()
    assert session.indexer.wait(60)
    check(origins(session))


def test_another_content_has_another_origin(session: Session, videos: Path) -> None:
    session.add_folder(videos)
    run(session)
    make_video(videos / "phone.mkv", [("blue", 2)], metadata={"model": "Pear 3"})
    left_alone(videos / "phone.mkv")
    run(session)
    assert origins(session)["phone.mkv"] == ("Pear 3", None, "", None)
