"""Saved searches know what came since they were looked at; past searches are remembered, and forgotten."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.catalogue.catalogue import Catalogue
from app.catalogue.kept import search_rows
from app.errors import UsageError
from tests.catalogue.making import MODEL, at, index_all, make_file, rescan


@pytest.fixture
def movies(tmp_path: Path) -> Path:
    make_file(tmp_path / "movies" / "dog.mp4", "dog")
    return tmp_path / "movies"


@pytest.fixture
def catalogue(tmp_path: Path, movies: Path) -> Iterator[Catalogue]:
    with Catalogue(tmp_path / "library") as catalogue:
        catalogue.add_folder(movies)
        rescan(catalogue, movies)
        index_all(catalogue)
        yield catalogue


def add(catalogue: Catalogue, path: Path, content: str) -> int:
    make_file(path, content)
    rescan(catalogue, path.parent)
    index_all(catalogue)
    return at(catalogue, path).id


def test_what_came_since_is_told_for_each_search(catalogue: Catalogue, movies: Path) -> None:
    catalogue.save_search("Dogs", "a dog")
    assert catalogue.arrived_since("dogs") == set()
    cat = add(catalogue, movies / "cat.mp4", "cat")
    catalogue.save_search("Cats", "a cat")
    cow = add(catalogue, movies / "cow.mp4", "cow")
    assert catalogue.arrived_since("Dogs") == {cat, cow}
    assert catalogue.arrived_since("Cats") == {cow}
    catalogue.note_looked_at("Dogs", catalogue.contents_so_far())
    assert catalogue.arrived_since("Dogs") == set()
    assert catalogue.arrived_since("Cats") == {cow}, "each search has its own"


def test_what_comes_while_it_is_looked_at_is_told_the_next_time(catalogue: Catalogue, movies: Path) -> None:
    catalogue.save_search("Dogs", "a dog")
    so_far = catalogue.contents_so_far()
    cow = add(catalogue, movies / "cow.mp4", "cow")
    catalogue.contents_so_far()
    catalogue.note_looked_at("Dogs", so_far)
    assert catalogue.arrived_since("Dogs") == {cow}


def test_what_moved_was_indexed_anew_or_came_back_is_no_news(catalogue: Catalogue, movies: Path) -> None:
    catalogue.save_search("Dogs", "a dog")
    (movies / "dog.mp4").rename(movies / "hound.mp4")
    rescan(catalogue, movies)
    catalogue.set_aside(MODEL, {at(catalogue, movies / "hound.mp4").id: "a test"})
    index_all(catalogue)
    index_all(catalogue, "another")
    add(catalogue, movies / "copy.mp4", "dog")
    catalogue.remove_folder(movies)
    while catalogue.delete_some(1.0):
        pass
    catalogue.add_folder(movies)
    rescan(catalogue, movies)
    index_all(catalogue)
    assert catalogue.arrived_since("Dogs") == set()


def test_a_name_is_one_querys(catalogue: Catalogue) -> None:
    catalogue.save_search("Dogs", "a dog")
    catalogue.save_search("dogs", "a dog")
    with pytest.raises(UsageError, match="already"):
        catalogue.save_search("DOGS", "two dogs")
    assert [(each.name, each.query) for each in catalogue.saved_searches()] == [("Dogs", "a dog")]
    catalogue.remove_search("dOGS")
    with pytest.raises(UsageError, match="There is no saved search"):
        catalogue.saved_search("Dogs")


def test_past_searches_are_listed_once_newest_first_and_forgotten(
    catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    for text in ("a dog", "a cat", "a dog", "am Strand"):
        catalogue.note_search(text)
    assert [(each.query, each.times) for each in catalogue.past_searches()] == [
        ("am Strand", 1),
        ("a dog", 2),
        ("a cat", 1),
    ]
    assert [each.query for each in catalogue.past_searches(start="a ")] == ["a dog", "a cat"]
    assert catalogue.forget_searches("a cat") == 1
    monkeypatch.setattr(search_rows, "MOST_PAST", 2)
    catalogue.note_search("one more")
    assert [each.query for each in catalogue.past_searches()] == ["one more", "am Strand"]
    catalogue.note_search("\ud800")
    assert catalogue.forget_searches() == 2
    assert catalogue.past_searches() == []
