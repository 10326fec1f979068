"""The proof: every scorer on held-out data, side by side, with confidence intervals.

`python -m models.pocket.proof --data ../shared/data --work build/pocket --bundle models/bundled/pocket
--out docs/retrieval.md`

Four galleries, none of them trained on: 1,000 pseudo-videos of Flickr8k's held-out pictures with 5,000
captions; the given real clips with their captions; those and the held-out clips of the training set together;
the given clips among all held-out pictures, each a clip of one frame. The tables are written between the two
marks in the document; the prose around them is left alone. With `--shipped` no other head is trained: an hour
less of processor time.
"""

from __future__ import annotations

import argparse
import copy
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from models.datasets.backbones import Backbone, BundleBackbone
from models.datasets.features import cache_features
from models.datasets.pseudo_videos import MixtureConfig
from models.datasets.readers import read_dataset
from models.evaluate.gallery import Gallery
from models.evaluate.heads import OpenedHead, open_head
from models.evaluate.table import Row, Scorer, score_table
from models.heads.baselines import (
    log_sum_exp_similarity,
    max_similarity,
    mean_pool_similarity,
    top_k_similarity,
)
from models.heads.corrections import dual_softmax, querybank_normalise
from models.heads.cret import gaussianity, gees_similarity
from models.heads.radius import Radius
from models.pocket.export import HEAD_FILE
from models.pocket.figures.mass import mass_report
from models.pocket.head import (
    REAL_CLIPS,
    SOFT_GAIN,
    HeadRecipe,
    held_out,
    mean_of_cosines,
    train_bundle_head,
)
from models.pocket.pictures.data import Part, read_pictures, read_pixels
from models.pocket.pictures.preprocess import squash
from models.pocket.pictures.real_clips import real_clips
from models.train.config import LossConfig, TrainConfig

BEGIN, END = "<!-- made by python -m models.pocket.proof: begin -->", "<!-- end -->"
BANK = Path(__file__).resolve().parents[2] / "resources" / "query_bank.txt"
BANK_BETA = 20.0
PARTS: tuple[Part, ...] = ("train", "dev")


@dataclass(frozen=True, slots=True)
class Trained:
    """The heads that are compared: the bundle's own and those that lack a part of it.

    `radii` are T-MASS as published (no soft maximum); the linear one, always there, is the bundle's own.
    `xpool` is None, and the other radii are missing, where nothing was to be trained.
    """

    shipped: OpenedHead
    xpool: OpenedHead | None
    radii: dict[Radius, OpenedHead]


def as_published(head: OpenedHead) -> OpenedHead:
    """The same head without the soft maximum, which is mixed in after training."""
    bare = copy.deepcopy(head.head)
    bare.config = replace(bare.config, soft_maximum_weight=0.0)
    return OpenedHead(bare, head.samples)


def opened(bundle: Path) -> Trained:
    """The bundle's head, with and without the soft maximum; nothing is trained."""
    shipped = open_head(bundle / HEAD_FILE)
    return Trained(shipped, None, {"linear": as_published(shipped)})


def train_variants(recipe: HeadRecipe, bundle: Path, backbone: Backbone, data: Path, work: Path) -> Trained:
    """The bundle's head; X-Pool alone; and T-MASS as published with the other radii."""
    plain, own = recipe.train, opened(bundle)

    def trained(config: TrainConfig) -> OpenedHead:
        head = train_bundle_head(replace(recipe, train=config), backbone, data, work, PARTS)
        return OpenedHead(head, head.draw_samples())

    xpool = replace(
        plain,
        head=replace(plain.head, radius="none"),
        loss=LossConfig(stochastic=False, support=False, plain=True),
    )
    others: tuple[Radius, ...] = ("cos", "scalar")
    radii = {radius: trained(replace(plain, head=replace(plain.head, radius=radius))) for radius in others}
    return Trained(own.shipped, trained(xpool), {**own.radii, **radii})


