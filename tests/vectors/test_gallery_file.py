"""The gallery's file: the same answers as without it, whatever happens to it; the library is the truth."""

import os
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
from filelock import FileLock

from app.catalogue.catalogue import Catalogue
from app.catalogue.repair import repair
from app.errors import LibraryError
from app.vectors.embeddings import StoredEmbeddings
from app.vectors.gallery import Gallery
from app.vectors.gallery_file import GalleryFile
from app.vectors.vector_index import VectorIndex
from tests.catalogue.making import MODEL, WIDTH, as_nobody, index_all, make_file, rescan

FRAMES = 20
"""Per video."""


@pytest.fixture
def filled(catalogue: Catalogue, movies: Path) -> Catalogue:
    """200 frames in ten videos."""
    add(catalogue, movies, range(10))
    return catalogue


def add(catalogue: Catalogue, movies: Path, numbers: range) -> None:
    for number in numbers:
        make_file(movies / f"{number:03}.mp4", f"video {number}")
    rescan(catalogue, movies)
    index_all(catalogue, count=FRAMES)


def remove(catalogue: Catalogue, movies: Path, *numbers: int) -> None:
    for number in numbers:
        (movies / f"{number:03}.mp4").unlink()
    rescan(catalogue, movies)


def open_index(catalogue: Catalogue, *, kept_from: int = 1) -> VectorIndex:
    index = VectorIndex(catalogue.folder, MODEL, WIDTH, kept_from=kept_from)
    index.refresh(catalogue)
    return index


def keep(catalogue: Catalogue) -> VectorIndex:
    """Keep the gallery as it is now."""
    index = open_index(catalogue)
    index.save()
    assert not index.wants_save
    return index


def assert_true(gallery: Gallery, catalogue: Catalogue) -> None:
    """It is what the library gives to somebody who has no file, to the bit."""
    assert_equal(gallery, read_alone(catalogue))


def read_alone(catalogue: Catalogue) -> Gallery:
    nowhere = VectorIndex(catalogue.folder / "nowhere", MODEL, WIDTH)
    nowhere.refresh(catalogue)
    return nowhere.gallery


def assert_equal(one: Gallery, other: Gallery) -> None:
    for field in fields(Gallery):
        mine, theirs = getattr(one, field.name)[:], getattr(other, field.name)[:]
        assert mine.dtype == theirs.dtype
        np.testing.assert_array_equal(mine, theirs, err_msg=field.name)


def vectors_file(catalogue: Catalogue) -> Path:
    (file,) = catalogue.folder.glob("vectors-*.gallery")
    return file


def rows_file(catalogue: Catalogue) -> Path:
    (file,) = catalogue.folder.glob("vectors-*.rows")
    return file


