"""Could more evidence than the best score tell what is there from what is not? Tried on the dev part.

`python -m models.pocket.verdicts --data ../shared/data --work build/pocket --bundle models/bundled/pocket`

The question of `benchmarks.verdict`, on pictures that it does not use: a library of N pictures is asked with
the described one in it and without. Texts are weakened until as many dev pictures come first as of the test
part (the towers know the dev part by heart). Beside z, what the program judges by, every other kind of
evidence is tried alone and in logistic regressions, fitted on one half of the pictures and tried on the
other. The last line of each size is no judge that there could be: the best score's rank in what the query
gives for all other pictures, known exactly.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from app.bundle.encoder_bundle import load_bundle
from app.bundle.picture_bank import reaches
from app.bundle.score_calibration import ScoreCalibration
from models.datasets.backbones import BundleBackbone
from models.datasets.pseudo_videos import Films, weaken_matches
from models.evaluate.heads import OpenedHead, open_head
from models.metrics import roc_area, text_to_video
from models.pocket.export import HEAD_FILE
from models.pocket.figures.evaluate import unit
from models.pocket.figures.printed import print_sections
from models.pocket.head import HeadRecipe, pictures_of
from models.pocket.pictures.data import read_pixels
from models.pocket.pictures.preprocess import squash
from models.pocket.proof import BANK_BETA, bank_lines
from models.train.outputs.calibrations import RESCORED
from models.train.pseudo import films_of

SIZES = (20, 100, 400)
QUERIES = 2_000
FIRST = 0.328
"""Share of the test part's captions whose picture comes first among 1,000 (the model card's figure)."""
SHARES = np.arange(0.16, 0.5, 0.03)
PRIOR_CLIPS = 1_000
"""As many clips as the bundle's own figures count for in a verdict of the program."""
NEAR = 0.5
"""Deviations below the best within which clips are near it."""
SHARPNESS = 8.0
"""Of the softmax over z whose entropy is evidence."""
TOP = 20
RIDGE = 1.0
TINY = 1e-9
NEWTON_STEPS = 30
RESAMPLES = 500

Floats = NDArray[np.float64]
EVIDENCE = (
    "z", "lead over the second", "over the fifth", "over the tenth", "over the twentieth",
    "all clips' evidence", "z less the bank's level", "the best frame's z over the bank",
    "best of five frames' z over the bank",
    "entropy of the first twenty", "the score itself", "the library's mean", "its deviation", "its skewness",
    "clips near the best", "the text's length", "nearest of the bank", "nearness to the bank",
    "the text's reach",
)  # fmt: skip
TRIED: dict[str, tuple[int, ...]] = {
    "z and the lead over the fifth": (0, 2),
    "z and all clips' evidence": (0, 5),
    "z and what the bank says of the best": (0, 6, 7),
    "z, two leads, the bank, the library": (0, 1, 3, 7, 11, 12),
    "z and the text": (0, 15, 16, 17),
    "z and the text's reach": (0, 18),
    "everything": tuple(range(len(EVIDENCE))),
}


@dataclass(frozen=True, slots=True)
class Material:
    """The pictures' `scores (Q, P)` for texts and `bank (B, P)` for the query bank, by the program's scorer;
    each text's picture `answers (Q,)`; of the texts their `lengths (Q,)`, cosines `(Q, B)` to the query bank,
    and their `reach (Q,)` over the picture bank."""

    scores: Floats
    bank: Floats
    answers: NDArray[np.int64]
    lengths: Floats
    to_bank: Floats
    reach: Floats


@dataclass(frozen=True, slots=True)
class Library:
    """One library as one query sees it: the scores `(N,)` of its pictures, whose numbers are `rows (N,)`."""

    scores: Floats
    rows: NDArray[np.int64]


