"""What a search is limited to, as few conditions on a clip's payload.

The catalogue has decided which contents meet a query's filters, whatever they ask for: days, lengths, tags,
copies. What it found is told to the server: whole folders by their ids, and of the rest runs of ids. Ids are
given in the order in which files are found, so that what belongs together lies in few runs.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.vectors.stores.qdrant.clip_map import ClipMap

MOST_RUNS = 2_000
"""Above which the server would take long to read what is asked."""


@dataclass(frozen=True, slots=True)
class ContentFilter:
    """Contents: those in folders, and those with an id in runs; or all but these; none of some others."""

    folders: tuple[int, ...]
    runs: tuple[tuple[int, int], ...]
    """First and last id, both included."""
    excluded: bool = False
    """Whether all others are meant."""
    without: tuple[int, ...] = ()
    """Ids that are never meant."""

    def __len__(self) -> int:
        return len(self.folders) + len(self.runs) + len(self.without)


def filter_of(clips: ClipMap, wanted: NDArray[np.intp]) -> ContentFilter | None:
    """The shortest way to say which videos are meant; None where even that is too long.

    Args:
        clips: the gallery.
        wanted: (n,) places among its videos, ascending; those that the server does not hold as they are, are
            left out.
    """
    is_wanted = np.zeros(len(clips.videos), np.bool_)
    is_wanted[wanted[clips.volumes[wanted] >= 0]] = True
    ways = (_said(clips, is_wanted, excluded=False), _said(clips, ~is_wanted, excluded=True))
    shortest = min(ways, key=len)
    return shortest if len(shortest) <= MOST_RUNS else None


def _said(clips: ClipMap, meant: NDArray[np.bool_], *, excluded: bool) -> ContentFilter:
    folders, of_video = np.unique(clips.folders, return_inverse=True)
    others = np.bincount(of_video[~meant], minlength=len(folders))
    whole = (others == 0) & (np.bincount(of_video[meant], minlength=len(folders)) > 0)
    alone = _runs_among(clips.videos, meant & ~whole[of_video])
    without = _runs_among(clips.videos, meant)
    if len(without) <= len(alone) + int(whole.sum()):
        return ContentFilter((), without, excluded, clips.outdated)
    return ContentFilter(tuple(folders[whole].tolist()), alone, excluded, clips.outdated)


def _runs_among(ids: NDArray[np.int64], meant: NDArray[np.bool_]) -> tuple[tuple[int, int], ...]:
    """First and last of each run of the ids (V,), ascending, that are meant."""
    edges = np.diff(meant.astype(np.int8), prepend=0, append=0)
    firsts, lasts = ids[np.flatnonzero(edges == 1)], ids[np.flatnonzero(edges == -1) - 1]
    return tuple(zip(firsts.tolist(), lasts.tolist(), strict=True))
