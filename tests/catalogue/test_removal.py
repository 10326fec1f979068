"""Removing a folder is done at once for whoever searches; its rows go bit by bit, whatever is killed."""

import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import pytest

from app.catalogue.catalogue import FILE_NAME, Catalogue
from app.catalogue.removal import Removal
from app.errors import LibraryError
from app.session import Session
from tests.catalogue.making import MODEL, at, index_all, make_file, rescan, rows_for
from tests.conftest import ROOT, wait_until

VIDEOS = 30
FRAMES = 40

DELETER = """
import sys
from pathlib import Path
from app.catalogue.catalogue import Catalogue

with Catalogue(Path(sys.argv[1])) as catalogue:
    while catalogue.delete_some(0.001):
        print("more", flush=True)
"""


def fill(library: Path, *folders: Path) -> None:
    with Catalogue(library) as catalogue:
        for folder in folders:
            for number in range(VIDEOS):
                make_file(folder / f"{number:02}.mp4", f"{folder.name} {number}")
            catalogue.add_folder(folder)
            rescan(catalogue, folder)
        index_all(catalogue, count=FRAMES)


def rows(library: Path, table: str) -> int:
    with closing(sqlite3.connect(library / FILE_NAME)) as database:
        return int(database.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608


def delete_all(catalogue: Catalogue) -> None:
    while catalogue.delete_some(60):
        pass


def assert_only(catalogue: Catalogue, folder: Path) -> None:
    """Nothing but the videos of one folder can be seen in any way, and the file is sound."""
    assert [found.path for found in catalogue.folders()] == [folder]
    assert {video.path.parent for video in catalogue.videos(gone=True)} == {folder}
    ids = {video.id for video in catalogue.videos()}
    assert (
        {stored.video_id for stored in catalogue.embeddings(MODEL)} == ids == set(catalogue.embedded(MODEL))
    )
    assert catalogue.frame_count(MODEL) == VIDEOS * FRAMES
    assert set(catalogue.lacking_hubness(MODEL, "bank")) == ids
    assert len(catalogue.fingerprints()) == VIDEOS
    assert catalogue.check() == []
    assert catalogue.is_intact()


@pytest.mark.parametrize("seed", [0, pytest.param(1, marks=pytest.mark.nightly)])
def test_a_folder_goes_at_once_and_kill_9_stops_nothing(tmp_path: Path, seed: int) -> None:
    library, one, other = tmp_path / "library", tmp_path / "one", tmp_path / "other"
    fill(library, one, other)
    with Catalogue(library) as catalogue:
        catalogue.remove_folder(one)
        assert rows(library, "frames") == 2 * VIDEOS * FRAMES
        assert_only(catalogue, other)
    chance = random.Random(seed)  # noqa: S311 - no secret, a moment
    kills = 0
    while rows(library, "videos") > VIDEOS:
        with subprocess.Popen(
            [sys.executable, "-c", DELETER, str(library)], cwd=ROOT, stdout=subprocess.PIPE, text=True
        ) as deleter:
            assert deleter.stdout is not None
            before = rows(library, "frames")
            for _ in range(chance.randrange(1, 8)):
                deleter.stdout.readline()
            if kills < 3:
                deleter.send_signal(signal.SIGKILL)
                kills += 1
        assert rows(library, "frames") < before, "each goes on where the last one was"
        with Catalogue(library) as catalogue:
            assert_only(catalogue, other)
    assert kills
    assert rows(library, "frames") == rows(library, "thumbnails") == VIDEOS * FRAMES


def test_a_folder_that_is_going_can_be_added_again(tmp_path: Path) -> None:
    library, movies = tmp_path / "library", tmp_path / "movies"
    fill(library, movies)
    with Catalogue(library) as catalogue:
        catalogue.remove_folder(movies)
        catalogue.delete_some(0.01)
        catalogue.add_folder(movies)
        assert rescan(catalogue, movies).added == VIDEOS
        assert len(catalogue.pending(MODEL)) == VIDEOS
        index_all(catalogue, count=FRAMES)
        assert_only(catalogue, movies)
        delete_all(catalogue)
        assert_only(catalogue, movies)
        assert rows(library, "videos") == VIDEOS


def test_a_folder_above_or_below_one_that_is_going_can_be_added(tmp_path: Path) -> None:
    library, movies = tmp_path / "library", tmp_path / "movies"
    fill(library, movies / "below")
    with Catalogue(library) as catalogue:
        catalogue.remove_folder(movies / "below")
        catalogue.add_folder(movies)
        assert rescan(catalogue, movies).added == VIDEOS
        catalogue.remove_folder(movies)
        catalogue.add_folder(movies / "below")
        assert rescan(catalogue, movies / "below").added == VIDEOS
        delete_all(catalogue)
        assert len(catalogue.videos()) == rows(library, "videos") == VIDEOS


def test_a_content_whose_other_file_stays_is_kept(tmp_path: Path) -> None:
    library, one, other = tmp_path / "library", tmp_path / "one", tmp_path / "other"
    fill(library, one)
    make_file(other / "copy.mp4", "one 0")
    with Catalogue(library) as catalogue:
        catalogue.add_folder(other)
        rescan(catalogue, other)
        original, copy = at(catalogue, one / "00.mp4"), at(catalogue, other / "copy.mp4")
        assert original.fingerprint is not None
        catalogue.commit_copy(copy.id, original.id, original.fingerprint)
        catalogue.remove_folder(one)
        assert [video.id for video in catalogue.videos()] == [original.id]
        delete_all(catalogue)
        assert [video.path for video in catalogue.videos()] == [other / "copy.mp4"]
        assert list(catalogue.embedded(MODEL)) == [original.id]
        assert len(catalogue.frames(original.id)) == FRAMES
        assert catalogue.check() == []


def test_the_same_content_found_later_is_not_taken_for_what_is_going(tmp_path: Path) -> None:
    library, one, other = tmp_path / "library", tmp_path / "one", tmp_path / "other"
    fill(library, one)
    with Catalogue(library) as catalogue:
        content = at(catalogue, one / "00.mp4").fingerprint
        assert content is not None
        catalogue.remove_folder(one)
        other.mkdir()
        (one / "00.mp4").rename(other / "moved.mp4")
        catalogue.add_folder(other)
        assert rescan(catalogue, other).added == 1
        moved = at(catalogue, other / "moved.mp4")
        assert catalogue.original_of(moved.id, content, MODEL) is None
        assert index_all(catalogue) == [moved.id]


def test_a_video_that_is_being_indexed_when_its_folder_goes(tmp_path: Path) -> None:
    library, movies = tmp_path / "library", tmp_path / "movies"
    fill(library, movies)
    with Catalogue(library) as catalogue:
        video = at(catalogue, movies / "00.mp4")
        catalogue.remove_folder(movies)
        assert not catalogue.commit_indexed(video.id, rows_for(video), fingerprint="2:new")
        catalogue.commit_failed(video.id, "It cannot be read.")
        assert catalogue.video(video.id) is None
        assert catalogue.failures() == []
        delete_all(catalogue)
        assert rows(library, "videos") == rows(library, "embeddings") == 0


def test_a_video_of_many_frames_goes_in_parts(tmp_path: Path) -> None:
    library, movies = tmp_path / "library", tmp_path / "movies"
    make_file(movies / "long.mp4", "long")
    with Catalogue(library) as catalogue:
        catalogue.add_folder(movies)
        rescan(catalogue, movies)
        index_all(catalogue, count=5_000)
        catalogue.remove_folder(movies)
        seen = [rows(library, "frames")]
        while catalogue.delete_some(1e-6):
            seen.append(rows(library, "frames"))
            assert catalogue.check() == []
        assert len(seen) > 5
        assert seen[-1] == 0


def test_what_was_gone_for_long_goes_the_same_way(tmp_path: Path) -> None:
    library, movies = tmp_path / "library", tmp_path / "movies"
    fill(library, movies)
    with Catalogue(library) as catalogue:
        for number in range(VIDEOS - 1):
            (movies / f"{number:02}.mp4").unlink()
        rescan(catalogue, movies)
        with catalogue._connections.writing() as database:
            database.execute("UPDATE videos SET gone_at = gone_at - 1e8 WHERE presence = 'gone'")
        rescan(catalogue, movies)
        assert len(catalogue.videos(gone=True)) == 1
        assert rows(library, "videos") == VIDEOS
        delete_all(catalogue)
        assert rows(library, "videos") == 1


def test_a_session_deletes_behind_and_a_later_one_goes_on(tmp_path: Path) -> None:
    library, movies = tmp_path / "library", tmp_path / "movies"
    fill(library, movies)
    with Catalogue(library) as catalogue:
        catalogue.remove_folder(movies)
    with Session(library) as session:
        session.start_watching()
        assert wait_until(lambda: rows(library, "videos") == 0)
    fill(library, movies)
    with Session(library) as session:
        session.remove_folder(movies)
        session.finish_removal()
        assert rows(library, "videos") == rows(library, "frames") == 0


def test_the_thread_leaves_others_their_turn_and_stops_when_asked() -> None:
    times: list[float] = []

    def delete(seconds: float) -> bool:
        started = time.monotonic()
        while time.monotonic() < started + seconds:
            pass
        times.append(started)
        return True

    removal = Removal(delete)
    removal.start()
    assert wait_until(lambda: len(times) > 3)
    removal.start()
    removal.close()
    assert min(after - before for before, after in pairwise(times)) > 0.09
    count = len(times)
    removal.start()
    removal.wait()
    assert len(times) == count


def test_the_thread_says_what_stopped_it_and_begins_again(caplog: pytest.LogCaptureFixture) -> None:
    answers: list[Exception | bool] = [False, True, ValueError("ours"), LibraryError("The disk is full.")]

    def delete(_seconds: float) -> bool:
        answer = answers.pop()
        if isinstance(answer, Exception):
            raise answer
        return answer

    removal = Removal(delete)
    for left in (3, 2, 0):
        removal.start()
        removal.wait()
        assert len(answers) == left
    assert "The disk is full." in caplog.text
    assert "ours" in caplog.text
    removal.close()


@pytest.mark.parametrize("seed", range(3))
def test_counts_are_those_of_the_videos_whatever_happens(tmp_path: Path, seed: int) -> None:
    library, one, other = tmp_path / "library", tmp_path / "one", tmp_path / "other"
    chance = random.Random(seed)  # noqa: S311 - no secret
    other.mkdir()
    for number in range(12):
        make_file(one / f"{number}.mp4", f"video {number % 8}")
    with Catalogue(library) as catalogue:
        for folder in (one, other):
            catalogue.add_folder(folder)

        def fail() -> None:
            for video in catalogue.pending(MODEL)[:2]:
                catalogue.commit_failed(video.id, "It cannot be read.")

        def copy() -> None:
            videos = catalogue.videos()
            if len(videos) > 1:
                first, second = chance.sample(videos, 2)
                catalogue.commit_copy(first.id, second.id, second.fingerprint or "2:some")

        def move() -> None:
            files = [file for folder in (one, other) for file in sorted(folder.iterdir())]
            file = chance.choice(files)
            to = chance.choice((one, other)) / file.name
            if not to.exists():
                file.rename(to)

        def scan() -> None:
            rescan(catalogue, chance.choice((one, other)))

        def index() -> None:
            wanted = [video.id for video in catalogue.pending(MODEL) if video.path.exists()][:3]
            index_all(catalogue, count=chance.randrange(1, 9), only=wanted)

        def remove_and_add() -> None:
            folder = chance.choice((one, other))
            catalogue.remove_folder(folder)
            catalogue.add_folder(folder)

        def delete() -> None:
            catalogue.delete_some(60)

        steps = (fail, copy, move, scan, index, catalogue.retry, remove_and_add, delete)
        for _ in range(60):
            chance.choice(steps)()
            assert [found.kind for found in catalogue.check(full=False)] in ([], ["facts"])
            for folder in catalogue.folders():
                videos = catalogue.videos(folder.id)
                indexed = [video for video in videos if video.state == "indexed"]
                assert (folder.videos, folder.indexed) == (len(videos), len(indexed))
                assert folder.problems.partial == sum(video.reason != "" for video in indexed)
                assert folder.seconds == pytest.approx(
                    sum(video.facts.duration for video in indexed if video.facts)
                )