class Watched:
    """A library that notes which videos' vectors are read."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self.read: list[int] = []
        self.compared = 0

    def __getattr__(self, name: str) -> object:
        return getattr(self._catalogue, name)

    def embedded(self, model: str) -> dict[int, int]:
        self.compared += 1
        return self._catalogue.embedded(model)

    def embeddings(self, model: str, after: int = 0) -> Iterator[StoredEmbeddings]:
        for stored in self._catalogue.embeddings(model, after):
            self.read.append(stored.video_id)
            yield stored


def test_a_restart_maps_what_was_kept_and_reads_only_what_is_new(filled: Catalogue, movies: Path) -> None:
    keep(filled)
    add(filled, movies, range(10, 12))
    source = Watched(filled)
    index = VectorIndex(filled.folder, MODEL, WIDTH, kept_from=1)
    assert index.refresh(source)  # type: ignore[arg-type]
    assert source.read == [11, 12]
    assert_true(index.gallery, filled)
    assert not index.refresh(filled)
    assert source.compared == 1
    add(filled, movies, range(12, 13))
    assert index.refresh(source)  # type: ignore[arg-type]
    assert (source.compared, source.read) == (1, [11, 12, 13]), "a new video costs no look at the others"
    remove(filled, movies, 2)
    assert index.refresh(source)  # type: ignore[arg-type]
    assert source.compared == 2
    assert_true(index.gallery, filled)


def test_nothing_is_kept_of_a_small_library(filled: Catalogue) -> None:
    index = open_index(filled, kept_from=201)
    assert not index.wants_save
    index.save()
    assert list(filled.folder.glob("vectors-*")) == []


def test_saving_changes_no_answer_and_leaves_old_snapshots_alone(filled: Catalogue, movies: Path) -> None:
    index = open_index(filled)
    old, before = index.gallery, index.gallery.vectors[:].copy()
    query = np.random.default_rng(3).standard_normal(WIDTH).astype(np.float32)
    answer = [part.tolist() for part in index.nearest_frames(query, 50)]
    index.save()
    assert [part.tolist() for part in index.nearest_frames(query, 50)] == answer
    assert [part.tolist() for part in open_index(filled).nearest_frames(query, 50)] == answer
    add(filled, movies, range(10, 30))
    index.refresh(filled)
    index.save()
    remove(filled, movies, *range(15))
    index.refresh(filled)
    index.save()
    np.testing.assert_array_equal(old.vectors[:], before)


def test_new_videos_are_added_at_the_end_without_copying(filled: Catalogue, movies: Path) -> None:
    index = keep(filled)
    file, mapped = vectors_file(filled), index.gallery
    before, inode = file.read_bytes(), file.stat().st_ino
    add(filled, movies, range(10, 13))
    index.refresh(filled)
    assert np.shares_memory(index.gallery.vectors[:], mapped.vectors[:])
    assert file.read_bytes() == before, "what is new is this process' own until it is kept"
    index.save()
    assert file.stat().st_ino == inode
    end = 4096 + 200 * WIDTH * 4
    assert file.read_bytes()[:end] == before[:end]
    assert_true(index.gallery, filled)
    assert_true(open_index(filled).gallery, filled)


def test_it_grows_beyond_its_room(filled: Catalogue, movies: Path) -> None:
    keep(filled)
    with vectors_file(filled).open("r+b") as file:  # as if there was no room left in it
        file.truncate(4096 + 200 * WIDTH * 4)
    index = open_index(filled)
    add(filled, movies, range(10, 40))
    index.refresh(filled)
    assert index._file.stored == 200, "it goes on in the file"
    assert_true(index.gallery, filled)
    index.save()
    assert_true(open_index(filled).gallery, filled)


def test_what_is_committed_while_it_is_written_is_not_lost(filled: Catalogue, movies: Path) -> None:
    index = open_index(filled)
    real = index._file.save

    def slowly(*args: object, **options: object) -> object:
        saved = real(*args, **options)  # type: ignore[arg-type]
        remove(filled, movies, 3)
        add(filled, movies, range(20, 23))
        index.refresh(filled)
        return saved

    index._file.save = slowly  # type: ignore[method-assign, assignment]
    index.save()
    index._file.save = real  # type: ignore[method-assign]
    assert_true(index.gallery, filled)
    index.save()
    assert_true(index.gallery, filled)
    assert_true(open_index(filled).gallery, filled)


def test_a_refresh_that_was_cut_short_is_made_up_for(filled: Catalogue, movies: Path) -> None:
    index = keep(filled)
    remove(filled, movies, 3)
    add(filled, movies, range(20, 24))

    class Broken(Watched):
        def embeddings(self, model: str, after: int = 0) -> Iterator[StoredEmbeddings]:
            for stored in super().embeddings(model, after):
                if len(self.read) == 3:
                    raise LibraryError("The disk is gone.", "Connect it.")
                yield stored

    with pytest.raises(LibraryError):
        index.refresh(Broken(filled))  # type: ignore[arg-type]
    index.save()
    assert_true(open_index(filled).gallery, filled)
    assert index.refresh(filled)
    assert_true(index.gallery, filled)
    index.save()
    assert_true(open_index(filled).gallery, filled)


def test_removed_videos_are_passed_over_and_left_out_when_it_is_worth_while(
    filled: Catalogue, movies: Path
) -> None:
    index = keep(filled)
    first, mapped = vectors_file(filled), index.gallery
    remove(filled, movies, 2, 5)
    index.refresh(filled)
    assert np.shares_memory(index.gallery.vectors.stored, mapped.vectors.stored)
    assert len(index.gallery) == 160
    assert_true(index.gallery, filled)
    add(filled, movies, range(10, 11))
    index.refresh(filled)
    index.save()
    assert vectors_file(filled) == first
    assert_true(open_index(filled).gallery, filled)

    remove(filled, movies, 0, 7)
    index.refresh(filled)
    assert index.wants_save
    index.save()
    assert vectors_file(filled) != first, "they were written anew, and the old file is gone"
    assert index.gallery.vectors.places is None
    assert_true(index.gallery, filled)
    assert_true(open_index(filled).gallery, filled)

    remove(filled, movies, 1, 3, 4, 6, 8)
    index.refresh(filled)
    assert index.gallery.vectors.places is None, "most are gone: the others are copied at once"
    assert_true(index.gallery, filled)
    index.save()
    assert_true(open_index(filled).gallery, filled)
    remove(filled, movies, 9, 10)
    index.refresh(filled)
    assert len(index.gallery) == 0
    assert len(open_index(filled).gallery) == 0


@pytest.mark.parametrize("seed", range(4))
def test_after_any_sequence_of_changes_the_kept_gallery_is_that_of_the_library(
    filled: Catalogue, movies: Path, seed: int
) -> None:
    chance = np.random.default_rng(seed)
    indexes = [open_index(filled), open_index(filled)]
    used = 10
    for _ in range(40):
        match chance.integers(6):
            case 0 | 1:
                add(filled, movies, range(used, used + int(chance.integers(1, 4))))
                used += 4
            case 2:
                there = sorted(int(file.stem) for file in movies.glob("*.mp4"))
                remove(filled, movies, *chance.permutation(there)[: chance.integers(1, 4)].tolist())
            case 3:
                indexes[chance.integers(2)].save()
            case 4:
                indexes[chance.integers(2)] = open_index(filled)
        index = indexes[chance.integers(2)]
        index.refresh(filled)
        assert_true(index.gallery, filled)
    for index in indexes:
        index.refresh(filled)
        index.save()
        assert_true(index.gallery, filled)
    assert_true(open_index(filled).gallery, filled)


def cut(file: Path, size: int = 100) -> None:
    file.write_bytes(file.read_bytes()[:size])


def flip(file: Path, place: int) -> None:
    data = bytearray(file.read_bytes())
    data[place] ^= 1
    file.write_bytes(data)


DAMAGES: dict[str, Callable[[Catalogue], object]] = {
    "rows cut in the header": lambda library: cut(rows_file(library)),
    "rows cut": lambda library: cut(rows_file(library), 1000),
    "rows empty": lambda library: cut(rows_file(library), 0),
    "magic": lambda library: flip(rows_file(library), 3),
    "version": lambda library: flip(rows_file(library), 16),
    "header": lambda library: flip(rows_file(library), 70),
    "row": lambda library: flip(rows_file(library), 1000),
    "vectors of another": lambda library: flip(vectors_file(library), 18),
    "vectors cut": lambda library: cut(vectors_file(library), 4096 + 100),
    "vectors empty": lambda library: cut(vectors_file(library), 0),
    "no vectors": lambda library: vectors_file(library).unlink(),
    "no rows": lambda library: rows_file(library).unlink(),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_file_that_does_not_fit_is_not_used_and_made_anew(filled: Catalogue, damage: str) -> None:
    keep(filled)
    DAMAGES[damage](filled)
    index = open_index(filled)
    assert index._file.stored == 0
    assert_true(index.gallery, filled)
    index.save()
    if damage == "magic":  # it might be anybody's
        assert index._file.stored == 0
    else:
        assert open_index(filled)._file.stored == 200
    assert_true(open_index(filled).gallery, filled)


def test_another_model_or_width_gets_nothing_of_it(filled: Catalogue) -> None:
    keep(filled)
    other = GalleryFile(filled.folder, MODEL, WIDTH + 1)
    assert other.load() is None
    file = rows_file(filled)
    moved = VectorIndex(filled.folder, "another model", WIDTH)._file._paths.rows
    shutil.copy(file, moved)
    assert GalleryFile(filled.folder, "another model", WIDTH).load() is None


def test_a_library_put_back_from_a_backup_gets_no_gallery_of_another_future(
    filled: Catalogue, movies: Path, tmp_path: Path
) -> None:
    backup = tmp_path / "backup"
    with filled._connections.writing():  # nobody writes meanwhile
        shutil.copytree(filled.folder, backup)
    restored = Catalogue(backup)
    add(filled, movies, range(10, 13))
    keep(filled)
    for pattern in ("vectors-*.rows", "vectors-*.gallery"):
        (file,) = filled.folder.glob(pattern)
        shutil.copy(file, backup)
    assert_true(open_index(restored).gallery, restored)  # its revision is lower

    for number in range(10, 13):
        (movies / f"{number:03}.mp4").unlink()
    add(restored, movies, range(20, 24))  # the same revisions, ids and frames, but other videos
    index = open_index(restored)
    assert index._file.stored == 0
    assert_true(index.gallery, restored)
    restored.close()


def test_what_others_keep_under_its_names_stays(filled: Catalogue) -> None:
    keep(filled)
    rows, vectors = rows_file(filled), vectors_file(filled)
    lock = rows.with_suffix(".lock")
    strange = rows.with_name(f"{rows.stem}-00000000.gallery")
    part = rows.with_name(f".{rows.stem}-00000000.part")
    vectors.unlink()
    for file in (rows, lock, strange, part):
        file.write_bytes(b"a letter")
    index = open_index(filled)
    index.save()
    assert_true(index.gallery, filled)
    filled.forget_model("another model")
    with pytest.raises(FileExistsError):
        GalleryFile.delete(filled.folder, MODEL)
    lock.unlink()
    rows.unlink()
    index = open_index(filled)
    index.save()
    assert open_index(filled)._file.stored == 200
    assert strange.read_bytes() == part.read_bytes() == b"a letter"
    filled.forget_model(MODEL)
    assert sorted(filled.folder.glob("*vectors-*")) == sorted([strange, part])


def test_it_is_nobody_elses_and_leaves_nothing_of_a_killed_process(filled: Catalogue) -> None:
    keep(filled)
    stem = rows_file(filled).stem
    rows, vectors = rows_file(filled).read_bytes(), vectors_file(filled).read_bytes()
    left = [filled.folder / name for name in (f"{stem}-0123abcd.gallery", f"{stem}-0123abce.gallery")]
    left += [filled.folder / name for name in (f".{stem}-0123abcd.part", f".{stem}-0123abce.part")]
    for file, content in zip(left, (vectors, b"", rows[:50], b""), strict=True):
        file.write_bytes(content)
    rows_file(filled).unlink()
    keep(filled)
    assert not any(file.exists() for file in left)
    for file in filled.folder.glob("vectors-*"):
        assert file.stat().st_mode & 0o777 == 0o600


def test_a_process_that_finds_another_writing_does_without(filled: Catalogue, movies: Path) -> None:
    index = open_index(filled)
    with FileLock(index._file._paths.lock, timeout=0):
        index.save()
        assert index._file.stored == 0
    assert_true(index.gallery, filled)
    keep(filled)
    one, other = open_index(filled), open_index(filled)
    add(filled, movies, range(10, 14))
    for process in (one, other):  # the second finds that the file has gone on without it
        process.refresh(filled)
        process.save()
        assert_true(process.gallery, filled)
    assert_true(open_index(filled).gallery, filled)


@contextmanager
def full_disk(size: int) -> Iterator[None]:
    """While inside, no file can be written beyond so many bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.skipif(sys.platform == "win32", reason="limits of file sizes are POSIX")
