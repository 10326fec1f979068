"""What patterns would leave out of a library, before they are set."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePath

from app.catalogue.catalogue import Catalogue
from app.settings import Exclusion


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Videos of the library that patterns match."""

    examples: tuple[Path, ...]
    """The first of them."""
    total: int
    videos: int
    """All that were looked at."""


def left_out_by(
    catalogue: Catalogue, exclusion: Exclusion, *, examples: int, stop: Callable[[], bool] = lambda: False
) -> LeftOut:
    """Find which known videos a new scan would pass over; reads rows, and no disk.

    Args:
        catalogue: the library's.
        exclusion: the patterns.
        examples: so many paths at most.
        stop: asked for every video; ends the work, and what was found until then comes back.
    """
    found: list[Path] = []
    total = looked = 0
    for folder in catalogue.watched():
        for video in catalogue.videos(folder.id):
            if stop():
                break
            looked += 1
            if video.path.is_relative_to(folder.path) and is_left_out(
                video.path.relative_to(folder.path), exclusion
            ):
                total += 1
                if len(found) < examples:
                    found.append(video.path)
    return LeftOut(tuple(found), total, looked)


def is_left_out(relative: PurePath, exclusion: Exclusion) -> bool:
    """Whether a file, or a folder above it, is passed over; `relative` is seen from the watched folder."""
    if not exclusion:
        return False
    above = [parent for parent in relative.parents if parent.parts]
    return exclusion.matches(str(relative), is_folder=False) or any(
        exclusion.matches(str(folder), is_folder=True) for folder in above
    )
