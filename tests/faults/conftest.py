"""A program with a library of its own for each test, and the rows of the fault table."""

from collections.abc import Generator
from pathlib import Path

import pytest

from tests.cli.little_library import use_colours
from tests.faults.harness.program import Program
from tests.faults.harness.report import Report

_REPORT = pytest.StashKey[Report]()


@pytest.fixture
def program(tmp_path: Path) -> Program:
    """The command line on an empty library, whose model is little."""
    use_colours(tmp_path / "library")
    return Program(tmp_path / "library", tmp_path / "home")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder for videos."""
    path = tmp_path / "videos"
    path.mkdir()
    return path


@pytest.fixture(scope="session")
def report(pytestconfig: pytest.Config) -> Report:
    """Takes the figures of kills and mutants."""
    return pytestconfig.stash[_REPORT]


def pytest_configure(config: pytest.Config) -> None:
    """Begin an empty report."""
    config.stash[_REPORT] = Report()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Note how each test of the fault table ended."""
    result = yield
    marker = item.get_closest_marker("fault")
    if marker is not None and (result.when == "call" or not result.passed):
        item.config.stash[_REPORT].note(*marker.args, outcome=result.outcome)
    return result


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write the report where one was asked for."""
    target = session.config.getoption("--fault-report")
    if target:
        Path(target).write_text(session.config.stash[_REPORT].as_markdown(), encoding="utf-8")
