"""Is a clip of one frame found as easily as one of twelve? Scores of clips of every length, held-out.

`python -m models.pocket.lengths --data ../shared/data --work build/pocket --bundle models/bundled/pocket`

A scorer that is fair to length gives noise the same level whether a clip has one frame or twelve, and finds
what is asked for as often. Galleries in which *every* length is asked for tell; one in which only long clips
are (captions of clips among single pictures) is won by whatever lifts long clips. Choices are made here, not
on the galleries of the proof (`models.pocket.proof`): on the dev part's pictures, their texts weakened as in
training, filmed and mixed into clips; on the real training clips, likewise; on the held-out real clips, cut,
with the held-out pictures of `training-more`. What is compared are forms of the default score, half the head
(S = 0) and half the soft maximum.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from models.datasets.backbones import BundleBackbone
from models.datasets.features import FeatureSet
from models.datasets.pseudo_videos import Films, MixtureConfig, PseudoVideos, embed_films, weaken_matches
from models.evaluate.gallery import Gallery
from models.evaluate.heads import OpenedHead, open_head
from models.heads.baselines import (
    log_sum_exp_similarity,
    max_similarity,
    mean_pool_similarity,
    top_k_similarity,
)
from models.metrics import text_to_video
from models.pocket.export import HEAD_FILE
from models.pocket.figures.printed import print_sections
from models.pocket.head import REAL_CLIPS, SOFT_GAIN, HeadRecipe, mean_of_cosines, pictures_of
from models.pocket.pictures.data import MORE_RECORDS, read_pictures
from models.pocket.pictures.real_clips import real_clips, without_own
from models.pocket.proof import as_published
from models.train.pseudo import films_of

HALF = 0.5
DRAWS = 3
"""Galleries of each kind: the clips are cut anew."""
QUERIES = 1_500
"""Captions at most of one gallery."""
RESAMPLES = 1_000
BOUNDS = (2, 4)
"""Clips of one frame, of 2 and 3, and of 4 and more are told apart."""
CUTS = (1, 2, 3, 6)
"""Frames that the same clips are cut to, to see how the level moves."""

Scores = NDArray[np.float32]
Form = Callable[["Parts"], Scores]


@dataclass(frozen=True, slots=True)
class Parts:
    """What the forms are made of: the head's score `(Q, V)`, the gallery, and each clip's length `(V,)`."""

    head: Scores
    gallery: Gallery
    lengths: NDArray[np.int64]

    @classmethod
    def of(cls, gallery: Gallery, published: OpenedHead) -> Parts:
        """Score a gallery with the head alone, without samples."""
        head = published.head.similarities(gallery.texts, gallery.frames, gallery.mask, samples=None)
        return cls(head.numpy(), gallery, gallery.mask.sum(1).numpy())

    def plain(self, scorer: Callable[..., Tensor], *more: float) -> Scores:
        """A scorer of `models.heads.baselines`."""
        return np.asarray(
            scorer(self.gallery.texts, self.gallery.frames, self.gallery.mask, *more).numpy(), np.float32
        )

    def default(self) -> Scores:
        """The program's own score, without samples."""
        return HALF * self.head + HALF * self.plain(log_sum_exp_similarity, SOFT_GAIN)

    def groups(self) -> NDArray[np.intp]:
        """`(V,)`: which of the ranges of length a clip is in."""
        return np.digitize(self.lengths, BOUNDS)


def with_bonus(parts: Parts, bonus: float) -> Scores:
    """The default and `bonus · log n`, the same as `(1/g)(log Σ exp(g s) − β log n)` in place of the soft
    maximum with `bonus = HALF · (1 − β) / g`."""
    return parts.default() + np.float32(bonus) * np.log(parts.lengths).astype(np.float32)


def standardised(parts: Parts, scores: Scores) -> Scores:
    """Scores in deviations from what clips of the same range of length give the query on average."""
    result, groups = np.empty_like(scores), parts.groups()
    for group in np.unique(groups):
        column = scores[:, groups == group]
        spread = np.maximum(column.std(1, keepdims=True), 1e-6)
        result[:, groups == group] = (column - column.mean(1, keepdims=True)) / spread
    return result


def without_chance(parts: Parts) -> Scores:
    """The best frame, less the lead that the best of n frames has over their mean on average."""
    best = parts.plain(max_similarity)
    lead = (best - parts.plain(mean_of_cosines)).mean(0)
    groups = parts.groups()
    usual = np.array([lead[groups == group].mean() for group in groups], np.float32)
    return HALF * parts.head + HALF * (best - usual)


