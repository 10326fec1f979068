"""Hands videos out to a cluster, as many as its nodes take, and hands over what comes back.

It stands where decode stages stand: who commits does not know the difference. Nothing is kept here but which
task is under way; what ends this program leaves committed videos committed, and the others pending.
"""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Protocol

from app import __version__
from app.bundle.encoder_bundle import EncoderBundle
from app.catalogue.records import Video
from app.cluster.cluster_errors import ClusterError, EncodersLostError, TaskLostError
from app.cluster.read_request import ReadRequest
from app.cluster.shard import items_of
from app.cluster.task_key import TaskKey
from app.cluster.task_table import MOST_ATTEMPTS, Attempt, Task, TaskTable
from app.disk.file_facts import is_gone
from app.errors import Cause
from app.indexing.pausing import told_to_stop
from app.indexing.stages.decode_stages import StageContext
from app.indexing.stages.items import Item, Reached, StageEnded, Unreadable, Vanished
from app.indexing.stages.video_reading import VideoReading
from app.media.decoder import DecodeCancelled, Decoder
from app.media.frames import Sampling
from app.processes.wire import WireError

logger = logging.getLogger(__name__)

AHEAD = 2
"""Tasks that Ray holds per core of the nodes: the next is there when one is done, and no more wait."""
_LOOK = 0.2
"""Seconds between two looks at whether to stop."""
_LISTEN = 1.0
"""Seconds between two looks at signs of life."""
_COUNT = 5.0
"""Seconds between two counts of the nodes."""
ALONE = 60.0
"""Seconds without a node before the run ends."""


class Handing(Protocol):
    """What the stage asks of `RayCluster`, which says what each of these is."""

    @property
    def home(self) -> Any: ...
    def cores(self) -> int: ...
    def check_nodes(self, identity: str) -> object: ...
    def encoders(self, identity: str) -> list[Any]: ...
    def living(self, actors: Sequence[Any]) -> list[Any]: ...
    def submit(self, request: ReadRequest, attempt: str, actors: list[Any]) -> Any: ...
    def wait(self, refs: list[Any], seconds: float) -> list[Any]: ...
    def fetch(self, ref: Any) -> bytes: ...
    def peek(self, ref: Any) -> Any | None: ...
    def cancel(self, ref: Any) -> None: ...
    def explain(self, error: BaseException) -> BaseException: ...