def rows(gallery: Gallery, heads: Trained, bank: Tensor) -> dict[str, Scorer]:
    """Every row of the table, by name."""
    t, f, mask = gallery.texts, gallery.frames, gallery.mask

    def soft(texts: Tensor) -> Tensor:
        return log_sum_exp_similarity(texts, f, mask, SOFT_GAIN)

    def head(opened: OpenedHead, texts: Tensor, samples: int | None) -> Tensor:
        return opened.head.similarities(texts, f, mask, samples=opened.samples[:samples])

    middle = torch.zeros_like(mask)
    middle[torch.arange(len(mask)), mask.sum(1) // 2] = True
    scorers: dict[str, Scorer] = {
        "plain cosine, middle frame": partial(mean_pool_similarity, t, f, middle),
        "mean pool": partial(mean_pool_similarity, t, f, mask),
        "max pool": partial(max_similarity, t, f, mask),
        "half max, half mean": lambda: 0.5 * max_similarity(t, f, mask) + 0.5 * mean_of_cosines(t, f, mask),
        "top-3 mean": partial(top_k_similarity, t, f, mask, 3),
        "log-sum-exp, g = 20": partial(soft, t),
        "GEES, g = 10": partial(gees_similarity, t, f, mask, 10.0),
        "GEES, g = 20": partial(gees_similarity, t, f, mask, 20.0),
    }
    if heads.xpool is not None:
        scorers["X-Pool"] = partial(head, heads.xpool, t, 0)
    for count in (0, 5, 10, 20):
        scorers[f"T-MASS, linear radius, S = {count}"] = partial(head, heads.radii["linear"], t, count)
    mirrored = torch.cat([heads.radii["linear"].samples[:10], -heads.radii["linear"].samples[:10]])
    scorers["T-MASS, linear radius, S = 20, antithetic"] = partial(
        heads.radii["linear"].head.similarities, t, f, mask, samples=mirrored
    )
    for radius in sorted(heads.radii.keys() - {"linear"}):
        scorers[f"T-MASS, {radius} radius, S = 20"] = partial(head, heads.radii[radius], t, 20)
    if heads.xpool is not None:
        xpool = heads.xpool
        scorers["X-Pool + log-sum-exp"] = lambda: 0.5 * soft(t) + 0.5 * head(xpool, t, 0)
    for count in (0, 20):
        scorers[f"T-MASS, linear radius, S = {count}, + log-sum-exp"] = partial(head, heads.shipped, t, count)
    scorers["log-sum-exp, QB-Norm"] = lambda: querybank_normalise(soft(t), soft(bank), BANK_BETA)
    scorers["T-MASS + log-sum-exp, QB-Norm"] = lambda: querybank_normalise(
        head(heads.shipped, t, None), head(heads.shipped, bank, None), BANK_BETA
    )
    scorers["log-sum-exp, dual softmax (sees all queries)"] = lambda: dual_softmax(soft(t))
    return scorers


def given_clips(data: Path, work: Path, backbone: Backbone) -> Gallery:
    """The given clips: 12 evenly spaced frames each, one caption each."""
    clips = data / "clips"
    videos = read_dataset("csv", clips / "manifest.csv", clips, "all")
    return Gallery.of(cache_features(videos, backbone, work / "clips"))


def with_held_out_clips(clips: Gallery, data: Path, work: Path, backbone: Backbone) -> Gallery:
    """The given clips and the held-out captioned clips beside the training clips, where there are any."""
    features = real_clips(data / REAL_CLIPS, work, backbone, "heldout")
    if features is None:
        return clips
    more = Gallery.of(features)
    return Gallery(
        torch.cat([clips.texts, more.texts]),
        torch.cat([clips.frames, more.frames]),
        torch.cat([clips.mask, more.mask]),
        torch.cat([clips.video_of_text, more.video_of_text + len(clips.frames)]),
    )


def among_pictures(clips: Gallery, data: Path, backbone: Backbone, size: int) -> Gallery:
    """The clips, and behind them every held-out picture of every source as a clip of one frame."""
    training = data / "training"
    pictures = [picture for picture in read_pictures(training) if picture.part == "heldout"]
    pixels = np.stack([squash(picture, size) for picture in read_pixels(training, pictures)])
    frames = torch.zeros(len(pictures), *clips.frames.shape[1:])
    frames[:, 0] = torch.from_numpy(backbone.encode_frames(pixels))
    mask = torch.zeros(frames.shape[:2], dtype=torch.bool)
    mask[:, 0] = True
    return replace(clips, frames=torch.cat([clips.frames, frames]), mask=torch.cat([clips.mask, mask]))


def write_between_marks(document: Path, text: str) -> None:
    """Replace what stands between the two marks of `document`.

    Raises:
        ValueError: a mark is missing.
    """
    content = document.read_text("utf-8")
    before, begin, rest = content.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{document.name} lacks the marks between which the tables go")
    document.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}", "utf-8")


