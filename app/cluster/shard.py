"""A shard: all that one task says of its video, as bytes: messages as between a process and its child.

The first names the task. Then come one reading of the video or two (the second where something around the
file got in the way of the first): `opened`, `frames` up to `_FRAMES` at a time, `ended`; and last what else
there is to say: `unreadable`, `not_started`, `vanished`, or `refused` where the node cannot do any video.
"""

import io
from collections.abc import Iterator
from dataclasses import asdict, replace
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from app.catalogue.records import FrameRecord, IndexedVideo, Video
from app.cluster.cluster_errors import ClusterError
from app.cluster.read_request import ReadRequest
from app.cluster.task_key import TaskKey
from app.errors import DecoderStartError, ReelfindError
from app.indexing.stages.items import (
    Decoded,
    Encoded,
    Ending,
    Interrupted,
    Item,
    NotStarted,
    Opened,
    Unreadable,
    Vanished,
)
from app.media.area import Area
from app.media.decoder_messages import cause_of, facts_of
from app.processes.wire import Message, WireError, read_message, write_message

_FRAMES = 64
"""Per message: what is in memory beside the shard."""
_AREA_SIDES = 4


def begin_shard(out: BinaryIO, key: TaskKey, node: str) -> None:
    """Write the first message.

    Args:
        out: takes the shard.
        key: of the task.
        node: name of the computer, for people.
    """
    write_message(out, Message("shard", {**asdict(key), "node": node}))


def write_reading(out: BinaryIO, rows: IndexedVideo, fingerprint: str, ending: Ending, *, last: bool) -> None:
    """Write what one reading of the video gave.

    Args:
        out: takes it.
        rows: what was found.
        fingerprint: of the file.
        ending: how it ended.
        last: whether the video is not read once more.
    """
    write_message(out, Message("opened", asdict(rows.facts)))
    for first in range(0, len(rows.frames), _FRAMES):
        frames = rows.frames[first : first + _FRAMES]
        vectors = np.ascontiguousarray(rows.embeddings[first : first + _FRAMES], "<f4")
        table = np.array([[frame.time, *frame.area.sides] for frame in frames], "<f8")
        numbers = np.array([[frame.key, frame.clip, len(frame.thumbnail)] for frame in frames], "<i8")
        thumbnails = b"".join(frame.thumbnail for frame in frames)
        blobs = (table.tobytes(), numbers.tobytes(), thumbnails, vectors.tobytes())
        write_message(out, Message("frames", {"count": len(frames), "width": vectors.shape[1]}, blobs))
    fields = asdict(ending) | {"fingerprint": fingerprint, "last": last}
    write_message(out, Message("ended", fields))


def write_unreadable(out: BinaryIO, item: Unreadable) -> None:
    """Write that the video cannot be read."""
    fields = {"reason": item.reason, "advice": item.advice, "cause": item.cause, "stalled": item.stalled}
    write_message(out, Message("unreadable", fields))


def write_error(out: BinaryIO, kind: str, error: ReelfindError) -> None:
    """Write `not_started` or `refused`, with the reason."""
    write_message(out, Message(kind, {"sentence": error.sentence, "advice": error.advice}))


def write_vanished(out: BinaryIO) -> None:
    """Write that the file was gone."""
    write_message(out, Message("vanished"))


def items_of(shard: bytes, request: ReadRequest, began: float, width: int) -> Iterator[Item]:
    """What a shard says, as if it had been done here; what cannot be is refused before it is handed over.

    Args:
        shard: that came back.
        request: what was asked for.
        began: when the task began, by `time.monotonic`.
        width: of the model's vectors.

    Raises:
        WireError: it is no shard, or that of another task.
        ClusterError: the node cannot do any video.
    """
    stream = io.BytesIO(shard)
    head = read_message(stream)
    if head is None or head.kind != "shard":
        raise WireError("no shard")
    if TaskKey(head.text("fingerprint"), head.text("model"), head.text("sampling")) != request.key:
        raise WireError("the shard of another task")
    item: Item | None = None
    while (message := read_message(stream)) is not None:
        item = _item(message, request, began, width, head.text("node"))
        yield item
    if not isinstance(item, Decoded | Unreadable | NotStarted | Vanished):
        raise WireError("a shard that does not say how it ended")


def _item(message: Message, request: ReadRequest, began: float, width: int, node: str) -> Item:
    video = request.video
    match message.kind:
        case "opened":
            return Opened(video, facts_of(message), request.sampling, kept=True, began=began)
        case "frames":
            return _frames(message, video, width)
        case "ended":
            ended = Decoded if message.fields.get("last") is True else Interrupted
            if message.text("fingerprint") != request.key.fingerprint:
                raise WireError("another file was read")
            return ended(video, request.key.fingerprint, _ending(message))
        case "unreadable":
            stalled = message.fields.get("stalled") is True
            cause = cause_of(message)
            return Unreadable(video, message.text("reason"), message.text("advice"), cause, stalled)
        case "not_started":
            return NotStarted(video, DecoderStartError(message.text("sentence"), message.text("advice")))
        case "vanished":
            return Vanished(video)
        case "refused":
            sentence = message.text("sentence").rstrip(".")
            raise ClusterError(f"{node} cannot read videos: {sentence}.", message.text("advice"))
        case _:
            raise WireError(f"{message.kind!r} in a shard")


def _frames(message: Message, video: Video, width: int) -> Encoded:
    count = message.count("count")
    if not 1 <= count <= _FRAMES or message.count("width") != width or len(message.blobs) != 4:
        raise WireError("frames of another shape")
    table = _array(message.blobs[0], "<f8", (count, 1 + _AREA_SIDES))
    numbers = _array(message.blobs[1], "<i8", (count, 3))
    vectors = _array(message.blobs[3], "<f4", (count, width)).astype(np.float32)
    lengths = numbers[:, 2]
    if not np.isfinite(table).all() or (numbers < 0).any() or not np.isfinite(vectors).all():
        raise WireError("frames with numbers that are none")
    ends = np.cumsum(lengths)
    if int(ends[-1]) != len(message.blobs[2]):
        raise WireError("thumbnails of other lengths")
    try:
        frames = tuple(
            FrameRecord(float(row[0]), bool(number[0]), int(number[1]), thumbnail, Area(*map(float, row[1:])))
            for row, number, thumbnail in zip(
                table, numbers, _split(message.blobs[2], ends.tolist()), strict=True
            )
        )
    except ValueError as error:
        raise WireError("an area that is no part of a frame") from error
    return Encoded(video, frames, vectors)


def _array(blob: bytes, kind: str, shape: tuple[int, int]) -> NDArray[Any]:
    if len(blob) != np.dtype(kind).itemsize * shape[0] * shape[1]:
        raise WireError("an array of another size")
    return np.frombuffer(blob, kind).reshape(shape)


def _split(blob: bytes, ends: list[int]) -> Iterator[bytes]:
    for first, last in zip([0, *ends], ends, strict=False):
        yield blob[first:last]


def _ending(message: Message) -> Ending:
    fields = message.fields
    found = Ending(message.text("warning"), first_look=fields.get("first_look") is True)
    if fields.get("cause") is not None:
        found = replace(found, cause=cause_of(message))
    if fields.get("read_until") is not None:
        found = replace(found, read_until=message.number("read_until"))
    if fields.get("duration") is not None:
        found = replace(found, duration=message.number("duration"))
    return found
