"""How many frames an accelerator takes at once: measured, and remembered.

On the processor it is not measured: from 16 on the throughput no longer grows, memory does.
"""

import hashlib
import time
from collections.abc import Callable
from pathlib import Path

from app.runtime.measured import read_object, write_object
from app.runtime.onnx_sessions import GraphMemoryError

BATCH = 16
"""Frames per run on the processor, and the least that is tried elsewhere."""

CANDIDATES = (16, 32, 64, 128, 256)
WORTH = 1.05
"""A larger batch must be this many times as quick to be worth its memory."""
_REPEATS = 3


def measure_batch(run: Callable[[int], object], *, clock: Callable[[], float] = time.perf_counter) -> int:
    """The smallest of `CANDIDATES` beyond which throughput no longer grows.

    Args:
        run: runs the graph once on so many rows; may raise GraphMemoryError.
        clock: seconds.

    Raises:
        GraphMemoryError: not even the smallest fits.
    """
    best, best_rate = CANDIDATES[0], 0.0
    for batch in CANDIDATES:
        try:
            rate = _rate(run, batch, clock)
        except GraphMemoryError:
            if batch == CANDIDATES[0]:
                raise
            break
        if rate < WORTH * best_rate:
            break
        best, best_rate = batch, rate
    return best


def _rate(run: Callable[[int], object], batch: int, clock: Callable[[], float]) -> float:
    """Rows per second, the best of a few runs after one that may allocate and choose kernels."""
    run(batch)
    took = []
    for _ in range(_REPEATS):
        started = clock()
        run(batch)
        took.append(clock() - started)
    return batch / max(min(took), 1e-9)


class BatchMemory:
    """The measured batches of graphs on devices, in one file of the cache folder."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "batches.json"

    def get(self, *what: str) -> int | None:
        """The batch for `what` (graph, device, versions), None where it was not measured."""
        batch = read_object(self._file).get(_key(what))
        return batch if isinstance(batch, int) and 1 <= batch <= CANDIDATES[-1] else None

    def put(self, batch: int, *what: str) -> None:
        """Remember a batch; where the folder cannot be written, it is measured again."""
        write_object(self._file, read_object(self._file) | {_key(what): batch})


def _key(what: tuple[str, ...]) -> str:
    return hashlib.sha256("\n".join(what).encode()).hexdigest()[:16]
