"""Libraries with real rows and pictures, made without decoding anything."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from app.media.fingerprints import fingerprint
from app.session import Session
from tests.bundles import COLOURS, colour_embedding
from tests.catalogue.making import make_file, rescan, rows_for
from tests.ui.pictures import webp


def fill_library(
    session: Session,
    folder: Path,
    videos: Mapping[str, Sequence[str]],
    make: Callable[[Path, str], object] = make_file,
) -> dict[str, int]:
    """Index a folder of videos of which each second is of one colour (`tests.bundles.COLOURS`).

    Each file is made by `make`, which is given its path and what its content may depend on.

    Returns:
        The videos' ids by name.
    """
    for name in videos:
        make(folder / name, f"{folder.name}/{name}")
    session.add_folder(folder)
    rescan(session.catalogue, folder)
    pictures = {name: webp((160, 90), COLOURS[name]) for name in set().union(*videos.values())}
    ids: dict[str, int] = {}
    for video in session.catalogue.pending(session.bundle.identity):
        name = str(video.path.relative_to(folder))
        colours = videos[name]
        vectors = np.stack([colour_embedding(COLOURS[colour]) for colour in colours])
        rows = rows_for(
            video, len(colours), model=session.bundle.identity, width=vectors.shape[1], vectors=vectors
        )
        frames = tuple(
            replace(frame, thumbnail=pictures[colour])
            for frame, colour in zip(rows.frames, colours, strict=True)
        )
        rows = replace(rows, frames=frames)
        session.catalogue.commit_indexed(video.id, rows, fingerprint=fingerprint(video.path))
        ids[name] = video.id
    return ids
