"""The libraries on which heads are learned and tried: embedded once, with the bundled encoder."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from app.paths import bundled_model
from app.search.scorers.hubness import bank_texts
from benchmarks.library_head.learned import Clips, Scores, Vectors, unit
from models.datasets.backbones import BundleBackbone
from models.datasets.pseudo_videos import MixtureConfig
from models.evaluate.gallery import Gallery
from models.evaluate.heads import OpenedHead, open_head
from models.pocket.export import HEAD_FILE
from models.pocket.head import HeadRecipe, held_out
from models.pocket.pictures.data import read_pictures
from models.pocket.proof import among_pictures, fewer_captions, given_clips, with_held_out_clips

_TOGETHER = 200
"""Texts that the trained head scores in one go."""


@dataclass(frozen=True, slots=True)
class Library:
    """One library with its captions, which nothing is learned from."""

    name: str
    clips: Clips
    raw: Gallery
    head: OpenedHead

    @property
    def texts(self) -> Vectors:
        """(Q, D) float32, L2-normalised."""
        return unit(self.raw.texts.numpy())

    @property
    def answers(self) -> NDArray[np.int64]:
        """(Q,) the clip that each caption describes."""
        return np.asarray(self.raw.video_of_text.numpy(), np.int64)

    def by_head(self, texts: Vectors) -> Scores:
        """Scores (Q, V) by the bundle's trained head, of raw texts (Q, D)."""
        score = partial(
            self.head.head.similarities, f=self.raw.frames, mask=self.raw.mask, samples=self.head.samples
        )
        with torch.inference_mode():
            parts = torch.split(torch.from_numpy(texts), _TOGETHER)
            return np.concatenate([score(part).numpy() for part in parts])


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
    head = open_head(bundled_model() / HEAD_FILE)
    raw_bank = backbone.encode_texts(bank_texts())
    libraries = [
        Library(name, Clips.of(gallery.frames.numpy(), gallery.mask.numpy()), gallery, head)
        for name, gallery in ((name, fewer_captions(each, captions)) for name, each in galleries.items())
    ]
    return Material(libraries, raw_bank, unit(raw_bank))


def _pictures(
    data: Path, among: Gallery, clips: int, encode: Callable[[list[str]], NDArray[np.float32]]
) -> Gallery:
    """The held-out pictures alone, each a clip of one frame, with the captions that some of them have."""
    pictures = [picture for picture in read_pictures(data / "training") if picture.part == "heldout"]
    captions = [(row, text) for row, picture in enumerate(pictures) for text in picture.captions]
    return Gallery(
        torch.from_numpy(encode([text for _, text in captions])),
        among.frames[clips:],
        among.mask[clips:],
        torch.tensor([row for row, _ in captions]),
    )
