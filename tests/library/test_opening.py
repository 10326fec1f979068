"""A library opens, migrates, or says in plain words why not."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from app.errors import LibraryError
from app.library import schema
from app.library.catalogue import FILE_NAME, Catalogue
from app.library.connections import Connections
from tests.library.making import MODEL, index_all, make_file, rescan


def test_a_fresh_library_is_empty_and_opens_again(tmp_path: Path) -> None:
    for _ in range(2):
        with Catalogue(tmp_path / "deep" / "er") as catalogue:
            assert catalogue.folders() == []
            assert catalogue.videos() == []
            assert catalogue.pending(MODEL) == []
            assert catalogue.revision() == 0


def test_an_old_library_migrates_and_keeps_what_it_holds(tmp_path: Path) -> None:
    movies = make_file(tmp_path / "movies" / "a.mp4", "a").parent
    library = tmp_path / "library"
    library.mkdir()
    connections = Connections(library / FILE_NAME)
    with connections.writing() as database:
        schema.migrations.apply(database, stop_before="index")
        database.execute("INSERT INTO volumes VALUES (1, 'somewhere', x'2f')")
        database.execute("INSERT INTO folders (path, volume_id) VALUES (?, 1)", [bytes(movies)])
    connections.close()

    with Catalogue(library) as catalogue:
        assert [folder.path for folder in catalogue.folders()] == [movies]
        assert rescan(catalogue, movies).added == 1
        assert len(index_all(catalogue)) == 1
        assert catalogue.frame_count(MODEL) == 5


def test_a_library_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    Catalogue(tmp_path).close()
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as database, database:
        database.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name) VALUES ('library', 'of the future')"
        )
    before = (tmp_path / FILE_NAME).read_bytes()
    with pytest.raises(LibraryError, match="newer version") as caught:
        Catalogue(tmp_path)
    assert "Update" in caught.value.advice
    assert (tmp_path / FILE_NAME).read_bytes() == before


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
