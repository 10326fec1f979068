"""Frames are kept whole or not at all, and a cache that is damaged costs nothing but time."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from app.catalogue import frame_cache
from app.catalogue.frame_cache import DamagedFramesError, FrameCache, FrameWriter
from app.database.layout import FRAMES
from app.errors import LibraryError
from app.media.frames import Frame, Sampling

SAMPLING = Sampling(short_side=64)


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[FrameCache]:
    with closing(FrameCache(tmp_path)) as cache:
        yield cache


def picture(seed: int, side: int = 64) -> NDArray[np.uint8]:
    """A smooth picture of random colours, (side, 2 side, 3)."""
    corners = np.random.default_rng(seed).uniform(0, 255, (2, 2, 3))
    down, across = np.linspace(0, 1, side)[:, None, None], np.linspace(0, 1, 2 * side)[None, :, None]
    rows = [corners[0, i] * (1 - down) + corners[1, i] * down for i in (0, 1)]
    blended: NDArray[np.float64] = rows[0] * (1 - across) + rows[1] * across
    return blended.astype(np.uint8)


def record(cache: FrameCache, fingerprint: str, count: int = 3, *, side: int = 64) -> None:
    recording = FrameWriter(cache)
    for number in range(count):
        recording.add(Frame(float(number), number == 0, number // 2, picture(number, side), b""))
    recording.finish(fingerprint, SAMPLING)


def test_frames_come_back_as_they_were(cache: FrameCache) -> None:
    record(cache, "a", 70)
    record(cache, "b", 2)
    found = cache.find("a", SAMPLING)
    assert [(frame.time, frame.key, frame.clip) for frame in found] == [
        (float(number), number == 0, number // 2) for number in range(70)
    ]
    for number in (0, 33, 69):
        image = cache.image(found[number])
        assert image.shape == (64, 128, 3)
        assert image.dtype == np.uint8
        assert np.abs(image.astype(int) - picture(number)).mean() < 2
    assert cache.fingerprints() == {"a", "b"}


def test_frames_are_found_only_as_they_are_wanted(cache: FrameCache) -> None:
    record(cache, "a")
    assert cache.find("a", replace(SAMPLING, short_side=32))
    assert not cache.find("a", replace(SAMPLING, short_side=65)), "there may be more pixels in the video"
    for other in (replace(SAMPLING, max_rate=2.0), replace(SAMPLING, clip_frames=6)):
        assert not cache.find("a", other)
    assert not cache.find("b", SAMPLING)
    record(cache, "small", side=40)
    assert cache.find("small", replace(SAMPLING, short_side=1000)), "the video has no more pixels"


def test_a_video_counts_when_it_is_whole(cache: FrameCache, tmp_path: Path) -> None:
    recording = FrameWriter(cache)
    for number in range(100):
        recording.add(Frame(float(number), False, 0, picture(number), b""))
    assert cache.fingerprints() == frozenset()
    other = FrameWriter(cache)
    other.add(Frame(0.0, False, 0, picture(0), b""))
    other.finish("b", SAMPLING)
    recording.abandon()
    recording.finish("a", SAMPLING)
    assert cache.fingerprints() == {"b"}
    record(cache, "b", 5)
    assert len(cache.find("b", SAMPLING)) == 5


def test_kill_9_leaves_whole_videos_only(tmp_path: Path) -> None:
    child = subprocess.run(
        [sys.executable, "-c", _RECORD_AND_DIE, str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert child.returncode < 0, child.stderr
    with closing(FrameCache(tmp_path)) as cache:
        assert cache.fingerprints() == {"whole"}
        assert len(cache.find("whole", SAMPLING)) == 3
    with closing(sqlite3.connect(tmp_path / FRAMES)) as database:
        assert database.execute("SELECT count(*) FROM frames").fetchone() == (3,)


_RECORD_AND_DIE = """
import os, signal, sys
from pathlib import Path
from app.catalogue.frame_cache import FrameCache, FrameWriter
from app.media.frames import Frame
from tests.catalogue.test_frame_cache import picture, record
cache = FrameCache(Path(sys.argv[1]))
record(cache, "whole")
recording = FrameWriter(cache)
for number in range(200):
    recording.add(Frame(float(number), False, 0, picture(number), b""))
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_left_the_library_goes_and_so_does_its_space(cache: FrameCache, tmp_path: Path) -> None:
    for name in "abc":
        record(cache, name, 60)
    before = frame_cache.size_of(tmp_path)
    cache.keep_only({"b", "of a video that was never kept"})
    assert cache.fingerprints() == {"b"}
    assert len(cache.find("b", SAMPLING)) == 60
    assert frame_cache.size_of(tmp_path) < 0.5 * before


