"""What a node is asked to do; Ray carries it."""

from dataclasses import dataclass

from app.catalogue.records import Video
from app.cluster.task_key import TaskKey
from app.media.frames import Sampling


@dataclass(frozen=True, slots=True)
class ReadRequest:
    """One video to read for one model."""

    key: TaskKey
    video: Video
    """Its path is the committing computer's."""
    sampling: Sampling
    version: str
    """Of the program that asks: the node's has to be the same."""
