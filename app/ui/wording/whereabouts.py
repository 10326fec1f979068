"""Where a file is that does not open, and what a person can do. Pure but for `why_not_opened`."""

import errno
import os
from collections.abc import Iterable
from pathlib import Path, PurePath

from PySide6.QtCore import QCoreApplication

from app.catalogue.records import Folder, Presence
from app.ui.wording import formatting as fmt

_MOUNTED_BELOW = (("run", "media", "*"), ("media", "*"), ("media",), ("Volumes",), ("mnt",))
"""Where systems show disks, as parts of a path after the root; `*` is the user's name."""


def disk_name(path: PurePath) -> str:
    """Name of the disk or share that a path lies on, as far as the path tells; else empty."""
    if path.drive:
        return path.drive
    parts = path.parts[1:]
    for place in _MOUNTED_BELOW:
        if len(parts) > len(place) + 1 and all(
            want in ("*", part) for want, part in zip(place, parts, strict=False)
        ):
            return parts[len(place)]
    return ""


def watched_folder(path: Path, folders: Iterable[Folder]) -> Path | None:
    """The watched folder that a file lies in."""
    return next((folder.path for folder in folders if path.is_relative_to(folder.path)), None)


def what_to_connect(path: Path, folder: Path | None) -> str:
    """Name of the disk, else of the watched folder, that has to be there for this file to play."""
    if name := disk_name(path):
        return fmt.brief_name(Path(name), 40)
    return fmt.brief_name(path.parent if folder is None else folder, 40)


def brief_state(path: Path, presence: Presence, folder: Path | None) -> str:
    """A few words for a card: what is in the way; empty where nothing is."""
    match presence:
        case Presence.AWAY:
            return _tr("Connect “{name}”").format(name=what_to_connect(path, folder))
        case Presence.UNREACHABLE:
            return _tr("Folder cannot be opened")
        case Presence.GONE:
            return _tr("No longer there")
        case Presence.HERE:
            return ""


def state(path: Path, presence: Presence, folder: Path | None) -> str:
    """What is in the way of playing a file and what to do; empty where nothing is."""
    match presence:
        case Presence.AWAY if disk_name(path):
            return _tr("The disk “{name}” is not connected. Connect it to play this video.").format(
                name=what_to_connect(path, folder)
            )
        case Presence.AWAY:
            return _tr(
                "The disk that holds “{name}” is not connected. Connect it to play this video."
            ).format(name=what_to_connect(path, folder))
        case Presence.UNREACHABLE:
            return _tr("Its folder cannot be opened: check its permissions.")
        case Presence.GONE:
            return _tr("“{name}” is no longer there: it was moved or deleted.").format(
                name=fmt.brief_name(path)
            )
        case Presence.HERE:
            return ""


def why_not_opened(path: Path) -> str:
    """Look why a file did not open; one sentence with what to do. Takes as long as the disk does.

    Returns:
        The sentence; empty where the file opens.
    """
    name = fmt.brief_name(path)
    try:
        with path.open("rb") as file:
            file.read(1)
    except OSError as error:
        match error.errno:
            case errno.EACCES | errno.EPERM:
                return _not_permitted(path, name)
            case errno.ENOENT | errno.ENOTDIR | errno.ENODEV | errno.ENXIO:
                return _tr("“{name}” can’t be opened: it was moved, or its disk is not connected.").format(
                    name=name
                )
            case errno.EIO:
                return _tr("“{name}” can’t be read: its disk reports an error. Check the disk.").format(
                    name=name
                )
        return _tr("“{name}” can’t be opened: {reason}.").format(
            name=name, reason=error.strerror or type(error).__name__
        )
    return ""


def _not_permitted(path: Path, name: str) -> str:
    if os.access(path.parent, os.X_OK):
        return _tr("You have no permission to read “{name}”. Check its permissions.").format(name=name)
    return _tr("The folder of “{name}” cannot be opened: check its permissions.").format(name=name)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Whereabouts", text)
