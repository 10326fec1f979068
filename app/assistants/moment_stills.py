"""The picture of a moment: the small one that the library keeps, or a larger one from the video file."""

import threading
from dataclasses import dataclass

from app.assistants.cancellation import Cancellation
from app.catalogue.catalogue import Catalogue
from app.catalogue.records import Video
from app.errors import MediaError
from app.exporting.contact_sheet import encoded
from app.exporting.export_request import StillFormat
from app.media.decoder import DecodeCancelled, Decoder

SHORT_SIDE = 720
"""Pixels of a decoded picture: enough to read a sign, little enough for a message."""


@dataclass(frozen=True, slots=True)
class MomentStill:
    """A picture as it is sent."""

    data: bytes
    type: str
    """`image/webp`."""
    at: float
    """Seconds in the video."""
    is_decoded: bool


class MomentStills:
    """Gives pictures, one decoded at a time. Thread-safe."""

    def __init__(self, catalogue: Catalogue) -> None:
        """No child is started yet.

        Args:
            catalogue: the library's.
        """
        self._catalogue = catalogue
        self._decoding = threading.Lock()

    def stored(self, video: Video, at: float) -> MomentStill | None:
        """What the library keeps of the frame nearest to a time; None where there is none."""
        (frame,) = self._catalogue.frames_near([(video.copy_of or video.id, at)])
        picture = None if frame is None else self._catalogue.thumbnail(frame.id)
        if frame is None or not picture:
            return None
        return MomentStill(picture, "image/webp", frame.time, is_decoded=False)

    def decoded(self, video: Video, at: float, cancellation: Cancellation) -> MomentStill:
        """The frame nearest to a time, from the file.

        Raises:
            MediaError: the file is not there or cannot be read, or nobody waits any more.
            DecoderStartError: no child can be started.
        """
        if not video.path.is_file():
            raise MediaError("Its video is not there.", "Connect its disk, or ask for the stored picture.")
        # A decoder belongs to the thread that opened it, and each call may come from another one.
        with self._decoding, Decoder() as decoder, cancellation.stops(decoder.cancel):
            try:
                picture = decoder.still(video.path, at, short_side=SHORT_SIDE)
            except DecodeCancelled as error:
                raise MediaError("The picture is not wanted any more.") from error
        return MomentStill(encoded(picture, StillFormat.JPEG), "image/jpeg", at, is_decoded=True)
