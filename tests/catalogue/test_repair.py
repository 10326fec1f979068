"""A damaged library says so, answers from what is sound, and is made whole without losing the rest."""

import random
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing, suppress
from pathlib import Path

import pytest

from app.catalogue.catalogue import FILE_NAME, Catalogue
from app.catalogue.damage.repair import repair
from app.errors import LibraryError
from tests.catalogue.making import (
    MODEL,
    index_all,
    make_file,
    rescan,
)
from tests.conftest import ROOT

VIDEOS = 40


@pytest.fixture(scope="module")
def movies(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of forty videos."""
    folder = tmp_path_factory.mktemp("forty") / "movies"
    for number in range(VIDEOS):
        make_file(folder / f"{number:02}.mp4", f"video {number}")
    return folder


@pytest.fixture(scope="module")
def sound_library(movies: Path) -> Path:
    """They, indexed, and a setting."""
    folder = movies.with_name("library")
    with Catalogue(folder) as catalogue:
        catalogue.add_folder(movies)
        rescan(catalogue, movies)
        index_all(catalogue)
        catalogue.set_setting("name", "mine")
    return folder


@pytest.fixture
def library(sound_library: Path, tmp_path: Path) -> Path:
    """A copy of it, to damage."""
    return Path(shutil.copytree(sound_library, tmp_path / "library"))


def change(library: Path, *statements: str) -> None:
    with closing(sqlite3.connect(library / FILE_NAME)) as database, database:
        for statement in statements:
            database.execute(statement)


def pages_of(library: Path, table: str) -> list[int]:
    with closing(sqlite3.connect(library / FILE_NAME)) as database:
        rows = database.execute("SELECT pageno FROM dbstat WHERE name = ? ORDER BY pageno", [table])
        return [number for (number,) in rows]


def spoil(library: Path, page: int, data: bytes = b"\xff" * 4096, at: int = 0) -> None:
    with (library / FILE_NAME).open("r+b") as file:
        file.seek((page - 1) * 4096 + at)
        file.write(data)


def assert_whole(library: Path) -> None:
    with closing(sqlite3.connect(library / FILE_NAME)) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
    with Catalogue(library) as catalogue:
        assert catalogue.check() == []
        assert catalogue.is_intact()


def numbers(library: Path) -> tuple[int, int, int]:
    """Videos, those that can be found, and those that are to be indexed."""
    with Catalogue(library) as catalogue:
        found = list(catalogue.embeddings(MODEL))
        return len(catalogue.videos()), len(found), len(catalogue.pending(MODEL))


def test_a_sound_library_is_left_as_it_is(library: Path) -> None:
    before = (library / FILE_NAME).read_bytes()
    done = repair(library)
    assert done.done == []
    assert done.damaged_file is None
    assert (done.videos, done.to_index) == (VIDEOS, 0)
    assert (library / FILE_NAME).read_bytes() == before
    assert {path.name for path in library.iterdir()} <= {FILE_NAME, "indexing.lock"}


@pytest.mark.parametrize("table", ["embeddings", "frames", "thumbnails", "facts", "frames_by_video"])
def test_a_damaged_page_costs_the_videos_on_it_only(library: Path, table: str) -> None:
    page = pages_of(library, table)[-1]
    spoil(library, page)
    with Catalogue(library) as catalogue:
        assert not catalogue.is_intact()
        assert any(problem.kind == "pages" for problem in catalogue.check())
        assert len(list(catalogue.embeddings(MODEL))) <= VIDEOS, "it answers from the rest"
    done = repair(library)
    assert done.damaged_file is not None
    assert done.damaged_file.exists()
    assert str(done.damaged_file) in done.done[0]
    assert_whole(library)
    videos, found, pending = numbers(library)
    assert videos == VIDEOS
    assert found + pending == VIDEOS
    with Catalogue(library) as catalogue:
        assert catalogue.setting("name") == "mine"
        assert len(catalogue.folders()) == 1
        index_all(catalogue)
        assert len(list(catalogue.embeddings(MODEL))) == VIDEOS


@pytest.mark.parametrize("damage", ["first page", "cut", "garbage"])
def test_a_file_that_cannot_be_opened_is_kept_and_replaced(library: Path, damage: str) -> None:
    file = library / FILE_NAME
    data = file.read_bytes()
    match damage:
        case "first page":
            spoil(library, 1, at=100, data=b"\xff" * 3996)
        case "cut":
            file.write_bytes(data[: len(data) // 2])
        case "garbage":
            file.write_bytes(b"no database" * 1000)
    before = file.read_bytes()
    with pytest.raises(LibraryError, match="damaged") as caught:
        Catalogue(library)
    assert "--repair" in caught.value.advice
    done = repair(library)
    assert done.damaged_file is not None
    assert done.damaged_file.read_bytes() == before
    assert done.damaged_file.stat().st_mode & 0o777 == 0o600
    assert_whole(library)


@pytest.mark.parametrize(
    "seed", [*range(6), *(pytest.param(seed, marks=pytest.mark.nightly) for seed in range(6, 60))]
)
def test_any_damage_leaves_a_whole_library(library: Path, movies: Path, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - no secret
    file = library / FILE_NAME
    data = bytearray(file.read_bytes())
    for _ in range(chance.randrange(1, 6)):
        place = chance.randrange(100, len(data))
        size = chance.choice([1, 16, 400, 4096])
        data[place : place + size] = chance.randbytes(min(size, len(data) - place))
    file.write_bytes(data)
    with suppress(LibraryError), Catalogue(library) as catalogue:
        list(catalogue.embeddings(MODEL))
        catalogue.check()
    repair(library)
    assert_whole(library)
    with Catalogue(library) as catalogue:
        if not catalogue.folders():
            catalogue.add_folder(movies)
        rescan(catalogue, movies)
        index_all(catalogue)
        assert len(list(catalogue.embeddings(MODEL))) == VIDEOS


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("UPDATE embeddings SET vectors = zeroblob(6) WHERE video_id = 2", "rows"),
        ("UPDATE embeddings SET vectors = x'007e' || substr(vectors, 3) WHERE video_id = 2", "rows"),
        (
            "UPDATE embeddings SET vectors = CAST(x'007e' || substr(vectors, 3) AS BLOB) WHERE video_id = 2",
            "rows",
        ),
        ("DELETE FROM frames WHERE video_id = 2 AND time = 1.0", "rows"),
        ("DELETE FROM facts WHERE video_id = 2", "facts"),
        ("DELETE FROM thumbnails WHERE frame_id = 7", "pictures"),
        ("INSERT INTO frames (video_id, time, key, clip) VALUES (999, 0, 0, 0)", "orphans"),
        ("UPDATE videos SET folder_id = 77 WHERE id = 2", "orphans"),
        ("INSERT INTO settings VALUES ('broken', '{')", "settings"),
        ("PRAGMA ignore_check_constraints=1; UPDATE videos SET state = 'indexeX' WHERE id = 2", "videos"),
    ],
)
def test_rows_that_are_wrong_are_said_and_mended_in_place(
    library: Path, movies: Path, statement: str, kind: str
) -> None:
    change(library, *statement.split(";"))
    with Catalogue(library) as catalogue:
        problems = catalogue.check()
        assert kind in {problem.kind for problem in problems}
        assert all(problem.sentence.endswith(".") for problem in problems)
    done = repair(library)
    assert (done.damaged_file is None) == (kind != "videos"), "SQLite calls that one damage of the file"
    assert done.done
    assert_whole(library)
    with Catalogue(library) as catalogue:
        rescan(catalogue, movies)
        index_all(catalogue)
        assert len(list(catalogue.embeddings(MODEL))) == VIDEOS


@pytest.mark.parametrize("missing", ["videos", "folders", "volumes", "frames", "_sqlite_migrations"])
def test_a_missing_table_is_made_good_from_the_others(library: Path, missing: str) -> None:
    change(library, f"DROP TABLE {missing}")
    repair(library)
    assert_whole(library)
    videos, found, pending = numbers(library)
    if missing in {"volumes", "frames", "_sqlite_migrations"}:
        assert videos == found + pending == VIDEOS


def test_a_number_is_never_given_twice(library: Path) -> None:
    with Catalogue(library) as catalogue:
        highest = max(frame.id for frame in catalogue.frames(VIDEOS))
    change(library, f"DELETE FROM frames WHERE video_id = {VIDEOS:d}")  # noqa: S608 - a number
    spoil(library, pages_of(library, "frames_by_video")[-1])
    repair(library)
    with Catalogue(library) as catalogue:
        index_all(catalogue)
        assert min(frame.id for frame in catalogue.frames(VIDEOS)) > highest


def test_a_library_that_is_open_elsewhere_is_not_repaired(library: Path) -> None:
    with Catalogue(library) as catalogue:
        list(catalogue.embeddings(MODEL))
        with pytest.raises(LibraryError, match="open in another Reelfind"):
            repair(library)
        assert catalogue.setting("name") == "mine"
    repair(library)


def test_another_programs_file_is_not_repaired(tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match="no library"):
        repair(tmp_path)
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as database, database:
        database.execute("CREATE TABLE videos (id INTEGER)")
    before = (tmp_path / FILE_NAME).read_bytes()
    with pytest.raises(LibraryError, match="another program"):
        repair(tmp_path)
    assert (tmp_path / FILE_NAME).read_bytes() == before
    assert list(tmp_path.iterdir()) == [tmp_path / FILE_NAME]


@pytest.mark.parametrize(
    "seed", [0, *(pytest.param(seed, marks=pytest.mark.nightly) for seed in range(1, 12))]
)
def test_kill_9_leaves_the_old_library_or_the_new_one(library: Path, seed: int, nightly: bool) -> None:
    chance = random.Random(seed)  # noqa: S311 - no secret, a moment
    spoil(library, pages_of(library, "embeddings")[-1])
    script = (
        "import sys; from pathlib import Path; from app.catalogue.damage.repair import repair\n"
        "print('ready', flush=True); repair(Path(sys.argv[1]))"
    )
    for _ in range(4 if nightly else 1):
        with subprocess.Popen(
            [sys.executable, "-c", script, str(library)], cwd=ROOT, stdout=subprocess.PIPE, text=True
        ) as child:
            assert child.stdout is not None
            child.stdout.readline()
            with suppress(subprocess.TimeoutExpired):
                child.wait(chance.uniform(0, 0.15))
            child.send_signal(signal.SIGKILL)
        videos, found, pending = numbers(library)
        assert videos == VIDEOS
        assert found + pending >= VIDEOS - 1
    repair(library)
    assert_whole(library)
    assert not list(library.glob(".library.repaired-*"))
