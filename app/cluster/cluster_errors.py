"""Why a cluster is of no use."""

from app.errors import ReelfindError


class ClusterError(ReelfindError):
    """The cluster cannot be reached, or one of its nodes cannot do the work; the sentence says why."""


class TaskLostError(Exception):
    """An attempt gave no shard; another one may."""


class EncodersLostError(TaskLostError):
    """An attempt gave no shard, because no graphics card that it was given answers any more."""