def forms() -> Mapping[str, Form]:
    """Every form by its name; the default comes first."""
    soft = log_sum_exp_similarity

    def mixed(parts: Parts, scorer: Callable[..., Tensor], *more: float) -> Scores:
        return HALF * parts.head + HALF * parts.plain(scorer, *more)

    made: dict[str, Form] = {"the default": Parts.default}
    for beta in (1.4, 0.8, 0.6, 0.2, 0.0):
        made[f"(1/g)(log Σ exp(g s) − β log n), β = {beta:g}"] = partial(
            with_bonus, bonus=HALF * (1 - beta) / SOFT_GAIN
        )
    made["the best frame for the soft maximum"] = partial(mixed, scorer=max_similarity)
    made["the best frame, less what chance gives n frames"] = without_chance
    made["the three best frames' mean for it"] = partial(mixed, scorer=top_k_similarity)
    made["the mean vector's cosine for it"] = partial(mixed, scorer=mean_pool_similarity)
    for gain in (10.0, 40.0, 80.0):
        made[f"g = {gain:g}"] = lambda parts, gain=gain: mixed(parts, soft, gain)  # type: ignore[misc]
    made["standardised among clips as long"] = lambda parts: standardised(parts, parts.default())
    made["the best frame alone"] = lambda parts: parts.plain(max_similarity)
    made["half max, half mean (pooled)"] = lambda parts: (
        HALF * parts.plain(max_similarity) + HALF * parts.plain(mean_of_cosines)
    )
    return made


