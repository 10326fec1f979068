"""What takes long to make is made once, for all workers that test at the same time."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """A folder that the first who asks fills; all others wait for it. Nobody may change what is in it.

    Args:
        factory: whose folder lies in that of the whole run.
        name: of the folder, one for each thing that is made.
        make: fills the empty folder.
    """
    own = factory.getbasetemp()
    common = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    folder, whole = common / name, common / f"{name} is whole"
    with FileLock(common / f"{name}.lock"):
        if not whole.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            make(folder)
            whole.touch()
    return folder