def evidence(library: Library, query: int, material: Material, calibration: ScoreCalibration) -> list[float]:
    """What may tell whether the described picture is in the library: one number for each of `EVIDENCE`."""
    scores, rows = library.scores, library.rows
    prior = PRIOR_CLIPS / (PRIOR_CLIPS + len(scores))
    mean = prior * calibration.unmatched_mean + (1 - prior) * scores.mean()
    spread = np.sqrt(prior * calibration.unmatched_std**2 + (1 - prior) * scores.var())
    z = (scores - mean) / spread
    best_first = np.argsort(-z)
    best, ordered = best_first[0], z[best_first]
    usual, wide = material.bank.mean(0)[rows], material.bank.std(0)[rows]
    level = np.log(np.exp(BANK_BETA * material.bank).mean(0))[rows] / BANK_BETA
    corrected, of_bank = scores - level, (scores - usual) / wide
    shares = np.exp(SHARPNESS * (ordered[:TOP] - ordered[0]))
    shares /= shares.sum()
    apart = scores - scores.mean()
    leads = [ordered[0] - ordered[min(place, len(ordered)) - 1] for place in (2, 5, 10, 20)]
    return [
        ordered[0],
        *leads,
        float(np.log(np.exp(calibration.slope * z + calibration.offset).sum())),
        (corrected.max() - corrected.mean()) / max(corrected.std(), TINY),
        of_bank[best],
        of_bank[best_first[:5]].max(),
        -float((shares * np.log(shares)).sum()),
        scores[best],
        scores.mean(),
        scores.std(),
        float((apart**3).mean() / max(scores.std(), TINY) ** 3),
        float((z > ordered[0] - NEAR).sum()),
        material.lengths[query],
        material.to_bank[query].max(),
        material.to_bank[query].mean(),
        material.reach[query],
    ]


def logistic(design: Floats, truth: Floats) -> Floats:
    """The ridge-penalised logistic regression of `truth (N,)` on `design (N, K)`, whose first column is 1."""
    line = np.zeros(design.shape[1])
    penalty = RIDGE * np.diag(np.r_[0.0, np.ones(len(line) - 1)])
    for _ in range(NEWTON_STEPS):
        predicted = 1 / (1 + np.exp(-design @ line))
        gradient = design.T @ (truth - predicted) - penalty @ line
        curvature = (design * (predicted * (1 - predicted))[:, None]).T @ design + penalty
        line = line + np.linalg.solve(curvature + 1e-9 * np.eye(len(line)), gradient)
    return line


def fitted(
    there: Floats, gone: Floats, columns: Sequence[int], learn: NDArray[np.bool_]
) -> tuple[Floats, Floats]:
    """What a regression on some columns, learned from the queries `learn (Q,)`, gives for the others: with
    the picture `there (Q, K)` and without it, `gone (Q, K)`."""
    chosen = list(columns)
    mean, spread = there[learn][:, chosen].mean(0), there[learn][:, chosen].std(0) + 1e-9

    def design(rows: Floats) -> Floats:
        return np.hstack([np.ones((len(rows), 1)), (rows[:, chosen] - mean) / spread])

    count = int(learn.sum())
    line = logistic(
        np.vstack([design(there[learn]), design(gone[learn])]), np.repeat([1.0, 0.0], [count, count])
    )
    return design(there[~learn]) @ line, design(gone[~learn]) @ line


def report(material: Material, calibration: ScoreCalibration, size: int) -> Iterator[str]:
    """The Markdown for libraries of one size; a library lies within one half of the pictures."""
    draw = np.random.default_rng(size)
    learns = draw.permutation(material.scores.shape[1]) < material.scores.shape[1] // 2
    there, gone, first, known = [], [], [], []
    for query, (scores, answer) in enumerate(zip(material.scores, material.answers, strict=True)):
        side = np.flatnonzero((learns == learns[answer]) & (np.arange(len(scores)) != answer))
        others = draw.choice(side, min(size, len(side)), replace=False)
        rows = np.append(others[1:], answer)
        there.append(evidence(Library(scores[rows], rows), query, material, calibration))
        gone.append(evidence(Library(scores[others], others), query, material, calibration))
        first.append(scores[answer] >= scores[rows].max())
        known.append((scores[side] < scores[rows].max()).mean() ** len(others))
    with_it, without = np.array(there), np.array(gone)
    learn = learns[material.answers]
    base = roc_area(with_it[~learn, 0], without[~learn, 0])
    yield f"\n### {size} pictures: the described one comes first for {np.mean(first):.1%}\n"
    yield "| evidence | area | against z alone [95 %] |\n|---|---|---|"
    for column, name in enumerate(EVIDENCE):
        area = roc_area(with_it[:, column], without[:, column])
        yield f"| {name} | {max(area, 1 - area):.3f} | |"
    for name, columns in TRIED.items():
        yes, no = fitted(with_it, without, columns, learn)
        low, high = _gained(yes, no, with_it[~learn, 0], without[~learn, 0])
        yield f"| regression: {name} | {roc_area(yes, no):.3f} | {base:.3f}: [{low:+.4f}, {high:+.4f}] |"
    yield f"| *every query's distribution known* | {np.mean(known):.3f} | |"


