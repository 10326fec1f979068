"""Videos to index, and what a library holds of them."""

from dataclasses import astuple, dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from app.bundle.encoder_bundle import load_bundle
from app.catalogue.catalogue import Catalogue
from app.paths import bundled_model
from tests.videos import Scene, left_alone, make_video

COLOURS = ("red", "green", "blue", "yellow", "purple", "grey", "white", "black")


@pytest.fixture(scope="session")
def movies(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight videos of some seconds, a copy of one, and a file that is no video."""
    return make_movies(tmp_path_factory.mktemp("cluster") / "movies", longer=2)


def make_movies(folder: Path, count: int = len(COLOURS), longer: int = 1) -> Path:
    """Fill a folder with some videos, a copy of one, and a file that is no video; returns the folder.

    Args:
        folder: made.
        count: of the videos, eight at most.
        longer: how many times as long the videos are as two scenes and a picture need at least.
    """
    folder.mkdir()
    for number, colour in enumerate(COLOURS[:count]):
        pan, stripes = Scene(colour, 1.5 * longer, "pan"), Scene(COLOURS[number - 1], 2 * longer, "stripes")
        make_video(folder / f"{number}.mp4", [pan, stripes, Scene(colour, longer)])
    for name, content in (("copy", (folder / "0.mp4").read_bytes()), ("broken", b"no video" * 1000)):
        (folder / f"{name}.mp4").write_bytes(content)
        left_alone(folder / f"{name}.mp4")
    return folder


@dataclass(frozen=True, slots=True)
class Rows:
    """What a library holds of one video, told without the numbers of rows."""

    video: tuple[object, ...]
    """All that `Video` says."""
    copy_of: str
    frames: list[tuple[object, ...]]
    thumbnails: list[bytes | None]
    clips: list[tuple[object, ...]]


@dataclass(frozen=True, slots=True)
class Contents:
    """What a library holds, by file name."""

    rows: dict[str, Rows]
    vectors: dict[str, NDArray[np.float32]]
    """(K, D) of length one."""


def contents_of(library: Path) -> Contents:
    """All that indexing wrote."""
    rows, vectors = {}, {}
    with Catalogue(library) as catalogue:
        videos = {video.id: video for video in catalogue.videos()}
        for stored in catalogue.embeddings(load_bundle(bundled_model()).identity):
            matrix = stored.matrix.astype(np.float32)
            name = videos[stored.video_id].path.name
            vectors[name] = matrix / np.linalg.norm(matrix, axis=1, keepdims=True)
        for number, video in videos.items():
            frames = catalogue.frames(number)
            rows[video.path.name] = Rows(
                astuple(replace(video, id=0, folder_id=0, copy_of=None, volume=None)),
                "" if video.copy_of is None else videos[video.copy_of].path.name,
                [(frame.time, frame.key, frame.clip) for frame in frames],
                [catalogue.thumbnail(frame.id) for frame in frames],
                [astuple(clip) for clip in catalogue.clips(number)],
            )
    return Contents(rows, vectors)


def assert_same(given: Contents, expected: Contents) -> None:
    """The same rows, and vectors that differ by no more than another number of threads makes."""
    assert given.rows == expected.rows
    assert given.vectors.keys() == expected.vectors.keys()
    for name, vectors in expected.vectors.items():
        assert vectors.shape == given.vectors[name].shape
        assert (vectors * given.vectors[name]).sum(1).min() > 0.99999, name
