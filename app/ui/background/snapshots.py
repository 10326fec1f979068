"""What the window shows of an open library: plain values, read off the GUI thread."""

from dataclasses import dataclass
from typing import Self

from app.catalogue.records import Folder, UnreachablePath, Video
from app.session import Impairment, PendingModel, Session


@dataclass(frozen=True, slots=True)
class Contents:
    """What the side panel shows."""

    folders: tuple[Folder, ...]
    problems: tuple[Video, ...]
    """Videos that could not be read, then those that could be read in part only."""
    scanning: bool
    """Whether the indexer is at work: more videos may turn up."""
    pending_model: PendingModel | None = None
    """The model that is being made ready."""
    unreachable: tuple[UnreachablePath, ...] = ()
    """Folders (and files) that could not be looked into."""
    read_only: str = ""
    """Why nothing can be changed, one sentence; empty where something can."""
    impairments: tuple[Impairment, ...] = ()
    """What works less well than it should, what matters most first."""

    @classmethod
    def of(cls, session: Session) -> Self:
        """What is in the library now."""
        return cls(
            tuple(session.folders()),
            tuple(session.problems()),
            session.indexer.running,
            session.pending_model,
            tuple(session.catalogue.unreachable()),
            session.catalogue.read_only_reason,
            tuple(session.impairments()),
        )

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


@dataclass(frozen=True, slots=True)
class Engine:
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
    def of(cls, session: Session) -> Self:
        """What runs the searches of a session now."""
        return cls(
            session.model_name,
            session.provider,
            session.scorer_name,
            session.bundle.has_head,
            session.bundle.identity,
            session.fallback,
        )
