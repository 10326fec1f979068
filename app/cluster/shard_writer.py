"""What reading one video on a node gives goes into a shard; its frames are encoded on the way."""

import io
import logging

from app.cluster.encoder_actor import EncoderLostError
from app.cluster.shard import write_error, write_reading, write_unreadable, write_vanished
from app.errors import Cause, EncodingError, ModelError
from app.indexing.runs.partial_video import PartialVideo
from app.indexing.stages.items import (
    Decoded,
    Interrupted,
    Item,
    NotStarted,
    Opened,
    Sampled,
    Unreadable,
    Vanished,
)
from app.runtime.frame_encoding import FrameEncoding

logger = logging.getLogger(__name__)


class ShardWriter:
    """Takes what `VideoReading` hands over of one video. Used by one thread."""

    def __init__(self, out: io.BytesIO, encoder: FrameEncoding) -> None:
        self._out = out
        self._encoder = encoder
        self._partial: PartialVideo | None = None
        self.over = False
        """Whether nothing more is wanted: the model failed."""
        self.lost: EncoderLostError | None = None
        """Why frames could not be encoded, where that says nothing of the video or the node."""

    @property
    def position(self) -> float:
        """Share of the video that was read, 0..1."""
        if self._partial is None:
            return 0.0
        return min(1.0, self._partial.position / max(self._partial.facts.duration, 1e-3))

    def put(self, item: Item) -> None:
        """Take one item; a model that fails on this video is the video's failure, as in `Run`."""
        if self.over:
            return
        try:
            self._put(item)
        except EncoderLostError as error:
            self.over, self.lost = True, error
        except EncodingError as error:
            self._end(Unreadable(item.video, error.sentence, error.advice, Cause.PROGRAM))  # type: ignore[union-attr]
        except ModelError as error:
            self.over = True
            write_error(self._out, "refused", error)

    def _put(self, item: Item) -> None:
        match item:
            case Opened(video, facts, sampling):
                self._partial = PartialVideo(video, facts, sampling, self._encoder)
            case Sampled(_, frame) if self._partial is not None:
                self._partial.add(frame)
            case Interrupted(_, fingerprint, ending) | Decoded(_, fingerprint, ending):
                if self._partial is not None:
                    rows = self._partial.finish(ending)
                    last = isinstance(item, Decoded)
                    write_reading(self._out, rows, fingerprint, ending, last=last)
                    self._partial = None
            case Unreadable():
                self._end(item)
            case NotStarted(_, error):
                write_error(self._out, "not_started", error)
            case Vanished():
                write_vanished(self._out)
            case _:
                raise TypeError(f"{type(item).__name__} comes of no reading")

    def _end(self, item: Unreadable) -> None:
        self._partial = None
        self.over = True
        write_unreadable(self._out, item)