def test_deleting_it_deletes_the_file(tmp_path: Path) -> None:
    assert frame_cache.size_of(tmp_path) == 0
    with closing(FrameCache(tmp_path)) as cache:
        record(cache, "a")
    assert frame_cache.size_of(tmp_path) > 0
    frame_cache.delete(tmp_path)
    assert list(tmp_path.iterdir()) == []
    frame_cache.delete(tmp_path)


@pytest.mark.parametrize("content", [b"no database" * 1000, b""])
def test_a_damaged_cache_gives_way_to_a_new_one(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FRAMES).write_bytes(content)
    with closing(FrameCache(tmp_path)) as cache:
        record(cache, "a")
        assert cache.fingerprints() == {"a"}


def foreign_database(path: Path) -> bytes:
    """Somebody else's SQLite file, with tables of our names."""
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("PRAGMA user_version=1")
        database.execute("CREATE TABLE videos (id INTEGER, title TEXT)")
        database.execute("CREATE TABLE frames (id INTEGER)")
        database.execute("INSERT INTO videos VALUES (1, 'wedding')")
    return path.read_bytes()


@pytest.mark.parametrize("kind", ["text", "empty", "database", "folder", "link", "journal"])
def test_what_others_keep_under_its_name_stays_and_the_cache_has_another(tmp_path: Path, kind: str) -> None:
    library, taken = tmp_path / "library", tmp_path / "library" / FRAMES
    library.mkdir()
    target = tmp_path / "target"
    target.write_bytes(b"")
    match kind:
        case "text":
            taken.write_bytes(b"a diary")
        case "empty":
            taken.write_bytes(b"")
        case "database":
            foreign_database(taken)
        case "folder":
            taken.mkdir()
            (taken / "holiday.jpg").write_bytes(b"picture")
        case "link":
            taken.symlink_to(target)
        case "journal":
            taken = library / f"{FRAMES}-journal"
            taken.write_bytes(b"a journal")
    before = None if taken.is_dir() else taken.read_bytes()
    frame_cache.delete(library)
    with closing(FrameCache(library)) as cache:
        record(cache, "a")
    with closing(FrameCache(library)) as cache:
        assert cache.fingerprints() == {"a"}
    assert frame_cache.size_of(library) > 0
    frame_cache.delete(library)
    assert frame_cache.size_of(library) == 0
    assert list(library.iterdir()) == [taken]
    assert target.read_bytes() == b""
    assert before is None or taken.read_bytes() == before


def test_a_cache_of_an_earlier_version_is_ours(tmp_path: Path) -> None:
    with closing(FrameCache(tmp_path)) as cache:
        record(cache, "a")
    with closing(sqlite3.connect(tmp_path / FRAMES)) as database:
        database.execute("PRAGMA application_id=0")
    with closing(FrameCache(tmp_path)) as cache:
        assert cache.fingerprints() == {"a"}
    frame_cache.delete(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_nobody_else_can_look_at_the_frames(tmp_path: Path) -> None:
    with closing(FrameCache(tmp_path)) as cache:
        record(cache, "a")
        assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}


def test_a_damaged_picture_is_told(cache: FrameCache) -> None:
    record(cache, "a")
    found = cache.find("a", SAMPLING)
    cache.write([("UPDATE frames SET image = x'00' WHERE id = ?", [found[1].id])])
    cache.image(found[0])
    with pytest.raises(DamagedFramesError):
        cache.image(found[1])
    cache.forget("a")
    with pytest.raises(DamagedFramesError):
        cache.image(found[0])


def test_a_disk_that_takes_no_more_costs_the_frames_only(cache: FrameCache) -> None:
    record(cache, "a")
    cache.write([("PRAGMA max_page_count = 12", [])])
    record(cache, "b", 100)
    assert cache.fingerprints() == {"a"}
    record(cache, "c", 1)


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="needs a folder that cannot be written")
def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(LibraryError):
        FrameCache(tmp_path)
    tmp_path.chmod(0o700)
