"""What indexing adds is written whole or not at all, and read back as it was."""

import os
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from app.catalogue.catalogue import Catalogue
from app.catalogue.records import IndexedVideo, VideoState
from app.media.area import WHOLE, Area
from app.media.fingerprints import fingerprint
from tests.catalogue.making import (
    MODEL,
    at,
    index_all,
    make_file,
    rescan,
    rows_for,
)


@pytest.fixture
def file(catalogue: Catalogue, movies: Path) -> Path:
    """A file that was found and is pending."""
    file = make_file(movies / "a.mp4", "a")
    rescan(catalogue, movies)
    return file


def test_rows_come_back_as_they_were(catalogue: Catalogue, file: Path) -> None:
    video = at(catalogue, file)
    rows = rows_for(video, 5, seed=3)
    assert catalogue.commit_indexed(video.id, rows, fingerprint=fingerprint(file))

    after = at(catalogue, file)
    assert (after.state, after.facts, after.fingerprint) == (
        VideoState.INDEXED,
        rows.facts,
        fingerprint(file),
    )
    frames = catalogue.frames(video.id)
    assert [(frame.time, frame.key, frame.clip) for frame in frames] == [
        (frame.time, frame.key, frame.clip) for frame in rows.frames
    ]
    assert [catalogue.thumbnail(frame.id) for frame in frames] == [frame.thumbnail for frame in rows.frames]
    assert [(clip.number, clip.start, clip.end) for clip in catalogue.clips(video.id)] == [
        (0, 0.0, 1.0),
        (1, 2.0, 3.0),
        (2, 4.0, 4.0),
    ]
    (stored,) = catalogue.embeddings(MODEL)
    assert (stored.video_id, stored.folder_id, stored.revision) == (video.id, video.folder_id, 1)
    assert stored.matrix.dtype == np.float16
    np.testing.assert_array_equal(stored.matrix, rows.embeddings.astype(np.float16))
    assert stored.frame_ids.tolist() == [frame.id for frame in frames]
    assert stored.times.tolist() == [frame.time for frame in frames]
    assert stored.clips.tolist() == [0, 0, 1, 1, 2]
    assert list(catalogue.embeddings(MODEL, after=1)) == []
    assert list(catalogue.embeddings("another model")) == []


def test_a_video_without_frames(catalogue: Catalogue, file: Path) -> None:
    video = at(catalogue, file)
    assert catalogue.commit_indexed(video.id, rows_for(video, 0), fingerprint=fingerprint(file))
    assert catalogue.pending(MODEL) == []
    (stored,) = catalogue.embeddings(MODEL)
    assert stored.matrix.shape == (0, 8)


def test_a_commit_that_fails_half_way_changes_nothing(catalogue: Catalogue, file: Path) -> None:
    index_all(catalogue)
    before = (at(catalogue, file), catalogue.frames(1), catalogue.clips(1), catalogue.revision())
    rows = rows_for(before[0], 5, seed=9)
    broken = replace(rows, frames=(*rows.frames[:4], replace(rows.frames[4], thumbnail=None)))  # type: ignore[arg-type]
    with pytest.raises(Exception, match="NOT NULL"):
        catalogue.commit_indexed(1, broken, fingerprint="f" * 64)
    assert (at(catalogue, file), catalogue.frames(1), catalogue.clips(1), catalogue.revision()) == before
    assert catalogue.commit_indexed(1, rows, fingerprint=fingerprint(file))


@pytest.mark.parametrize("wrong", ["too few vectors", "not finite", "too large", "time", "clip"])
def test_rows_that_do_not_fit_are_our_bug(catalogue: Catalogue, file: Path, wrong: str) -> None:
    video = at(catalogue, file)
    rows = rows_for(video, 5)
    vectors, frames = rows.embeddings.copy(), list(rows.frames)
    match wrong:
        case "too few vectors":
            vectors = vectors[:4]
        case "not finite":
            vectors[2, 3] = np.nan
        case "too large":
            vectors[2, 3] = 70_000
        case "time":
            frames[2] = replace(frames[2], time=0.5)
        case "clip":
            frames[4] = replace(frames[4], clip=0)
    with pytest.raises(ValueError, match=r"frames|finite"):
        catalogue.commit_indexed(
            video.id, replace(rows, embeddings=vectors, frames=tuple(frames)), fingerprint="f" * 64
        )
    assert catalogue.revision() == 0
    assert catalogue.pending(MODEL) == [video]


