"""The data sets by name, and the one function that reads them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from app.errors import UsageError
from models.datasets import layouts
from models.datasets.annotations import Annotation
from models.datasets.records import CaptionedVideo, VideoSet
from models.datasets.video_folder import VideoFolder

Reader = Callable[[Path, str], Iterable[Annotation]]
"""Folder (or, for `csv`, file) of annotations and split in, annotations out."""

DATASETS: Mapping[str, Reader] = {
    "msrvtt-1k-a": layouts.msrvtt_1k_a,
    "msrvtt-9k": layouts.msrvtt_9k,
    "msrvtt-7k": layouts.msrvtt_7k,
    "lsmdc": layouts.lsmdc,
    "didemo": layouts.didemo,
    "vatex": layouts.vatex,
    "charades": layouts.charades,
    "msvd": layouts.msvd,
    "csv": layouts.plain_csv,
}


def read_dataset(name: str, annotations: Path, videos: Path, split: str) -> VideoSet:
    """Read one split of a data set and find its videos.

    Args:
        name: one of `DATASETS`.
        annotations: the folder with the published annotation files; for `csv` it may be the table itself.
        videos: the folder with the videos, in any arrangement. Nothing outside it is ever opened.
        split: "train", "val" or "test", as far as the data set has them.

    Returns:
        All videos that are there, and the keys of those that are not.

    Raises:
        UsageError: data set, split or a folder is unknown, or an annotation file is absent or malformed.
    """
    if name not in DATASETS:
        raise UsageError(f"There is no data set “{name}”.", f"Choose one of {', '.join(DATASETS)}.")
    folder = VideoFolder(videos)
    found: dict[str, CaptionedVideo] = {}
    missing: dict[str, None] = {}
    for annotation in DATASETS[name](annotations, split):
        key = annotation.key
        path = folder.find(annotation.names)
        if key in found or key in missing:
            raise UsageError(f"The {split} split of {name} lists {key} twice.", "Take one of the lines out.")
        if path is None:
            missing[key] = None
        else:
            found[key] = CaptionedVideo(key, path, annotation.captions, annotation.start, annotation.end)
    return VideoSet(name, split, tuple(found.values()), tuple(missing))