@pytest.mark.parametrize("room", [0, 4096, 4096 + 3000, 4096 + 200 * 4 * WIDTH])
def test_a_full_disk_costs_the_next_start_only(
    filled: Catalogue, movies: Path, room: int, caplog: pytest.LogCaptureFixture
) -> None:
    index = open_index(filled)
    with full_disk(room):
        index.save()
    assert "cannot be kept" in caplog.text
    assert not index.wants_save, "it is not tried again for every query"
    assert_true(index.gallery, filled)
    assert list(filled.folder.glob("vectors-*.gallery")) == list(filled.folder.glob("vectors-*.rows")) == []

    keep(filled)
    os.truncate(vectors_file(filled), 4096 + 200 * WIDTH * 4)
    index = open_index(filled)
    add(filled, movies, range(10, 40))  # more than there is room for
    with full_disk(room):
        index.refresh(filled)
        index.save()
    assert_true(index.gallery, filled)
    assert_true(open_index(filled).gallery, filled)


@pytest.mark.skipif(sys.platform == "win32", reason="permissions are POSIX")
def test_a_folder_that_cannot_be_written_is_read(public_folder: Path, movies: Path) -> None:
    library = public_folder / "library"
    with Catalogue(library) as catalogue:
        catalogue.add_folder(movies)
        add(catalogue, movies, range(10))
        keep(catalogue)
        add(catalogue, movies, range(10, 14))
        truth = read_alone(catalogue)
    names = sorted(file.name for file in library.iterdir())
    if os.geteuid() == 0:
        for file in (library, *library.iterdir()):
            os.chown(file, 65534, -1)
    library.chmod(0o500)
    try:
        with as_nobody(), Catalogue(library) as catalogue:
            index = open_index(catalogue)
            assert index._file.stored == 200
            assert_equal(index.gallery, truth)
            index.save()
            assert_equal(index.gallery, truth)
    finally:
        library.chmod(0o700)
    assert sorted(file.name for file in library.iterdir()) == names