def _gained(yes: Floats, no: Floats, z_yes: Floats, z_no: Floats) -> tuple[float, float]:
    draw, count = np.random.default_rng(24), len(yes)
    gains = []
    for _ in range(RESAMPLES):
        drawn = draw.integers(count, size=count)
        gains.append(roc_area(yes[drawn], no[drawn]) - roc_area(z_yes[drawn], z_no[drawn]))
    low, high = np.quantile(gains, [0.025, 0.975])
    return float(low), float(high)


def as_unknown(films: Films, pictures: NDArray[np.float32]) -> tuple[float, Films]:
    """The films with texts weakened as far as `FIRST` asks for, and the share that does it."""
    for share in SHARES:
        weakened = weaken_matches(films, float(share))
        if first_share(weakened, pictures) <= FIRST:
            break
    return float(share), weakened


def first_share(films: Films, pictures: NDArray[np.float32]) -> float:
    """Share of the films' texts whose own picture (P, D) has the highest cosine of all."""
    numbers, answers = np.concatenate(films.texts_of), _answers(films)
    ranks = text_to_video(unit(films.texts[numbers]) @ unit(pictures).T, answers).ranks
    return float(np.mean(ranks <= 1))


def _answers(films: Films) -> NDArray[np.int64]:
    return np.repeat(np.arange(len(films.texts_of)), [len(numbers) for numbers in films.texts_of])


def _scored(head: OpenedHead, texts: NDArray[np.float32], pictures: NDArray[np.float32]) -> Floats:
    """What the program's scorer gives pictures as clips of one frame."""
    slots = torch.zeros(len(pictures), head.head.config.frames, pictures.shape[1])
    slots[:, 0] = torch.from_numpy(pictures)
    mask = torch.zeros(slots.shape[:2], dtype=torch.bool)
    mask[:, 0] = True
    scores = head.head.similarities(torch.from_numpy(texts), slots, mask, samples=None)
    return np.asarray(scores.numpy(), np.float64)


def sections(bundle: Path, data: Path, work: Path) -> Iterator[str]:
    """The Markdown of every size."""
    recipe, backbone, source = HeadRecipe(), BundleBackbone(bundle), pictures_of(data)
    films = films_of(source, work, backbone, ("dev",), recipe.camera)
    pixels = read_pixels(source.folder, source.of(("dev",)))
    pictures = backbone.encode_frames(np.stack([squash(each, backbone.image_size) for each in pixels]))
    share, films = as_unknown(films, pictures)
    yield f"Texts weakened by {share:.2f}."
    head = open_head(bundle / HEAD_FILE)
    texts, answers = films.texts[np.concatenate(films.texts_of)], _answers(films)
    asked = np.random.default_rng(7).choice(len(texts), min(QUERIES, len(texts)), replace=False)
    bank, known = backbone.encode_texts(bank_lines()), load_bundle(bundle).calibration
    seen = unit(pictures) if known.bank is None else known.bank.pictures
    material = Material(
        scores=_scored(head, texts[asked], pictures),
        bank=_scored(head, bank, pictures),
        answers=answers[asked],
        lengths=np.linalg.norm(texts[asked], axis=1).astype(np.float64),
        to_bank=(unit(texts[asked]) @ unit(bank).T).astype(np.float64),
        reach=reaches(unit(texts[asked]), seen).astype(np.float64),
    )
    measured = known.scorers.get(RESCORED, known)
    for size in SIZES:
        if 2 * size < len(pictures):
            yield from report(material, measured, size)


if __name__ == "__main__":
    print_sections("python -m models.pocket.verdicts", __doc__, sections)
