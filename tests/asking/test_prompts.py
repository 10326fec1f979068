"""What helps to ask comes from what is in the library."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.asking import example_queries
from app.asking.example_queries import DESCRIPTIONS, common_words, descriptions, spread
from app.asking.query_pictures import FOLDER, MOST_DAYS, QueryPictures
from app.catalogue.catalogue import Catalogue
from app.errors import UsageError
from app.query.parsed_query import Likeness
from app.search.outcome import Verdict
from app.session import Session
from tests.bundles import make_bundle
from tests.videos import Scene, make_video

RED = (230, 20, 20)


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """A library with two videos, one with subtitles beside it."""
    place = tmp_path_factory.mktemp("prompts")
    videos = place / "Videos"
    videos.mkdir()
    make_video(videos / "red balloon.mp4", [Scene(RED, 3, "still")], rate=5)
    make_video(videos / "Harbour.mp4", [Scene((20, 20, 230), 4, "still")], rate=5)
    (videos / "Harbour.srt").write_text(
        "1\n00:00:00,000 --> 00:00:01,000\nthe captain sails\n\n"
        "2\n00:00:02,000 --> 00:00:03,000\nthe captain sleeps\n"
    )
    opened = Session(place / "library", make_bundle(place / "colours"))
    opened.add_folder(videos)
    opened.indexer.start()
    opened.indexer.wait()
    yield opened
    opened.close()


def test_every_example_finds_something(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(example_queries, "descriptions", lambda: ["a zebra", "red", "blue"])
    examples = session.prompts.examples.find()
    assert examples[:2] == ("red", "blue")
    assert "said:captain" in examples, "a word that several lines hold"
    for query in examples:
        assert session.search(query, limit=1).verdict is Verdict.GOOD
    assert session.prompts.examples.find() == examples


def test_examples_end_when_they_are_stopped(session: Session) -> None:
    finder = type(session.prompts.examples)(session.catalogue, pytest.fail)
    assert finder.find(stop=lambda: True) == ()


def test_an_empty_library_gives_no_example(tmp_path: Path) -> None:
    with Session(tmp_path / "library", make_bundle(tmp_path / "colours")) as empty:
        assert empty.prompts.examples.find() == ()


def test_names_and_years_of_files_are_known(session: Session) -> None:
    assert session.catalogue.file_names("RED", 10) == ["red balloon.mp4"]
    assert session.catalogue.file_names("", 1) == ["Harbour.mp4"]
    years = session.catalogue.years()
    assert years
    assert all(year >= 2000 for year in years)
    assert [each.text for each in session.prompts.completions("a dog name:red")] == ['name:"red balloon.mp4"']
    assert session.prompts.values().types == ("mp4",)


def test_a_picture_of_what_is_to_be_like(session: Session, tmp_path: Path) -> None:
    pictures = session.prompts.pictures
    stored = pictures.stored(Likeness("red balloon.mp4", 1.0))
    assert stored is not None
    assert stored[8:12] == b"WEBP"
    assert pictures.stored(Likeness("red balloon.mp4")) is not None
    assert pictures.stored(Likeness(str(tmp_path / "none.jpg"))) is None
    still = pictures.still(Likeness("red balloon.mp4", 1.0), 64)
    assert still.shape[2] == 3
    assert still[..., 0].mean() > 200


def test_common_words_stand_in_several_lines() -> None:
    lines = [
        (1, "Happy birthday to you"),
        (2, "happy birthday dear"),
        (3, "these other birthday words"),
    ]
    assert common_words(lines) == ["birthday", "happy"]


def test_what_is_spread_comes_from_all_over() -> None:
    assert spread([1, 2, 3, 4, 5, 6], 3) == [1, 3, 5]
    assert spread([1, 2], 3) == [1, 2]
    assert len(descriptions()) > 10 * DESCRIPTIONS


def test_pasted_pictures_are_kept_while_something_names_them(tmp_path: Path) -> None:
    with Catalogue(tmp_path / "library") as catalogue:
        pictures = QueryPictures(catalogue, tmp_path / "library")
        assert pictures.tidy([]) == 0
        named, fresh, old = (pictures.keep(content) for content in (b"one", b"two", b"three"))
        assert pictures.keep(b"one") == named
        stranger = tmp_path / "library" / FOLDER / "mine.png"
        stranger.write_bytes(b"x")
        long_ago = time.time() - 86_400 * (MOST_DAYS + 1)
        unfinished = old.with_name("0123456789abcdef0123.part")
        unfinished.write_bytes(b"x")
        for path in (named, old, stranger, unfinished):
            os.utime(path, (long_ago, long_ago))
        assert pictures.tidy([f'like:"{named}#0,0,50,50" at night']) == 2
        assert named.exists()
        assert fresh.exists()
        assert stranger.exists(), "only what is ours is deleted"
        assert not old.exists()
        assert not unfinished.exists(), "what a killed program left"


def test_a_picture_that_cannot_be_kept_is_told(tmp_path: Path) -> None:
    with Catalogue(tmp_path / "library") as catalogue:
        (tmp_path / "library" / FOLDER).write_bytes(b"in the way")
        with pytest.raises(UsageError, match="could not be kept"):
            QueryPictures(catalogue, tmp_path / "library").keep(b"x")
