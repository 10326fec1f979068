"""A library can be opened so that nothing can be written to it, while others write."""

import sqlite3
from pathlib import Path

import pytest

from app.catalogue.catalogue import FILE_NAME, Catalogue
from app.errors import LibraryError

EARLIER = Path(__file__).parent / "earlier" / "0.1.0.sql"


def test_nothing_can_be_written_and_what_others_write_is_seen(tmp_path: Path) -> None:
    with Catalogue(tmp_path) as writing, Catalogue(tmp_path, reading=True) as reading:
        assert reading.read_only
        writing.set_setting("name", 1)
        assert reading.setting("name") == 1
        with pytest.raises(LibraryError, match="opened for reading"):
            reading.set_setting("name", 2)
        writing.set_setting("name", 3)
        assert reading.setting("name") == 3


def test_none_is_made_where_none_is(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "none"):
        with pytest.raises(LibraryError, match="There is no library in"):
            Catalogue(folder, reading=True)
    assert list(tmp_path.iterdir()) == []


def test_one_of_an_earlier_version_is_brought_up_to_date_first(tmp_path: Path) -> None:
    database = sqlite3.connect(tmp_path / FILE_NAME)
    database.executescript(EARLIER.read_text(encoding="utf-8"))
    database.close()
    with Catalogue(tmp_path, reading=True) as reading:
        assert reading.read_only
        assert len(reading.videos(gone=True)) == 5