def cut(clips: FeatureSet, wanted: NDArray[np.int64]) -> FeatureSet:
    """Clips of at most so many frames each, the middles of equal parts of those they have; `wanted` (V,)."""
    frames, counts = np.zeros_like(clips.frames), np.minimum(clips.counts, wanted)
    for clip, (own, kept) in enumerate(zip(clips.counts, counts, strict=True)):
        frames[clip, :kept] = clips.frames[clip, (2 * np.arange(kept) + 1) * own // (2 * kept)]
    return FeatureSet(frames, counts, clips.texts, clips.video_of_text)


def cut_anyhow(clips: FeatureSet, draw: np.random.Generator) -> FeatureSet:
    """Clips cut to a length that is drawn, from one frame to all they have."""
    return cut(clips, draw.integers(1, clips.counts + 1))


def filmed(films: Films, draw: np.random.Generator) -> FeatureSet:
    """Half the pictures as shots of 1 to 12 frames, the others within clips that show other things too."""
    shots = PseudoVideos(films, MixtureConfig(whole_share=1.0)).held(draw)
    mixed = PseudoVideos(films, MixtureConfig(short_share=0.5)).held(draw)
    shots = cut_anyhow(shots, draw)
    whole = draw.random(len(shots.counts)) < HALF
    frames = np.where(whole[:, None, None], shots.frames, mixed.frames)
    return FeatureSet(frames, np.where(whole, shots.counts, mixed.counts), shots.texts, shots.video_of_text)


def together(one: FeatureSet, other: FeatureSet) -> FeatureSet:
    """Both as one gallery."""
    return FeatureSet(
        np.concatenate([one.frames, other.frames]),
        np.concatenate([one.counts, other.counts]),
        np.concatenate([one.texts, other.texts]),
        np.concatenate([one.video_of_text, other.video_of_text + len(one.counts)]),
    )


def fewer(clips: FeatureSet, most: int) -> FeatureSet:
    """With at most so many captions, evenly spaced."""
    rows = np.linspace(0, len(clips.texts) - 1, min(most, len(clips.texts))).astype(np.intp)
    return FeatureSet(clips.frames, clips.counts, clips.texts[rows], clips.video_of_text[rows])


def level_table(clips: FeatureSet, published: OpenedHead) -> Iterator[str]:
    """How the default's scores move when the same clips are cut: those of the longest cut and more."""
    long = np.flatnonzero(clips.counts >= CUTS[-1])
    asked = np.isin(clips.video_of_text, long)
    owner = np.searchsorted(long, clips.video_of_text[asked])
    chosen = FeatureSet(clips.frames[long], clips.counts[long], clips.texts[asked], owner)
    yield f"{len(long)} real training clips, {len(owner)} captions\n"
    yield "| frames | what does not match: mean | deviation | what matches: mean | its z |"
    yield "|---|---|---|---|---|"
    for frames in CUTS:
        gallery = Gallery.of(cut(chosen, np.full(len(long), frames)))
        scores = Parts.of(gallery, published).default()
        rows = np.arange(len(owner))
        wrong = np.ones(scores.shape, np.bool_)
        wrong[rows, owner] = False
        unmatched = scores[wrong].reshape(len(rows), -1)
        mean, spread, matched = unmatched.mean(), unmatched.std(1).mean(), scores[rows, owner].mean()
        cells = (f"{value:.3f}" for value in (mean, spread, matched))
        yield f"| {frames} | {' | '.join(cells)} | {(matched - mean) / spread:.2f} |"


def form_table(galleries: list[FeatureSet], published: OpenedHead) -> Iterator[str]:
    """Every form on some galleries of the same clips and captions: their means, and what is gained."""
    drawn = [Parts.of(Gallery.of(clips), published) for clips in galleries]
    owner = galleries[0].video_of_text
    lengths = np.stack([parts.groups()[owner] for parts in drawn])
    usual: NDArray[np.float64] | None = None
    yield f"{len(galleries[0].counts):,} clips, {len(owner):,} captions, cut {len(drawn)} times\n"
    yield "| score | R@1 | R@10 | MRR of 1 frame | 2 and 3 | 4 and more | all | gained [95 %] |"
    yield "|---|---|---|---|---|---|---|---|"
    for name, form in forms().items():
        ranks = np.stack([text_to_video(form(parts), owner).ranks for parts in drawn])
        found = 1 / ranks
        usual = found if usual is None else usual
        low, high = gain_interval((found - usual).mean(0), owner)
        by_length = " | ".join(
            f"{found[lengths == group].mean():.3f}" if np.any(lengths == group) else "–"
            for group in range(len(BOUNDS) + 1)
        )
        yield (
            f"| {name} | {100 * np.mean(ranks <= 1):.1f} | {100 * np.mean(ranks <= 10):.1f} | {by_length} | "
            f"{found.mean():.3f} | {np.mean(found - usual):+.4f} [{low:+.4f}, {high:+.4f}] |"
        )


def gain_interval(gained: NDArray[np.float64], owner: NDArray[np.int64]) -> tuple[float, float]:
    """Percentile bootstrap of the mean of `gained` (Q,), drawn by clips, whose captions go together."""
    _, clip = np.unique(owner, return_inverse=True)
    total, count = np.bincount(clip, gained), np.bincount(clip)
    draw = np.random.default_rng(24)
    means = [
        total[chosen].sum() / count[chosen].sum()
        for chosen in (draw.integers(len(count), size=len(count)) for _ in range(RESAMPLES))
    ]
    low, high = np.quantile(means, [0.025, 0.975])
    return float(low), float(high)


def sections(bundle: Path, data: Path, work: Path) -> Iterator[str]:
    """The Markdown; real clips and the pictures beside them are left out where the data lack them."""
    recipe, backbone = HeadRecipe(), BundleBackbone(bundle)
    published = as_published(open_head(bundle / HEAD_FILE))
    dev = weaken_matches(
        films_of(pictures_of(data), work, backbone, ("dev",), recipe.camera), recipe.memorised
    )
    yield "### Filmed dev pictures\n"
    filmed_clips = [fewer(filmed(dev, np.random.default_rng(seed)), QUERIES) for seed in range(DRAWS)]
    yield from form_table(filmed_clips, published)
    clips = real_clips(data / REAL_CLIPS, work, backbone, "train")
    if clips is None:
        return
    clips = without_own(clips, recipe.memorised)
    yield "\n### Real training clips, cut\n"
    yield from form_table(
        [cut_anyhow(clips, np.random.default_rng(seed)) for seed in range(DRAWS)], published
    )
    yield "\n### The same clips at every length\n"
    yield from level_table(clips, published)
    held = real_clips(data / REAL_CLIPS, work, backbone, "heldout")
    more = REAL_CLIPS.parent
    if held is None or not (data / more / MORE_RECORDS).exists():
        return
    pictures = [
        each for each in read_pictures(data / more, MORE_RECORDS) if each.part == "heldout" and each.captions
    ]
    camera = recipe.camera.at(backbone.image_size)
    films = embed_films(pictures, data / more, backbone, work / "films", camera, backbone.spec)
    yield "\n### Held-out clips and pictures\n"

    def drawn(seed: int) -> FeatureSet:
        draw = np.random.default_rng(seed)
        shots = PseudoVideos(films, MixtureConfig(whole_share=1.0)).held(draw)
        return together(cut_anyhow(held, draw), cut_anyhow(shots, draw))

    yield from form_table([drawn(seed) for seed in range(DRAWS)], published)
    yield "\n### Only long clips asked for, among the dev pictures\n"
    yield from form_table([together(held, unasked(dev, held.frames.shape[1]))], published)


def unasked(films: Films, slots: int) -> FeatureSet:
    """The first frame of every film as a clip of one frame, and no captions."""
    frames = np.zeros((len(films.frames), slots, films.frames.shape[2]), np.float16)
    frames[:, 0] = films.frames[:, 0]
    counts, nobody = np.ones(len(frames), np.int64), np.empty(0, np.int64)
    return FeatureSet(frames, counts, films.texts[nobody].astype(np.float16), nobody)


if __name__ == "__main__":
    print_sections("python -m models.pocket.lengths", __doc__, sections)
