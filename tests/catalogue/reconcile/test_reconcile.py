"""A scan meets the library: new, changed, touched, gone and back again."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from app.catalogue.catalogue import Catalogue
from app.catalogue.reconcile.scan_plan import Listing
from app.catalogue.records import Presence, VideoState
from app.errors import Cause, UsageError
from app.media.fingerprints import fingerprint
from tests.catalogue.making import (
    MODEL,
    at,
    counts,
    index_all,
    make_file,
    rescan,
    rows_for,
)


def test_new_files_are_pending_once(catalogue: Catalogue, movies: Path) -> None:
    make_file(movies / "a.mp4", "a")
    make_file(movies / "sub" / "b.MOV", "b")
    assert counts(catalogue, movies) == (2, 2, 0, 0, 0)
    assert counts(catalogue, movies) == (2, 0, 0, 0, 0)
    assert [video.path for video in catalogue.pending(MODEL)] == [movies / "a.mp4", movies / "sub" / "b.MOV"]
    assert catalogue.revision() == 0


def test_the_middle_of_a_file_counts_where_its_date_changed(catalogue: Catalogue, movies: Path) -> None:
    size = 3 << 20
    file = make_file(movies / "a.mp4", bytes(size))
    os.utime(file, ns=(1, 10**18))
    rescan(catalogue, movies)
    index_all(catalogue)
    make_file(file, bytes(size // 2) + b"now the download is here" + bytes(size // 2 - 24))
    assert counts(catalogue, movies) == (1, 0, 1, 0, 0)
    assert [video.path for video in catalogue.pending(MODEL)] == [file]


@pytest.mark.parametrize("same_name", [True, False])
def test_what_was_read_in_part_is_looked_at_again_with_another_date(
    catalogue: Catalogue, movies: Path, same_name: bool
) -> None:
    file = make_file(movies / "a.mp4", "a")
    rescan(catalogue, movies)
    (video,) = catalogue.pending(MODEL)
    rows = replace(rows_for(video), warning="The file is damaged.", cause=Cause.FILE, read_until=2.0)
    catalogue.commit_indexed(video.id, rows, fingerprint=fingerprint(file))
    assert counts(catalogue, movies) == (1, 0, 0, 0, 0)
    assert catalogue.pending(MODEL) == []

    if not same_name:
        file = file.rename(movies / "b.mp4")
        assert counts(catalogue, movies) == (1, 0, 0, 1, 0)  # only moved: still as damaged as before
        assert catalogue.pending(MODEL) == []
        file = file.rename(movies / "a.mp4")
    os.utime(file, ns=(10**18, 10**18))
    rescan(catalogue, movies)
    assert [video.path for video in catalogue.pending(MODEL)] == [file]


def test_another_content_is_pending_and_keeps_its_old_rows_meanwhile(
    catalogue: Catalogue, movies: Path
) -> None:
    file = make_file(movies / "a.mp4", "before")
    rescan(catalogue, movies)
    index_all(catalogue)
    number, frames = at(catalogue, file).id, catalogue.frames(at(catalogue, file).id)
    make_file(file, "afterwards")
    assert counts(catalogue, movies) == (1, 0, 1, 0, 0)
    assert at(catalogue, file).state is VideoState.PENDING
    assert catalogue.frames(number) == frames
    index_all(catalogue)
    assert at(catalogue, file).state is VideoState.INDEXED
    assert {frame.id for frame in catalogue.frames(number)}.isdisjoint(frame.id for frame in frames)
    assert catalogue.thumbnail(frames[0].id) is None


def test_a_file_that_was_only_touched_stays_indexed(catalogue: Catalogue, movies: Path) -> None:
    file = make_file(movies / "a.mp4", "a")
    rescan(catalogue, movies)
    index_all(catalogue)
    os.utime(file, ns=(10**18, 10**18))
    assert counts(catalogue, movies) == (1, 0, 0, 0, 0)
    assert at(catalogue, file).mtime_ns == 10**18
    assert catalogue.pending(MODEL) == []


def test_a_deleted_file_leaves_everything_and_costs_nothing_when_it_is_back(
    catalogue: Catalogue, movies: Path
) -> None:
    file = make_file(movies / "a.mp4", "a")
    make_file(movies / "b.mp4", "b")
    rescan(catalogue, movies)
    index_all(catalogue)
    number, status, revision = at(catalogue, file).id, file.stat(), catalogue.revision()
    file.unlink()
    assert counts(catalogue, movies) == (1, 0, 0, 0, 1)
    assert catalogue.revision() > revision
    assert counts(catalogue, movies) == (1, 0, 0, 0, 0)
    assert [video.path.name for video in catalogue.videos()] == ["b.mp4"]
    assert catalogue.folders()[0].videos == 1
    assert number not in catalogue.embedded(MODEL)
    assert number not in {stored.video_id for stored in catalogue.embeddings(MODEL)}
    assert catalogue.frame_count(MODEL) == 5
    assert catalogue.pending("another model") == [at(catalogue, movies / "b.mp4")]
    readiness = catalogue.readiness("another model", MODEL)
    assert (readiness.total, readiness.offline) == (1, 0)

    revision = catalogue.revision()
    make_file(file, "a")
    os.utime(file, ns=(status.st_mtime_ns, status.st_mtime_ns))
    assert counts(catalogue, movies) == (2, 0, 0, 0, 0)
    assert at(catalogue, file).presence is Presence.HERE
    assert [stored.video_id for stored in catalogue.embeddings(MODEL, after=revision)] == [number]
    assert catalogue.pending(MODEL) == []


def test_what_is_gone_for_long_is_purged(catalogue: Catalogue, movies: Path) -> None:
    file = make_file(movies / "a.mp4", "a")
    rescan(catalogue, movies)
    index_all(catalogue)
    file.unlink()
    rescan(catalogue, movies)
    with catalogue._connections.writing() as database:
        database.execute("UPDATE videos SET gone_at = unixepoch() - 29 * 86400")
    rescan(catalogue, movies)
    assert len(catalogue.videos(gone=True)) == 1
    with catalogue._connections.writing() as database:
        database.execute("UPDATE videos SET gone_at = unixepoch() - 31 * 86400")
    rescan(catalogue, movies)
    assert catalogue.videos(gone=True) == []


def test_a_failed_video_is_tried_again_only_when_it_changes(catalogue: Catalogue, movies: Path) -> None:
    file = make_file(movies / "a.mp4", "half of it")
    rescan(catalogue, movies)
    catalogue.commit_failed(at(catalogue, file).id, "The file ends too early.", "Copy it again.")
    rescan(catalogue, movies)
    assert catalogue.pending(MODEL) == []
    (failure,) = catalogue.failures()
    assert (failure.reason, failure.advice) == ("The file ends too early.", "Copy it again.")

    make_file(file, "all of it, at last")
    assert counts(catalogue, movies) == (1, 0, 1, 0, 0)
    assert [video.reason for video in catalogue.pending(MODEL)] == [""]
    assert catalogue.failures() == []


def test_retry_makes_a_failed_video_pending(catalogue: Catalogue, movies: Path) -> None:
    file = make_file(movies / "a.mp4", "a")
    rescan(catalogue, movies)
    catalogue.commit_failed(at(catalogue, file).id, "It could not be read.", "")
    catalogue.retry([at(catalogue, file).id])
    assert catalogue.failures() == []
    assert len(index_all(catalogue)) == 1
    catalogue.retry([at(catalogue, file).id])
    assert catalogue.pending(MODEL) == []


ODD_NAMES = [
    b"new\nline.mp4",
    "emoji \U0001f3ac\u200d\U0001f9d1.mp4".encode(),
    b"invalid \xff\xfe utf8.mp4",
    b"x" * 251 + b".mp4",
    b"quote ' \" ; DROP TABLE videos; --.mp4",
    b" leading and trailing .mp4",
    b"100%_?*[a].mp4",
]


@pytest.mark.parametrize("name", ODD_NAMES)
def test_odd_names_come_back_as_they_were(catalogue: Catalogue, movies: Path, name: bytes) -> None:
    file = make_file(movies / os.fsdecode(name), "odd")
    assert counts(catalogue, movies) == (1, 1, 0, 0, 0)
    assert index_all(catalogue)
    assert counts(catalogue, movies) == (1, 0, 0, 0, 0)
    (video,) = catalogue.videos()
    assert video.path == file
    assert os.fsencode(video.path) == os.fsencode(movies) + b"/" + name
    assert video.path.read_bytes() == b"odd"


def test_an_odd_folder_name_comes_back_as_it_was(catalogue: Catalogue, tmp_path: Path) -> None:
    folder = tmp_path / os.fsdecode(b"caf\xe9\n")
    make_file(folder / "a.mp4", "a")
    assert catalogue.add_folder(folder).path == folder
    assert counts(catalogue, folder) == (1, 1, 0, 0, 0)
    catalogue.remove_folder(folder)
    assert catalogue.folders() == []


def test_a_scan_of_a_folder_that_was_removed_meanwhile(catalogue: Catalogue, movies: Path) -> None:
    (folder,) = catalogue.folders()
    catalogue.remove_folder(movies)
    with pytest.raises(UsageError, match="not watched any more"):
        catalogue.record_scan(folder.id, Listing([]))


def test_a_thousand_videos(catalogue: Catalogue, movies: Path) -> None:
    for i in range(1000):
        make_file(movies / f"{i % 20}" / f"{i}.mp4", f"video {i:04}")
    assert counts(catalogue, movies) == (1000, 1000, 0, 0, 0)
    index_all(catalogue, only=[video.id for video in catalogue.pending(MODEL)[:200]])
    assert counts(catalogue, movies) == (1000, 0, 0, 0, 0)
    (movies / "0").rename(movies / "moved")
    assert counts(catalogue, movies) == (1000, 0, 0, 50, 0)
    assert len(catalogue.videos()) == 1000