@pytest.mark.parametrize("how", ["grew", "touched", "rescanned"])
def test_a_file_that_changed_while_it_was_decoded_stays_pending(
    catalogue: Catalogue, movies: Path, file: Path, how: str
) -> None:
    video = at(catalogue, file)
    rows = rows_for(video)
    identity = fingerprint(file)
    if how == "touched":
        os.utime(file, ns=(10**18, 10**18))
    else:
        make_file(file, "it went on" if how == "grew" else "b")
        os.utime(file, ns=(10**18, 10**18))
    if how == "rescanned":
        rescan(catalogue, movies)
    assert not catalogue.commit_indexed(video.id, rows, fingerprint=identity, mtime_ns=video.mtime_ns)
    assert at(catalogue, file).state is VideoState.PENDING
    assert len(catalogue.frames(video.id)) == 5
    rescan(catalogue, movies)
    assert len(index_all(catalogue)) == 1
    assert catalogue.pending(MODEL) == []


def test_a_file_unplugged_while_it_was_decoded_counts(catalogue: Catalogue, file: Path, movies: Path) -> None:
    video, identity = at(catalogue, file), fingerprint(file)
    movies.rename(movies.parent / "unplugged")
    assert catalogue.commit_indexed(video.id, rows_for(video), fingerprint=identity)


def test_a_video_that_left_the_library_while_it_was_decoded(
    catalogue: Catalogue, file: Path, movies: Path
) -> None:
    video = at(catalogue, file)
    catalogue.remove_folder(movies)
    revision = catalogue.revision()
    assert not catalogue.commit_indexed(video.id, rows_for(video), fingerprint="f" * 64)
    catalogue.commit_failed(video.id, "It is gone.", "")
    catalogue.retry([video.id])
    assert catalogue.videos() == []
    assert catalogue.revision() == revision


def test_a_new_model_keeps_frames_and_the_old_models_vectors(catalogue: Catalogue, file: Path) -> None:
    index_all(catalogue, "old")
    frames = catalogue.frames(1)
    assert len(index_all(catalogue, "new")) == 1
    assert catalogue.frames(1) == frames
    assert len(list(catalogue.embeddings("old"))) == len(list(catalogue.embeddings("new"))) == 1

    video = at(catalogue, file)
    catalogue.commit_indexed(
        video.id, rows_for(video, 7, model="newest"), fingerprint=fingerprint(file)
    )  # other frames
    assert list(catalogue.embeddings("old")) == []
    assert [video.id for video in catalogue.pending("old")] == [1]


def test_a_frame_id_never_means_another_picture(catalogue: Catalogue, file: Path, movies: Path) -> None:
    seen: set[int] = set()
    for round_ in range(3):
        video = at(catalogue, file)
        catalogue.commit_indexed(video.id, rows_for(video, 5, seed=round_), fingerprint=fingerprint(file))
        ids = {frame.id for frame in catalogue.frames(video.id)}
        assert seen.isdisjoint(ids)
        seen |= ids
    catalogue.remove_folder(movies)
    catalogue.add_folder(movies)
    rescan(catalogue, movies)
    index_all(catalogue)
    assert seen.isdisjoint(frame.id for frame in catalogue.frames(at(catalogue, file).id))


def test_pending_of_some_folders_only(catalogue: Catalogue, file: Path, tmp_path: Path) -> None:
    other = make_file(tmp_path / "other" / "b.mp4", "b")
    added = catalogue.add_folder(other.parent)
    rescan(catalogue, other.parent)
    assert [video.path for video in catalogue.pending(MODEL)] == [file, other]
    assert [video.path for video in catalogue.pending(MODEL, [added.id])] == [other]
    assert catalogue.pending(MODEL, []) == []


