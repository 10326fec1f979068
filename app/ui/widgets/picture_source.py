"""What gives pictures of frames to whoever shows them."""

from typing import Any, Protocol

from PySide6.QtGui import QPixmap


class PictureSource(Protocol):
    """Answers at once: with None until a picture is there."""

    arrived: Any
    """Signal of a frame's id: its picture is there."""

    def picture(self, frame: int) -> QPixmap | None:
        """The picture of a frame, None while it is being read."""
