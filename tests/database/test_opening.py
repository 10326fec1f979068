"""A library opens, migrates, or says in plain words why not."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils import Database

from app.catalogue import frame_cache
from app.catalogue.catalogue import FILE_NAME, Catalogue
from app.database import migration_steps, schema
from app.database.connections import Connections
from app.database.layout import SqliteHeader, indexing_lock, sqlite_header
from app.disk.private_files import make_empty
from app.errors import LibraryError
from tests.catalogue.making import (
    MODEL,
    index_all,
    make_file,
    rescan,
)
from tests.database.earlier_libraries import write_newer


def test_a_fresh_library_is_empty_and_opens_again(tmp_path: Path) -> None:
    for _ in range(2):
        with Catalogue(tmp_path / "deep" / "er") as catalogue:
            assert catalogue.folders() == []
            assert catalogue.videos() == []
            assert catalogue.pending(MODEL) == []
            assert catalogue.revision() == 0


def test_a_fresh_library_is_what_all_steps_make() -> None:
    with closing(sqlite3.connect(":memory:")) as quick, closing(sqlite3.connect(":memory:")) as stepped:
        schema.migrate(Database(quick))
        migration_steps.migrations.apply(Database(stepped))
        for what in (
            "type, name, tbl_name, sql FROM sqlite_schema",
            "migration_set, name FROM _sqlite_migrations",
        ):
            made, expected = (sorted(each.execute(f"SELECT {what}"), key=str) for each in (quick, stepped))
            assert made == expected
        counted = {"_sqlite_migrations", "sqlite_sequence"}  # when a step was made, and what it made anew
        tables = {name for (name,) in quick.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
        for name in tables - counted:
            rows = f"SELECT * FROM {name}"  # noqa: S608
            assert quick.execute(rows).fetchall() == stepped.execute(rows).fetchall(), name


def test_an_old_library_migrates_and_keeps_what_it_holds(tmp_path: Path) -> None:
    movies = make_file(tmp_path / "movies" / "a.mp4", "a").parent
    library = tmp_path / "library"
    library.mkdir()
    connections = Connections(library / FILE_NAME)
    with connections.writing() as database:
        migration_steps.migrations.apply(database, stop_before="index")
        database.execute("INSERT INTO volumes VALUES (1, 'somewhere', x'2f')")
        database.execute("INSERT INTO folders (path, volume_id) VALUES (?, 1)", [bytes(movies)])
    connections.close()

    with Catalogue(library) as catalogue:
        assert [folder.path for folder in catalogue.folders()] == [movies]
        assert rescan(catalogue, movies).added == 1
        assert len(index_all(catalogue)) == 1
        assert catalogue.frame_count(MODEL) == 5


def test_a_library_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    file = write_newer(tmp_path)
    before = file.read_bytes()
    with pytest.raises(LibraryError, match="newer version") as caught:
        Catalogue(tmp_path)
    assert "Update" in caught.value.advice
    assert file.read_bytes() == before


@pytest.mark.parametrize("damage", ["garbage", "truncated", "overwritten"])
def test_a_damaged_file_is_reported_as_such(tmp_path: Path, damage: str) -> None:
    Catalogue(tmp_path).close()
    file = tmp_path / FILE_NAME
    data = file.read_bytes()
    file.write_bytes(
        {
            "garbage": b"this is no database" * 1000,
            "truncated": data[: len(data) // 2],
            "overwritten": data[:100] + b"\xff" * (len(data) - 100),
        }[damage]
    )
    with pytest.raises(LibraryError, match="damaged") as caught:
        Catalogue(tmp_path)
    assert caught.value.advice


def other_program(path: Path, *, application: int = 0, wal: bool = False) -> None:
    """Somebody else's SQLite file, with tables of names that we use too."""
    with closing(sqlite3.connect(path)) as database:
        if wal:
            database.execute("PRAGMA journal_mode=WAL")
        database.execute(f"PRAGMA application_id={application}")
        database.execute("CREATE TABLE videos (id INTEGER, title TEXT)")
        database.execute("CREATE TABLE settings (name TEXT, value TEXT)")
        database.execute("INSERT INTO videos VALUES (1, 'wedding')")
        database.commit()
        if wal:  # as after a crash: everything is in the log still
            for suffix in ("", "-wal"):
                shutil.copy(f"{path}{suffix}", f"{path}{suffix}.copy")
    if wal:
        for suffix in ("", "-wal"):
            Path(f"{path}{suffix}.copy").replace(f"{path}{suffix}")


