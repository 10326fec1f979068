"""Text→clip retrieval on a folder of captioned clips, through the whole program.

Indexes the folder into a fresh library, asks every caption of `manifest.csv` (columns `file`, `caption`) and
ranks videos by their best moment. Ties count against the program. The files go under numbers: what their
names say is no matter of pictures.

    python -m benchmarks.retrieval [--clips FOLDER] [--json]
"""

import csv
import json
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import click
import numpy as np
from numpy.typing import NDArray

from app.errors import UsageError
from app.search.outcome import SearchOutcome
from app.session import Session

FOREIGN = (
    "a submarine under the arctic ice",
    "a spreadsheet with numbers",
    "a hockey goalkeeper making a save",
    "a giraffe drinking at a water hole",
    "a surgeon operating on a patient",
    "a violin player in an orchestra",
    "a jet fighter taking off from a carrier",
    "a sumo wrestling match",
    "a penguin colony",
    "a blacksmith hammering red-hot iron",
    "a hot air balloon over a desert",
    "a baby in a bathtub",
    "a roller coaster ride",
    "a lighthouse in a storm",
    "a chess board from above",
    "a plate of sushi",
    "a firework display over a harbour",
    "an octopus in an aquarium",
    "a knight in shining armour",
    "a bowling ball hitting pins",
)
CLIPS = Path(__file__).resolve().parent.parent.parent / "shared" / "data" / "clips"


@dataclass(frozen=True, slots=True)
class Caption:
    """One query and the file it describes."""

    file: str
    text: str


@dataclass(frozen=True, slots=True)
class Retrieval:
    """Ranks turned into the field's figures; percentages, ranks from 1."""

    queries: int
    videos: int
    missing: int
    """Captions whose file is not in the folder or could not be indexed; they count as never found."""
    recall_at_1: float
    recall_at_5: float
    recall_at_10: float
    median_rank: float
    mean_rank: float
    verdicts: dict[str, int]
    foreign_verdicts: dict[str, int]
    """Verdicts on `FOREIGN`, descriptions of what none of the given clips shows."""


def read_captions(folder: Path) -> list[Caption]:
    """Captions of `manifest.csv` in `folder`.

    Raises:
        UsageError: there is no manifest, or it lacks a column.
    """
    manifest = folder / "manifest.csv"
    try:
        with manifest.open(newline="", encoding="utf-8") as stream:
            return [Caption(row["file"], row["caption"]) for row in csv.DictReader(stream)]
    except (OSError, KeyError) as error:
        raise UsageError(
            f"“{manifest}” cannot be read as captions.", "It needs the columns file and caption."
        ) from error


@contextmanager
def unnamed(clips: Path, captions: Sequence[Caption]) -> Iterator[tuple[Path, list[Caption]]]:
    """A folder in which the captions' files go under numbers, as links, and the captions with these names."""
    numbers = {file: number for number, file in enumerate(sorted({caption.file for caption in captions}), 1)}
    names = {file: f"{number:04d}{Path(file).suffix}" for file, number in numbers.items()}
    with tempfile.TemporaryDirectory() as folder:
        for file, name in names.items():
            (Path(folder) / name).symlink_to(clips.resolve() / file)
        yield Path(folder), [Caption(names[caption.file], caption.text) for caption in captions]


def rank_of(file: str, outcome: SearchOutcome) -> float:
    """Rank of the video named `file` among the videos of an outcome, by best score; ties are lost.

    Infinite where it does not turn up.
    """
    best: dict[str, float] = {}
    for moment in outcome.moments:
        best[moment.path.name] = max(best.get(moment.path.name, float("-inf")), moment.score)
    if file not in best:
        return float("inf")
    return float(sum(score >= best[file] for score in best.values()))


def measure(session: Session, captions: list[Caption]) -> Retrieval:
    """Ask every caption of a library that holds their videos, and rank each video."""
    videos = sum(folder.indexed for folder in session.folders())
    verdicts: Counter[str] = Counter()
    ranks: list[float] = []
    for caption in captions:
        outcome = session.search(caption.text, limit=100_000)
        verdicts[outcome.verdict.value] += 1
        ranks.append(rank_of(caption.file, outcome))
    foreign = Counter(session.search(text, limit=1).verdict.value for text in FOREIGN)
    return _figures(np.array(ranks), videos, verdicts, foreign)


def _figures(
    ranks: NDArray[np.float64], videos: int, verdicts: Counter[str], foreign: Counter[str]
) -> Retrieval:
    lost = ~np.isfinite(ranks)
    ranks = np.where(lost, max(videos, len(ranks)), ranks)

    def recall(k: int) -> float:
        return round(100 * float(np.mean((ranks <= k) & ~lost)), 1)

    return Retrieval(
        queries=len(ranks),
        videos=videos,
        missing=int(lost.sum()),
        recall_at_1=recall(1),
        recall_at_5=recall(5),
        recall_at_10=recall(10),
        median_rank=float(np.median(ranks)),
        mean_rank=round(float(ranks.mean()), 2),
        verdicts=dict(verdicts),
        foreign_verdicts=dict(foreign),
    )


@click.command()
@click.option("--clips", type=click.Path(path_type=Path), default=CLIPS, help="Folder with manifest.csv.")
@click.option("--model", type=click.Path(path_type=Path), help="Encoder bundle (default: the bundled one).")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def main(clips: Path, model: Path | None, *, as_json: bool) -> None:
    """Measure text→clip retrieval on a folder of captioned clips."""
    with (
        unnamed(clips, read_captions(clips)) as (numbered, captions),
        tempfile.TemporaryDirectory() as library,
        Session(Path(library), model) as session,
    ):
        folder = session.add_folder(numbered)
        session.indexer.start([folder.id])
        session.indexer.wait()
        figures = measure(session, captions)
        model_name = session.model_name
    if as_json:
        print(json.dumps(asdict(figures)))
        return
    at = {1: figures.recall_at_1, 5: figures.recall_at_5, 10: figures.recall_at_10}
    recalls = "  ".join(f"R@{k} {percent:.1f} %" for k, percent in at.items())
    ranks = f"median rank {figures.median_rank:g}, mean rank {figures.mean_rank:g}"
    print(f"{model_name}: {figures.queries} captions, {figures.videos} videos indexed")
    print(f"  {recalls}\n  {ranks}")
    print(f"  verdicts on captions {figures.verdicts}, on what is not there {figures.foreign_verdicts}")
    if figures.missing:
        print(f"  {figures.missing} captions without an indexed video count as never found")


if __name__ == "__main__":
    main()
