"""Lines of text: written with a video, shared by its copies, counted, and kept through repair."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from app.catalogue.catalogue import FILE_NAME, Catalogue
from app.catalogue.damage.repair import repair
from app.catalogue.deltas import Delta
from app.catalogue.line_records import LineCounts
from app.catalogue.records import FileOrigin, Video
from app.catalogue.rows.lines.line_rows import LONGEST
from app.errors import Cause, MediaError
from app.lines.line import Line, Source
from app.media.frames import Origin
from tests.catalogue.making import at, index_all, make_file, rescan

READER = "speech tiny 1"
LINES = (
    Line(1.0, 2.5, "Happy birthday, dear Anna!", "en", (1.0, 1.25, 1.75, 2.0)),
    Line(3.0, 4.0, "我喜欢狗", "zh"),
)


@pytest.fixture
def movies(tmp_path: Path) -> Path:
    folder = tmp_path / "My Movies"
    for name in ("2023-07 Lake Garda/IMG_2043.mp4", "birthdayParty.mp4"):
        make_file(folder / name, f"the content of {name}")
    return folder


@pytest.fixture
def catalogue(tmp_path: Path, movies: Path) -> Iterator[Catalogue]:
    with Catalogue(tmp_path / "library") as opened:
        opened.add_folder(movies)
        rescan(opened, movies)
        yield opened


@pytest.fixture
def party(catalogue: Catalogue, movies: Path) -> Video:
    index_all(catalogue)
    return at(catalogue, movies / "birthdayParty.mp4")


def indexed_words(catalogue: Catalogue, match: str) -> list[str]:
    """Texts of the lines that the index finds."""
    with closing(sqlite3.connect(catalogue.folder / FILE_NAME)) as database:
        database.execute("INSERT INTO line_index (line_index, rank) VALUES ('integrity-check', 1)")
        rows = database.execute(
            "SELECT text FROM line_index JOIN lines ON lines.id = line_index.rowid WHERE line_index MATCH ?",
            [match],
        )
        return [text for (text,) in rows]


def test_what_was_committed_is_read_and_found(catalogue: Catalogue, party: Video) -> None:
    told: list[Delta] = []
    catalogue.subscribe(told.append)
    assert catalogue.commit_lines(party, Source.SPEECH, READER, LINES)
    first, second = catalogue.lines(party.id, Source.SPEECH)
    assert (first.start, first.end, first.text, first.language) == (1.0, 2.5, LINES[0].text, "en")
    assert first.word_times == LINES[0].word_times
    assert (second.text, second.word_times) == ("我喜欢狗", ())
    assert indexed_words(catalogue, "speech : birthday") == [LINES[0].text]
    assert indexed_words(catalogue, '"喜欢"') == ["我喜欢狗"]
    assert indexed_words(catalogue, "writing : birthday") == []
    (delta,) = told
    assert (delta.changed, delta.findable) == (frozenset({party.id}), True)


def test_reading_again_replaces(catalogue: Catalogue, party: Video) -> None:
    catalogue.commit_lines(party, Source.SPEECH, READER, LINES)
    catalogue.commit_lines(party, Source.SUBTITLE, "subtitles 1", [Line(0, 1, "birthday subtitle")])
    catalogue.commit_lines(party, Source.SPEECH, "speech base 1", [Line(0, 1, "another")])
    assert sorted(indexed_words(catalogue, "birthday")) == ["birthday subtitle", "birthdayParty"]
    catalogue.forget_lines(Source.SUBTITLE)
    assert [line.source for line in catalogue.lines(party.id)].count(Source.SUBTITLE) == 0


def test_each_reader_is_awaited_once(catalogue: Catalogue, party: Video) -> None:
    assert len(catalogue.without_lines(Source.SPEECH, READER)) == 2
    catalogue.commit_lines(party, Source.SPEECH, READER, (), beside="a.srt")
    assert party.id not in {video.id for video in catalogue.without_lines(Source.SPEECH, READER)}
    assert party.id in {video.id for video in catalogue.without_lines(Source.SPEECH, "speech base 1")}
    assert party.id in {video.id for video in catalogue.without_lines(Source.WRITING, READER)}
    assert catalogue.lines_beside(Source.SPEECH) == {party.id: "a.srt"}


def test_failures_have_a_cause(catalogue: Catalogue, party: Video) -> None:
    catalogue.commit_lines(party, Source.SPEECH, "older", LINES)
    catalogue.fail_lines(party, Source.SPEECH, READER, MediaError("No sound.", cause=Cause.ENVIRONMENT))
    assert party.id in {video.id for video in catalogue.without_lines(Source.SPEECH, READER)}
    catalogue.fail_lines(party, Source.SPEECH, READER, MediaError("No sound.", "Convert it."))
    assert party.id not in {video.id for video in catalogue.without_lines(Source.SPEECH, READER)}
    (failure,) = catalogue.line_failures(Source.SPEECH)
    assert (failure.video.id, failure.reason, failure.advice) == (party.id, "No sound.", "Convert it.")
    assert (failure.cause, failure.attempts) == (Cause.FILE, 2)
    assert len(catalogue.lines(party.id, Source.SPEECH)) == 2, "what was read before stays"
    assert catalogue.line_counts()[Source.SPEECH] == LineCounts(0, 1, 1, 2)
    catalogue.retry()
    assert catalogue.line_counts()[Source.SPEECH] == LineCounts(0, 0, 2, 2)


def test_a_file_that_changed_meanwhile_gets_no_lines(
    catalogue: Catalogue, party: Video, movies: Path
) -> None:
    catalogue.commit_lines(party, Source.SPEECH, READER, LINES)
    make_file(party.path, "something else")
    rescan(catalogue, movies)
    assert not catalogue.commit_lines(party, Source.WRITING, READER, LINES)
    index_all(catalogue)
    assert catalogue.lines(party.id, Source.SPEECH) == [], "they were of the old content"
    assert party.id in {video.id for video in catalogue.without_lines(Source.SPEECH, READER)}


def test_text_is_kept_on_one_line_and_short(catalogue: Catalogue, party: Video) -> None:
    hostile = ["a\x00b\nc\u202ed", "x" * 10_000_000, "\x1b[31m", "\ud800 surrogate", " "]
    catalogue.commit_lines(party, Source.SUBTITLE, "s", [Line(2, 1, text) for text in hostile])
    first, long, escape, surrogate = catalogue.lines(party.id, Source.SUBTITLE)
    assert (first.text, first.start, first.end) == ("a b c d", 2, 2)
    assert len(long.text) == LONGEST
    assert (escape.text, surrogate.text) == ("[31m", "? surrogate")


def test_names_are_there_after_a_scan_and_follow_a_move(catalogue: Catalogue, movies: Path) -> None:
    garda = at(catalogue, movies / "2023-07 Lake Garda" / "IMG_2043.mp4")
    assert [line.text for line in catalogue.lines(garda.id)] == [
        "IMG_2043",
        "My Movies",
        "2023-07 Lake Garda",
    ]
    assert indexed_words(catalogue, "party") == ["birthdayParty"]
    assert catalogue.line_counts()[Source.NAME] == LineCounts(2, 0, 0, 5)
    index_all(catalogue)
    garda.path.rename(movies / "sunset.mp4")
    assert rescan(catalogue, movies).moved == 1
    assert [line.text for line in catalogue.lines(garda.id)][:2] == ["sunset", "My Movies"]
    assert indexed_words(catalogue, "garda") == []


def test_a_copy_has_its_own_names_and_shares_the_lines(
    catalogue: Catalogue, party: Video, movies: Path
) -> None:
    catalogue.commit_lines(party, Source.SPEECH, READER, LINES)
    copy = make_file(movies / "second.mp4", party.path.read_bytes())
    rescan(catalogue, movies)
    (pending,) = catalogue.pending("tiny-1")
    assert party.fingerprint is not None
    catalogue.commit_copy(pending.id, party.id, party.fingerprint)
    assert [line.text for line in catalogue.lines(pending.id)] == ["second", "My Movies"]
    party.path.unlink()
    rescan(catalogue, movies)
    moved = at(catalogue, copy)
    assert moved.id == party.id, "the row with the content has the file that is left"
    assert {line.text for line in catalogue.lines(moved.id)} >= {LINES[0].text, "second"}


def test_what_the_headers_say_is_a_name_too(catalogue: Catalogue, party: Video) -> None:
    origin = Origin(title="Anna’s fifth", description="In the garden", keywords="cake, friends")
    assert [video.id for video in catalogue.without_origin()]
    catalogue.commit_origins([FileOrigin(party, "2023-07-14T10:00:00", origin, None)])
    assert [line.text for line in catalogue.lines(party.id)] == [
        *("birthdayParty", "My Movies", "Anna’s fifth", "In the garden", "cake, friends", "14 July 2023"),
    ]
    assert party.id not in {video.id for video in catalogue.without_origin()}


def test_what_leaves_the_library_leaves_no_line(catalogue: Catalogue, party: Video, movies: Path) -> None:
    catalogue.commit_lines(party, Source.SPEECH, READER, [Line(i, i, f"line {i}") for i in range(1200)])
    catalogue.remove_folder(movies)
    while catalogue.delete_some(0.05):
        pass
    assert indexed_words(catalogue, "line OR party") == []
    assert catalogue.is_intact()


@pytest.mark.parametrize("damage", ["pages", "index", "words", "trigger"])
def test_repair_keeps_lines(catalogue: Catalogue, party: Video, damage: str) -> None:
    catalogue.commit_lines(party, Source.SPEECH, READER, LINES)
    catalogue.close()
    file = catalogue.folder / FILE_NAME
    with closing(sqlite3.connect(file)) as database:
        database.execute("PRAGMA journal_mode=DELETE").fetchone()
        if damage == "trigger":
            database.execute("DROP TRIGGER index_new_line")
            database.execute("DROP VIEW line_words")
        if damage == "words":
            database.execute("UPDATE line_index_data SET block = x'ff00ff00' WHERE id > 1000")
        if damage == "index":
            database.execute("DROP TABLE line_index")
        database.commit()
        (root,) = database.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'thumbnails'").fetchone()
        (size,) = database.execute("PRAGMA page_size").fetchone()
    if damage == "pages":
        with file.open("r+b") as raw:
            raw.seek((root - 1) * size)
            raw.write(b"\xff" * size)
    repair(catalogue.folder)
    with Catalogue(catalogue.folder) as repaired:
        assert [line.text for line in repaired.lines(party.id, Source.SPEECH)] == [x.text for x in LINES]
        assert indexed_words(repaired, "speech : birthday") == [LINES[0].text]
        assert indexed_words(repaired, "name : party") == ["birthdayParty"]
        assert not list(repaired.check(full=True)) or damage == "pages"
