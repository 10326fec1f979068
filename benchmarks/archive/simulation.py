"""Indexing as it would go: videos are read over one link, decoded on nodes, committed by one writer.

A discrete-event simulation (SimPy). Each node takes as many videos as it may hold, none is handed to two, and
a node that is lost begins again what it had not handed over. What is simulated is what `docs/cluster.md` and
`app/indexing/` do, by their costs: no file is read.
"""

import random
from collections import deque
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from typing import cast

import simpy

from benchmarks.archive.costs import Costs
from benchmarks.archive.scenarios import Machines, Scenario

_SPREAD = 0.8
"""Of the logarithm of a video’s length."""
Steps = Generator[simpy.Event, object, None]


@dataclass(slots=True)
class IndexingRun:
    """What came of a simulated run; seconds where nothing else is said."""

    machines: Machines
    seconds: float = 0.0
    hours: float = 0.0
    """Of video that was committed."""
    videos: int = 0
    twice: int = 0
    """Videos that were committed more than once."""
    processor: float = 0.0
    """Of all cores, for what was committed and what was lost."""
    lost: float = 0.0
    """Of that, for what had to be begun again."""
    link: float = 0.0
    cards: float = 0.0
    writer: float = 0.0
    most_waiting: int = 0
    """Shards that waited for the writer at once."""
    losses: int = 0
    """Nodes that were lost."""

    @property
    def shares(self) -> dict[str, float]:
        """How busy each part was, 0 to 1; what is near 1 decides."""
        machines, seconds = self.machines, self.seconds or 1.0
        shares = {
            "cores": self.processor / (seconds * machines.nodes * machines.cores),
            "link": self.link / seconds,
            "writer": self.writer / seconds,
        }
        if machines.cards:
            shares["cards"] = self.cards / (seconds * machines.nodes * machines.cards)
        return shares

    @property
    def saturated(self) -> str:
        """The busiest part."""
        shares = self.shares
        return max(shares, key=lambda part: shares[part])


def lengths(scenario: Scenario, seed: int) -> list[float]:
    """Hours of each video; together exactly the scenario’s. Lengths are as log-normal as real ones are."""
    rng = random.Random(seed)  # noqa: S311 - a simulation
    count = max(1, round(scenario.hours * 60 / scenario.minutes))
    drawn = [rng.lognormvariate(0.0, _SPREAD) for _ in range(count)]
    whole = sum(drawn)
    return [scenario.hours * each / whole for each in drawn]


def simulate(scenario: Scenario, costs: Costs, *, seed: int = 1) -> IndexingRun:
    """Index a scenario’s videos.

    Args:
        scenario: which library on which machines.
        costs: of each stage.
        seed: of lengths and losses.
    """
    return _Simulation(scenario, costs, seed).run()


@dataclass(slots=True)
class _Node:
    cores: simpy.Resource
    cards: simpy.Resource | None
    begun: set[simpy.Process] = field(default_factory=set)
    """What would be lost with it."""


class _Simulation:
    def __init__(self, scenario: Scenario, costs: Costs, seed: int) -> None:
        machines = scenario.machines
        self._scenario, self._costs, self._machines = scenario, costs, machines
        self._env = simpy.Environment()
        self._todo = deque(enumerate(lengths(scenario, seed)))
        self._count = len(self._todo)
        self._rng = random.Random(seed + 1)  # noqa: S311 - a simulation
        self._link = simpy.Resource(self._env)
        self._shards = simpy.Store(self._env, machines.waiting)
        self._committed: set[int] = set()
        self._done = self._env.event()
        self._result = IndexingRun(machines)

    def run(self) -> IndexingRun:
        self._env.process(self._commit())
        for _ in range(self._machines.nodes):
            cards = simpy.Resource(self._env, self._machines.cards) if self._machines.cards else None
            node = _Node(simpy.Resource(self._env, self._machines.cores), cards)
            for _ in range(self._machines.cores * self._machines.ahead):
                self._env.process(self._work(node))
            if self._machines.lasts:
                self._env.process(self._lose(node))
        self._env.run(until=self._done)
        self._result.seconds = self._env.now
        return self._result

    def _work(self, node: _Node) -> Steps:
        """One of the places for a video that a node has."""
        while len(self._committed) < self._count:
            if not self._todo:
                yield self._env.timeout(60)  # what others have begun may be lost yet
                continue
            video = self._todo.popleft()
            making = self._env.process(self._make(node, video[1]))
            node.begun.add(making)
            whole = yield making
            node.begun.discard(making)
            if whole:
                yield self._shards.put(video)
                self._result.most_waiting = max(self._result.most_waiting, len(self._shards.items))
            else:
                self._todo.append(video)
                yield self._env.timeout(self._machines.repair)

    def _make(self, node: _Node, hours: float) -> Generator[simpy.Event, object, bool]:
        """Read, decode and encode one video; whether that came to its end."""
        spent = 0.0
        try:
            for resource, seconds, part in self._stages(node, hours):
                with resource.request() as place:
                    yield place
                    began = self._env.now
                    try:
                        yield self._env.timeout(seconds)
                    finally:
                        taken = self._env.now - began
                        setattr(self._result, part, getattr(self._result, part) + taken)
                        spent += taken if part == "processor" else 0.0
        except simpy.Interrupt:
            self._result.lost += spent
            return False
        return True

    def _stages(self, node: _Node, hours: float) -> Iterator[tuple[simpy.Resource, float, str]]:
        costs = self._costs
        words = {"speech": costs.speech.value, "text": costs.writing.value}
        processor = costs.hour_decode + sum(words[each] for each in self._scenario.words)
        yield self._link, hours * costs.hour_bytes / self._machines.link, "link"
        if node.cards is None:
            yield node.cores, hours * (processor + costs.hour_encode), "processor"
        else:
            yield node.cores, hours * processor, "processor"
            yield node.cards, hours * costs.frames.value / costs.gpu_encode.value, "cards"

    def _commit(self) -> Steps:
        """The one writer."""
        while len(self._committed) < self._count:
            number, hours = cast("tuple[int, float]", (yield self._shards.get()))
            seconds = hours * self._costs.hour_commit
            yield self._env.timeout(seconds)
            self._result.writer += seconds
            if number in self._committed:
                self._result.twice += 1
                continue
            self._committed.add(number)
            self._result.videos += 1
            self._result.hours += hours
        self._done.succeed()

    def _lose(self, node: _Node) -> Steps:
        """A node is lost now and then, with all that it had begun."""
        while True:
            yield self._env.timeout(self._rng.expovariate(1 / (3600 * self._machines.lasts)))
            self._result.losses += 1
            for making in list(node.begun):
                if making.is_alive:
                    making.interrupt()
