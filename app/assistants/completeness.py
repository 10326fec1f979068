"""How much of a library can be found.

Every answer says it, so that nobody takes what was not found for what is not there.
"""

from collections.abc import Sequence

from app.assistants.tool_answers import IndexState
from app.catalogue.records import Folder
from app.session import Session


def index_state(session: Session) -> IndexState:
    """Count what is indexed now, of the folders and of what could not be read from the library's file."""
    folders = session.folders()
    videos = sum(folder.videos for folder in folders)
    indexed = sum(folder.indexed for folder in folders)
    waiting = sum(folder.pending for folder in folders)
    unreadable = sum(folder.failed for folder in folders)
    damaged = session.catalogue.left_out
    says = [_counted(videos, indexed, waiting)]
    if unreadable:
        says.append(f"{_videos(unreadable)} could not be read.")
    if damaged:
        says.append(f"What is stored of {_videos(damaged)} is damaged; they are left out.")
    says += _away(folders)
    pending = session.pending_model
    if pending is not None:
        says.append("Another model is being prepared; until it is, the present one answers.")
    return IndexState(
        complete=not waiting and not damaged,
        videos=videos,
        indexed=indexed,
        waiting=waiting,
        unreadable=unreadable,
        says=" ".join(says),
    )


def _counted(videos: int, indexed: int, waiting: int) -> str:
    if not videos:
        return "The library holds no videos."
    if not waiting:
        return "Everything that can be read is indexed."
    return (
        f"{indexed:,} of {_videos(videos)} are indexed; {waiting:,} cannot be found yet. "
        "Reelfind indexes them while its window is open, or with: reelfind index."
    )


def _away(folders: Sequence[Folder]) -> list[str]:
    away = sum(not folder.online for folder in folders)
    if not away:
        return []
    which = "1 folder is" if away == 1 else f"{away} folders are"
    return [f"{which} not connected: what is in there is found, and cannot be played or exported."]


def _videos(number: int) -> str:
    return f"{number:,} video{'' if number == 1 else 's'}"
