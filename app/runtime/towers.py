"""One tower of a bundle at work: the variant and the provider chosen, memory given back, failures survived.

The policy, in one place for every session:

1. The image tower goes to the provider that `choose_provider` names, as the variant that suits it. A provider
   that cannot open the graph, or gives other vectors than the processor, is left for the processor; half
   precision that does so (its range ends at 65,504) first for full precision there.
2. Too little memory for a batch halves the batch; too little for one row, or any other failure there, leaves
   an accelerator for the processor, half precision for full. What worked is kept.
3. Whatever was left, `fallback` says why.
4. Where a change of the batch's size costs an accelerator more than the rows do, all have one size.
5. `release` drops the session; the next use opens it again, and begins with 1. Whatever is opened again is
   verified again: the file may be another one by then.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from app.bundle.encoder_bundle import EncoderBundle
from app.bundle.variants import Tower, Variant, variant_for
from app.errors import ModelError
from app.paths import cache_folder
from app.runtime.batch_size import BATCH, BatchMemory, DeviceBatch, measure_batch
from app.runtime.sessions.onnx_runtime import ort
from app.runtime.sessions.onnx_sessions import Graph, GraphMemoryError, open_graph
from app.runtime.sessions.providers import ProviderChoice

logger = logging.getLogger(__name__)

LOWEST_COSINE = 0.999
"""Between vectors of an accelerator, in half precision or full, and float32 ones of the processor."""
_COMPARED = 8
"""Rows that are compared."""

Rows = NDArray[np.uint8] | NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _State:
    """What is said of a session, also when it was dropped."""

    provider: str
    device: str
    variant: Variant
    fallback: str


@dataclass(frozen=True, slots=True)
class _Opened:
    graph: Graph
    choice: ProviderChoice
    state: _State


class OpenTower:
    """A tower with its session. Thread-safe.

    Args:
        bundle: a verified bundle.
        tower: which.
        choose: names the provider; called whenever the session is opened, may take seconds.
        batch: rows per run; on an accelerator it is measured with `example`, where that is given.
        example: makes an input of so many rows.
        variant: use this one where the tower has it, whatever the policy says.
        threads: as in `open_graph`.

    Raises:
        ModelError: the graph cannot be used. ValueError: fp16 was asked for on the processor.
    """

    def __init__(
        self,
        bundle: EncoderBundle,
        tower: Tower,
        *,
        choose: Callable[[], ProviderChoice],
        batch: int = BATCH,
        example: Callable[[int], Rows] | None = None,
        variant: Variant | None = None,
        threads: int | None = None,
    ) -> None:
        self._bundle, self._tower, self._choose = bundle, tower, choose
        self._wanted, self._example = variant, example
        self.threads = threads
        """As in `open_graph`; holds when the session is opened."""
        self._usual = self._batch = batch
        self._fixed = False
        self._lock = threading.RLock()
        self._now: _Opened | None = None
        self._verified = True  # the bundle was just now
        self._state = self._open().state
        self._verified = False

    @property
    def provider(self) -> str:
        """Where it runs, as the session reported."""
        return self._state.provider

    @property
    def device(self) -> str:
        """Name of the accelerator it runs on, empty for the processor and where it is not known."""
        return self._state.device

    @property
    def variant(self) -> Variant:
        """Which variant runs."""
        return self._state.variant

    @property
    def fallback(self) -> str:
        """Why nothing better runs, one sentence; empty where the best there is does."""
        return self._state.fallback

    @property
    def batch(self) -> int:
        """Rows per run."""
        return self._batch

    def run(self, count: int, rows: Callable[[int, int], Rows]) -> NDArray[np.float32]:
        """Run the tower on `count` rows, in batches.

        Args:
            count: how many.
            rows: gives the rows from a first to before a last one; may be asked for some again.

        Returns:
            (count, D) float32.

        Raises:
            ModelError: the graph cannot be run, also not with one row on the processor; or it has to be
                opened again and is not the verified file any more.
        """
        result = np.empty((count, self._bundle.embedding_width), dtype=np.float32)
        done = 0
        while done < count:
            opened = self._open()
            batch = min(self._batch, count - done)
            size = max(batch, self._batch) if self._fixed else batch
            try:
                given = filled_up(rows(done, done + batch), size)
                result[done : done + batch] = opened.graph.run(given)[:batch]
            except ModelError as error:
                halves = size > 1 and isinstance(error, GraphMemoryError)
                if not halves and (opened.graph.provider == "CPU" or self._wanted == "fp16"):
                    raise
                self._fall_back(opened, size, error)
            else:
                done += batch
        return result

    def release(self) -> None:
        """Drop the session and its memory, once nobody runs it any more; the next use opens it again."""
        with self._lock:
            self._now = None

    def _open(self) -> _Opened:
        with self._lock:
            if self._now is None:
                self._now = self._open_best(self._choose())
                self._state = self._now.state
            return self._now

    def _open_best(self, choice: ProviderChoice) -> _Opened:
        if choice.name == "CPU":
            return self._open_on(choice)
        try:
            opened = self._open_on(choice)
            self._take(self._measured_batch(opened))
        except ModelError as error:
            return self._open_less(choice, error)
        return opened

    def _open_less(self, choice: ProviderChoice, error: ModelError) -> _Opened:
        """What was chosen does not run: full precision on the same provider instead of half, else the
        processor."""
        logger.warning("the %s tower does not run on %s: %s", self._tower, choice.name, error)
        if self._wanted is None and self._suits(choice) == "fp16":
            reason = f"{choice.name} does not run this model in half precision: {error.sentence}"
            try:
                opened = self._open_on(replace(choice, reason=reason), "float32")
                self._take(self._measured_batch(opened))
            except ModelError as also:
                error = also
            else:
                return opened
        return self._open_on(
            ProviderChoice("CPU", f"{choice.name} does not run this model: {error.sentence}")
        )

    def _suits(self, choice: ProviderChoice) -> Variant:
        return variant_for(self._tower, choice.name, self._bundle.variants, self._bundle.parity)

    def _open_on(self, choice: ProviderChoice, variant: Variant | None = None) -> _Opened:
        bundle = self._bundle
        variant = variant or self._wanted or self._suits(choice)
        if variant == "fp16" and choice.name == "CPU":
            raise ValueError("ONNX Runtime's CPU provider crashes on fp16 graphs")
        name = bundle.variants.get(variant, {}).get(self._tower)
        if name is None:
            name, variant = f"{self._tower}.onnx", "float32"
        graph = self._open_file(name, choice)
        if choice.name == "CPU":
            self._take(DeviceBatch(self._usual, fixed=False))
        return _Opened(graph, choice, _State(graph.provider, choice.device, variant, choice.reason))

    def _open_file(self, name: str, choice: ProviderChoice) -> Graph:
        bundle = self._bundle
        if not self._verified:
            bundle.check(name)
        return open_graph(
            bundle.file(name),
            width=bundle.embedding_width,
            threads=self.threads,
            choice=choice,
            data=bundle.data_of(name),
        )

    def _take(self, batch: DeviceBatch) -> None:
        self._batch, self._fixed = batch.rows, batch.fixed

    def _measured_batch(self, opened: _Opened) -> DeviceBatch:
        if (example := self._example) is None:
            return DeviceBatch(self._usual, fixed=False)
        choice = opened.choice
        digest = self._bundle.hashes[opened.graph.name]
        known, what = BatchMemory(cache_folder()), (digest, choice.name, choice.device, ort.__version__)
        batch = known.get(*what)
        if batch is None:
            self._compare(opened.graph, example(_COMPARED))
            batch = measure_batch(lambda count: opened.graph.run(example(count)))
            opened.graph.run(example(1), shrink=True)
            known.put(batch, *what)
        return batch

    def _compare(self, graph: Graph, rows: Rows) -> None:
        """See that an accelerator gives the processor's vectors, once before it is used for a graph.

        Raises:
            ModelError: it does not.
        """
        plain = self._open_file(f"{self._tower}.onnx", ProviderChoice("CPU"))
        expected, given = plain.run(rows).astype(np.float64), graph.run(rows).astype(np.float64)
        lengths = np.linalg.norm(expected, axis=1) * np.linalg.norm(given, axis=1)
        cosine = float(((expected * given).sum(1) / np.maximum(lengths, 1e-12)).min())
        if cosine < LOWEST_COSINE:
            raise ModelError(
                f"{graph.name} gives other vectors there than on the processor (cosine {cosine:.3f}).",
                "Update the driver of the graphics card.",
            )

    def _fall_back(self, opened: _Opened, batch: int, error: ModelError) -> None:
        """`batch` rows failed: halve them where memory lacked, or leave the accelerator."""
        with self._lock:
            if self._now is not opened:  # somebody else saw to it meanwhile
                return
            lacking = isinstance(error, GraphMemoryError)
            if lacking and batch > 1:
                self._batch = min(self._batch, batch // 2)
                logger.warning("not enough memory for %d rows: %d from now on", batch, self._batch)
            elif not lacking and opened.state.variant == "fp16":
                self._now = self._open_less(opened.choice, error)
                self._state = self._now.state
            else:
                what = "ran out of memory." if lacking else f"failed: {error.sentence}"
                reason = f"{opened.graph.provider} {what}"
                self._now = self._open_on(ProviderChoice("CPU", reason))
                self._state = self._now.state
                logger.warning("%s The %s tower runs on the processor now.", reason, self._tower)


def filled_up(rows: Rows, size: int) -> Rows:
    """`rows` (N, ...) with its last one repeated until there are `size` of them."""
    if len(rows) == size:
        return rows
    return np.concatenate([rows, np.repeat(rows[-1:], size - len(rows), axis=0)])