def test_threads_read_and_write_at_once(catalogue: Catalogue, movies: Path) -> None:
    for i in range(40):
        make_file(movies / f"{i}.mp4", f"video {i:03}")
    rescan(catalogue, movies)
    wanted = catalogue.pending(MODEL)
    done = threading.Event()
    wrong: list[object] = []

    def write(part: int) -> None:
        for video in wanted[part::4]:
            catalogue.commit_indexed(video.id, rows_for(video, seed=video.id), fingerprint=f"{video.id:064}")

    def read() -> None:
        while not done.is_set():
            stored = list(catalogue.embeddings(MODEL))
            wrong.extend(rows for rows in stored if not len(rows.matrix) == len(rows.frame_ids) == 5)

    writers = [threading.Thread(target=write, args=(part,)) for part in range(4)]
    readers = [threading.Thread(target=read) for _ in range(2)]
    for thread in (*writers, *readers):
        thread.start()
    for thread in writers:
        thread.join()
    done.set()
    for thread in readers:
        thread.join()
    assert wrong == []
    assert catalogue.pending(MODEL) == []
    assert sorted(stored.revision for stored in catalogue.embeddings(MODEL)) == list(range(1, 41))


LETTERBOX, PILLARBOX = Area(0.0, 0.125, 1.0, 0.875), Area(0.25, 0.0, 0.75, 1.0)


def with_areas(rows: IndexedVideo, *areas: Area) -> IndexedVideo:
    """The rows with an area for each clip."""
    frames = (replace(f, area=areas[f.clip], thumbnail=f.thumbnail + b" cropped") for f in rows.frames)
    return replace(rows, frames=tuple(frames))


def test_the_area_that_was_encoded_is_kept_with_each_clip(catalogue: Catalogue, file: Path) -> None:
    video = at(catalogue, file)
    rows = with_areas(rows_for(video, 5), LETTERBOX, WHOLE, PILLARBOX)
    assert catalogue.commit_indexed(video.id, rows, fingerprint=fingerprint(file))
    assert [clip.area for clip in catalogue.clips(video.id)] == [LETTERBOX, WHOLE, PILLARBOX]
    assert catalogue.commit_indexed(video.id, rows_for(video, 5), fingerprint=fingerprint(file))
    assert [clip.area for clip in catalogue.clips(video.id)] == [WHOLE] * 3


def test_one_clip_shows_one_area(catalogue: Catalogue, file: Path) -> None:
    video = at(catalogue, file)
    first, *others = rows_for(video, 5).frames
    rows = replace(rows_for(video, 5), frames=(replace(first, area=LETTERBOX), *others))
    with pytest.raises(ValueError, match="different areas"):
        catalogue.commit_indexed(video.id, rows, fingerprint="f" * 64)


def test_bars_found_only_with_a_second_model_replace_pictures_and_leave_the_first_model_its_vectors(
    catalogue: Catalogue, file: Path
) -> None:
    video = at(catalogue, file)
    catalogue.commit_indexed(video.id, rows_for(video, 5), fingerprint=fingerprint(file))
    before = [frame.id for frame in catalogue.frames(video.id)]
    rows = with_areas(rows_for(video, 5), LETTERBOX, LETTERBOX, WHOLE)
    catalogue.commit_indexed(video.id, replace(rows, model="second"), fingerprint=fingerprint(file))
    frames = catalogue.frames(video.id)
    assert [frame.id for frame in frames] == before
    assert [clip.area for clip in catalogue.clips(video.id)] == [LETTERBOX, LETTERBOX, WHOLE]
    assert [catalogue.thumbnail(frame.id) for frame in frames] == [frame.thumbnail for frame in rows.frames]
    for model in (MODEL, "second"):
        assert [stored.video_id for stored in catalogue.embeddings(model)] == [video.id]
