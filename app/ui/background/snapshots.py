"""What the window shows of an open library: plain values, read off the GUI thread."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Self

from app.catalogue.deltas import Delta
from app.catalogue.records import Folder, ProblemCounts, UnreachablePath, WatchedFolder

if TYPE_CHECKING:
    from app.engines.model_choice import PendingModel
    from app.open_library import Impairment, OpenLibrary


@dataclass(frozen=True, slots=True)
class LibrarySnapshot:
    """What the side panel shows."""

    folders: tuple[Folder, ...]
    scanning: bool
    """Whether the indexer is at work: more videos may turn up."""
    pending_model: PendingModel | None = None
    """The pending model."""
    unreachable: tuple[UnreachablePath, ...] = ()
    """Folders (and files) that could not be looked into."""
    read_only: str = ""
    """Why nothing can be changed, one sentence; empty where something can."""
    impairments: tuple[Impairment, ...] = ()
    """What works less well than it should, what matters most first."""
    outages: int = 0
    """How often the library's server went away until then."""

    @classmethod
    def of(cls, session: OpenLibrary) -> Self:
        """What is in the library now."""
        return cls._with(session, tuple(session.folders()))

    def after(self, delta: Delta, session: OpenLibrary) -> LibrarySnapshot:
        """What is in the library after a change; folders that it did not touch are not read.

        Args:
            delta: what changed since.
            session: the open library.
        """
        if delta.folders is None:
            return self.of(session)
        watched = session.catalogue.watched()
        known = {folder.id: folder for folder in self.folders}
        stale = {folder.id for folder in watched if folder.id in delta.folders or folder.id not in known}
        counted = {folder.id: folder for folder in session.folders(stale)} if stale else {}
        folders = [counted.get(folder.id) or _moved(known.get(folder.id), folder) for folder in watched]
        return self._with(session, tuple(folder for folder in folders if folder is not None))

    @classmethod
    def _with(cls, session: OpenLibrary, folders: tuple[Folder, ...]) -> Self:
        outages = session.outages  # before the impairments: one that begins meanwhile is among those
        return cls(
            folders,
            session.indexer.running,
            session.pending_model,
            tuple(session.catalogue.unreachable()),
            session.catalogue.read_only_reason,
            tuple(session.impairments()),
            outages,
        )

    @property
    def problems(self) -> ProblemCounts:
        """How many videos could not be read, or in part only."""
        return sum((folder.problems for folder in self.folders), ProblemCounts())

    @property
    def findable(self) -> tuple[object, ...]:
        """What a search can give other answers for, as far as counts tell."""
        places = tuple((folder.id, folder.online, folder.indexed) for folder in self.folders)
        return places, self.unreachable

    @property
    def indexed(self) -> int:
        return sum(folder.indexed for folder in self.folders)

    @property
    def seconds(self) -> float:
        return sum(folder.seconds for folder in self.folders)

    @property
    def pending(self) -> int:
        """Videos that are still to be indexed and can be reached."""
        return sum(folder.pending for folder in self.folders if folder.online)


def _moved(folder: Folder | None, watched: WatchedFolder) -> Folder | None:
    """The counts that are known, of a folder that may have come or gone with its disk."""
    if folder is None:  # it was removed while it was counted
        return None
    return replace(folder, path=watched.path, online=watched.online, volume=watched.volume)


@dataclass(frozen=True, slots=True)
class EngineSnapshot:
    """What runs the searches."""

    model: str
    provider: str
    scorer: str
    """Name of what ranks the answers."""
    has_head: bool
    """Whether the model has a trained head to re-score with."""
    identity: str = ""
    """Of the model's vectors."""
    fallback: str = ""
    """Why nothing better than this provider runs, one sentence; empty where the best runs."""

    @classmethod
    def of(cls, session: OpenLibrary) -> Self:
        """What runs the searches of a session now."""
        return cls(
            session.model_name,
            session.provider,
            session.scorer_name,
            session.has_head,
            session.model_identity,
            session.fallback,
        )
