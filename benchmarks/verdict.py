"""Does the verdict tell what is there from what is not? On held-out captioned pictures.

For each of many captions a library of N random pictures is asked twice: with the described picture in it and
without. The program's own calibration judges the best score of each: a verdict should mean the same with
re-scoring and without.

    python -m benchmarks.verdict [--training FOLDER] [--own]

With `--own` every library is judged by what it says itself, as with a model that nobody measured.
"""

from collections import Counter
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import click
import numpy as np
from numpy.typing import NDArray

from app.bundle.encoder_bundle import load_bundle
from app.engines.scorer_factory import make_scorer
from app.engines.scorer_names import DEFAULT_WITHOUT, default_scorer
from app.paths import bundled_model
from app.runtime.encoders import FrameEncoder, TextEncoder
from app.runtime.preprocess import fit
from app.search.candidates import Candidates
from app.search.evidence.calibration import judge
from app.search.evidence.self_calibration import self_calibration
from app.search.scorers.cosine import EncodedText
from app.search.scorers.hubness import bank_texts
from app.vectors.embeddings import StoredEmbeddings
from app.vectors.gallery import Gallery, GalleryStore
from benchmarks.retrieval import CLIPS
from models.metrics import roc_area
from models.pocket.pictures.data import read_pictures, read_pixels

TRAINING = CLIPS.parent / "training"
SIZES = (20, 40, 100, 400)
_QUERIES = 1000
_RESAMPLES = 1000


@dataclass(frozen=True, slots=True)
class VerdictQuality:
    """Over the queries at one library size, with one scorer."""

    scorer: str
    size: int
    area: float
    """Probability that a library with the picture gets a higher strength than one without (ROC area)."""
    low: float
    """With `high` the 95 % interval of `area`, by a bootstrap over the queries."""
    high: float
    first: float
    """Share of the queries whose picture gets the best score where it is there: elsewhere it changes nothing
    that a verdict looks at."""
    area_where_first: float
    area_elsewhere: float
    """`area` with the libraries of those queries, and of the others, against all libraries without."""
    present: Counter[str]
    """Verdicts where the described picture is there."""
    absent: Counter[str]
    """Verdicts where it is not; others may fit the words all the same."""


def measure(training: Path, *, own: bool = False) -> list[VerdictQuality]:
    """Judge libraries of every size of `SIZES` with the default scorer and with plain pooling.

    Args:
        training: the captioned pictures.
        own: learn what scores mean from each library; the bundle's measured figures where False.
    """
    bundle = load_bundle(bundled_model())
    pictures = [p for p in read_pictures(training) if p.part == "heldout" and p.captions]
    squares = np.stack([fit(pixels, bundle.image) for pixels in read_pixels(training, pictures)])
    frames = FrameEncoder(bundle).encode(squares)
    encoder = TextEncoder(bundle)
    bank = encoder.encode(bank_texts())
    bank /= np.linalg.norm(bank, axis=1, keepdims=True)
    texts = encoder.encode([caption for p in pictures for caption in p.captions])
    answers = np.repeat(np.arange(len(pictures)), [len(p.captions) for p in pictures])
    asked = np.random.default_rng(0).choice(len(texts), _QUERIES, replace=False)
    found = []
    scorers = dict.fromkeys((default_scorer(has_head=bundle.has_head), DEFAULT_WITHOUT))
    for name, size in product(scorers, SIZES):
        scorer, rng = make_scorer(name, bundle), np.random.default_rng(size)
        strengths: dict[bool, list[float]] = {True: [], False: []}
        first: list[bool] = []
        verdicts: dict[bool, Counter[str]] = {True: Counter(), False: Counter()}
        for query in asked:
            others = rng.choice(np.delete(np.arange(len(pictures)), answers[query]), size, replace=False)
            for present in (True, False):
                rows = np.append(others[1:], answers[query]) if present else others
                gallery = gallery_of(frames[rows])
                text = EncodedText.of(texts[query])
                candidates = Candidates.of(np.arange(size), gallery, gallery.vectors @ text.unit)
                calibration = self_calibration(gallery, bank) if own else bundle.calibration
                judgement = judge(scorer, text, candidates, gallery, calibration)
                best = float(judgement.judged.max())
                strengths[present].append(judgement.level.strength(best))
                verdicts[present][judgement.level.verdict(best).value] += 1
                if present:
                    first.append(bool(judgement.judged[-1] >= best))
        found.append(_quality(name, size, strengths, np.array(first), verdicts))
    return found


def _quality(
    scorer: str,
    size: int,
    strengths: dict[bool, list[float]],
    first: NDArray[np.bool_],
    verdicts: dict[bool, Counter[str]],
) -> VerdictQuality:
    """Sum up the strengths with the picture (True) and without (False), in the order of the queries."""
    there, gone = np.array(strengths[True]), np.array(strengths[False])
    draw, count = np.random.default_rng(24), len(there)
    drawn = [
        roc_area(there[queries], gone[queries])
        for queries in (draw.integers(count, size=count) for _ in range(_RESAMPLES))
    ]
    low, high = (float(bound) for bound in np.quantile(drawn, [0.025, 0.975]))
    return VerdictQuality(
        scorer=scorer,
        size=size,
        area=roc_area(there, gone),
        low=low,
        high=high,
        first=float(first.mean()),
        area_where_first=roc_area(there[first], gone),
        area_elsewhere=roc_area(there[~first], gone),
        present=verdicts[True],
        absent=verdicts[False],
    )


def gallery_of(frames: NDArray[np.float32]) -> Gallery:
    """Every picture a video of one frame."""
    count = len(frames)
    store = GalleryStore(frames.shape[1], count)
    store.append(
        StoredEmbeddings(
            video_id=1,
            folder_id=1,
            revision=1,
            matrix=frames.astype(np.float16),
            frame_ids=np.arange(count, dtype=np.int64),
            times=np.arange(count, dtype=np.float64),
            clips=np.arange(count, dtype=np.int32),
        )
    )
    return store.snapshot()


@click.command()
@click.option("--training", type=click.Path(path_type=Path), default=TRAINING, help="Captioned pictures.")
@click.option("--own", is_flag=True, help="As with a model without measured figures.")
def main(training: Path, *, own: bool) -> None:
    """Measure what the verdict is worth."""
    for quality in measure(training, own=own):
        interval = f"{quality.area:.3f} [{quality.low:.3f}–{quality.high:.3f}]"
        print(f"{quality.scorer}, {quality.size:4d} pictures: area {interval}")
        print(
            f"     the picture comes first for {quality.first:.1%}: area {quality.area_where_first:.3f} "
            f"there, {quality.area_elsewhere:.3f} elsewhere"
        )
        print(f"     there {dict(quality.present)}, not there {dict(quality.absent)}")


if __name__ == "__main__":
    main()
