"""What people keep hangs on contents: it stays where files move, are indexed anew, leave and come back."""

import sqlite3
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.catalogue.catalogue import FILE_NAME, Catalogue
from app.catalogue.damage import salvage
from app.catalogue.damage.repair import repair
from app.catalogue.kept import mark_rows
from app.catalogue.kept.kept_records import MarkKind, Target, TimeSpan
from app.catalogue.records import Presence
from app.errors import UsageError
from app.media.fingerprints import fingerprint
from tests.catalogue.making import MODEL, at, index_all, make_file, rescan
from tests.catalogue.privileges import as_anybody, run

FAVOURITE, TAG, NOTE, COLLECTION, HIDDEN = MarkKind

READ = """
import sys
from pathlib import Path
from app.errors import LibraryError
from app.catalogue.catalogue import Catalogue
with Catalogue(Path(sys.argv[1])) as catalogue:
    (thing,) = catalogue.kept()
    try:
        catalogue.unkeep(thing.target)
    except LibraryError as error:
        print(len(catalogue.kept()), error)
"""


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


def keep(
    catalogue: Catalogue, path: Path, kind: MarkKind, value: str = "", span: tuple[float, float] | None = None
) -> Target:
    video = at(catalogue, path)
    target = catalogue.target_of(video, None if span is None else TimeSpan(*span))
    catalogue.keep([(video, target)], kind, value)
    return target


