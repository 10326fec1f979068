"""Files with one content: one answer, nothing decoded twice, and whichever file lives stands for it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from app.catalogue.catalogue import Catalogue
from app.catalogue.records import Presence, VideoState
from app.media.fingerprints import fingerprint
from tests.catalogue.making import (
    MODEL,
    at,
    index_all,
    make_file,
    rescan,
    rows_for,
)


def take_copies(catalogue: Catalogue, model: str = MODEL) -> int:
    """What the indexer does before it decodes: take copies of known contents for what they are."""
    taken = 0
    for video in catalogue.pending(model):
        content = fingerprint(video.path)
        if (original := catalogue.original_of(video.id, content, model)) is not None:
            catalogue.commit_copy(video.id, original.id, content)
            taken += 1
    return taken


@pytest.fixture
def pair(catalogue: Catalogue, movies: Path, tmp_path: Path) -> tuple[Path, Path]:
    """An original in one watched folder and its copy in another one."""
    original = make_file(movies / "a.mp4", "a")
    rescan(catalogue, movies)
    index_all(catalogue)
    copy = make_file(tmp_path / "copies" / "copy.mp4", "a")
    catalogue.add_folder(copy.parent)
    rescan(catalogue, copy.parent)
    assert take_copies(catalogue) == 1
    return original, copy


def content(catalogue: Catalogue) -> tuple[int, Path]:
    """Id and file of the only content; nothing is to be decoded."""
    (number,) = catalogue.embedded(MODEL)
    assert catalogue.pending(MODEL) == []
    video = catalogue.video(number)
    assert video is not None
    assert len(catalogue.frames(number)) == 5
    (stored,) = catalogue.embeddings(MODEL)
    assert stored.folder_id == video.folder_id
    return number, video.path


def test_a_copy_is_indexed_without_rows_of_its_own(catalogue: Catalogue, pair: tuple[Path, Path]) -> None:
    original, copy = pair
    number = at(catalogue, original).id
    assert content(catalogue) == (number, original)
    assert (at(catalogue, copy).state, at(catalogue, copy).copy_of) == (VideoState.INDEXED, number)
    assert at(catalogue, copy).facts is not None
    assert [(folder.videos, folder.indexed) for folder in catalogue.folders()] == [(1, 1), (1, 1)]
    assert [folder.seconds for folder in catalogue.folders()] == [5.0, 5.0]
    assert [video.path for video in catalogue.copies([number])[number]] == [copy]
    # Another model needs one decoding for both.
    assert [video.path for video in catalogue.lacking("another model")] == [original]
    assert [video.path for video in catalogue.pending("another model")] == [original]
    assert catalogue.readiness("another model", MODEL).total == 1


def delete(catalogue: Catalogue, file: Path) -> None:
    file.unlink()


def overwrite(catalogue: Catalogue, file: Path) -> None:
    make_file(file, "another content")


def overwrite_by_another(catalogue: Catalogue, file: Path) -> None:
    make_file(file.parent / "z.mp4", "another one")
    rescan(catalogue, file.parent)
    index_all(catalogue)
    (file.parent / "z.mp4").rename(file)


def pull(catalogue: Catalogue, file: Path) -> None:
    file.parent.rename(file.parent.parent / "unplugged")


@pytest.mark.parametrize("happens", [delete, overwrite, pull])
def test_a_content_stays_with_the_file_that_lives(
    catalogue: Catalogue, pair: tuple[Path, Path], happens: Callable[[Catalogue, Path], None]
) -> None:
    original, copy = pair
    number, revision = at(catalogue, original).id, catalogue.revision()
    happens(catalogue, original)
    rescan(catalogue, original.parent)
    index_all(catalogue, only=[video.id for video in catalogue.pending(MODEL) if video.path != copy])
    video = catalogue.video(number)
    assert video is not None
    assert (video.path, video.presence) == (copy, Presence.HERE)
    assert number in {stored.video_id for stored in catalogue.embeddings(MODEL, after=revision)}
    assert len(catalogue.frames(number)) == 5
    assert catalogue.pending(MODEL) == []
    assert rescan(catalogue, copy.parent).missing == 0


def test_a_content_whose_file_was_overwritten_by_a_move(
    catalogue: Catalogue, pair: tuple[Path, Path]
) -> None:
    original, copy = pair
    number = at(catalogue, original).id
    overwrite_by_another(catalogue, original)
    assert rescan(catalogue, original.parent).moved == 1
    video = catalogue.video(number)
    assert video is not None
    assert video.path == copy
    assert len(catalogue.videos(gone=True)) == len(catalogue.embedded(MODEL)) == 2
    assert catalogue.pending(MODEL) == []


def test_a_removed_folder_leaves_its_contents_to_their_copies(
    catalogue: Catalogue, pair: tuple[Path, Path]
) -> None:
    original, copy = pair
    number = at(catalogue, original).id
    catalogue.remove_folder(original.parent)
    assert content(catalogue) == (number, copy)
    assert [video.copy_of for video in catalogue.videos(gone=True)] == [None]


def test_a_deleted_original_that_comes_back_is_a_copy_again(
    catalogue: Catalogue, pair: tuple[Path, Path]
) -> None:
    original, copy = pair
    number = at(catalogue, original).id
    original.unlink()
    rescan(catalogue, original.parent)
    make_file(original, "a")
    rescan(catalogue, original.parent)
    assert content(catalogue) == (number, copy)
    assert at(catalogue, original).copy_of == number
    assert at(catalogue, original).presence is Presence.HERE


def test_a_copy_that_changes_is_a_video_of_its_own(catalogue: Catalogue, pair: tuple[Path, Path]) -> None:
    original, copy = pair
    make_file(copy, "another content")
    assert rescan(catalogue, copy.parent).changed == 1
    assert [video.path for video in catalogue.pending(MODEL)] == [copy]
    assert at(catalogue, copy).copy_of is None
    index_all(catalogue)
    assert len(catalogue.embedded(MODEL)) == 2
    assert at(catalogue, original).state is VideoState.INDEXED


def test_a_copy_that_moves_is_that_copy(catalogue: Catalogue, pair: tuple[Path, Path]) -> None:
    original, copy = pair
    number = at(catalogue, original).id
    moved = copy.rename(copy.parent / "moved.mp4")
    assert rescan(catalogue, copy.parent).moved == 1
    assert content(catalogue) == (number, original)
    assert at(catalogue, moved).copy_of == number


def test_both_deleted_are_gone_and_purged_together(catalogue: Catalogue, pair: tuple[Path, Path]) -> None:
    for file in pair:
        file.unlink()
        rescan(catalogue, file.parent)
    assert catalogue.videos() == []
    assert catalogue.embedded(MODEL) == {}


def test_a_copy_of_what_is_gone_takes_its_rows(catalogue: Catalogue, movies: Path) -> None:
    original = make_file(movies / "a.mp4", "a")
    rescan(catalogue, movies)
    index_all(catalogue)
    number = at(catalogue, original).id
    copy = make_file(movies / "b.mp4", "a")
    rescan(catalogue, movies)
    original.unlink()
    rescan(catalogue, movies)
    take_copies(catalogue)
    assert content(catalogue) == (number, copy)


def test_files_that_were_decoded_side_by_side_are_one_content(catalogue: Catalogue, movies: Path) -> None:
    files = [make_file(movies / f"{name}.mp4", "a") for name in "abc"]
    rescan(catalogue, movies)
    index_all(catalogue)
    assert content(catalogue)[1] in files
    assert len(catalogue.copies(catalogue.embedded(MODEL).keys()).popitem()[1]) == 2


def test_hard_links_are_copies(catalogue: Catalogue, movies: Path) -> None:
    original = make_file(movies / "a.mp4", "a")
    rescan(catalogue, movies)
    index_all(catalogue)
    (movies / "b.mp4").hardlink_to(original)
    assert rescan(catalogue, movies).added == 1
    assert take_copies(catalogue) == 1
    assert content(catalogue)[1] == original


def test_a_copy_of_what_an_earlier_version_indexed_is_known(catalogue: Catalogue, movies: Path) -> None:
    original = make_file(movies / "a.mp4", "a")
    rescan(catalogue, movies)
    index_all(catalogue)
    with catalogue._connections.writing() as database:
        database.execute("UPDATE videos SET fingerprint = ?", [fingerprint(original, 1)])
    make_file(movies / "b.mp4", "a")
    make_file(movies / "c.mp4", "c")
    rescan(catalogue, movies)
    assert take_copies(catalogue) == 1
    assert [video.path.name for video in catalogue.pending(MODEL)] == ["c.mp4"]


def test_an_original_that_is_found_to_hold_another_content_loses_its_copies(
    catalogue: Catalogue, pair: tuple[Path, Path]
) -> None:
    original, copy = pair
    video = at(catalogue, original)
    catalogue.commit_indexed(video.id, rows_for(video), fingerprint="2:" + "f" * 64)
    assert [pending.path for pending in catalogue.pending(MODEL)] == [copy]
    assert at(catalogue, copy).copy_of is None


def test_what_an_earlier_version_indexed_twice_becomes_one_content(
    catalogue: Catalogue, movies: Path
) -> None:
    head, tail = bytes(1 << 20), bytes(1 << 10)
    for name, middle in {"a": b"same", "b": b"same", "c": b"else"}.items():
        make_file(movies / f"{name}.mp4", head + middle + tail)
    rescan(catalogue, movies)
    for video in catalogue.pending(MODEL):  # that version told them apart by their names only
        rows = rows_for(video, seed=video.id)
        catalogue.commit_indexed(video.id, rows, fingerprint=f"2:{video.id:064}")
    with catalogue._connections.writing() as database:
        database.execute("UPDATE videos SET fingerprint = ?", [fingerprint(movies / "a.mp4", 1)])
    assert fingerprint(movies / "c.mp4", 1) == fingerprint(movies / "a.mp4", 1)
    rescan(catalogue, movies)
    assert at(catalogue, movies / "b.mp4").copy_of == at(catalogue, movies / "a.mp4").id
    assert at(catalogue, movies / "c.mp4").copy_of is None
    assert len(catalogue.embedded(MODEL)) == 2
    assert catalogue.pending(MODEL) == []
