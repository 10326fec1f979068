"""A Ray cluster that this computer is a node of, as who reads videos and encodes their frames."""

import logging
import os
import re
import signal
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from app import __version__
from app.bundle.encoder_bundle import EncoderBundle
from app.catalogue.records import Video
from app.cluster.cluster_errors import ClusterError, EncodersLostError, TaskLostError
from app.cluster.cluster_stage import ClusterStage
from app.cluster.encoder_actor import EncoderActor, EncoderLostError
from app.cluster.home_actor import THREADS, HomeActor
from app.cluster.node_tasks import NodeFacts, describe_node, read_video
from app.cluster.read_request import ReadRequest
from app.errors import ReelfindError, UsageError
from app.extras import install_command
from app.indexing.stages.decode_stages import StageContext, VideoStage
from app.media.frames import Sampling

logger = logging.getLogger(__name__)

EXTRA = "cluster"
MEMORY = 1 << 30
"""Bytes that a task is counted as, its decoding child included: Ray puts no more on a node than fit."""
RETRIES = 3
"""Times that Ray repeats an attempt whose node or process was lost."""
_ADDRESS = re.compile(r"(\[[0-9a-fA-F:.]+\]|[\w.-]+):(\d{1,5})")
_CONNECT_SECONDS = 5.0
_PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes((0, 0, 0, 4, 0, 0, 0, 0, 0))
_FRAME_HEADER, _FRAME_TYPE, _SETTINGS = 9, 3, 4
"""Bytes, a place among them, and the value there of the frame that both sides begin with."""
_ANSWER_SECONDS = 120.0
"""That a node may take to say what it has: it starts a process for that."""
_ALIVE_SECONDS = 10.0
"""That an encoder may take to answer: it may be busy with a batch."""
_QUIET = {
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_DEDUP_LOGS_SKIP_REGEX": ".",  # what Ray would print between our lines, and into our JSON
}


@contextmanager
def connected(address: str) -> "Iterator[RayCluster]":
    """The cluster at `address`, until the block ends. On the main thread.

    Args:
        address: `HOST:PORT` of its head, or `auto` for the one that this computer is a node of.

    Raises:
        UsageError: it is no address.
        ClusterError: it cannot be reached, or this computer is no node of it.
        ReelfindError: the extra is absent.
    """
    check_address(address)
    os.environ.update(_QUIET)  # before Ray is loaded
    try:
        import ray  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise ReelfindError(
            "Indexing on a cluster needs packages that are not installed.",
            f"Install them: {install_command(EXTRA)}",
        ) from error
    with _own_signals():
        try:
            ray.init(address, log_to_driver=False, configure_logging=False)
        except (ConnectionError, RuntimeError, ValueError, OSError, TimeoutError) as error:
            logger.warning("Ray at %s: %s", address, error)
            raise _why_not(address, error) from error
    try:
        yield RayCluster(ray)
    finally:
        with _own_signals():
            ray.shutdown()


def check_address(address: str) -> None:
    """See that there may be a cluster at `address`, before Ray waits for it.

    Raises:
        UsageError: it is no address.
        ClusterError: nobody listens there, or something that is no head of a cluster: Ray itself would try
            again for minutes.
    """
    if address == "auto":
        return
    found = _ADDRESS.fullmatch(address)
    if found is None or not 0 < int(found[2]) < 1 << 16:
        raise UsageError(
            f"{address!r} is no address of a Ray cluster.",
            "Name its head as HOST:PORT, as “ray start --head” printed it, or auto.",
        )
    try:
        is_head = _speaks_grpc(found[1].strip("[]"), int(found[2]))
    except OSError as error:
        raise ClusterError(
            f"No Ray cluster answers at {address}: {error.strerror or error}.",
            "Start one: ray start --head --disable-usage-stats",
        ) from error
    if not is_head:
        raise ClusterError(
            f"What answers at {address} is no head of a Ray cluster.",
            "Name HOST:PORT as “ray start --head” printed it.",
        )