CHILD = """
import sys
from pathlib import Path
from app.catalogue.catalogue import Catalogue
from app.vectors.vector_index import VectorIndex
catalogue = Catalogue(Path(sys.argv[1]))
print("ready", flush=True)
while True:
    index = VectorIndex(catalogue.folder, sys.argv[2], int(sys.argv[3]), kept_from=1)
    index.refresh(catalogue)
    index.save()
    index._file.abandon()  # the next one writes all of it
    index.save()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="nothing there is like SIGKILL")
@pytest.mark.parametrize("times", [2, pytest.param(30, marks=pytest.mark.nightly)])
def test_a_process_killed_at_any_moment_leaves_a_whole_file_or_none(filled: Catalogue, times: int) -> None:
    truth, chance = read_alone(filled), np.random.default_rng(times)
    for _ in range(times):
        with subprocess.Popen(
            [sys.executable, "-c", CHILD, str(filled.folder), MODEL, str(WIDTH)], stdout=subprocess.PIPE
        ) as child:
            assert child.stdout is not None
            assert child.stdout.readline() == b"ready\n"
            with pytest.raises(subprocess.TimeoutExpired):
                child.wait(chance.uniform(0.0, 0.05))
            child.send_signal(signal.SIGKILL)
        assert_equal(open_index(filled).gallery, truth)
        assert len(list(filled.folder.glob("vectors-*.gallery"))) <= 1, "what was left over is gone"
    keep(filled)
    assert_equal(open_index(filled).gallery, truth)
    assert len(list(filled.folder.glob("vectors-*.gallery"))) == 1
    assert list(filled.folder.glob(".vectors-*")) == []


def test_repair_deletes_what_is_damaged_and_what_nobody_names(filled: Catalogue) -> None:
    keep(filled)
    orphan = vectors_file(filled).with_name(f"{rows_file(filled).stem}-0123abcd.gallery")
    shutil.copy(vectors_file(filled), orphan)
    assert GalleryFile.remove_damaged(filled.folder) == []
    assert not orphan.exists()
    assert open_index(filled)._file.stored == 200

    flip(vectors_file(filled), 5000)
    folder, rows = filled.folder, rows_file(filled)
    filled.close()
    done = repair(folder)
    assert any(rows.name in sentence for sentence in done.done)
    assert list(folder.glob("vectors-*.gallery")) == list(folder.glob("vectors-*.rows")) == []


def test_keeping_can_be_stopped_and_what_was_kept_stays(filled: Catalogue) -> None:
    index = open_index(filled)
    index.save(lambda: True)
    assert [file.name for file in filled.folder.glob("vectors-*") if file.suffix != ".lock"] == []
    index.save(most=len(index.gallery) - 1)
    assert not list(filled.folder.glob("vectors-*.rows"))
    answer = index.nearest_frames(index.gallery.vectors[0], 5)[0].tolist()
    again = open_index(filled)
    again.save(most=len(again.gallery))
    (rows,) = filled.folder.glob("vectors-*.rows")
    assert rows.stat().st_size > 0
    assert again.nearest_frames(again.gallery.vectors[0], 5)[0].tolist() == answer
