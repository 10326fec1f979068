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
for library in sys.argv[1:]:  # each in a fork, which has everything loaded; says how it ended
    child = os.fork()
    if not child:
        Catalogue(Path(library))
        break
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> dict[Path, Path]:
    """For each dump a library whose update was killed half way."""
    libraries = {dump: write_earlier(dump, tmp_path_factory.mktemp("killed") / "library") for dump in DUMPS}
    command = [sys.executable, "-c", KILLS_ITSELF, *map(str, libraries.values())]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == [str(-signal.SIGKILL)] * len(libraries), done.stderr
    return libraries


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
    dump: Path, killed: dict[Path, Path]
) -> None:
    with Catalogue(killed[dump]) as catalogue:
        assert not catalogue.read_only
        assert len(catalogue.videos(gone=True)) == 5
        assert not list(catalogue.check(full=True))