def test_an_overview_is_of_one_moment(
    catalogue: Catalogue, movies: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is kept while it is read belongs to the next one: counts and marks never disagree."""
    keep(catalogue, movies / "dog.mp4", FAVOURITE)
    count = mark_rows.count

    def count_and_keep(*args: Any) -> int:
        counted = count(*args)
        monkeypatch.undo()
        keep(catalogue, movies / "cat.mp4", FAVOURITE)
        keep(catalogue, movies / "cat.mp4", TAG, "pets")
        return counted

    monkeypatch.setattr(mark_rows, "count", count_and_keep)
    before, after = catalogue.kept_overview(), catalogue.kept_overview()
    assert (before.favourites, len(before.marks), before.tags) == (1, 1, ())
    assert (after.favourites, len(after.marks), [each.name for each in after.tags]) == (2, 3, ["pets"])


def test_all_that_is_kept_about_a_moment_is_one_thing(catalogue: Catalogue, movies: Path) -> None:
    dog = movies / "dog.mp4"
    for kind, value in (
        (FAVOURITE, ""),
        (TAG, "Birthday"),
        (TAG, "birthday"),
        (TAG, "beach"),
        (NOTE, "first"),
        (NOTE, "he barks\nat us"),
        (COLLECTION, "Holidays 🏖"),
    ):
        keep(catalogue, dog, kind, value, (1.0, 2.5))
    keep(catalogue, dog, FAVOURITE)
    whole, moment = catalogue.kept()
    assert (whole.target.span, whole.favourite, whole.tags, whole.note) == (None, True, (), "")
    assert moment.target.span == TimeSpan(1.0, 2.5)
    assert (moment.path, moment.presence, moment.favourite) == (dog, Presence.HERE, True)
    assert (moment.tags, moment.note, moment.collections) == (
        ("beach", "Birthday"),
        "he barks\nat us",
        ("Holidays 🏖",),
    )
    assert [(each.name, each.count) for each in catalogue.tags()] == [("beach", 1), ("Birthday", 1)]
    assert [(each.name, each.count) for each in catalogue.collections()] == [("Holidays 🏖", 1)]
    assert not catalogue.check(full=True)


def test_what_is_taken_away_is_gone_and_the_rest_stays(catalogue: Catalogue, movies: Path) -> None:
    target = keep(catalogue, movies / "dog.mp4", TAG, "a")
    keep(catalogue, movies / "dog.mp4", TAG, "b")
    keep(catalogue, movies / "dog.mp4", NOTE, "words")
    assert catalogue.unkeep(target, TAG, "A") == 1
    assert catalogue.unkeep(target, TAG, "A") == 0
    keep(catalogue, movies / "dog.mp4", NOTE, "  ")
    (thing,) = catalogue.kept()
    assert (thing.tags, thing.note) == (("b",), "")
    assert catalogue.unkeep(target) == 1
    assert catalogue.kept() == []


def test_keeping_tells_how_many_things_are_new(catalogue: Catalogue, movies: Path) -> None:
    videos = [at(catalogue, movies / name) for name in ("dog.mp4", "cat.mp4")]
    targets = [(video, catalogue.target_of(video, None)) for video in videos]
    assert catalogue.keep(targets[:1], TAG, "Beach") == 1
    assert catalogue.keep(targets, TAG, "beach") == 1
    assert catalogue.keep(targets, TAG, "BEACH") == 0


def test_when_something_was_kept_stays_known_where_its_moment_gets_another_beginning(
    catalogue: Catalogue, movies: Path
) -> None:
    before = time.time()
    target = keep(catalogue, movies / "dog.mp4", NOTE, "words", (1.0, 2.5))
    (kept,) = catalogue.kept()
    assert before <= kept.made <= time.time()
    moved = Target(target.fingerprint, TimeSpan(0.5, 2.5))
    assert catalogue.move_kept(target, moved) == 1
    (thing,) = catalogue.kept()
    assert (thing.target, thing.note, thing.made) == (moved, "words", kept.made)


def test_a_collection_may_be_empty_and_has_one_name(catalogue: Catalogue, movies: Path) -> None:
    assert catalogue.make_collection(" Summer  2024 ")
    assert not catalogue.make_collection("summer 2024")
    keep(catalogue, movies / "dog.mp4", COLLECTION, "SUMMER 2024")
    keep(catalogue, movies / "cat.mp4", COLLECTION, "Winter")
    catalogue.rename_kept(COLLECTION, "Winter", "Summer 2024")
    (one,) = catalogue.collections()
    assert one.count == 2
    catalogue.remove_kept(COLLECTION, "summer 2024")
    assert catalogue.collections() == []
    assert catalogue.kept() == []
    with pytest.raises(UsageError, match="There is no collection"):
        catalogue.remove_kept(COLLECTION, "summer 2024")


def test_a_moment_gets_another_beginning_and_end(catalogue: Catalogue, movies: Path) -> None:
    dog = movies / "dog.mp4"
    old = keep(catalogue, dog, TAG, "a", (1, 2))
    keep(catalogue, dog, NOTE, "one", (1, 2))
    new = keep(catalogue, dog, NOTE, "two", (0.5, 4))
    assert catalogue.move_kept(old, new) == 2
    (thing,) = catalogue.kept()
    assert thing.target == new
    assert thing.tags == ("a",)
    assert thing.note == "two\none", "nothing that was written is lost"


@pytest.mark.parametrize("span", [(3, 3), (4, 2), (7, 9), (-1, 2), (float("nan"), 2), (1, float("nan"))])
def test_a_moment_that_is_none_is_refused(
    catalogue: Catalogue, movies: Path, span: tuple[float, float]
) -> None:
    with pytest.raises(UsageError, match="There is no moment"):
        keep(catalogue, movies / "dog.mp4", FAVOURITE, "", span)


def test_a_moment_ends_with_its_video(catalogue: Catalogue, movies: Path) -> None:
    assert keep(catalogue, movies / "dog.mp4", FAVOURITE, "", (1, 99)).span == TimeSpan(1, 5)


@pytest.mark.parametrize("name", ["", "  ", "\u202e", "\x00\x07", "x" * 101])
def test_a_name_that_is_none_is_refused(catalogue: Catalogue, movies: Path, name: str) -> None:
    with pytest.raises(UsageError):
        keep(catalogue, movies / "dog.mp4", TAG, name)


def test_names_show_what_they_hold(catalogue: Catalogue, movies: Path) -> None:
    keep(catalogue, movies / "dog.mp4", TAG, "evil\u202egpj\x1b[31m\ud800\nline")
    assert [each.name for each in catalogue.tags()] == ["evilgpj[31m line"]


def test_what_is_not_indexed_cannot_be_kept_about(catalogue: Catalogue, movies: Path) -> None:
    make_file(movies / "new.mp4", "new")
    rescan(catalogue, movies)
    with pytest.raises(UsageError, match="not indexed"):
        catalogue.target_of(at(catalogue, movies / "new.mp4"))


def test_it_stays_where_a_file_moves_within_and_out_of_its_folder(
    catalogue: Catalogue, movies: Path, tmp_path: Path
) -> None:
    keep(catalogue, movies / "dog.mp4", FAVOURITE)
    (movies / "dog.mp4").rename(movies / "hound.mp4")
    rescan(catalogue, movies)
    assert [thing.path for thing in catalogue.kept()] == [movies / "hound.mp4"]
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    catalogue.add_folder(elsewhere)
    (movies / "hound.mp4").rename(elsewhere / "dog.mp4")
    rescan(catalogue, movies)
    rescan(catalogue, elsewhere)
    (thing,) = catalogue.kept()
    assert (thing.path, thing.presence) == (elsewhere / "dog.mp4", Presence.HERE)


def test_it_stays_where_the_folder_is_removed_deleted_and_added_again(
    catalogue: Catalogue, movies: Path
) -> None:
    keep(catalogue, movies / "dog.mp4", TAG, "mine", (1, 2))
    catalogue.remove_folder(movies)
    while catalogue.delete_some(1.0):
        pass
    (thing,) = catalogue.kept()
    assert (thing.path, thing.video_id, thing.presence) == (movies / "dog.mp4", None, Presence.GONE)
    catalogue.add_folder(movies)
    rescan(catalogue, movies)
    index_all(catalogue)
    (thing,) = catalogue.kept()
    assert thing.video_id == at(catalogue, movies / "dog.mp4").id
    assert thing.tags == ("mine",)


def test_it_stays_where_a_file_is_purged_and_restored(catalogue: Catalogue, movies: Path) -> None:
    dog = movies / "dog.mp4"
    keep(catalogue, dog, FAVOURITE)
    content = dog.read_bytes()
    dog.unlink()
    rescan(catalogue, movies)
    assert catalogue.kept()[0].presence is Presence.GONE
    catalogue.set_setting("settings", {"keep_gone": 0.0})
    rescan(catalogue, movies)
    while catalogue.delete_some(1.0):
        pass
    assert catalogue.kept()[0].video_id is None
    make_file(movies / "restored.mp4", content)
    rescan(catalogue, movies)
    index_all(catalogue)
    assert [thing.path for thing in catalogue.kept()] == [movies / "restored.mp4"]


def test_another_content_under_the_same_name_is_not_kept(catalogue: Catalogue, movies: Path) -> None:
    keep(catalogue, movies / "dog.mp4", FAVOURITE)
    make_file(movies / "dog.mp4", "something else, and longer")
    rescan(catalogue, movies)
    index_all(catalogue)
    (thing,) = catalogue.kept()
    assert thing.presence is Presence.GONE


def test_it_stays_where_a_video_is_indexed_anew_or_for_another_model(
    catalogue: Catalogue, movies: Path
) -> None:
    keep(catalogue, movies / "dog.mp4", FAVOURITE, "", (1, 2))
    catalogue.set_aside(MODEL, {at(catalogue, movies / "dog.mp4").id: "a test"})
    assert index_all(catalogue)
    index_all(catalogue, "another")
    (thing,) = catalogue.kept()
    assert thing.presence is Presence.HERE


def test_a_copy_shares_what_is_kept(catalogue: Catalogue, movies: Path) -> None:
    make_file(movies / "z copy.mp4", "the content of dog")
    rescan(catalogue, movies)
    index_all(catalogue)
    target = keep(catalogue, movies / "z copy.mp4", FAVOURITE)
    assert target == catalogue.target_of(at(catalogue, movies / "dog.mp4"))
    (movies / "dog.mp4").unlink()
    rescan(catalogue, movies)
    assert [thing.path for thing in catalogue.kept()] == [movies / "z copy.mp4"]


def test_a_fingerprint_of_an_earlier_version_is_followed(catalogue: Catalogue, movies: Path) -> None:
    dog = at(catalogue, movies / "dog.mp4")
    earlier = fingerprint(dog.path, 1)
    with catalogue._connections.writing() as database:
        database.execute("UPDATE videos SET fingerprint = ? WHERE id = ?", [earlier, dog.id])
    assert keep(catalogue, dog.path, NOTE, "mine").fingerprint == earlier
    catalogue.set_aside(MODEL, {dog.id: "a test"})
    index_all(catalogue)
    (thing,) = catalogue.kept()
    assert (thing.target.fingerprint, thing.video_id) == (fingerprint(dog.path), dog.id)


def test_two_programs_see_what_the_other_keeps(catalogue: Catalogue, movies: Path) -> None:
    with Catalogue(catalogue.folder) as other:
        keep(other, movies / "dog.mp4", TAG, "theirs")
        keep(catalogue, movies / "dog.mp4", TAG, "ours")
        assert (
            [each.name for each in other.tags()] == ["ours", "theirs"] == [t.name for t in catalogue.tags()]
        )


def test_a_library_that_cannot_be_written_shows_what_is_kept(tmp_path: Path, movies: Path) -> None:
    library = tmp_path / "library"
    with Catalogue(library) as catalogue:
        catalogue.add_folder(movies)
        rescan(catalogue, movies)
        index_all(catalogue)
        keep(catalogue, movies / "dog.mp4", FAVOURITE)
    library.chmod(0o555)
    (library / FILE_NAME).chmod(0o444)
    try:
        done = run([*as_anybody(), sys.executable, "-c", READ, str(library)])
    finally:
        library.chmod(0o755)
    assert done.stdout.startswith("1 You have no permission"), done.stderr


def test_a_change_is_told(catalogue: Catalogue, movies: Path) -> None:
    told = []
    catalogue.subscribe(told.append)
    keep(catalogue, movies / "dog.mp4", FAVOURITE)
    assert [delta.kept for delta in told] == [True]


def test_salvage_keeps_it_though_every_other_row_is_lost(
    tmp_path: Path, movies: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(salvage, "_MOST_FAILURES", 1000)
    library = tmp_path / "library"
    with Catalogue(library) as catalogue:
        catalogue.add_folder(movies)
        rescan(catalogue, movies)
        index_all(catalogue)
        keep(catalogue, movies / "dog.mp4", TAG, "mine")
        catalogue.make_collection("Empty")
        catalogue.save_search("dogs", "a dog")
    database = sqlite3.connect(library / FILE_NAME)
    pages = [
        page
        for (page,) in database.execute(
            """SELECT rootpage FROM sqlite_schema
            WHERE rootpage > 0 AND tbl_name IN ('videos', 'folders', 'frames', 'embeddings')"""
        )
    ]
    (size,) = database.execute("PRAGMA page_size").fetchone()
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    with (library / FILE_NAME).open("r+b") as file:
        for page in pages:
            file.seek((page - 1) * size)
            file.write(b"\xff" * size)
    assert repair(library).damaged_file is not None
    with Catalogue(library) as catalogue:
        (thing,) = catalogue.kept()
        assert (thing.tags, thing.video_id, thing.path) == (("mine",), None, movies / "dog.mp4")
        assert [each.name for each in catalogue.collections()] == ["Empty"]
        assert [each.name for each in catalogue.saved_searches()] == ["dogs"]
        catalogue.add_folder(movies)
        rescan(catalogue, movies)
        index_all(catalogue)
        assert catalogue.kept()[0].presence is Presence.HERE


def test_a_text_that_is_damaged_is_mended_as_far_as_it_can_be_read(tmp_path: Path, movies: Path) -> None:
    library = tmp_path / "library"
    with Catalogue(library) as catalogue:
        catalogue.add_folder(movies)
        rescan(catalogue, movies)
        index_all(catalogue)
        keep(catalogue, movies / "dog.mp4", NOTE, "the whole story")
        keep(catalogue, movies / "cat.mp4", TAG, "cats")
    database = sqlite3.connect(library / FILE_NAME)
    database.execute("UPDATE marks SET value = CAST(x'74c3286520' AS TEXT) WHERE kind = 'note'")
    database.commit()
    database.close()
    with Catalogue(library) as catalogue:
        assert [problem.kind for problem in catalogue.check()] == ["kept"]
    repair(library)
    with Catalogue(library) as catalogue:
        assert not catalogue.check(full=True)
        assert [thing.note for thing in catalogue.kept()] == ["", "t�(e "]
