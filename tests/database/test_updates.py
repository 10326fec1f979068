"""An update never breaks a library: each schema there was has a dump, and a killed update changes nothing."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from app.catalogue.catalogue import Catalogue
from app.database.schema import STEPS
from tests.conftest import ROOT
from tests.database.earlier_libraries import DUMPS, steps_of, write_earlier

FIRST = 4
"""Migrations of the first version that anybody had."""
KILLS_ITSELF = """
import os, signal, sys
from pathlib import Path
from app.catalogue.catalogue import Catalogue
from app.database.schema import migrations

last = migrations._migrations[-1]
make = last.fn

def make_and_die(database):
    make(database)
    if any(file for *_, file in database.execute("PRAGMA database_list")):  # not the one in memory
        os.kill(os.getpid(), signal.SIGKILL)

last.fn = make_and_die
Catalogue(Path(sys.argv[1]))
"""


def test_every_schema_that_there_was_has_a_library_that_wrote_it() -> None:
    """Whoever adds a migration adds the dump of a library (`sqlite3 library.db .dump`) from before it."""
    names = [step.__name__ for step in STEPS]
    known = {len(steps): steps for steps in map(steps_of, DUMPS)}
    assert sorted(known) == list(range(FIRST, len(STEPS)))
    for count, steps in known.items():
        assert steps == names[:count]


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize("dump", DUMPS, ids=lambda dump: dump.stem)
def test_an_update_that_is_killed_half_way_is_made_again_by_the_next_start(
    dump: Path, tmp_path: Path
) -> None:
    library = write_earlier(dump, tmp_path / "library")
    killed = subprocess.run(
        [sys.executable, "-c", KILLS_ITSELF, str(library)], cwd=ROOT, capture_output=True, check=False
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    with Catalogue(library) as catalogue:
        assert not catalogue.read_only
        assert len(catalogue.videos(gone=True)) == 5
        assert not list(catalogue.check(full=True))
