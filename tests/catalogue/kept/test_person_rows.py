"""What one person of a household likes is theirs alone, and hangs on the content."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.catalogue.catalogue import Catalogue
from app.catalogue.deltas import Delta
from app.catalogue.kept import person_rows
from app.catalogue.kept.kept_records import MarkKind, TimeSpan
from app.catalogue.records import Video
from app.errors import UsageError
from app.query.filters import FAVOURITE
from app.query.parsed_query import Filter, FilterName
from tests.catalogue.making import at, index_all, make_file, rescan


@pytest.fixture
def movies(tmp_path: Path) -> Path:
    folder = tmp_path / "movies"
    for name in ("dog", "cat"):
        make_file(folder / f"{name}.mp4", f"the content of {name}")
    return folder


@pytest.fixture
def catalogue(tmp_path: Path, movies: Path) -> Iterator[Catalogue]:
    with Catalogue(tmp_path / "library") as catalogue:
        catalogue.add_folder(movies)
        rescan(catalogue, movies)
        index_all(catalogue)
        yield catalogue


def dog(catalogue: Catalogue, movies: Path) -> Video:
    return at(catalogue, movies / "dog.mp4")


def like(
    catalogue: Catalogue, video: Video, span: tuple[float, float] | None = None, *, on: bool = True
) -> None:
    target = catalogue.target_of(video, None if span is None else TimeSpan(*span))
    catalogue.set_favourite("anna", video, target, is_on=on)


def spans(catalogue: Catalogue, person: str = "anna") -> list[TimeSpan | None]:
    return [each.target.span for each in catalogue.favourites_of(person)]


def test_a_favourite_is_of_one_person_and_not_the_librarys(catalogue: Catalogue, movies: Path) -> None:
    heard: list[Delta] = []
    catalogue.subscribe(heard.append)
    like(catalogue, dog(catalogue, movies))
    (kept,) = catalogue.favourites_of("anna")
    assert (kept.video_id, kept.target.span) == (dog(catalogue, movies).id, None)
    assert catalogue.favourites_of("ben") == []
    assert catalogue.kept() == []
    assert catalogue.mark_count(MarkKind.FAVOURITE) == 0
    assert [delta.kept for delta in heard] == [True]


def test_a_moment_with_other_edges_is_the_same_one(catalogue: Catalogue, movies: Path) -> None:
    video = dog(catalogue, movies)
    like(catalogue, video, (0, 2))
    like(catalogue, video, (0.5, 2))
    assert spans(catalogue) == [TimeSpan(0, 2)]
    like(catalogue, video, (0.2, 1.9), on=False)
    assert spans(catalogue) == []


def test_a_query_means_the_favourites_of_who_asks(catalogue: Catalogue, movies: Path) -> None:
    video = dog(catalogue, movies)
    like(catalogue, video, (0, 1))

    def meant(person: str) -> tuple[set[int], list[int]]:
        found = catalogue.filtered([Filter(FilterName.IS, FAVOURITE, person=person)])
        return set(found.contents), [number for part in found.parts for number in part.spans]

    assert meant("anna") == ({video.id}, [video.id])
    assert meant("ben") == (set(), [])
    assert meant("") == (set(), [])


def test_a_favourite_follows_its_content_and_stays_without_a_file(catalogue: Catalogue, movies: Path) -> None:
    like(catalogue, dog(catalogue, movies))
    (movies / "dog.mp4").rename(movies / "moved.mp4")
    rescan(catalogue, movies)
    assert catalogue.favourites_of("anna")[0].video_id == at(catalogue, movies / "moved.mp4").id
    (movies / "moved.mp4").unlink()
    rescan(catalogue, movies)
    assert [each.video_id for each in catalogue.favourites_of("anna")] == [None]


def test_one_person_has_so_many_at_most(
    catalogue: Catalogue, movies: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(person_rows, "MOST_OF_ONE", 1)
    like(catalogue, dog(catalogue, movies))
    like(catalogue, dog(catalogue, movies))
    with pytest.raises(UsageError):
        like(catalogue, at(catalogue, movies / "cat.mp4"))
