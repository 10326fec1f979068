"""Galleries made of given similarities, so that what a scorer or a merger does can be read off."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from app.search.candidates import Candidates
from app.search.scorers.cosine import EncodedText
from app.vectors.embeddings import StoredEmbeddings
from app.vectors.gallery import Gallery, GalleryStore

TEXT: NDArray[np.float32] = np.array([1.0, 0.0], dtype=np.float32)
"""The query of every such gallery, normalised."""
QUERY = EncodedText.of(3 * TEXT)
"""The same as an encoder gives it."""

Clips = Sequence[Sequence[float]]


def make_gallery(videos: Sequence[Clips]) -> Gallery:
    """A gallery whose frames have the given cosines to `TEXT`: videos of clips of frames, a second apart."""
    store = GalleryStore(2)
    frame = 0
    for video, clips in enumerate(videos, start=1):
        cosines = np.array([cosine for clip in clips for cosine in clip])
        numbers = np.array([number for number, clip in enumerate(clips) for _ in clip], dtype=np.int32)
        count = len(cosines)
        store.append(
            StoredEmbeddings(
                video_id=video,
                folder_id=1,
                revision=video,
                matrix=np.stack([cosines, np.sqrt(1 - cosines**2)], axis=1).astype(np.float16),
                frame_ids=np.arange(frame, frame + count, dtype=np.int64),
                times=np.arange(count, dtype=np.float64),
                clips=numbers,
            )
        )
        frame += count
    return store.snapshot()


def all_clips(gallery: Gallery) -> Candidates:
    """Every clip of a gallery as a candidate."""
    clips = np.arange(len(gallery.clip_starts), dtype=np.intp)
    return Candidates.of(clips, gallery, gallery.vectors @ TEXT)


def gallery_of(vectors: NDArray[np.float32]) -> Gallery:
    """A gallery of these frames (N, D), one clip of one video each."""
    store = GalleryStore(vectors.shape[1])
    for number, vector in enumerate(vectors, start=1):
        store.append(
            StoredEmbeddings(
                video_id=number,
                folder_id=1,
                revision=number,
                matrix=vector[np.newaxis].astype(np.float16),
                frame_ids=np.array([number], np.int64),
                times=np.zeros(1),
                clips=np.zeros(1, np.int32),
            )
        )
    return store.snapshot()
