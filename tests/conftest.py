"""What every test shares: the real data where it is present, and a watch on what a test leaves behind."""

import gc
import os
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from hypothesis import settings

from app.catalogue.catalogue import Catalogue
from app.processes import launcher
from tests import forked_children, forked_coverage, forked_program, temporary_files
from tests.made_once import made_once
from tests.videos import make_video

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

for _name in (
    "SIGINT",
    "SIGHUP",
):  # ignored where the suite runs in the background, and then by its children too
    if hasattr(signal, _name) and signal.getsignal(getattr(signal, _name)) is signal.SIG_IGN:
        signal.signal(getattr(signal, _name), signal.default_int_handler)
temporary_files.use_memory()
os.umask(0o022)  # whoever starts the tests: some look at files as another user, some at their permissions

settings.register_profile("patient", deadline=None)  # a busy machine is no failure
settings.register_profile("nightly", deadline=None, max_examples=500)
settings.load_profile("patient")

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options of the long form, and of the fault suite; every other test leaves them alone."""
    parser.addoption(
        "--nightly", action="store_true", help="the long form too: hundreds of kills and mutants"
    )
    parser.addoption("--fault-report", metavar="FILE", help="tests/faults: write what was done as Markdown")


def pytest_configure(config: pytest.Config) -> None:
    """By night, what is made up has more examples.

    Nothing that collecting loads goes away again: looking for that takes a quarter of its time.
    """
    if config.getoption("--nightly"):
        settings.load_profile("nightly")
    gc.disable()


def pytest_collection_finish() -> None:
    """What is there now is not looked through again and again while tests run."""
    gc.enable()
    gc.freeze()
    forked_coverage.name_files()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the long ones out of a quick run."""
    if not config.getoption("--nightly"):
        long = [item for item in items if item.get_closest_marker("nightly")]
        config.hook.pytest_deselected(items=long)
        items[:] = [item for item in items if item not in long]


@pytest.fixture(scope="session")
def nightly(pytestconfig: pytest.Config) -> bool:
    """Whether a test that tries its luck does so many times."""
    return bool(pytestconfig.getoption("--nightly"))


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of real clips and damaged files; only developers and CI have it."""
    data = SHARED / "data"
    if not data.is_dir():
        pytest.skip("../shared/data is absent: real clips are not part of the repository")
    return data


def wait_until(condition: object, timeout: float = 20.0) -> bool:
    """Poll `condition()` until it is true or `timeout` seconds passed; returns the last answer."""
    assert callable(condition)
    deadline = time.monotonic() + timeout
    while not condition():
        if time.monotonic() > deadline:
            return False
        threading.Event().wait(0.01)
    return True


def has_ended(process: psutil.Process) -> bool:
    """Whether a process is gone, or waits for its parent to take note; it may go while it is asked."""
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def descendants(process: int) -> set[int]:
    """Ids of all processes that a process started, and of those that they started.

    After every test: psutil looks at every process of the computer for that.
    """
    if sys.platform != "linux":
        return {child.pid for child in psutil.Process(process).children(recursive=True)}
    found: set[int] = set()
    try:
        for task in Path(f"/proc/{process}/task").iterdir():
            found.update(map(int, (task / "children").read_text().split()))
    except (FileNotFoundError, ProcessLookupError):  # it has ended meanwhile
        pass
    return found.union(*map(descendants, found))


@pytest.fixture(autouse=True)
def nothing_left_behind() -> Iterator[None]:
    """Fail a test that leaves a thread or a child process running, or signals handled otherwise: a signal
    that is ignored is ignored by every process that later tests start."""
    threads = set(threading.enumerate())
    handlers = _handlers()
    children = descendants(os.getpid())
    yield

    def leftovers() -> list[str]:
        left = [f"thread {t.name!r}" for t in threading.enumerate() if t not in threads and t.is_alive()]
        known = children | forked_program.server_ids() | forked_children.server_ids()
        for child in descendants(os.getpid()) - known:
            try:
                left.append(f"process {child} {' '.join(psutil.Process(child).cmdline())[:120]}")
            except psutil.NoSuchProcess:
                continue
        return left

    if not wait_until(lambda: not leftovers(), timeout=15.0):
        pytest.fail("the test left behind: " + "; ".join(leftovers()))
    if (left := _handlers()) != handlers:
        for number, handler in handlers.items():
            signal.signal(number, handler)
        pytest.fail(f"the test left signals handled otherwise: {left}, not {handlers}")


def _handlers() -> dict[signal.Signals, Any]:
    return {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}


@pytest.fixture(scope="session")
def empty_library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of an empty library, to copy: making its tables takes longer than all that most tests do."""
    folder = tmp_path_factory.mktemp("empty") / "library"
    Catalogue(folder).close()
    return folder


@pytest.fixture
def catalogue(tmp_path: Path, empty_library: Path) -> Iterator[Catalogue]:
    """An empty library."""
    shutil.copytree(empty_library, tmp_path / "library")
    with Catalogue(tmp_path / "library") as opened:
        yield opened


@pytest.fixture
def movies(tmp_path: Path, catalogue: Catalogue) -> Path:
    """An empty watched folder."""
    folder = tmp_path / "movies"
    folder.mkdir()
    catalogue.add_folder(folder)
    return folder


@pytest.fixture(scope="session", autouse=True)
def quick_children() -> Iterator[None]:
    """Children are forked from a process that has their libraries: a start takes a fifth of a second, and few
    tests are about it."""
    with forked_children.forked_children():
        yield


@pytest.fixture(scope="module")
def cold_children() -> Iterator[None]:
    """Children are started as the program starts them: for tests of the start, or of the process itself."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(launcher, "_popen", forked_children.started_anew)
        yield


@pytest.fixture(scope="session")
def long_video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some minutes in one group of pictures: a run that reads it is not done yet when it is told to end."""

    def make(folder: Path) -> None:
        scene = ((30, 40, 220), 150, "stripes")
        path = folder / "long.mp4"
        make_video(path, [scene], size=(320, 180), rate=8, gop=1200, options={"preset": "ultrafast"})

    return made_once(tmp_path_factory, "long", make) / "long.mp4"


@pytest.fixture
def public_folder() -> Iterator[Path]:
    """An empty folder that every user of the machine can reach, as pytest's own are not."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        folder.chmod(0o755)
        yield folder
