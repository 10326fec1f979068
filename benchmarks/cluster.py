"""What a cluster costs and gains: the same videos by one process, and by two nodes of one core each, here.

    python -m benchmarks.cluster [--folder FOLDER] [--runs N]

Both have the same two cores, so that a cluster cannot win: what it costs is the difference. Processor seconds
are those of all processes, looked up four times a second; wall time is of the whole command. Needs ray.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

import click
import psutil  # type: ignore[import-untyped]

from benchmarks.retrieval import CLIPS

_LOOK = 0.25
_STORE = 200 << 20
_KINDS = {"ray::": "tasks and actors", "app --run": "decoding children", "app index": "committing process"}


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one run; seconds."""

    videos: int
    wall: float
    took: float
    """As the run itself says: without the start of the program, and of Ray's connection."""
    processor: dict[str, float]
    """By kind of process."""

    @property
    def total(self) -> float:
        """Processor seconds of all processes."""
        return sum(self.processor.values())


class _Meter(threading.Thread):
    """Adds up the processor seconds of processes and all that they start."""

    def __init__(self, roots: Sequence[int]) -> None:
        super().__init__(daemon=True)
        self._roots = roots
        self._over = threading.Event()
        self._first: dict[int, float] = {}
        self._last: dict[int, tuple[str, float]] = {}
        self._look(begun=True)

    def run(self) -> None:
        while not self._over.wait(_LOOK):
            self._look()

    def end(self) -> dict[str, float]:
        """Seconds by kind."""
        self._over.set()
        self.join()
        found: dict[str, float] = {}
        for pid, (kind, seconds) in self._last.items():
            found[kind] = found.get(kind, 0.0) + seconds - self._first.get(pid, 0.0)
        return found

    def watch(self, pid: int) -> None:
        """One more, from its start."""
        self._roots = [*self._roots, pid]

    def _look(self, *, begun: bool = False) -> None:
        for root in self._roots:
            try:
                parent = psutil.Process(root)
                for process in (parent, *parent.children(recursive=True)):
                    self._note(process, begun=begun)
            except psutil.NoSuchProcess:
                continue

    def _note(self, process: psutil.Process, *, begun: bool) -> None:
        try:
            times, words = process.cpu_times(), " ".join(process.cmdline())
        except psutil.Error:
            return
        seconds = times.user + times.system
        kind = next((name for part, name in _KINDS.items() if part in words), "all else")
        self._last[process.pid] = (kind, seconds)
        if begun:
            self._first[process.pid] = seconds


def run_index(folder: Path, cluster: "tuple[str, int] | None") -> Cost:
    """Index `folder` into a fresh library.

    Args:
        folder: of videos.
        cluster: address, and id of the process whose descendants the nodes are.
    """
    with tempfile.TemporaryDirectory() as library:
        options = [] if cluster is None else ["--cluster", cluster[0]]
        meter = _Meter([] if cluster is None else [cluster[1]])
        meter.start()
        began = monotonic()
        process = subprocess.Popen(
            [sys.executable, "-m", "app", "index", str(folder), "--library", library, "--json", *options],
            stdout=subprocess.PIPE,
            text=True,
        )
        meter.watch(process.pid)
        assert process.stdout is not None
        said = [json.loads(line) for line in process.stdout]
        assert process.wait() == 0, said[-2:]
        wall = monotonic() - began
        return Cost(said[-1]["indexed"], wall, said[-1]["took"], meter.end())


@contextmanager
def two_nodes() -> Iterator[tuple[str, int]]:
    """Two nodes of one core each; their address, and the process that holds them."""
    with tempfile.TemporaryDirectory(prefix="r", dir="/tmp") as short:
        holder = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.cluster", "--hold"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=os.environ | {"RAY_USAGE_STATS_ENABLED": "0", "RAY_TMPDIR": short},
        )
        assert holder.stdin is not None
        assert holder.stdout is not None
        try:
            yield holder.stdout.readline().split()[-1], holder.pid
        finally:
            holder.stdin.close()
            holder.wait()


def _hold() -> None:
    own = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # Ray prints there too
    from ray.cluster_utils import Cluster  # noqa: PLC0415 - an extra

    node = {"num_cpus": 1, "object_store_memory": _STORE, "include_dashboard": False}
    cluster = Cluster(initialize_head=True, head_node_args=node)
    cluster.add_node(**node)
    print(cluster.address, file=own, flush=True)
    sys.stdin.read()
    cluster.shutdown()


@click.command()
@click.option("--folder", type=click.Path(path_type=Path), default=CLIPS)
@click.option("--runs", default=3, show_default=True)
@click.option("--hold", is_flag=True, hidden=True)
def main(folder: Path, runs: int, *, hold: bool) -> None:
    """Compare a cluster on this computer with one process."""
    if hold:
        _hold()
        return
    with two_nodes() as cluster:
        for name, where in (("one process", None), ("two nodes", cluster)):
            costs = [run_index(folder, where) for _ in range(runs)]
            middle = statistics.median_low([cost.total for cost in costs])
            cost = next(each for each in costs if each.total == middle)
            kinds = ", ".join(f"{kind} {seconds:.1f}" for kind, seconds in sorted(cost.processor.items()))
            click.echo(f"{name}: {cost.videos} videos, processor {cost.total:.1f} s ({kinds})")
            least = min(each.total for each in costs)
            click.echo(
                f"    the run {cost.took:.1f} s, the command {cost.wall:.1f} s; least processor {least:.1f} s"
            )


if __name__ == "__main__":
    main()
