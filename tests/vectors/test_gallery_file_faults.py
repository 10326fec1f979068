"""The gallery's file, whatever happens to it: the library is the truth."""

import os
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from filelock import FileLock

from app.catalogue.catalogue import Catalogue
from app.catalogue.damage.repair import repair
from app.vectors.gallery_file import GalleryFile
from app.vectors.vector_index import VectorIndex
from tests.catalogue.making import MODEL, WIDTH, as_nobody
from tests.vectors.kept_gallery import (
    add,
    assert_equal,
    assert_true,
    keep,
    open_index,
    read_alone,
    rows_file,
    vectors_file,
)


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