class ClusterStage(threading.Thread):
    """Has the videos of a pass read and encoded on a cluster. Asks nothing of it but on its own thread."""

    def __init__(
        self,
        cluster: Handing,
        videos: Sequence[Video],
        bundle: EncoderBundle,
        sampling: Sampling,
        context: StageContext,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Prepare the stage; it is a thread, to be started.

        Args:
            cluster: connected as long as the stage lives.
            videos: handed out in this order.
            bundle: the model's.
            sampling: how; a video that was sampled before is sampled at the same rate again.
            context: of the run.
            clock: seconds.
        """
        super().__init__(name="reelfind-cluster", daemon=True)
        self._cluster, self._context, self._clock = cluster, context, clock
        self._videos, self._bundle, self._sampling = videos, bundle, sampling
        self._decoder = Decoder()
        self._reading = VideoReading(
            self._decoder, context.put, stopping=context.stopping, unpaused=context.unpaused
        )
        self._tasks: TaskTable[Any] = TaskTable()
        self._actors: list[Any] = []
        self._said: Any = None
        self._listened = self._counted = float("-inf")
        self._cores, self._alone_since = 1, float("inf")
        self._attempts = 0

    def cancel(self) -> None:
        """Let the stage end soon; `stopping` must be true before. It cancels what the nodes do itself."""
        self._decoder.cancel()

    def run(self) -> None:
        """Hand out all videos, or as many as may be begun, and wait for what comes of them."""
        error: BaseException | None = None
        try:
            with self._decoder:
                self._cluster.check_nodes(self._bundle.identity)
                self._actors = self._cluster.encoders(self._bundle.identity)
                self._hand_out()
        except DecodeCancelled:
            pass
        except BaseException as fatal:  # noqa: BLE001 - handed to the owner, who logs it and ends the run
            error = self._cluster.explain(fatal)
        for task in self._tasks:
            self._end(task.attempts)
        self._actors = []  # those that nobody holds end
        self._context.put(StageEnded(error))

    def _hand_out(self) -> None:
        for video in self._videos:
            while len(self._tasks) >= self._room() and not self._stopping():
                self._collect(all_out=False)
            if told_to_stop(self._stopping, self._context.unpaused) or not self._context.more():
                break
            if not self._context.wanted(video):
                self._context.put(Vanished(video))
                continue
            due = self._reading.attempt(
                video, partial(self._reading.due, video, self._sampling, self._context.contents)
            )
            if due is not None:
                key = TaskKey.of(due.fingerprint, self._bundle.identity, due.sampling)
                self._try(self._tasks.add(ReadRequest(key, video, due.sampling, __version__)))
        while len(self._tasks) and not self._stopping():
            self._collect(all_out=True)

    def _stopping(self) -> bool:
        return self._context.stopping()

    def _room(self) -> int:
        """Tasks that may be under way.

        Raises:
            ClusterError: there has been no node for a while.
        """
        now = self._clock()
        if now - self._counted >= _COUNT:
            self._counted, self._cores = now, self._cluster.cores()
            self._alone_since = min(self._alone_since, now) if self._cores < 1 else float("inf")
            if now - self._alone_since > ALONE:
                raise ClusterError(
                    "No computer of the cluster is left.", "Start them again; indexing then goes on."
                )
        return AHEAD * max(1, self._cores)

    def _try(self, task: Task[Any]) -> None:
        """Make one more attempt."""
        self._attempts += 1
        name = f"{self.ident}-{self._attempts}"
        ref = self._cluster.submit(task.request, name, self._actors)
        self._tasks.attempt(task, Attempt(name, ref, self._actors))

    def _collect(self, *, all_out: bool) -> None:
        """Wait a moment for results, hand them over, and see to attempts that are late."""
        self._room()
        for ref in self._cluster.wait(self._tasks.refs, _LOOK):
            if self._stopping():
                return
            found = self._tasks.by_ref(ref)
            if found is not None:  # else the same key was done by another attempt just now
                self._take(*found)
        self._listen()
        for task, silent in self._tasks.late(self._clock(), all_out=all_out):
            if task.tried < MOST_ATTEMPTS:
                logger.warning("%s takes long on the cluster", task.request.video.path)
                self._try(task)
            elif silent:
                self._give_up(task)

    def _take(self, task: Task[Any], attempt: Attempt[Any]) -> None:
        """Hand over the shard of an attempt; where there is none, another attempt is made."""
        now = self._clock()
        ago = now - (attempt.began if attempt.began is not None else now)
        try:
            shard = self._cluster.fetch(attempt.ref)
            items = list(items_of(shard, task.request, time.monotonic() - ago, self._bundle.embedding_width))
        except (TaskLostError, WireError) as error:
            logger.warning("an attempt at %s was lost: %s", task.request.video.path, error)
            self._tasks.lose(task, attempt)
            if isinstance(error, EncodersLostError) and attempt.actors is self._actors:
                self._actors = self._cluster.living(self._actors)
            if task.attempts:
                return  # another one is under way
            if task.tried < MOST_ATTEMPTS:
                self._try(task)
            else:
                self._give_up(task)
            return
        others = [each for each in self._tasks.finish(task, now) if each is not attempt]
        self._end(others)
        for item in items:
            self._context.put(self._seen_from_here(item))

    def _seen_from_here(self, item: Item) -> Item:
        """A file that a node does not see, or not any more, may be here."""
        if not isinstance(item, Unreadable | Vanished):
            return item
        if is_gone(item.video.path):
            return Vanished(item.video)
        if isinstance(item, Unreadable):
            return item
        reason = "A computer of the cluster lost sight of the file while it was read."
        return Unreadable(item.video, reason, "See that the disk is connected there.", Cause.ENVIRONMENT)

    def _give_up(self, task: Task[Any]) -> None:
        self._tasks.drop(task)
        self._end(task.attempts)
        reason = f"No computer of the cluster finished it, in {task.tried} tries."
        advice = "Index it without --cluster to see whether it is the file."
        self._context.put(Unreadable(task.request.video, reason, advice, Cause.ENVIRONMENT))

    def _end(self, attempts: Sequence[Attempt[Any]]) -> None:
        """End attempts that nobody waits for."""
        for attempt in attempts:
            self._cluster.cancel(attempt.ref)
        if attempts and not self._stopping():
            self._cluster.home.forget.remote([attempt.name for attempt in attempts])

    def _listen(self) -> None:
        """Ask for signs of life now and then; the answer is taken when it is there."""
        if self._said is not None:
            reached = self._cluster.peek(self._said)
            if reached is not None:
                self._said = None
                for task in self._tasks.hear(reached, self._clock()):
                    self._context.put(Reached(task.request.video, task.fraction))
        if self._said is None and self._clock() - self._listened >= _LISTEN:
            self._listened = self._clock()
            self._said = self._cluster.home.reached.remote()
