"""A library that cannot be written can be read, and says why nothing can be changed."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from app.catalogue.catalogue import FILE_NAME, Catalogue
from tests.catalogue.making import (
    MODEL,
    index_all,
    make_file,
    rescan,
)
from tests.catalogue.privileges import as_anybody, run, with_mounts

READ = """
import sys, tempfile
from pathlib import Path
from app.errors import LibraryError
from app.catalogue.catalogue import Catalogue
from tests.catalogue.making import MODEL
if len(sys.argv) > 2:
    tempfile.tempdir = sys.argv[2]
with Catalogue(Path(sys.argv[1])) as catalogue:
    print(len(list(catalogue.embeddings(MODEL))), catalogue.setting("name"), len(catalogue.folders()))
    print(catalogue.read_only_reason)
    try:
        catalogue.set_setting("name", "x" * 300_000)
    except LibraryError as error:
        print(error)
"""

READ_ONLY = 'mount --bind "$1" "$1"; mount -o remount,ro,bind "$1"; exec "$PYTHON" -c "$2" "$1"'


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """Five videos, indexed, and a setting."""
    movies = tmp_path / "movies"
    for number in range(5):
        make_file(movies / f"{number}.mp4", f"video {number}")
    with Catalogue(tmp_path / "library") as catalogue:
        catalogue.add_folder(movies)
        rescan(catalogue, movies)
        index_all(catalogue)
        catalogue.set_setting("name", "mine")
    return tmp_path / "library"


def told(done: "subprocess.CompletedProcess[str]") -> tuple[str, str, str]:
    """What was read, why nothing can be written, and what was said to who tried."""
    assert done.returncode == 0, done.stderr
    read, reason, *refused = done.stdout.splitlines()
    return read, reason, " ".join(refused)


def state(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_on_a_read_only_disk(library: Path) -> None:
    before = state(library)
    read, reason, refused = told(run(with_mounts(READ_ONLY, library, READ)))
    assert read == "5 mine 1"
    assert "on a read-only disk" in reason
    assert "on a read-only disk" in refused
    assert state(library) == before


@pytest.mark.parametrize("what", ["folder", "file"])
def test_without_the_permission(library: Path, what: str) -> None:
    before = state(library)
    locked = library if what == "folder" else library / FILE_NAME
    locked.chmod(0o500 if what == "folder" else 0o400)
    try:
        done = run([*as_anybody(), sys.executable, "-c", READ, str(library)])
    finally:
        locked.chmod(0o700 if what == "folder" else 0o600)
    read, reason, refused = told(done)
    assert read == "5 mine 1"
    assert "no permission" in reason
    assert "no permission" in refused
    assert state(library) == before


def test_on_a_full_disk(library: Path, tmp_path: Path) -> None:
    script = (
        'mount -t tmpfs -o size=1m none "$1"; cp -r "$2" "$1/library"; '
        'dd if=/dev/zero of="$1/fill" bs=4k 2>/dev/null || true; exec "$PYTHON" -c "$3" "$1/library"'
    )
    disk = tmp_path / "disk"
    disk.mkdir()
    read, _, refused = told(run(with_mounts(script, disk, library, READ)))
    assert read == "5 mine 1"
    assert "is full" in refused


def test_a_repair_on_a_full_disk_changes_nothing(library: Path, tmp_path: Path) -> None:
    script = (
        'mount -t tmpfs -o size=1m none "$1"; cp -r "$2" "$1/library"; '
        'printf damage | dd of="$1/library/library.db" bs=1 seek=20480 conv=notrunc 2>/dev/null; '
        'dd if=/dev/zero of="$1/fill" bs=4k 2>/dev/null || true; '
        'sha256sum < "$1/library/library.db"; "$PYTHON" -c "$3" "$1/library" || true; '
        'sha256sum < "$1/library/library.db"; ls -A "$1/library"'
    )
    repair = """
import sys
from pathlib import Path
from app.errors import LibraryError
from app.catalogue.damage.repair import repair
try:
    repair(Path(sys.argv[1]))
except LibraryError as error:
    print(error)
