"""How quick this computer's processor is, and how much memory it has.

The task `measure-processor THREADS` measures and prints the speed: in a process of its own, since how many
threads numpy takes for one product is chosen when it is loaded.
"""

import logging
import platform
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import numpy as np

from app.paths import cache_folder
from app.processes.launcher import StartError, run
from app.processes.machine_memory import memory
from app.runtime.measured import read_object, write_object
from app.runtime.sessions.thread_count import background_threads

__all__ = ["known_matrix_speed", "matrix_speed", "memory"]

logger = logging.getLogger(__name__)

TYPICAL_GFLOPS = 50.0
"""Of one thread of an ordinary computer."""

_SECONDS = 0.25
_LEAST = 20
"""Products at least, so that on a busy computer some of them are not interrupted."""
_ROWS, _WIDTH = 128, 768
"""Of the product, which takes a millisecond or two."""
_PATIENCE = 60.0
"""Seconds that measuring may take on a busy computer."""


def matrix_speed(cache: Path | None = None) -> float:
    """Speed of float32 matrix products on as many threads as encoding uses, in GFLOP/s.

    Measured once, which takes half a second, and remembered in the cache; where that cannot be done now, a
    typical one.

    Args:
        cache: folder to keep it in; the program's own where None.
    """
    file, key = _kept_in(cache)
    if (known := _read(file, key)) is not None:
        return known
    try:
        measured = run("measure-processor", str(background_threads()), seconds=_PATIENCE)
        gflops = float(measured.stdout)
    except (StartError, TimeoutError, ValueError) as error:  # measured again next time
        logger.warning("the processor's speed could not be measured: %r", error)
        return TYPICAL_GFLOPS * background_threads()
    write_object(file, {"key": key, "gflops": gflops})
    return gflops


def known_matrix_speed(cache: Path | None = None) -> float:
    """The same as it was measured before, a typical one where it was not; nothing is measured.

    Args:
        cache: folder where it is kept; the program's own where None.
    """
    return _read(*_kept_in(cache)) or TYPICAL_GFLOPS * background_threads()


def measure(threads: int, seconds: float = _SECONDS) -> float:
    """Speed of float32 matrix products on so many threads at once, in GFLOP/s.

    The sum of each thread's best: what was interrupted does not count, what the threads take from each other
    (two on one core) does. For a process where numpy has one thread.
    """
    start = threading.Barrier(threads)
    with ThreadPoolExecutor(threads) as pool:
        return sum(pool.map(_best, [start] * threads, [seconds] * threads))


def _best(start: threading.Barrier, seconds: float) -> float:
    random = np.random.default_rng(0)
    left = random.standard_normal((_ROWS, _WIDTH), dtype=np.float32)
    right = random.standard_normal((_WIDTH, _WIDTH), dtype=np.float32)
    product = left @ right
    best, done = float("inf"), 0
    start.wait()
    end = time.perf_counter() + seconds
    while (began := time.perf_counter()) < end or done < _LEAST:
        np.matmul(left, right, out=product)
        best = min(best, time.perf_counter() - began)
        done += 1
    return 2 * _ROWS * _WIDTH * _WIDTH / best / 1e9


def _kept_in(cache: Path | None) -> tuple[Path, str]:
    """The file that remembers the speed, and what it was measured on."""
    key = f"{platform.node()} {platform.machine()} {background_threads()} numpy {np.__version__}"
    return (cache or cache_folder()) / "processor.json", key


def _read(file: Path, key: str) -> float | None:
    with suppress(ValueError, KeyError, TypeError, OverflowError):
        known = read_object(file)
        if known["key"] == key and 0 < float(known["gflops"]) < float("inf"):
            return float(known["gflops"])
    return None


def main() -> None:
    """Measure on as many threads as the command line says, and print the speed."""
    print(measure(int(sys.argv[1])))  # noqa: T201 (read by `matrix_speed`)
