"""In which looks the pictures are made."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Look:
    """One look of the window."""

    name: str
    size: tuple[int, int] = (1280, 800)
    """Logical pixels."""
    ratio: float = 1.0
    """Device pixels to one of those."""
    appearance: str = "light"
    text_size: int = 100
    language: str = "en"
    mirrored: bool = False
    """From right to left, as in Arabic and Hebrew."""
    only: tuple[str, ...] = ()
    """Names of the scenes, all where empty."""


_SOME = ("results", "player", "settings")
LOOKS = (
    Look("light"),
    Look("dark", appearance="dark"),
    Look("small", size=(800, 600)),
    Look("large", size=(1920, 1080), ratio=2.0, only=("results", "player")),
    Look("right-to-left", mirrored=True),
    Look("text-150", text_size=150, size=(800, 600)),
    Look("high-contrast", appearance="high-contrast"),
    Look("german", language="de", only=(*_SOME, "ready", "sheet")),
    Look("chinese", language="zh_CN", only=(*_SOME, "ready", "sheet")),
)
