"""The libraries on which heads are learned and tried: embedded once, with the bundled encoder."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.paths import bundled_model
from app.search.candidates import Candidates
from app.search.scorers.cosine import EncodedText, Scorer
from app.search.scorers.hubness import bank_texts
from app.vectors.embeddings import StoredEmbeddings
from app.vectors.gallery import Gallery, GalleryStore
from benchmarks.library_head.learned import Clips, Scores, Vectors, unit
from models.datasets.backbones import BundleBackbone
from models.datasets.features import FeatureSet
from models.datasets.pseudo_videos import MixtureConfig
from models.evaluate.gallery import Gallery as CaptionedClips
from models.pocket.head import HeadRecipe, held_out
from models.pocket.pictures.data import read_pictures
from models.pocket.proof import among_pictures, fewer_captions, given_clips, with_held_out_clips


@dataclass(frozen=True, slots=True)
class Library:
    """One library with its captions, which nothing is learned from."""

    name: str
    clips: Clips
    gallery: Gallery
    """The same clips as the program holds them."""
    raw_texts: Vectors
    """(Q, D) float32."""
    answers: NDArray[np.int64]
    """(Q,) the clip that each caption describes."""

    @property
    def texts(self) -> Vectors:
        """(Q, D) float32, L2-normalised."""
        return unit(self.raw_texts)

    def by_scorer(self, scorer: Scorer, texts: Vectors) -> Scores:
        """Scores (Q, V) by a scorer of the program, of raw texts (Q, D)."""
        clips = np.arange(len(self.gallery.clip_starts))
        found = np.empty((len(texts), len(clips)), np.float32)
        for row, raw in zip(found, texts, strict=True):
            text = EncodedText.of(raw)
            candidates = Candidates.of(clips, self.gallery, self.gallery.vectors @ text.unit)
            row[:] = scorer.score(text, candidates, self.gallery)
        return found


@dataclass(frozen=True, slots=True)
class Material:
    """The libraries, and the query bank: raw and L2-normalised (B, D)."""

    libraries: list[Library]
    raw_bank: Vectors
    bank: Vectors


def read_material(data: Path, work: Path, captions: int) -> Material:
    """Embed everything; pseudo-videos and real clips are kept in `work`.

    Args:
        data: the folder with `clips`, `training` and `training-more`.
        work: for caches.
        captions: of a library at most, evenly spaced.
    """
    backbone, recipe = BundleBackbone(bundled_model()), HeadRecipe()
    given = given_clips(data, work, backbone)
    among = among_pictures(given, data, backbone, recipe.camera.size)
    galleries = {
        "Given clips": given,
        "Given and held-out real clips": with_held_out_clips(given, data, work, backbone),
        "Given clips among held-out pictures": among,
        "Held-out pictures": _pictures(data, among, len(given.frames), backbone.encode_texts),
        "Held-out pseudo-videos": held_out(data, work, backbone, MixtureConfig(), recipe.camera),
    }
    raw_bank = backbone.encode_texts(bank_texts())
    libraries = [_library(name, fewer_captions(each, captions)) for name, each in galleries.items()]
    return Material(libraries, raw_bank, unit(raw_bank))


def as_gallery(frames: Vectors, mask: NDArray[np.bool_]) -> Gallery:
    """Clips of raw frames (V, F, D), of which (V, F) are there, as the program holds them: one video."""
    counts = mask.sum(1)
    total = int(counts.sum())
    store = GalleryStore(frames.shape[2], total)
    store.append(
        StoredEmbeddings(
            video_id=1,
            folder_id=1,
            revision=1,
            matrix=frames[mask].astype(np.float16),
            frame_ids=np.arange(total, dtype=np.int64),
            times=np.arange(total, dtype=np.float64),
            clips=np.repeat(np.arange(len(counts)), counts).astype(np.int32),
        )
    )
    return store.snapshot()


def _library(name: str, captioned: CaptionedClips) -> Library:
    frames, mask = captioned.frames.numpy(), captioned.mask.numpy()
    answers = np.asarray(captioned.video_of_text.numpy(), np.int64)
    return Library(name, Clips.of(frames, mask), as_gallery(frames, mask), captioned.texts.numpy(), answers)


def _pictures(
    data: Path, among: CaptionedClips, clips: int, encode: Callable[[list[str]], NDArray[np.float32]]
) -> CaptionedClips:
    """The held-out pictures alone, each a clip of one frame, with the captions that some of them have."""
    pictures = [picture for picture in read_pictures(data / "training") if picture.part == "heldout"]
    captions = [(row, text) for row, picture in enumerate(pictures) for text in picture.captions]
    return CaptionedClips.of(
        FeatureSet(
            frames=among.frames[clips:].numpy().astype(np.float16),
            counts=np.ones(len(pictures), np.int64),
            texts=encode([text for _, text in captions]).astype(np.float16),
            video_of_text=np.array([row for row, _ in captions], np.int64),
        )
    )
