"""What is read in one frame: the values that leave the writing child."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Written:
    """One piece of text in a frame."""

    text: str
    confidence: float
    """0 to 1."""
    left: float
    """The upright box around it, in heights of the frame: 1.78 is the right edge of a wide one."""
    top: float
    right: float
    bottom: float

    @property
    def height(self) -> float:
        """How tall it is, in heights of the frame."""
        return self.bottom - self.top


Sight = tuple[Written, ...] | None
"""What stands in a frame; None where it is the same as in the one before."""
