"""Coverage of what is forked, where the tests are measured: once for each process, and not for what forks.

Left to coverage.py's own patches, a process that forks is measured, so is the one that waits for the forked
one, and each writes down again what the one before it did: that took three times as long as the tests.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

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
        import coverage  # noqa: PLC0415 - only where something is measured

        os.environ[_ASKED] = config
        coverage.process_startup(force=True)


def _coverage(config: str) -> Any:
    """One that changes nothing in this process."""
    import coverage  # noqa: PLC0415

    made = coverage.Coverage(config_file=f":data:{config}", data_suffix=True)
    made.config.patch = []
    for warning in ("no_data", "unimported_source", "preimported_source"):
        setattr(made, f"_warn_{warning}", False)
    return made
