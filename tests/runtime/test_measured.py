"""What is remembered in the cache folder is whole or absent, and never written through a link."""

import os
from pathlib import Path

import pytest

from app.runtime.measured import read_object, write_object


def test_what_was_written_is_read(tmp_path: Path) -> None:
    write_object(tmp_path / "new" / "a.json", {"x": 1})
    assert read_object(tmp_path / "new" / "a.json") == {"x": 1}
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["a.json"]


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b"\xff", b"[" * 100_000, b"1" * 10_000])
def test_what_is_no_object_is_empty(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.json").write_bytes(content)
    assert read_object(tmp_path / "a.json") == {}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.json")
    assert read_object(tmp_path / "a.json") == {}


def test_a_link_is_replaced_and_not_written_through(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("mine")
    (tmp_path / "a.json").symlink_to(tmp_path / "mine")
    write_object(tmp_path / "a.json", {"x": 1})
    assert (tmp_path / "mine").read_text() == "mine"
    assert read_object(tmp_path / "a.json") == {"x": 1}


def test_where_nothing_can_be_written_nothing_is_left(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    write_object(tmp_path / "file" / "a.json", {"x": 1})
    (tmp_path / "folder").mkdir()
    write_object(tmp_path / "folder", {"x": 1})
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "folder"]