def fewer_captions(gallery: Gallery, most: int) -> Gallery:
    """The same with at most so many captions, evenly spaced."""
    rows = torch.linspace(0, len(gallery.texts) - 1, min(most, len(gallery.texts))).long()
    return replace(gallery, texts=gallery.texts[rows], video_of_text=gallery.video_of_text[rows])


def sections(
    bundle: Path, data: Path, work: Path, *, variants: bool = True, captions: int = 5_000
) -> Iterator[str]:
    """The Markdown of the four galleries and of the reports on the text's mass and on Gaussian frames."""
    recipe, backbone = HeadRecipe(), BundleBackbone(bundle)
    heads = train_variants(recipe, bundle, backbone, data, work) if variants else opened(bundle)
    bank = torch.from_numpy(backbone.encode_texts(bank_lines()))
    mixed = held_out(data, work, backbone, MixtureConfig(), recipe.camera)
    mixed = fewer_captions(mixed, captions)
    clips = given_clips(data, work, backbone)
    galleries = {
        "Held-out pseudo-videos": mixed,
        "Given clips": clips,
        "Given and held-out real clips": with_held_out_clips(clips, data, work, backbone),
        "Given clips among held-out pictures": among_pictures(clips, data, backbone, recipe.camera.size),
    }
    for title, gallery in galleries.items():
        with torch.inference_mode():
            table = score_table(rows(gallery, heads, bank), gallery.video_of_text, report=_say)
        counts = f"{len(gallery.frames):,} clips, {len(gallery.texts):,} captions"
        yield f"### {title}\n\n{counts}; text to clip, 95 % intervals in brackets.\n"
        yield "| scorer | R@1 | R@5 | R@10 | MdR | MnR |\n|---|---|---|---|---|---|"
        yield from map(_line, table.rows)
        yield ""
    yield "### How far does the mass reach?\n"
    for title in ("Held-out pseudo-videos", "Given and held-out real clips"):
        yield f"{title}: {mass_report(galleries[title], heads.radii['linear'])}\n"
    report = gaussianity(mixed.frames, mixed.mask)
    yield f"### Are a clip's frames Gaussian?\n\n{report}\n"


def _line(row: Row) -> str:
    measured = row.text_to_video
    cells = []
    for name, form in (("recall_at_1", ".1f"), ("recall_at_5", ".1f"), ("recall_at_10", ".1f"),
                       ("median_rank", "g"), ("mean_rank", ".1f")):  # fmt: skip
        value, low, high = (
            format(getattr(part, name), form)
            for part in (measured.figures, measured.interval.low, measured.interval.high)
        )
        cells.append(f"{value} [{low}–{high}]")
    return "| " + " | ".join((row.name, *cells)) + " |"


def bank_lines() -> list[str]:
    """The texts of the query bank."""
    lines = BANK.read_text("utf-8").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def _say(line: str) -> None:
    print(line, flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m models.pocket.proof", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with training/ and clips/")
    parser.add_argument("--work", type=Path, required=True, help="folder for caches and checkpoints")
    parser.add_argument("--bundle", type=Path, required=True, help="the bundle, with its head")
    parser.add_argument("--out", type=Path, required=True, help="the document that gets the tables")
    parser.add_argument(
        "--shipped",
        action="store_true",
        help="only the bundle's head; train no other",
    )
    parser.add_argument("--captions", type=int, default=5_000, help="of the pseudo-videos, at most")
    arguments = parser.parse_args()
    variants = not arguments.shipped
    made = sections(
        arguments.bundle, arguments.data, arguments.work, variants=variants, captions=arguments.captions
    )
    text = "\n".join(made)
    write_between_marks(arguments.out, text)


if __name__ == "__main__":
    main()
