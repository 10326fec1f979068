"""Which tasks are under way, by how many attempts, and which of them take too long.

Ray does the work: it places attempts on nodes, and repeats those whose node is lost. What Ray does not know
is that an attempt hangs or dawdles; here it is noticed, by a clock that is given, and nothing else is done.
"""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from statistics import median
from typing import Generic, TypeVar

from app.cluster.read_request import ReadRequest

MOST_ATTEMPTS = 3
"""Per task; each is repeated by Ray where its node is lost."""
SILENCE = 180.0
"""Seconds without a sign of life after which another attempt is made; a decoder that hangs is given up by
its own node after 20, and frames that are far apart take a while."""
DAWDLING = 3.0
"""Times as long as others took, by size, after which a task is tried elsewhere too, once nothing is left to
hand out."""
LEAST_DAWDLING = 60.0
"""Seconds that any task may take before it dawdles."""
_SAMPLES = 50
"""Finished tasks that say how long others take."""
_ENOUGH = 3

Ref = TypeVar("Ref")


@dataclass(slots=True)
class Attempt(Generic[Ref]):
    """One try of a task."""

    name: str
    ref: Ref
    actors: object = None
    """Who encodes for it; told apart by identity."""
    began: float | None = None
    """When its first sign of life came, by the given clock: until then it waits in Ray's queue."""
    heard: float = 0.0
    """When the last one came."""


@dataclass(slots=True)
class Task(Generic[Ref]):
    """One video that is being read."""

    request: ReadRequest
    attempts: list[Attempt[Ref]] = field(default_factory=list)
    tried: int = 0
    """Attempts so far, lost ones included."""
    fraction: float = 0.0
    """Of the video that an attempt has read."""

    @property
    def began(self) -> float | None:
        """When the first attempt began."""
        return min((each.began for each in self.attempts if each.began is not None), default=None)


class TaskTable(Generic[Ref]):
    """The tasks of one stage that are not done. For one thread."""

    def __init__(self) -> None:
        self._tasks: dict[str, Task[Ref]] = {}
        self._took: deque[float] = deque(maxlen=_SAMPLES)
        """Seconds per byte."""

    def __len__(self) -> int:
        return len(self._tasks)

    def __iter__(self) -> Iterator[Task[Ref]]:
        return iter(list(self._tasks.values()))

    @property
    def refs(self) -> list[Ref]:
        """Of all attempts."""
        return [attempt.ref for task in self._tasks.values() for attempt in task.attempts]

    def add(self, request: ReadRequest) -> Task[Ref]:
        """A task without an attempt; the one that is there where its key is known."""
        return self._tasks.setdefault(str(request.key), Task(request))

    def attempt(self, task: Task[Ref], attempt: Attempt[Ref]) -> None:
        """Note one more attempt."""
        task.tried += 1
        task.attempts.append(attempt)

    def by_ref(self, ref: Ref) -> tuple[Task[Ref], Attempt[Ref]] | None:
        """Whose result this is; None where the task is done: a second result of a key is dropped."""
        for task in self._tasks.values():
            for attempt in task.attempts:
                if attempt.ref == ref:
                    return task, attempt
        return None

    def finish(self, task: Task[Ref], now: float) -> list[Attempt[Ref]]:
        """A result came; returns the attempts that nobody waits for any more."""
        self._tasks.pop(str(task.request.key), None)
        if task.began is not None:
            self._took.append((now - task.began) / max(1, task.request.video.size))
        return task.attempts

    def lose(self, task: Task[Ref], attempt: Attempt[Ref]) -> None:
        """An attempt ended without a result."""
        task.attempts.remove(attempt)

    def drop(self, task: Task[Ref]) -> None:
        """Give a task up."""
        self._tasks.pop(str(task.request.key), None)

    def hear(self, reached: Mapping[str, tuple[float, float]], now: float) -> list[Task[Ref]]:
        """Take signs of life; returns the tasks that came further.

        Args:
            reached: as `HomeActor.reached` gives it.
            now: seconds.
        """
        further = []
        for task in self._tasks.values():
            best = task.fraction
            for attempt in task.attempts:
                if (sign := reached.get(attempt.name)) is None:
                    continue
                ago, fraction = sign
                attempt.heard = max(attempt.heard, now - ago)
                attempt.began = attempt.heard if attempt.began is None else attempt.began
                best = max(best, fraction)
            if best > task.fraction:
                further.append(task)
                task.fraction = best
        return further

    def late(self, now: float, *, all_out: bool) -> list[tuple[Task[Ref], bool]]:
        """Tasks to be tried once more, each with whether nothing is heard of it any more.

        Args:
            now: seconds.
            all_out: whether nothing is left to hand out.
        """
        found = []
        for task in self._tasks.values():
            running = [each for each in task.attempts if each.began is not None]
            if len(running) < len(task.attempts):
                continue  # one waits in Ray's queue
            silent = bool(running) and all(now - each.heard > SILENCE for each in running)
            if silent or (all_out and len(running) == 1 and self._dawdles(task, now)):
                found.append((task, silent))
        return found

    def _dawdles(self, task: Task[Ref], now: float) -> bool:
        if task.began is None or len(self._took) < _ENOUGH:
            return False
        usual = median(self._took) * task.request.video.size
        return now - task.began > max(LEAST_DAWDLING, DAWDLING * usual)
