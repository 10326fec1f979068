"""Coverage of what is forked, where the tests are measured: once for each process, and not for what forks.

Left to coverage.py's own patches, a process that forks is measured, so is the one that waits for the forked
one, and each writes down again what the one before it did: that took three times as long as the tests.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).resolve().parent.parent

_ASKED = "COVERAGE_PROCESS_CONFIG"
"""With it, coverage.py measures a process from its start."""
_HANDED = "REELFIND_TESTS_COVERAGE"


def unmeasured(environment: Mapping[str, str]) -> dict[str, str]:
    """Variables of a process that forks others: how these are measured is told to it under another name."""
    changed = dict(environment)
    if (asked := changed.pop(_ASKED, None)) is not None:
        changed[_HANDED] = asked
    return changed


@contextmanager
def loading_measured() -> Iterator[None]:
    """In a process that forks: what modules run as they are loaded inside counts."""
    config = os.environ.get(_HANDED)
    if config is None:
        yield
        return
    measuring = _coverage(config)
    measuring.config.patch = []  # it changes nothing in this process
    measuring._auto_save = False
    measuring.start()
    try:
        yield
    finally:
        measuring.stop()
        measuring.save()


def measure(environment: Mapping[str, str]) -> None:
    """In a process that was forked: what it does from now on counts, and what it starts.

    Args:
        environment: of the process that forked it.
    """
    if (config := environment.get(_HANDED)) is not None:
        _coverage(config).start()


def name_files() -> None:
    """Let what this process starts name files as they are found from anywhere, and only those it ran: to look
    for the others takes longer than all else, and this process does so."""
    if (config := os.environ.get(_ASKED)) is not None:
        from coverage.config import CoverageConfig  # noqa: PLC0415 - only where something is measured

        settings = CoverageConfig.deserialize(config)
        settings.source, settings.run_include = None, [str(_ROOT / "app" / "*")]
        settings.relative_files = False  # to wherever it runs
        os.environ[_ASKED] = settings.serialize()


def _coverage(config: str) -> Any:
    import coverage  # noqa: PLC0415 - only where something is measured

    made = coverage.Coverage(config_file=f":data:{config}", data_suffix=True)
    made._auto_save = True
    for warning in ("no_data", "unimported_source", "preimported_source"):
        setattr(made, f"_warn_{warning}", False)
    return made
