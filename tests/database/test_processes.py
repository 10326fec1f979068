"""Two programs share a library, and `kill -9` loses nothing that was committed."""

import random
import signal
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest

from app.catalogue.catalogue import FILE_NAME, Catalogue
from app.database import recognition
from app.errors import LibraryError
from tests.catalogue.making import MODEL, make_file, rescan
from tests.conftest import ROOT

INDEXER = """
import sys
from pathlib import Path
from app.catalogue.catalogue import Catalogue
from tests.catalogue.making import MODEL, rows_for

library, part, parts = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
with Catalogue(library) as catalogue:
    for video in catalogue.pending(MODEL)[part::parts]:
        rows = rows_for(video, 30, seed=video.id)
        catalogue.commit_indexed(video.id, rows, fingerprint=f"{video.id:064}")
        print(video.id, flush=True)
"""


def start_indexer(library: Path, part: int = 0, parts: int = 1) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", INDEXER, str(library), str(part), str(parts)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )


def fill(library: Path, movies: Path, count: int) -> None:
    for i in range(count):
        make_file(movies / f"{i}.mp4", f"video {i:04}")
    with Catalogue(library) as catalogue:
        catalogue.add_folder(movies)
        rescan(catalogue, movies)


@pytest.mark.parametrize(
    "seed", [0, *(pytest.param(seed, marks=pytest.mark.nightly) for seed in range(1, 12))]
)
def test_kill_9_loses_nothing_that_was_committed(tmp_path: Path, seed: int, nightly: bool) -> None:
    library, movies = tmp_path / "library", tmp_path / "movies"
    fill(library, movies, 250 if nightly else 100)
    chance = random.Random(seed)  # noqa: S311 - no secret, a moment
    reported: set[int] = set()
    for _ in range(3 if nightly else 1):
        with start_indexer(library) as indexer:
            assert indexer.stdout is not None
            for _ in range(chance.randrange(1, 60)):
                reported.add(int(indexer.stdout.readline()))
            indexer.send_signal(signal.SIGKILL)
            rest = indexer.stdout.read()  # what it still said; the last line may be cut short
            reported |= {int(line) for line in rest.split("\n")[:-1]}
        assert indexer.returncode == -signal.SIGKILL

        with Catalogue(library) as catalogue:
            stored = {rows.video_id: rows for rows in catalogue.embeddings(MODEL)}
            pending = {video.id for video in catalogue.pending(MODEL)}
            assert reported <= set(stored)
            assert len(set(stored) - reported) <= 3  # one per kill: committed, but killed before saying so
            assert pending == {video.id for video in catalogue.videos()} - set(stored)
            assert {len(rows.frame_ids) for rows in stored.values()} == {30}
            assert all(catalogue.thumbnail(int(rows.frame_ids[-1])) for rows in stored.values())
    with closing(sqlite3.connect(library / FILE_NAME)) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []


def test_two_processes_write_one_library(tmp_path: Path) -> None:
    library, movies = tmp_path / "library", tmp_path / "movies"
    fill(library, movies, 40)
    with Catalogue(library) as catalogue:
        indexers = [start_indexer(library, part, 2) for part in range(2)]
        answers = [set(map(int, indexer.communicate()[0].split())) for indexer in indexers]
        # Either may have seen the other's work as done already; together they did everything once or twice.
        assert [indexer.returncode for indexer in indexers] == [0, 0]
        rescan(catalogue, movies)
        left = {video.id for video in catalogue.pending(MODEL)}
        assert answers[0] | answers[1] | left == {video.id for video in catalogue.videos()}
        assert set(catalogue.embedded(MODEL)) == answers[0] | answers[1]
        assert catalogue.revision() == len(answers[0]) + len(answers[1])


def test_two_processes_scan_one_folder(tmp_path: Path) -> None:
    library, movies = tmp_path / "library", tmp_path / "movies"
    for i in range(100):
        make_file(movies / f"{i}.mp4", f"video {i:04}")
    script = """
import sys
from pathlib import Path
from app.catalogue.catalogue import Catalogue
from tests.catalogue.making import rescan
with Catalogue(Path(sys.argv[1])) as catalogue:
    catalogue.add_folder(Path(sys.argv[2]))
    print(rescan(catalogue, Path(sys.argv[2])).added)
"""
    scanners = [
        subprocess.Popen(
            [sys.executable, "-c", script, str(library), str(movies)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    assert sum(int(scanner.communicate()[0]) for scanner in scanners) == 100
    with Catalogue(library) as catalogue:
        assert len(catalogue.videos()) == 100
        assert len(catalogue.folders()) == 1


def test_a_library_that_another_process_is_making_is_not_called_damaged(tmp_path: Path) -> None:
    library = tmp_path / "library"
    with Catalogue(library):
        pass
    path = library / FILE_NAME
    whole = path.read_bytes()
    half = bytearray(whole)
    half[68:72] = bytes(4)  # the application id is written last
    half[100:108] = b"\xff" * 8  # a page that is half old, half new
    path.write_bytes(half)
    with pytest.raises(LibraryError, match="damaged"):
        recognition.recognise(path, looks=2)

    def finish() -> None:
        with path.open("r+b") as file:  # in place, as SQLite does: never an empty file
            file.write(whole)

    finishing = threading.Timer(0.15, finish)
    finishing.start()
    try:
        assert recognition.recognise(path) is False
    finally:
        finishing.join()
