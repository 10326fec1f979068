"""Where do moments begin and end? Captioned clips joined into long videos, each caption asked for its clip.

Makes long videos of the clips it is given (random order and trims, joined by cuts, fades and dissolves),
indexes them by the program's own paths and compares the times of each best moment with the true ones. A clip
belongs to one of two halves: parameters are chosen on one, the other is reported.

    python -m benchmarks.moments --work FOLDER [--clips FOLDER] [--more FOLDER] [--rounds N] [--half choice]
"""

import time
from collections.abc import Sequence
from pathlib import Path

import click
import numpy as np

from app.search.edges import Level, extents
from app.session import Session
from benchmarks.moments.captioned_clips import given_clips, held_out_clips
from benchmarks.moments.cases import WAYS, Case, ask
from benchmarks.moments.figures import THRESHOLDS, mean, overlap
from benchmarks.moments.in_order import OrderedCase, ask_in_order
from benchmarks.moments.long_videos import LongVideo, make, plan
from benchmarks.retrieval import CLIPS

MORE = CLIPS.parent / "training-more" / "video"
SEED = 20
_RUNS = 15


def prepare(
    work: Path, clips: Path, more: Path | None, *, rounds: int, part: str = "heldout"
) -> list[LongVideo]:
    """Make the long videos that are not there yet.

    Args:
        work: gets clips and videos; what is there is used again.
        clips: folder with `manifest.csv`.
        more: folder with `captions-video.jsonl.gz`; without where None.
        rounds: how often every clip is used.
        part: of `more`.
    """
    members = given_clips(clips) if part == "heldout" else []
    if more is not None:
        members += held_out_clips(more, work / "clips", part=part)
    videos = plan(members, work / f"{part}-videos", rounds=rounds, seed=SEED)
    for video in videos:
        make(video)
    return videos


def index(session: Session, videos: Sequence[LongVideo]) -> None:
    """Index what is not indexed yet."""
    known = {folder.path for folder in session.folders()}
    for folder in sorted({video.path.parent.resolve() for video in videos} - known):
        session.add_folder(folder)
    session.indexer.start()
    session.indexer.wait()


def table(cases: Sequence[Case]) -> list[str]:
    """A Markdown table: a row for each way to find edges, percentages with 95 % intervals."""
    clips = [sorted({case.clip for case in cases}).index(case.clip) for case in cases]
    right = np.array([case.right for case in cases], np.bool_)
    some = [clip for clip, is_right in zip(clips, right, strict=True) if is_right]
    first = mean(np.where(right, 100.0, 0.0), clips)
    lines = [
        f"{len(cases)} captions of {len(set(clips))} clips asked; the right clip is first in {first} %.",
        "",
        "| edges | " + " | ".join(f"R@1, IoU ≥ {least}" for least in THRESHOLDS) + " | mean IoU |"
        " IoU ≥ 0.5 where the right clip is first | ≥ 0.7 | mean |",
        "|---" * (len(THRESHOLDS) + 5) + "|",
    ]
    for way in WAYS:
        overlaps = np.array(
            [overlap(case.found[way], case.true) if way in case.found else 0.0 for case in cases]
        )
        figures = [mean(np.where(overlaps >= least, 100.0, 0.0), clips) for least in THRESHOLDS]
        figures.append(mean(100.0 * overlaps, clips))
        figures += [mean(np.where(overlaps[right] >= least, 100.0, 0.0), some) for least in THRESHOLDS[1:]]
        figures.append(mean(100.0 * overlaps[right], some))
        lines.append(f"| {way} | {' | '.join(map(str, figures))} |")
    return lines


def in_words(pairs: Sequence[OrderedCase]) -> str:
    """What was found in order, one line."""

    def share(values: Sequence[bool]) -> str:
        return f"{np.mean(values):.1%}"

    return (
        f"In order, {len(pairs)} pairs of captions: both moments first in "
        f"{share([pair.right for pair in pairs])}, the right video in "
        f"{share([pair.right_video for pair in pairs])}; the other way round that pair in "
        f"{share([pair.reversed_right for pair in pairs])}; each caption by itself its clip in "
        f"{share([pair.alone for pair in pairs])}."
    )


def cost(session: Session, moments: int) -> float:
    """Milliseconds of processor time that the edges of so many moments take, all over the library; median."""
    gallery, text = session.index.gallery, session.text_encoder.encode_query("a person")
    unit = text / np.linalg.norm(text)
    rows = np.random.default_rng(0).integers(len(gallery), size=moments).tolist()
    taken = []
    for _ in range(_RUNS):
        began = time.process_time()
        extents(rows, unit, gallery, Level.of(gallery, session.bundle.calibration))
        taken.append(1e3 * (time.process_time() - began))
    return float(np.median(taken))


@click.command()
@click.option("--work", type=click.Path(path_type=Path), required=True, help="Keeps videos and library.")
@click.option("--clips", type=click.Path(path_type=Path), default=CLIPS, help="Folder with manifest.csv.")
@click.option("--more", type=click.Path(path_type=Path), default=MORE, help="Folder with more real clips.")
@click.option("--rounds", type=click.IntRange(min=1), default=6, help="How often every clip is used.")
@click.option("--half", type=click.Choice(["choice", "report"]), default="report", help="Which clips count.")
@click.option("--part", type=click.Choice(["heldout", "train"]), default="heldout", help="Of --more.")
def main(work: Path, clips: Path, more: Path, rounds: int, half: str, part: str) -> None:
    """Measure where moments begin and end."""
    videos = prepare(work, clips, more if more.exists() else None, rounds=rounds, part=part)
    with Session(work / f"{part}-library") as session:
        index(session, videos)
        cases = [case for case in ask(session, videos) if case.video.half == half]
        pairs = [case for case in ask_in_order(session, videos, seed=SEED) if case.half == half]
        model = session.model_name
        costs = {moments: cost(session, moments) for moments in (60, 400)}
    print(f"{model}; half “{half}”, {rounds} rounds, seed {SEED}\n")
    print("\n".join(table(cases)))
    print(f"\n{in_words(pairs)}")
    spent = " and ".join(f"{took:.1f} ms for {moments}" for moments, took in costs.items())
    print(f"\nProcessor time of the edges of moments: {spent}.")


if __name__ == "__main__":
    main()