@pytest.mark.parametrize("kind", ["tables", "application", "wal", "text", "wal alone", "folder", "link"])
def test_what_belongs_to_another_program_is_never_written_to(tmp_path: Path, kind: str) -> None:
    folder, file = tmp_path / "folder", tmp_path / "folder" / FILE_NAME
    folder.mkdir()
    match kind:
        case "tables":
            other_program(file)
        case "application":
            other_program(file, application=0x12345678)
        case "wal":
            other_program(file, wal=True)
        case "text":
            file.write_text("a letter")
        case "wal alone":
            file.with_name(f"{FILE_NAME}-wal").write_bytes(b"a log of somebody")
        case "folder":
            file.mkdir()
        case "link":
            file.symlink_to(tmp_path / "not there")
    for name in ("frames.db", "vectors-0123456789abcdef.hnsw", "indexing.lock", "notes.txt"):
        (folder / name).write_text("of somebody else")
    (folder / "thumbnails").mkdir()
    (folder / "thumbnails" / "1.webp").write_text("of somebody else")

    def state() -> dict[Path, tuple[bytes, int]]:
        files = [path for path in tmp_path.rglob("*") if path.is_file()]
        return {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in files}

    before = state()
    for _ in range(2):
        with pytest.raises(LibraryError) as caught:
            Catalogue(folder)
        assert str(file) in caught.value.sentence or "no library" in caught.value.sentence or kind == "folder"
        assert "--library" in caught.value.advice or "choose another folder" in caught.value.advice
    assert state() == before


def test_files_of_others_beside_a_library_stay_as_they_are(tmp_path: Path) -> None:
    names = ("frames.db", "frames.db-journal", "vectors-0123456789abcdef.hnsw", "indexing.lock", "notes.txt")
    for name in names:
        (tmp_path / name).write_text("of somebody else")
    movies = make_file(tmp_path / "movies" / "a.mp4", "a").parent
    with Catalogue(tmp_path) as catalogue:
        catalogue.add_folder(movies)
        rescan(catalogue, movies)
        index_all(catalogue)
        with indexing_lock(tmp_path):
            frame_cache.delete(tmp_path)
        catalogue.forget_model(MODEL)
    assert {(tmp_path / name).read_text() for name in names} == {"of somebody else"}


def test_a_library_of_an_earlier_version_is_known_by_its_tables(tmp_path: Path) -> None:
    Catalogue(tmp_path).close()
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as database:
        database.execute("PRAGMA application_id=0")
    for _ in range(2):
        with Catalogue(tmp_path) as catalogue:
            catalogue.set_setting("name", 1)
    assert sqlite_header(tmp_path / FILE_NAME) == SqliteHeader(schema.APPLICATION, 0)


def test_a_start_that_was_killed_leaves_no_trouble(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"")
    with Catalogue(tmp_path) as catalogue:
        assert catalogue.folders() == []


def test_a_new_library_that_another_program_is_just_making_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "library" / FILE_NAME
    path.parent.mkdir()
    make_empty(path)
    waited = []
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")

        def has_ended(seconds: float) -> None:
            waited.append(seconds)
            other.execute("ROLLBACK")

        monkeypatch.setattr("app.database.connections.time.sleep", has_ended)
        with Catalogue(path.parent) as catalogue:
            assert catalogue.videos() == []
    assert len(waited) == 1


@pytest.mark.parametrize(
    "missing", ["thumbnails", "hubness", "settings", "facts", "frames", "embeddings", "uses"]
)
def test_a_table_that_is_missing_is_made_anew_and_said(
    catalogue: Catalogue, movies: Path, missing: str
) -> None:
    make_file(movies / "a.mp4", "a")
    rescan(catalogue, movies)
    index_all(catalogue)
    catalogue.close()
    with closing(sqlite3.connect(catalogue.folder / FILE_NAME)) as database, database:
        database.execute(f"DROP TABLE {missing}")
    with Catalogue(catalogue.folder) as mended:
        assert any(f"“{missing}”" in sentence for sentence in mended.mended)
        assert list(mended.embeddings(MODEL)) == [] or missing not in {"frames", "embeddings"}
        assert mended.folders()[0].videos == 1
        if missing in {"frames", "embeddings"}:
            assert len(mended.pending(MODEL)) == 1
    with Catalogue(catalogue.folder) as again:
        assert again.mended == []


@pytest.mark.parametrize("missing", ["videos", "folders", "volumes"])
def test_what_cannot_be_made_anew_is_said(catalogue: Catalogue, movies: Path, missing: str) -> None:
    catalogue.close()
    with closing(sqlite3.connect(catalogue.folder / FILE_NAME)) as database, database:
        database.execute(f"DROP TABLE {missing}")
    with pytest.raises(LibraryError, match=f"{missing} is missing") as caught:
        Catalogue(catalogue.folder)
    assert "--repair" in caught.value.advice


