"""What runs on the nodes: Ray calls these functions in processes of its own.

A process keeps its model and its decoding child from task to task. Files are opened in that child only,
which can be killed and whose memory is limited, as everywhere.
"""

import io
import logging
import platform
import threading
import time
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app import __version__
from app.cluster.cluster_errors import ClusterError
from app.cluster.encoder_actor import ActorEncoder, EncoderLostError
from app.cluster.local_file import local_file
from app.cluster.node_models import bundle_of, processor_encoder
from app.cluster.read_request import ReadRequest
from app.cluster.shard import begin_shard, write_error
from app.cluster.shard_writer import ShardWriter
from app.errors import Cause, DecoderStartError, MediaError, ReelfindError
from app.indexing.stages.items import Item, NotStarted, Unreadable
from app.indexing.stages.video_reading import Due, VideoReading
from app.media.decoder import Decoder
from app.runtime.frame_encoding import FrameEncoding

logger = logging.getLogger(__name__)

_NOTE_SECONDS = 1.0
"""Between two signs of life."""


@dataclass(frozen=True, slots=True)
class NodeFacts:
    """What a node says of itself."""

    name: str
    version: str
    problem: str = ""
    """Why it cannot use the model, the middle of a sentence; empty where it can."""
    advice: str = ""


def describe_node(identity: str) -> NodeFacts:
    """Say whether this node could do tasks for a model."""
    facts = NodeFacts(platform.node(), __version__)
    try:
        bundle_of(identity)
    except ReelfindError as error:
        return replace(facts, problem=error.sentence, advice=error.advice)
    return facts


def read_video(request: ReadRequest, attempt: str, home: Any, actors: list[Any]) -> NDArray[np.uint8]:
    """Read one video, encode its frames, and return the shard: (bytes,) uint8, which Ray does not copy.

    Args:
        request: what is asked for.
        attempt: names this try, see `HomeActor.note`.
        home: handle of a `HomeActor`.
        actors: handles of `EncoderActor`; none where this process encodes.
    """
    out = io.BytesIO()
    begin_shard(out, request.key, platform.node())
    home.note.remote(attempt, 0.0)
    try:
        if request.version != __version__:
            raise ClusterError(
                f"Reelfind {__version__} runs on it, and {request.version} asks",
                "Install the same version on all computers of the cluster.",
            )
        bundle = bundle_of(request.key.model)
        encoder: FrameEncoding = (
            ActorEncoder(bundle, list(actors)) if actors else processor_encoder(bundle.identity)
        )
        _read(request, ShardWriter(out, encoder), _Signs(home, attempt, request))
    except EncoderLostError:
        raise  # the task is lost, and tried elsewhere
    except ReelfindError as error:
        write_error(out, "refused", error)
    return np.frombuffer(out.getbuffer(), np.uint8)


@cache
def _decoder() -> Decoder:
    """This process's; its child ends with it."""
    return Decoder()


class _Signs:
    """Signs of life to the committing computer, and bytes from it."""

    def __init__(self, home: Any, attempt: str, request: ReadRequest) -> None:
        self._home, self._attempt, self._request = home, attempt, request
        self._given = float("-inf")

    def give(self, fraction: float) -> None:
        """Say how far the reading is, where it was not said just now."""
        now = time.monotonic()
        if now - self._given >= _NOTE_SECONDS:
            self._given = now
            self._home.note.remote(self._attempt, fraction)

    def read(self, start: int, count: int) -> bytes:
        """Bytes of the video, from there.

        Raises:
            MediaError: the committing computer cannot read it.
        """
        self.give(0.0)
        found = _answer(self._home.read.remote(self._request.video.path, start, count))
        if isinstance(found, str):
            reason = f"The file cannot be read: {found}."
            raise MediaError(reason, "Check its permissions and the disk.", cause=Cause.ENVIRONMENT)
        return found


def _answer(ref: Any) -> bytes | str:
    import ray  # noqa: PLC0415 - an extra

    answer: bytes | str = ray.get(ref)
    return answer


def _read(request: ReadRequest, writer: ShardWriter, signs: _Signs) -> None:
    """Read the video, wherever it can be had; what goes wrong is in the shard."""
    unpaused = threading.Event()
    unpaused.set()
    decoder, video = _decoder(), request.video

    def put(item: Item) -> None:
        writer.put(item)
        signs.give(writer.position)

    reading = VideoReading(decoder, put, stopping=lambda: writer.over, unpaused=unpaused)
    due = Due(request.key.fingerprint, request.sampling)
    try:
        with local_file(decoder, video, due.fingerprint, signs.read) as path:
            here = replace(video, path=path)
            reading.attempt(here, lambda: reading.read(here, due))
    except MediaError as error:  # it cannot be had here
        put(Unreadable(video, error.sentence, error.advice, error.cause, error.stalled))
    except DecoderStartError as error:
        put(NotStarted(video, error))
    if writer.lost is not None:
        raise writer.lost
