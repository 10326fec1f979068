"""A Ray cluster of two nodes on this computer, in a process of its own: two raylets, one core each.

The process is told on stdin: `kill` ends the second node as a power cut does, an end of the file ends all.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[2]
_STORE = 80 << 20
_SECONDS = 60
QUIET = {"RAY_USAGE_STATS_ENABLED": "0", "RAY_DEDUP_LOGS": "0", "PYTHONWARNINGS": "ignore"}
_ALONE = {"no_monitor": True, "include_log_monitor": False}
"""Nothing that starts more nodes or passes on what workers print."""
_BUSY_SECONDS = 30.0
"""That a node may take until it reads a video."""


@dataclass(frozen=True, slots=True)
class LocalCluster:
    """A cluster that runs."""

    address: str
    process: "subprocess.Popen[str]"

    def kill_second(self) -> bool:
        """End the node that is not the head with all its processes, as soon as it reads a video.

        Returns whether it did.
        """
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write("kill\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().strip() == "killed True"

    def encoders(self) -> int:
        """How many encoder actors run on it."""
        every = [process.info["cmdline"] or [] for process in psutil.process_iter(["cmdline"])]
        return sum("ray::EncoderActor" in " ".join(words) for words in every)


@contextmanager
def local_cluster(home: Path, *, cards: int = 0) -> Iterator[LocalCluster]:
    """Two nodes until the block ends.

    Args:
        home: where their tasks find models, and leave what they keep.
        cards: graphics cards that the second claims to have.
    """
    with tempfile.TemporaryDirectory(prefix="r", dir="/tmp") as short:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.cluster.local_cluster", str(cards)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            cwd=ROOT,
            env=os.environ
            | QUIET
            | {"REELFIND_HOME": str(home), "PYTHONPATH": str(ROOT), "RAY_TMPDIR": short},
        )
        assert process.stdout is not None
        assert process.stdin is not None
        try:
            said = process.stdout.readline().split()
            assert said[:1] == ["ready"], said
            yield LocalCluster(said[1], process)
        finally:
            process.stdin.close()
            process.wait(_SECONDS)
            process.stdout.close()


def _serve(cards: int) -> None:
    from ray.cluster_utils import Cluster  # noqa: PLC0415 - an extra

    usual = {"num_cpus": 1, "object_store_memory": _STORE, "include_dashboard": False}
    health = {
        "health_check_initial_delay_ms": 2000,
        "health_check_period_ms": 1000,
        "health_check_timeout_ms": 5000,
    }
    workers = {"enable_worker_prestart": False, "prestart_worker_first_driver": False}
    head = usual | _ALONE | {"_system_config": health | workers}
    cluster = Cluster(initialize_head=True, head_node_args=head)
    second = cluster.add_node(**(usual | {"num_gpus": cards}))
    try:
        _say(f"ready {cluster.address}")
        for line in sys.stdin:
            if line.strip() == "kill":
                raylet = psutil.Process(second.all_processes["raylet"][0].process.pid)
                until = time.monotonic() + _BUSY_SECONDS
                while not (busy := _reads(raylet)) and time.monotonic() < until:
                    time.sleep(0.01)
                cluster.remove_node(second, allow_graceful=False)
                _say(f"killed {busy}")
    finally:
        cluster.shutdown()


def _reads(raylet: psutil.Process) -> bool:
    """Whether a process of a node is reading a video: it has a decoding child."""
    with suppress(psutil.NoSuchProcess):
        return any(
            "ray::" in " ".join(worker.cmdline()) and "IDLE" not in " ".join(worker.cmdline())
            for worker in raylet.children()
            if any("decode" in child.cmdline() for child in worker.children())
        )
    return False


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    _own = os.dup(1)
    os.dup2(2, 1)  # Ray prints there too
    sys.stdout = os.fdopen(_own, "w")
    _serve(int(sys.argv[1]))