@pytest.mark.parametrize("statement", [
    "UPDATE embeddings SET vectors = substr(vectors, 1, length(vectors) - 3) WHERE video_id = 2",
    "UPDATE embeddings SET vectors = zeroblob(16) WHERE video_id = 2",
    "UPDATE embeddings SET vectors = 'text' WHERE video_id = 2",
    "UPDATE embeddings SET width = 0 WHERE video_id = 2",
    "UPDATE embeddings SET width = 'wide' WHERE video_id = 2",
    "UPDATE embeddings SET vectors = CAST(replace(vectors, substr(vectors, 1, 2), x'007e') AS BLOB)"
    " WHERE video_id = 2",
    "DELETE FROM frames WHERE video_id = 2 AND time = 1.0",
    "UPDATE frames SET clip = 9 WHERE video_id = 2 AND time = 1.0",
    "UPDATE frames SET time = 'noon' WHERE video_id = 2 AND time = 1.0",
])  # fmt: skip
def test_rows_that_are_damaged_cost_their_video_only(
    catalogue: Catalogue, movies: Path, statement: str
) -> None:
    for number in range(3):
        make_file(movies / f"{number}.mp4", f"video {number}")
    rescan(catalogue, movies)
    index_all(catalogue)
    with catalogue._connections.writing() as database:
        database.execute(statement)
    assert [stored.video_id for stored in catalogue.embeddings(MODEL)] == [1, 3]
    assert [video.id for video in catalogue.pending(MODEL)] == [2]
    assert catalogue.folders()[0].pending == 1
    index_all(catalogue)
    assert [stored.video_id for stored in catalogue.embeddings(MODEL)] == [1, 3, 2]


def test_a_setting_that_is_damaged_counts_as_not_set(catalogue: Catalogue) -> None:
    for text in ("{", "", "[" * 100_000, b"\xff"):
        with catalogue._connections.writing() as database:
            database.execute("INSERT OR REPLACE INTO settings VALUES ('settings', ?)", [text])
        assert catalogue.setting("settings", "default") == "default"
    catalogue.change_setting("settings", lambda before: {"before": before})
    assert catalogue.setting("settings") == {"before": None}


def test_damage_deep_inside_is_found_by_looking_for_it(catalogue: Catalogue, movies: Path) -> None:
    for i in range(50):
        make_file(movies / f"{i}.mp4", f"video {i}")
    rescan(catalogue, movies)
    index_all(catalogue)
    assert catalogue.is_intact()
    with catalogue._connections.reading() as database:
        page = database.execute(
            "SELECT rootpage FROM sqlite_schema WHERE name = 'frames_by_video'"
        ).fetchone()[0]
        size = database.execute("PRAGMA page_size").fetchone()[0]
    catalogue.close()

    with (catalogue.folder / FILE_NAME).open("r+b") as file:
        file.seek((page - 1) * size + 8)
        file.write(b"\xff" * 64)
    with Catalogue(catalogue.folder) as damaged:
        assert not damaged.is_intact()


@pytest.mark.parametrize(
    ("name", "sentence"), [("x" * 300, "cannot be made"), ("nul\0", "cannot be made"), ("\udce9", "")]
)
def test_a_library_with_an_odd_name(tmp_path: Path, name: str, sentence: str) -> None:
    if not sentence:
        Catalogue(tmp_path / name).close()
        assert (tmp_path / name / FILE_NAME).exists()
        return
    with pytest.raises(LibraryError, match=sentence):
        Catalogue(tmp_path / name)


def test_a_library_folder_that_is_a_dangling_link(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "not there")
    with pytest.raises(LibraryError, match="a link to a folder that is not there"):
        Catalogue(tmp_path / "link")
    assert not (tmp_path / "not there").exists()


def test_a_library_where_a_file_is_in_the_way(tmp_path: Path) -> None:
    in_the_way = make_file(tmp_path / "library", "a file")
    with pytest.raises(LibraryError, match="cannot be made"):
        Catalogue(in_the_way)
    with pytest.raises(LibraryError, match="cannot be made"):
        Catalogue(in_the_way / "below")


def test_a_library_file_that_cannot_be_opened(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).mkdir()
    with pytest.raises(LibraryError, match="cannot be opened"):
        Catalogue(tmp_path)


def test_a_full_disk_is_a_sentence_and_loses_nothing(tmp_path: Path) -> None:
    with Catalogue(tmp_path) as catalogue:
        catalogue.set_setting("kept", 1)
        with catalogue._connections.writing() as database:
            pages = database.execute("PRAGMA page_count").fetchone()[0]
        # SQLite's own limit fails the way a full disk does (SQLITE_FULL).
        catalogue._connections._writer.execute(f"PRAGMA max_page_count={pages}").fetchone()
        with pytest.raises(LibraryError, match="full"):
            catalogue.set_setting("large", "x" * 100_000)
        catalogue._connections._writer.execute("PRAGMA max_page_count=1000000").fetchone()
        assert catalogue.setting("large") is None
        assert catalogue.setting("kept") == 1
        catalogue.set_setting("large", "y" * 100_000)
    with Catalogue(tmp_path) as again:
        assert again.setting("large") == "y" * 100_000


def test_a_commit_survives_power_loss_not_only_a_crash(catalogue: Catalogue) -> None:
    with catalogue._connections.writing() as database:
        assert database.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
        assert database.execute("PRAGMA synchronous").fetchone()[0] == 2  # FULL
        assert database.execute("PRAGMA foreign_keys").fetchone()[0] == 1


def test_settings_hold_json_values(catalogue: Catalogue) -> None:
    assert catalogue.setting("theme", "dark") == "dark"
    for value in ("light", 3, None, [1, {"a": True}], "\ud800 \n"):
        catalogue.set_setting("theme", value)
        assert catalogue.setting("theme", "dark") == value
