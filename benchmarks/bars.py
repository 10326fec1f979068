"""What bars beside the picture cost in retrieval: captioned clips against padded copies of them.

Pads the clips of a folder in several ways, indexes originals and copies into libraries of their own by the
program's own path, and asks every caption of each.

    python -m benchmarks.bars [--clips FOLDER] [--way letterbox] [--json]
"""

import json
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import click
import numpy as np

from app.media.area import WHOLE, Area
from app.media.decoding.bars.picture_area import AreaFinder
from app.media.decoding.sampling.sampler import sample
from app.media.frames import Frame, Sampling
from app.session import Session
from benchmarks import retrieval
from benchmarks.padding import COPIES, pad_video

CLOSE = 0.01
"""Share of the frame by which a found edge may be off."""


@dataclass(frozen=True, slots=True)
class Bars:
    """What padding does to one folder of clips; recalls in percent."""

    way: str
    videos: int
    original_recall_at_1: float
    padded_recall_at_1: float
    original_recall_at_5: float
    padded_recall_at_5: float
    found: int
    """Frames whose picture was found, to one hundredth of the frame at each edge."""
    frames: int

    @property
    def difference(self) -> float:
        """Points of R@1 that the bars cost; negative where they do."""
        return self.padded_recall_at_1 - self.original_recall_at_1


@dataclass(frozen=True, slots=True)
class Originals:
    """What the search for bars does to videos without any."""

    frames: int
    cropped: dict[str, int]
    """Frames that were cropped, by name of the file."""
    share: float
    """Processor time of the search for bars, as a share of that of decoding and sampling."""


def measure(clips: Path, ways: Sequence[str] = tuple(COPIES)) -> list[Bars]:
    """Retrieval on the clips of a folder with `manifest.csv`, and on copies padded in each way."""
    with (
        retrieval.unnamed(clips, retrieval.read_captions(clips)) as (numbered, captions),
        _indexed(numbered) as session,
    ):
        originals = retrieval.measure(session, captions)
        return [_padded(numbered, captions, originals, way) for way in ways]


def _padded(clips: Path, captions: list[retrieval.Caption], originals: retrieval.Retrieval, way: str) -> Bars:
    """The copies padded in one way, against the originals."""
    with tempfile.TemporaryDirectory() as folder:
        places = {
            file: pad_video(clips / file, Path(folder) / _copied(file), way)
            for file in sorted({caption.file for caption in captions})
        }
        renamed = [retrieval.Caption(_copied(caption.file), caption.text) for caption in captions]
        with _indexed(Path(folder)) as session:
            padded = retrieval.measure(session, renamed)
            found = list(_found(session, {_copied(file): place for file, place in places.items()}))
    return Bars(
        way,
        padded.videos,
        originals.recall_at_1,
        padded.recall_at_1,
        originals.recall_at_5,
        padded.recall_at_5,
        sum(found),
        len(found),
    )


def measure_originals(clips: Path) -> Originals:
    """Look for bars in the clips as they are."""
    cropped: dict[str, int] = {}
    frames, seconds, searching = 0, 0.0, 0.0
    for caption in retrieval.read_captions(clips):
        began = time.process_time()
        sampled = [
            item for item in sample(clips / caption.file, Sampling(), _ignore) if isinstance(item, Frame)
        ]
        seconds += time.process_time() - began
        frames += len(sampled)
        if count := sum(frame.area != WHOLE for frame in sampled):
            cropped[caption.file] = count
        finder = AreaFinder[Frame]()
        began = time.process_time()
        for frame in sampled:
            finder.take(frame, frame.image, frame.clip)
        searching += time.process_time() - began
    return Originals(frames, cropped, searching / seconds)


def _found(session: Session, places: dict[str, Area]) -> Iterator[bool]:
    """For each stored frame whether it was cropped to the picture."""
    for video in session.catalogue.videos():
        areas = {clip.number: clip.area for clip in session.catalogue.clips(video.id)}
        for frame in session.catalogue.frames(video.id):
            apart = np.subtract(areas[frame.clip].sides, places[video.path.name].sides)
            yield bool(np.abs(apart).max() <= CLOSE)


@contextmanager
def _indexed(folder: Path) -> Iterator[Session]:
    with tempfile.TemporaryDirectory() as library, Session(Path(library)) as session:
        session.add_folder(folder)
        session.indexer.start()
        session.indexer.wait()
        yield session


def _copied(file: str) -> str:
    return f"{Path(file).stem}.mp4"


def _ignore(_position: float) -> None:
    """Nobody waits."""


@click.command()
@click.option(
    "--clips",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=retrieval.CLIPS,
    help="Folder with manifest.csv.",
)
@click.option(
    "--way", "ways", type=click.Choice(list(COPIES)), multiple=True, help="Only these kinds of bars."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def main(clips: Path, ways: tuple[str, ...], as_json: bool) -> None:
    """Measure and print."""
    originals, padded = measure_originals(clips), measure(clips, ways or tuple(COPIES))
    if as_json:
        click.echo(json.dumps({"originals": asdict(originals), "padded": [asdict(one) for one in padded]}))
        return
    click.echo(f"Originals: {sum(originals.cropped.values())} of {originals.frames} frames cropped", nl=False)
    click.echo(f"; the search for bars took {originals.share:.1%} of the time of decoding and sampling")
    for one in padded:
        click.echo(
            f"{one.way:13} R@1 {one.original_recall_at_1:.1f} → {one.padded_recall_at_1:.1f} "
            f"({one.difference:+.1f}), R@5 {one.original_recall_at_5:.1f} → {one.padded_recall_at_5:.1f}, "
            f"picture found in {one.found} of {one.frames} frames, {one.videos} videos"
        )


if __name__ == "__main__":
    main()
