"""A cluster that does each task at once, in this thread, as a node would; it can be told to fail."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from app.bundle.encoder_bundle import EncoderBundle
from app.catalogue.records import Video
from app.cluster.cluster_errors import TaskLostError
from app.cluster.cluster_stage import ClusterStage
from app.cluster.home_actor import HomeActor
from app.cluster.node_tasks import read_video
from app.cluster.read_request import ReadRequest
from app.indexing.stages.decode_stages import StageContext
from app.media.frames import Sampling


class Handle:
    """Calls an object as Ray's handle of an actor does; a reference is the result itself."""

    def __init__(self, actor: object) -> None:
        self._actor = actor

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._actor, name)
        return type("Method", (), {"remote": staticmethod(method)})


class InlineCluster:
    """`Workers`, and what a `ClusterStage` asks of a cluster.

    Args:
        result: what comes of an attempt at a file, given its name and the number of the attempt at it: makes
            the shard by `read_video`, where it calls what it is given; None where the attempt never ends.
    """

    def __init__(
        self,
        result: Callable[[str, int, Callable[[], bytes]], bytes | None] = lambda _name, _number, read: read(),
    ) -> None:
        self._result = result
        self.actor = HomeActor(lambda: self.clock)
        self.submitted: list[str] = []
        self.cancelled: list[int] = []
        self.most = 0
        """Attempts that were there at once."""
        self.clock = 0.0
        self._shards: dict[int, bytes | TaskLostError | None] = {}

    @property
    def home(self) -> Handle:
        return Handle(self.actor)

    def stages(
        self, videos: Sequence[Video], bundle: EncoderBundle, sampling: Sampling, context: StageContext
    ) -> list[ClusterStage]:
        return [ClusterStage(self, videos, bundle, sampling, context, lambda: self.clock)]

    def cores(self) -> int:
        return 1

    def check_nodes(self, identity: str) -> None:
        assert identity

    def encoders(self, identity: str) -> list[Any]:
        assert identity
        return []

    def living(self, actors: Sequence[Any]) -> list[Any]:
        return list(actors)

    def submit(self, request: ReadRequest, attempt: str, actors: list[Any]) -> int:
        name, ref = request.video.path.name, len(self.submitted)
        self.submitted.append(name)
        try:
            self._shards[ref] = self._result(
                name,
                self.submitted.count(name),
                lambda: bytes(read_video(request, attempt, self.home, actors)),
            )
        except TaskLostError as error:
            self._shards[ref] = error
        return ref

    def wait(self, refs: list[int], seconds: float) -> list[int]:
        self.most = max(self.most, len(refs))
        done = [ref for ref in refs if self._shards[ref] is not None]
        if not done:
            self.clock += 30.0  # nothing but time passes
        return done

    def fetch(self, ref: int) -> bytes:
        found = self._shards[ref]
        if isinstance(found, TaskLostError):
            raise found
        assert found is not None
        return found

    def peek(self, ref: Any) -> Any:
        return ref

    def cancel(self, ref: int) -> None:
        self.cancelled.append(ref)

    def explain(self, error: BaseException) -> BaseException:
        return error


class Elsewhere:
    """A `HomeActor` of a computer where the videos lie in another folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.asked = 0

    def read(self, path: Path, start: int, count: int) -> bytes | str:
        self.asked += 1
        return HomeActor().read(self._folder / path.name, start, count)

    def note(self, attempt: str, fraction: float) -> None:
        assert attempt
        assert 0 <= fraction <= 1
