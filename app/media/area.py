"""Which part of a frame is picture. Without numpy: the window knows it before anything is loaded."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Area:
    """A part of an upright frame with square pixels, as shares of its width and height."""

    left: float = 0.0
    top: float = 0.0
    right: float = 1.0
    bottom: float = 1.0

    def __post_init__(self) -> None:
        if not (0 <= self.left < self.right <= 1 and 0 <= self.top < self.bottom <= 1):
            raise ValueError(f"{self} is no part of a frame")

    @property
    def sides(self) -> tuple[float, float, float, float]:
        """Left, top, right, bottom."""
        return self.left, self.top, self.right, self.bottom


WHOLE = Area()