"""
    disk = tmp_path / "disk"
    disk.mkdir()
    done = run(with_mounts(script, disk, library, repair))
    before, *said, after = [line for line in done.stdout.splitlines() if ".db" not in line or " " in line]
    assert done.stderr.count("Traceback") == 0, done.stderr
    sums = [line for line in (before, *said, after) if line.endswith("  -")]
    assert len(sums) == 2
    assert sums[0] == sums[1]
    assert ".library.repaired" not in done.stdout


@pytest.mark.parametrize("shared_memory", [True, False])
def test_what_a_killed_program_left_in_the_log_is_read_too(
    library: Path, tmp_path: Path, shared_memory: bool
) -> None:
    write = (
        "import os, sys; from pathlib import Path; from app.catalogue.catalogue import Catalogue\n"
        "Catalogue(Path(sys.argv[1])).set_setting('name', 'newest'); os.kill(os.getpid(), 9)"
    )
    assert abs(run([sys.executable, "-c", write, str(library)]).returncode) == 9
    assert (library / f"{FILE_NAME}-wal").stat().st_size > 0
    if not shared_memory:
        (library / f"{FILE_NAME}-shm").unlink()
    before = {name: data for name, data in state(library).items() if not name.endswith("-shm")}
    read, reason, _ = told(run(with_mounts(READ_ONLY, library, READ)))
    assert read == "5 newest 1"
    assert "on a read-only disk" in reason
    assert {name: data for name, data in state(library).items() if not name.endswith("-shm")} == before


@pytest.mark.parametrize("has_temporary_folder", [True, False])
def test_an_old_one_is_brought_up_to_date_in_a_copy(library: Path, has_temporary_folder: bool) -> None:
    import sqlite3  # noqa: PLC0415
    from contextlib import closing  # noqa: PLC0415

    with closing(sqlite3.connect(library / FILE_NAME)) as database, database:
        database.execute("DROP TABLE uses")
        database.execute("DROP TABLE sampled")
        database.execute("DELETE FROM _sqlite_migrations WHERE name = 'switching'")
        database.execute("PRAGMA application_id=0")
    before = state(library)
    script = 'mount --bind "$1" "$1"; mount -o remount,ro,bind "$1"; exec "$PYTHON" -c "$2" "$1" $3'
    temporary = "" if has_temporary_folder else "/no/such/folder"
    read, reason, _ = told(run(with_mounts(script, library, READ, temporary)))
    assert read == "5 mine 1"
    assert "on a read-only disk" in reason
    assert state(library) == before


def test_none_can_be_started_where_nothing_can_be_written(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    done = run(with_mounts(READ_ONLY, tmp_path / "empty", READ))
    assert done.returncode != 0
    assert "There is no library in" in done.stderr
    assert "read-only disk" in done.stderr
    assert list((tmp_path / "empty").iterdir()) == []


def test_it_can_be_written_again_when_the_cause_is_gone(library: Path) -> None:
    library.chmod(0o500)
    try:
        run([*as_anybody(), sys.executable, "-c", READ, str(library)])
    finally:
        library.chmod(0o700)
    with Catalogue(library) as catalogue:
        assert not catalogue.read_only
        assert catalogue.read_only_reason == ""
        catalogue.set_setting("name", "again")
        assert len(catalogue.embedded(MODEL)) == 5


@pytest.mark.skipif(os.name == "nt", reason="permissions as POSIX has them")
def test_nobody_else_can_look_into_a_library(library: Path, tmp_path: Path) -> None:
    assert library.stat().st_mode & 0o777 == 0o700
    (library / FILE_NAME).chmod(0o644)
    with Catalogue(library) as catalogue:
        catalogue.set_setting("name", 1)
        assert {path.name for path in library.iterdir()} == {
            FILE_NAME,
            f"{FILE_NAME}-wal",
            f"{FILE_NAME}-shm",
        }
        assert {path.stat().st_mode & 0o777 for path in library.iterdir()} == {0o600}
    shared = tmp_path / "shared"
    shared.mkdir(mode=0o750)
    shared.chmod(0o750)
    shutil.copy(library / FILE_NAME, shared)
    Catalogue(shared).close()
    assert shared.stat().st_mode & 0o777 == 0o750, "a folder that was there keeps its permissions"
