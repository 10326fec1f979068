"""What the program and the process with its search graph say to each other (`app/processes/wire.py`).

program: Follow, Remove, Ask          child: Answer, State, Failure
"""

from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from app.processes.wire import Message, WireError


@dataclass(frozen=True, slots=True)
class Follow:
    """Have all rows of a gallery's file in the graph."""

    path: str
    """The file with the vectors."""
    generation: str
    """Its generation; rows of two generations are different ones."""
    offset: int
    """Bytes before the first vector."""
    stored: int
    """How many vectors count."""

    def message(self) -> Message:
        """As it is sent."""
        return Message("follow", asdict(self))

    @classmethod
    def of(cls, message: Message) -> "Follow":
        """As it was sent. Raises WireError."""
        return cls(
            message.text("path"), message.text("generation"), message.count("offset"), message.count("stored")
        )


@dataclass(frozen=True, slots=True)
class Remove:
    """Rows that must not be found."""

    generation: str
    gaps: NDArray[np.int64]
    """(G, 2) first row of each run of them, and the row behind its last one; ascending."""

    def message(self) -> Message:
        """As it is sent."""
        return Message("remove", {"generation": self.generation}, (self.gaps.tobytes(),))

    @classmethod
    def of(cls, message: Message) -> "Remove":
        """As it was sent. Raises WireError."""
        return cls(message.text("generation"), _numbers(message).reshape(-1, 2))

    def mask(self, count: int) -> NDArray[np.bool_]:
        """(count,) for each row, whether it is one of them."""
        steps = np.zeros(count + 1, np.int8)
        starts, ends = np.minimum(self.gaps, count).T
        steps[starts] += 1  # no row begins two of them
        ends = ends[ends < count]
        steps[ends] -= 1
        return np.cumsum(steps[:count], dtype=np.int8) > 0


@dataclass(frozen=True, slots=True)
class Ask:
    """About the k rows that are nearest to a query."""

    number: int
    """Of the question, so that its answer is known."""
    k: int
    query: NDArray[np.float32]
    """(D,) L2-normalised."""

    def message(self) -> Message:
        """As it is sent."""
        return Message("ask", {"number": self.number, "k": self.k}, (self.query.tobytes(),))

    @classmethod
    def of(cls, message: Message) -> "Ask":
        """As it was sent. Raises WireError."""
        query = np.frombuffer(_blob(message), np.float32)
        return cls(message.count("number"), message.count("k"), query)


@dataclass(frozen=True, slots=True)
class Answer:
    """Rows that are nearest to a query."""

    number: int
    """Of the question."""
    generation: str
    """Of the file whose rows they are; empty where there is no answer."""
    covers: int
    """How many rows, from the first on, they were chosen from."""
    rows: NDArray[np.int64]
    """(n,) in no promised order."""

    def message(self) -> Message:
        """As it is sent."""
        fields = {"number": self.number, "generation": self.generation, "covers": self.covers}
        return Message("answer", fields, (self.rows.tobytes(),))

    @classmethod
    def of(cls, message: Message) -> "Answer":
        """As it was sent. Raises WireError."""
        return cls(
            message.count("number"), message.text("generation"), message.count("covers"), _numbers(message)
        )


@dataclass(frozen=True, slots=True)
class State:
    """What the child has."""

    generation: str
    """Of the file whose rows are in the graph that answers; empty where none is ready."""
    covers: int
    """How many of them, from the first on."""
    busy: bool
    """Whether it cannot answer for a while: it reads or writes the graph's file."""

    def message(self) -> Message:
        """As it is sent."""
        return Message("state", asdict(self))

    @classmethod
    def of(cls, message: Message) -> "State":
        """As it was sent. Raises WireError."""
        busy = message.fields.get("busy")
        return cls(message.text("generation"), message.count("covers"), busy is True)


@dataclass(frozen=True, slots=True)
class Failure:
    """A `Follow` cannot be done."""

    generation: str
    """That was to be followed."""
    reason: str

    def message(self) -> Message:
        """As it is sent."""
        return Message("failure", asdict(self))

    @classmethod
    def of(cls, message: Message) -> "Failure":
        """As it was sent. Raises WireError."""
        return cls(message.text("generation"), message.text("reason"))


def _blob(message: Message) -> bytes:
    if len(message.blobs) != 1 or len(message.blobs[0]) % 8:
        raise WireError(f"{message.kind!r} has no numbers")
    return message.blobs[0]


def _numbers(message: Message) -> NDArray[np.int64]:
    return np.frombuffer(_blob(message), np.int64)
