"""Reads the frames of one video: looks closely only where something new may be written."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.writing.looking.boxes import Box, cut_out, overlap
from app.writing.looking.changes import ChangeGate, look_of, same_look
from app.writing.looking.detector import Detector
from app.writing.looking.effort import Effort
from app.writing.looking.recogniser import Reading, Recogniser
from app.writing.looking.turns import SURE, TurnedReader
from app.writing.readings import Sight, Written

FIRST_LOOK, CLOSE_LOOK = 320, 544
"""Pixels of the shorter side at which text is looked for in every new frame, and where some may be."""
_MOST = 48
"""Pieces of text that are read in one frame, the largest ones."""
_MOST_TRIES = 2
"""Of them so many in all ways, where they are not read surely."""

_LONG = 1.5
"""Text is at least so many times as long as tall; nature's look-alikes are not, mostly."""
_TALLEST = 0.3
"""Of the frame: what is taller and still looks like text is a branch, a folded cloth, a mountain."""
_COVERED = 0.6
"""Share of a likely place that places known before explain."""
_SAME_PLACE = 0.5
"""Share of each other that two boxes of one place cover."""
_SAME_LENGTH, _SAME_HEIGHT = 0.94, 0.6
"""The same along and across a line, where the text in it is another one: it must not be longer."""
_CLOSE_EFFORT, _LINE_EFFORT = 0.25, 0.005
"""Processor seconds, about, of a close look, and of reading a piece of a line as long as it is tall."""
_WORTH = 0.5
"""Confidence below which nothing is said of a place."""


@dataclass(frozen=True, slots=True)
class _Place:
    """A place that was looked at closely."""

    box: Box
    look: NDArray[np.float32]
    reading: Reading
    tried: bool
    """Whether it was read in all ways."""


class FrameReader:
    """Reads one video's frames in the order of time.

    Args:
        detector: finds text.
        recogniser: reads it.
    """

    def __init__(self, detector: Detector, recogniser: Recogniser) -> None:
        self._detector = detector
        self._turned = TurnedReader(recogniser.read)
        self._gate = ChangeGate()
        self._effort = Effort()
        self._places: list[_Place] = []
        self._shape: tuple[int, ...] = ()

    def look(self, image: NDArray[np.uint8], time: float) -> Sight:
        """What is written in a frame.

        Args:
            image: (H, W, 3) BGR.
            time: seconds at which it is shown, ascending.

        Returns:
            None where it is as in the frame before, or where those before took too much effort.
        """
        if not self._effort.begin(time) or not self._gate.changed(image):
            return None
        if image.shape != self._shape:
            self._shape, self._places = image.shape, []
        height, width, _ = image.shape
        likely = self._detector.boxes(self._detector.heat(image, FIRST_LOOK), width, height)
        likely = [box for box in likely if _may_be_text(box, height)]
        known = self._known(image, likely)
        if known is not None and all(_explained(box, known) for box in likely):
            self._places = [place for place in known if _still_there(place, likely)]
        else:
            self._places = self._closely(image)
        return tuple(_written(place, height) for place in self._places if place.reading.confidence >= _WORTH)

    def _known(self, image: NDArray[np.uint8], likely: list[Box]) -> list[_Place] | None:
        """The known places as they are now; None where it takes a close look to tell."""
        now = []
        for place in self._places:
            line = cut_out(image, place.box)
            look = look_of(line)
            if same_look(look, place.look):
                now.append(place)
                continue
            fills = _fills(place.box, likely)
            if not fills and any(overlap(place.box.bounds, box.bounds)[0] > 0 for box in likely):
                return None  # it has moved, or become another one
            if not fills and not place.reading.text:
                continue
            reading, _ = self._read(line, place.box, further=False)
            if (
                reading.text == place.reading.text
                or max(reading.confidence, place.reading.confidence) < _WORTH
            ):
                best = max(reading, place.reading, key=lambda each: each.confidence)
                now.append(_Place(place.box, look, best, place.tried))
            elif reading.confidence >= SURE and fills:
                now.append(_Place(place.box, look, reading, tried=False))
            else:
                return None
        return now

    def _closely(self, image: NDArray[np.uint8]) -> list[_Place]:
        height, width, _ = image.shape
        self._effort.spend(_CLOSE_EFFORT)
        boxes = self._detector.boxes(self._detector.heat(image, CLOSE_LOOK), width, height)
        boxes = [box for box in boxes if _may_be_text(box, height)]
        if len(boxes) > _MOST:
            boxes = sorted(boxes, key=lambda box: box.size[0] * box.size[1], reverse=True)[:_MOST]
        places = []
        tries = _MOST_TRIES
        for box in boxes:
            line = cut_out(image, box)
            look = look_of(line)
            before = next((place for place in self._places if same_look(look, place.look)), None)
            if before is not None and (before.reading.confidence >= SURE or before.tried):
                places.append(_Place(box, look, before.reading, before.tried))
                continue
            reading, tried = self._read(line, box, further=tries > 0)
            tries -= tried
            if before is not None:
                reading = max(reading, before.reading, key=lambda each: each.confidence)
            places.append(_Place(box, look, reading, tried))
        return places

    def _read(self, line: NDArray[np.uint8], box: Box, *, further: bool) -> tuple[Reading, bool]:
        along, across = sorted(box.size, reverse=True)
        self._effort.spend(_LINE_EFFORT * along / max(across, 1.0))
        return self._turned.read(line, tall=box.tall, further=further)


def _may_be_text(box: Box, height: int) -> bool:
    """Whether a place has the shape of a line of text."""
    along, across = sorted(box.size, reverse=True)
    thickness = across / height
    return thickness <= _TALLEST and (along >= _LONG * across or thickness <= _TALLEST / 4)


def _explained(box: Box, known: list[_Place]) -> bool:
    return sum(overlap(box.bounds, place.box.bounds)[0] for place in known) >= _COVERED


def _still_there(place: _Place, likely: list[Box]) -> bool:
    """Small text may be missed by the first look while it stays; so only a place that was none is dropped."""
    return bool(place.reading.text) or any(
        min(overlap(place.box.bounds, box.bounds)) >= _SAME_PLACE for box in likely
    )


def _fills(place: Box, likely: list[Box]) -> bool:
    """Whether one of the likely places is this one, as long as it is."""
    across, down = (_SAME_HEIGHT, _SAME_LENGTH) if place.tall else (_SAME_LENGTH, _SAME_HEIGHT)
    left, top, right, bottom = place.bounds
    return any(
        _shared(left, right, box.bounds[0], box.bounds[2]) >= across
        and _shared(top, bottom, box.bounds[1], box.bounds[3]) >= down
        for box in likely
    )


def _shared(first: float, last: float, other_first: float, other_last: float) -> float:
    """Share of what two spans cover together that both cover."""
    shared = min(last, other_last) - max(first, other_first)
    return max(0.0, shared) / max(max(last, other_last) - min(first, other_first), 1e-6)


def _written(place: _Place, height: int) -> Written:
    left, top, right, bottom = (pixels / height for pixels in place.box.bounds)
    return Written(place.reading.text, place.reading.confidence, left, top, right, bottom)
