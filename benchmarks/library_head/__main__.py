"""Does a head pay that is learned from a library's own frames, without labels and without torch?

Every way of learning one is tried on five libraries of the bundled encoder; captions are for the figures
only. Differences are of the mean reciprocal rank, to the way of scoring that the head changes, with the
middle 95 % of a bootstrap over clips. The answer is decision 39.

    python -m benchmarks.library_head [--data FOLDER] [--work FOLDER] [--captions N]
"""

from collections.abc import Iterator
from pathlib import Path

import click
import numpy as np
from numpy.typing import NDArray

from app.bundle.encoder_bundle import load_bundle
from app.engines.scorer_factory import make_scorer
from app.engines.scorer_names import RESCORED
from app.paths import bundled_model
from app.search.evidence.self_calibration import self_calibration
from app.search.scorers.cosine import PooledScorer
from benchmarks.library_head import judging, learned
from benchmarks.library_head.learned import Correction, MakeMap, Scores, pooled, soft_maximum
from benchmarks.library_head.material import Library, Material, read_material
from benchmarks.moments.figures import Figure, mean
from benchmarks.retrieval import CLIPS

_USUAL_GAIN = 20.0

CORRECTIONS: dict[str, Correction] = {
    "less half the bank's mean": learned.less_bank_mean(0.5),
    "less the bank's mean": learned.less_bank_mean(1.0),
    "less a quarter of the bank's nearest": learned.less_nearest_of_bank(0.25),
    "less half of the bank's nearest": learned.less_nearest_of_bank(0.5),
    "deviations from the bank": learned.standardised_by_bank,
}
WITHIN = learned.within_clip(3.0)
MAPS: dict[str, MakeMap] = {
    "half centred": learned.half_centring,
    "centred": learned.centring,
    "whitened, ridge 3": learned.whitening(3.0),
    "whitened, ridge 1": learned.whitening(1.0),
    "whitened within clips, ridge 3": WITHIN,
    "self-training, a quarter": learned.taught_by_itself(0.25),
    "self-training, a half": learned.taught_by_itself(0.5),
}


def ways(library: Library, material: Material) -> Iterator[tuple[str, str, Scores]]:
    """Every way to score: its name, what it is compared with (itself where it is no head), and its scores."""
    clips, texts, bank = library.clips, library.texts, material.bank
    soft = soft_maximum(_USUAL_GAIN)
    trained = make_scorer(RESCORED, load_bundle(bundled_model()))
    plain = {
        "plain pooling": (pooled(clips, texts), pooled(clips, bank)),
        "soft maximum": (soft(clips, texts), soft(clips, bank)),
        "trained head": (
            library.by_scorer(trained, library.raw_texts),
            library.by_scorer(trained, material.raw_bank),
        ),
    }
    for name, (scores, usual) in plain.items():
        yield name, name, scores
        for correction, correct in CORRECTIONS.items():
            yield f"{name}, {correction}", name, correct(scores, usual)
    spread, neighbours = learned.gain_by_spread(clips, bank), learned.gain_by_neighbours(clips, bank)
    for way, gain in (("2.5 / spread", spread), ("5 / spread", 2 * spread), ("by neighbours", neighbours)):
        scores = soft_maximum(gain)(clips, texts)
        yield f"soft maximum, gain {way} ({gain:.0f})", "soft maximum", scores
        yield f"plain pooling → soft maximum, gain {way}", "plain pooling", scores
    for name, make in MAPS.items():
        if make is WITHIN and clips.mask.sum(1).max() == 1:
            continue  # a single frame varies in nothing
        yield f"plain pooling, {name}", "plain pooling", learned.mapped(make, pooled, clips, bank, texts)
        yield f"soft maximum, {name}", "soft maximum", learned.mapped(make, soft, clips, bank, texts)


def ranking_table(library: Library, material: Material) -> Iterator[str]:
    """The lines of one library's table, in Markdown."""
    yield "| head | R@1 | R@5 | R@10 | MRR | difference | area of the verdict |"
    yield "|---|---|---|---|---|---|---|"
    answers = library.answers
    bases: dict[str, NDArray[np.float64]] = {}
    for name, base, scores in ways(library, material):
        ranks = learned.ranks(scores, answers)
        reciprocal = bases.setdefault(name, 1 / ranks)
        apart = "" if name == base else signed(mean(reciprocal - bases[base], answers.tolist()))
        recalls = " | ".join(f"{100 * np.mean(ranks <= depth):.1f}" for depth in (1, 5, 10))
        area = judging.presence_area(scores, answers)
        yield f"| {name} | {recalls} | {reciprocal.mean():.3f} | {apart} | {area:.3f} |"


def judging_table(library: Library, material: Material) -> Iterator[str]:
    """What each way to learn the evidence of a score is worth on the captions, by plain pooling."""
    scores, usual = pooled(library.clips, library.texts), pooled(library.clips, material.bank)
    matched, others = judging.split(judging.distances(scores), library.answers)
    measured = load_bundle(bundled_model()).calibration.scorers[PooledScorer().name]
    own = self_calibration(library.gallery, material.bank).scorers[PooledScorer().name]
    lines = {
        "measured (the bundle's)": judging.Line(measured.slope, measured.offset),
        "from the skewness (decision 10)": judging.Line(own.slope, own.offset),
        "neighbours in time as matches": judging.from_neighbours(library.clips),
        "two normal distributions": judging.from_mixture(usual),
        "the bank's first answers as matches": judging.from_first_answers(usual),
        "fitted on these captions": judging.fitted(matched, others),
    }
    yield "| evidence | slope | offset | cross-entropy |\n|---|---|---|---|"
    for name, line in lines.items():
        if line is not None:
            loss = line.loss(matched, others)
            yield f"| {name} | {line.slope:.2f} | {line.offset:.2f} | {loss:.3f} |"


def signed(figure: Figure) -> str:
    """A difference with its interval."""
    return f"{figure.value:+.3f} [{figure.low:+.3f}, {figure.high:+.3f}]"


@click.command()
@click.option("--data", type=click.Path(path_type=Path), default=CLIPS.parent, help="Clips and pictures.")
@click.option(
    "--work", type=click.Path(path_type=Path), default=Path("build/library-head"), help="For caches."
)
@click.option("--captions", default=1_200, show_default=True, help="Of a library at most.")
def main(data: Path, work: Path, captions: int) -> None:
    """Try every head that a library can be taught by itself."""
    material = read_material(data, work, captions)
    for library in material.libraries:
        print(f"\n### {library.name}: {len(library.clips.frames):,} clips, {len(library.texts):,} captions\n")
        for line in (*ranking_table(library, material), "", *judging_table(library, material)):
            print(line, flush=True)


if __name__ == "__main__":
    main()
