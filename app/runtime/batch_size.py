"""How many frames an accelerator takes at once: measured, and remembered.

On the processor it is not measured: from 16 on the throughput no longer grows, memory does.
"""

import hashlib
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from app.runtime.measured import read_object, write_object
from app.runtime.sessions.onnx_sessions import GraphMemoryError

BATCH = 16
"""Frames per run on the processor, and the least that is tried elsewhere."""

CANDIDATES = (16, 32, 64, 128, 256)
WORTH = 1.05
"""A larger batch must be this many times as quick to be worth its memory."""
_REPEATS = 3
_CHANGE = 2.0
"""A change of size that makes a run this many times as long is avoided."""


@dataclass(frozen=True, slots=True)
class DeviceBatch:
    """How a graph is run on a device."""

    rows: int
    """Per run, at most."""
    fixed: bool
    """Whether fewer rows are filled up to `rows`: changing the size costs more than computing them all. CUDA
    plans every convolution anew whenever the size changes, half a second for a network of fifty."""


def measure_batch(
    run: Callable[[int], object], *, clock: Callable[[], float] = time.perf_counter
) -> DeviceBatch:
    """The smallest of `CANDIDATES` beyond which throughput no longer grows, and whether to keep to it.

    Args:
        run: runs the graph once on so many rows; may raise GraphMemoryError.
        clock: seconds.

    Raises:
        GraphMemoryError: not even the smallest fits.
    """
    best, best_rate = CANDIDATES[0], 0.0
    for batch in CANDIDATES:
        try:
            rate = batch / _shortest(run, batch, clock)
        except GraphMemoryError:
            if batch == CANDIDATES[0]:
                raise
            break
        if rate < WORTH * best_rate:
            break
        best, best_rate = batch, rate
    run(1)
    started = clock()
    run(best)
    back = clock() - started
    return DeviceBatch(best, back > _CHANGE * best / best_rate)


def _shortest(run: Callable[[int], object], batch: int, clock: Callable[[], float]) -> float:
    """Seconds of a run, the least of a few after one that may allocate and choose kernels."""
    run(batch)
    took = []
    for _ in range(_REPEATS):
        started = clock()
        run(batch)
        took.append(clock() - started)
    return max(min(took), 1e-9)


class BatchMemory:
    """The measured batches of graphs on devices, in one file of the cache folder."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "device-batches.json"

    def get(self, *what: str) -> DeviceBatch | None:
        """The batch for `what` (graph, device, versions), None where it was not measured."""
        match read_object(self._file).get(_key(what)):
            case {"rows": int(rows), "fixed": bool(fixed)} if 1 <= rows <= CANDIDATES[-1]:
                return DeviceBatch(rows, fixed)
        return None

    def put(self, batch: DeviceBatch, *what: str) -> None:
        """Remember a batch; where the folder cannot be written, it is measured again."""
        write_object(self._file, read_object(self._file) | {_key(what): asdict(batch)})


def _key(what: tuple[str, ...]) -> str:
    return hashlib.sha256("\n".join(what).encode()).hexdigest()[:16]
