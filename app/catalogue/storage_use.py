"""How much room a library takes on disk and what the program keeps beside it, by what it is for."""

import os
from dataclasses import dataclass
from pathlib import Path

from app import paths
from app.catalogue import frame_cache
from app.catalogue.catalogue import Catalogue
from app.disk.private_files import is_regular


@dataclass(frozen=True, slots=True)
class StorageUse:
    """Bytes."""

    database: int
    """The library's file; the next two are in it."""
    thumbnails: int
    vectors: int
    search_files: int
    """Vectors and graph as searches read them; made again from the library's file."""
    frames: int
    """Frames that are kept for another model (`keep_frames`)."""
    models: int
    speech_models: int
    cache: int
    """What can be made or fetched again."""
    log: int

    @property
    def total(self) -> int:
        """All of it; what lies in the library's file counts once."""
        parts = (self.database, self.search_files, self.frames, self.models, self.speech_models)
        return sum(parts) + self.cache + self.log


def storage_use(catalogue: Catalogue) -> StorageUse:
    """Look at every file, and every row of pictures and vectors: seconds where there are a million.

    Raises:
        LibraryError: the library cannot be read.
    """
    folder = catalogue.folder
    files = [path for path in folder.iterdir() if is_regular(path)] if folder.is_dir() else []
    database = sum(_size(path) for path in files if path.name.startswith("library.db"))
    searched = sum(_size(path) for path in files if path.name.startswith("vectors-"))
    thumbnails, vectors = catalogue.bytes_of_pictures_and_vectors()
    return StorageUse(
        database=database,
        thumbnails=thumbnails,
        vectors=vectors,
        search_files=searched,
        frames=frame_cache.size_of(folder),
        models=folder_size(paths.models_folder()),
        speech_models=folder_size(paths.speech_models_folder()),
        cache=folder_size(paths.cache_folder()),
        log=folder_size(paths.log_folder()),
    )


def folder_size(folder: Path) -> int:
    """Bytes of the files in a folder and below; no link is followed, what cannot be read counts nothing."""
    total, waiting = 0, [str(folder)]
    while waiting:
        try:
            with os.scandir(waiting.pop()) as listing:
                for entry in listing:
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
                    elif entry.is_file(follow_symlinks=False):
                        total += entry.stat(follow_symlinks=False).st_size
        except OSError:
            continue
    return total


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
