"""Which part of a video's frames is picture and which is bars, decided over several frames.

A frame whose picture reaches its edges is handed on at once, as nearly all are. One that seems to have bars
is held until others agree, or show otherwise (docs/decisions/0021-bars.md). Pure: pictures in, decisions out.
"""

from collections import deque
from dataclasses import dataclass, field
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from app.media.area import WHOLE, Area
from app.media.decoding.bars.blurred_bars import can_be_blurred_bars, find_blurred_bars
from app.media.decoding.bars.flat_bars import Box, borders_of, can_be_flat_bars, find_flat_bars

HELD = 3
"""Frames that are held at most: decoded pictures are large."""
ENOUGH = 2
"""Frames that have to show the same bars."""
SAME = 0.015
"""Share of the frame by which edges may lie apart and still be the same."""
REMEMBERED = 8
"""Areas of a video that one frame is enough for when they come back."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Bars:
    """What is beside the picture in one frame, or in several that agree."""

    area: Area
    blurred: bool

    def agree(self, other: "_Bars") -> bool:
        return self.blurred == other.blurred and all(
            abs(one - two) <= SAME for one, two in zip(self.area.sides, other.area.sides, strict=True)
        )

    def possible(self, image: NDArray[np.uint8]) -> bool:
        """Whether a frame in which no bars are seen may have these: it is dark, or has their colour."""
        height, width, _ = image.shape
        area = self.area
        box = Box(area.left * width, area.top * height, area.right * width, area.bottom * height)
        return can_be_blurred_bars(image, box) if self.blurred else can_be_flat_bars(image, box)


@dataclass(slots=True)
class _Guess(Generic[T]):
    """Bars that are not believed yet, and the frames that wait for them."""

    seen: list[_Bars] = field(default_factory=list)
    """The same bars as found in each frame that has them; none while frames only may have some."""
    held: list[T] = field(default_factory=list)

    def bars(self) -> _Bars:
        sides = np.median([bars.area.sides for bars in self.seen], axis=0)
        return _Bars(Area(*(float(side) for side in sides)), self.seen[0].blurred)


class AreaFinder(Generic[T]):
    """Finds the picture's area in the frames of one video, and holds at most three of them meanwhile."""

    def __init__(self) -> None:
        self._known: deque[_Bars] = deque(maxlen=REMEMBERED)
        """What was believed before, the newest last."""
        self._now: _Bars | None = None
        """What the frame before was found to have; None where it was all picture."""
        self._guess: _Guess[T] | None = None
        self._shot = -1
        self._lightest: NDArray[np.uint8] | None = None

    @property
    def likely(self) -> Area:
        """What is picture as far as is known: by the frames that wait, else by the last that was decided."""
        if self._guess is not None and self._guess.seen:
            return self._guess.seen[0].area
        return WHOLE if self._now is None else self._now.area

    def take(self, frame: T, image: NDArray[np.uint8], shot: int) -> list[tuple[T, Area]]:
        """Take the next frame; returns those that are decided now, in order, each with its area.

        Args:
            frame: handed back later.
            image: (H, W, 3) RGB, all of the frame.
            shot: another number than that of the frame before where a shot begins.
        """
        if shot != self._shot:
            self._shot, self._lightest = shot, None
        bars, may_have_some = self._look(image)
        if bars is not None:
            known = next((known for known in reversed(self._known) if known.agree(bars)), None)
            return self._hold(frame, bars) if known is None else [*self._close(), self._decide(frame, known)]
        guess = self._guess
        if guess is not None and (guess.bars().possible(image) if guess.seen else may_have_some):
            return self._hold(frame, None)
        decided = self._close()
        if self._now is not None and self._now.possible(image):
            return [*decided, self._decide(frame, self._now)]
        if may_have_some:
            return decided + self._hold(frame, None)
        return [*decided, self._decide(frame, None)]

    def finish(self) -> list[tuple[T, Area]]:
        """The video has ended; returns the frames that were still held."""
        return self._close()

    def _look(self, image: NDArray[np.uint8]) -> tuple[_Bars | None, bool]:
        """The bars in a frame, None where none are seen; and whether there may be some nevertheless."""
        borders = borders_of(image)
        box = None
        if borders is not None:
            box = find_flat_bars(image, borders)
            if box is None or (box.left > 0 and box.top > 0):
                box = self._in_the_light(image) or box
        blurred = box is None
        if blurred:
            box = find_blurred_bars(image)
        if box is None:
            return None, borders is not None
        height, width, _ = image.shape
        return _Bars(
            Area(box.left / width, box.top / height, box.right / width, box.bottom / height), blurred
        ), True

    def _in_the_light(self, image: NDArray[np.uint8]) -> Box | None:
        """The picture as the lightest pixels of the shot show it, where single frames are too dark."""
        before = self._lightest
        if before is None or before.shape != image.shape:
            self._lightest = image
            return None
        self._lightest = np.maximum(before, image)
        return find_flat_bars(self._lightest)

    def _hold(self, frame: T, bars: _Bars | None) -> list[tuple[T, Area]]:
        """Let a frame wait for others, with the bars that are seen in it."""
        decided: list[tuple[T, Area]] = []
        guess = self._guess
        if guess is not None and bars is not None and guess.seen and not guess.bars().agree(bars):
            decided, guess = self._close(), None
        if guess is None:
            guess = self._guess = _Guess[T]()
        guess.held.append(frame)
        if bars is not None:
            guess.seen.append(bars)
        if len(guess.held) >= HELD and len(guess.seen) >= ENOUGH:
            return decided + self._close()
        if len(guess.held) >= HELD:
            decided.append(self._decide(guess.held.pop(0), None))
        return decided

    def _close(self) -> list[tuple[T, Area]]:
        """Decide on the frames that wait, by what is known."""
        guess, self._guess = self._guess, None
        if guess is None:
            return []
        found = guess.bars() if len(guess.seen) >= ENOUGH else None
        if found is not None:
            self._known.append(found)
        return [self._decide(waiting, found) for waiting in guess.held]

    def _decide(self, frame: T, bars: _Bars | None) -> tuple[T, Area]:
        self._now = bars
        return frame, WHOLE if bars is None else bars.area