def _speaks_grpc(host: str, port: int) -> bool:
    """Whether an HTTP/2 server answers there, which Ray's head is (RFC 9113, section 3.4).

    Raises:
        OSError: nobody listens.
    """
    with socket.create_connection((host, port), _CONNECT_SECONDS) as connection:
        if os.environ.get("RAY_USE_TLS", "0") == "1":
            return True
        try:
            connection.sendall(_PREFACE)
            answer = connection.recv(_FRAME_HEADER)
        except OSError:
            return False
    return len(answer) > _FRAME_TYPE and answer[_FRAME_TYPE] == _SETTINGS


class RayCluster:
    """What this program asks of Ray. `Workers` for an `Indexer`. Thread-safe, as Ray is.

    Args:
        ray: the package, connected.
    """

    def __init__(self, ray: Any) -> None:
        from ray import exceptions  # noqa: PLC0415
        from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy  # noqa: PLC0415

        self._ray, self._exceptions, self._affinity = ray, exceptions, NodeAffinitySchedulingStrategy
        self._here = ray.get_runtime_context().get_node_id()
        self._read = ray.remote(read_video)
        self._lock = threading.Lock()
        self._home: Any = None

    def stages(
        self, videos: Sequence[Video], bundle: EncoderBundle, sampling: Sampling, context: StageContext
    ) -> Sequence[VideoStage]:
        """One stage, which hands out all of them; see `Workers`."""
        return [ClusterStage(self, videos, bundle, sampling, context)]

    @property
    def home(self) -> Any:
        """Handle of the `HomeActor` on this computer."""
        with self._lock:
            if self._home is None:
                actor = self._ray.remote(HomeActor)
                self._home = actor.options(
                    num_cpus=0,
                    max_concurrency=THREADS,
                    max_restarts=-1,
                    max_task_retries=-1,
                    scheduling_strategy=self._affinity(self._here, soft=False),
                ).remote()
            return self._home

    def cores(self) -> int:
        """Tasks that the nodes which are there now take at once."""
        resources = [node["Resources"] for node in self._ray.nodes() if node["Alive"]]
        return sum(int(min(each.get("CPU", 0), each.get("memory", 0) // MEMORY)) for each in resources)

    def check_nodes(self, identity: str) -> list[NodeFacts]:
        """See that every node that would get tasks can do them.

        Args:
            identity: of the model.

        Raises:
            ClusterError: one cannot, or there is none.
        """
        describe = self._ray.remote(describe_node)
        asked = {
            describe.options(
                num_cpus=0,
                max_retries=RETRIES,
                scheduling_strategy=self._affinity(node["NodeID"], soft=False),
            ).remote(identity): node["NodeManagerAddress"]
            for node in self._ray.nodes()
            if node["Alive"] and node["Resources"].get("CPU", 0) >= 1
        }
        if not asked:
            raise ClusterError(
                "No computer of the cluster has a processor for tasks.",
                "Let one join: ray start --address=HOST:PORT",
            )
        return [self._checked(ref, address) for ref, address in asked.items()]

    def _checked(self, ref: Any, address: str) -> NodeFacts:
        try:
            facts: NodeFacts = self._ray.get(ref, timeout=_ANSWER_SECONDS)
        except self._exceptions.GetTimeoutError as error:
            raise ClusterError(
                f"The computer {address} of the cluster does not answer.", "Restart Ray on it."
            ) from error
        except self._exceptions.RayTaskError as error:
            logger.warning("%s: %s", address, error)
            raise ClusterError(
                f"Reelfind cannot be used on the computer {address} of the cluster.",
                "Install it there, in the environment that Ray was started from. The log has the details.",
            ) from error
        except self._exceptions.RayError as error:
            logger.warning("%s was lost while it was asked: %s", address, error)
            return NodeFacts(address, __version__)  # it does no tasks either
        name = facts.name or address
        if facts.version != __version__:
            raise ClusterError(
                f"Reelfind {facts.version} runs on {name}, and {__version__} here.",
                "Install the same version on all computers of the cluster.",
            )
        if facts.problem:
            raise ClusterError(f"{name} cannot index: {facts.problem.rstrip('.')}.", facts.advice)
        return facts

    def encoders(self, identity: str) -> list[Any]:
        """An actor for each graphics card of the cluster; none where there is no card.

        Raises:
            ClusterError: the model cannot be opened there.
        """
        cards = int(self._ray.cluster_resources().get("GPU", 0))
        actor = self._ray.remote(EncoderActor)
        made = [actor.options(num_cpus=0, num_gpus=1).remote(identity) for _ in range(cards)]
        try:
            for where in self._ray.get([one.where.remote() for one in made], timeout=_ANSWER_SECONDS):
                logger.info("frames are encoded on %s", where)
        except self._exceptions.RayError as error:
            logger.warning("%s", error)
            raise ClusterError(
                "The model cannot be opened on the graphics cards of the cluster.",
                "The log has the details. Without cards: ray start --num-gpus=0",
            ) from error
        return made

    def living(self, actors: Sequence[Any]) -> list[Any]:
        """Those of some encoder actors that answer."""
        asked = {actor.where.remote(): actor for actor in actors}
        if not asked:
            return []
        answered, _ = self._ray.wait(list(asked), num_returns=len(asked), timeout=_ALIVE_SECONDS)
        return [asked[ref] for ref in answered if self.peek(ref) is not None]

    def submit(self, request: ReadRequest, attempt: str, actors: list[Any]) -> Any:
        """Hand a task to Ray; returns the reference of its shard."""
        return self._read.options(
            name=f"read {request.video.path.name}",
            num_cpus=1,
            memory=MEMORY,
            max_retries=RETRIES,
        ).remote(request, attempt, self.home, actors)

    def wait(self, refs: list[Any], seconds: float) -> list[Any]:
        """Those that are done, after at most so many seconds."""
        done, _ = self._ray.wait(refs, num_returns=1, timeout=seconds, fetch_local=False)
        if done:  # perhaps more of them by now
            done, _ = self._ray.wait(refs, num_returns=len(refs), timeout=0, fetch_local=False)
        return list(done)

    def fetch(self, ref: Any) -> bytes:
        """The shard behind a reference.

        Raises:
            TaskLostError: there is none, and another attempt may give one.
            ClusterError: the node cannot run this program.
        """
        try:
            return bytes(self._ray.get(ref, timeout=_ANSWER_SECONDS))
        except self._exceptions.RayTaskError as error:
            if isinstance(error.cause, EncoderLostError):
                raise EncodersLostError(str(error.cause)) from error
            if isinstance(error.cause, ImportError):
                raise ClusterError(
                    f"Reelfind cannot be used on a computer of the cluster: {error.cause}.",
                    "Install it there, in the environment that Ray was started from.",
                ) from error
            raise TaskLostError(str(error)) from error
        except self._exceptions.RayError as error:
            raise TaskLostError(str(error).splitlines()[0] if str(error) else type(error).__name__) from error

    def peek(self, ref: Any) -> Any | None:
        """What a reference holds; None where it is not there yet, or was lost."""
        try:
            return self._ray.get(ref, timeout=0)
        except self._exceptions.RayError:
            return None

    def cancel(self, ref: Any) -> None:
        """End an attempt with its process, which may hang."""
        with suppress(self._exceptions.RayError, ValueError):
            self._ray.cancel(ref, force=True)

    def explain(self, error: BaseException) -> BaseException:
        """In a sentence, where it is Ray that does not go on; the error itself otherwise."""
        if isinstance(error, self._exceptions.RayError | ConnectionError):
            logger.warning("Ray does not go on", exc_info=error)
            return ClusterError(
                "The cluster does not answer any more.",
                "See how it is with: ray status. Indexing then goes on where it was.",
            )
        return error


def _why_not(address: str, error: Exception) -> ClusterError:
    """Why Ray does not connect, in a sentence."""
    if "Version mismatch" in str(error):
        return ClusterError(
            f"The cluster at {address} has another version of Ray or of Python.",
            "Install the same on all computers of the cluster. The log has the details.",
        )
    head = "HOST:PORT" if address == "auto" else address
    return ClusterError(
        f"This computer is no node of a cluster at {address}.",
        f"Let it join: ray start --address={head} (with --num-cpus=0 it only hands out and writes).",
    )


@contextmanager
def _own_signals() -> Iterator[None]:
    """Ray sets a handler of its own for SIGTERM; ours ends a run in order."""
    before = signal.getsignal(signal.SIGTERM)
    try:
        yield
    finally:
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGTERM, before)
