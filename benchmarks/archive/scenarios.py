"""Three libraries, and the machines that make and hold them."""

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Machines:
    """What indexes. Any number may be changed on the command line."""

    nodes: int = 1
    cores: int = 8
    """Of each node that decode and encode."""
    cards: int = 0
    """Graphics cards of each node; without one the cores encode."""
    link: float = 110e6
    """Bytes per second that all nodes together read of the videos: 110 MB/s is a hard disk, or a network of
    1 Gbit/s."""
    ahead: int = 2
    """Videos that a node holds at once, per core: one is read while another is decoded. No more."""
    waiting: int = 64
    """Shards that may wait for the one writer."""
    lasts: float = 0.0
    """Hours until a node is lost, on average; 0 where none is. What it had begun is begun again."""
    repair: float = 600.0
    """Seconds until another takes its place."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """A library."""

    name: str
    hours: float
    """Of video."""
    minutes: float
    """Of a video, on average."""
    machines: Machines
    words: frozenset[str] = frozenset()
    """`speech`, `text`: what is read beside the pictures."""

    def with_nodes(self, nodes: int) -> "Scenario":
        """The same with more machines."""
        return replace(self, machines=replace(self.machines, nodes=nodes))


SCENARIOS = (
    Scenario("a family", 2_000, 3, Machines(nodes=1, cores=8)),
    Scenario("a production house", 20_000, 12, Machines(nodes=2, cores=16, link=280e6)),
    Scenario("an archive", 100_000, 60, Machines(nodes=4, cores=32, link=1.1e9, lasts=720)),
)
