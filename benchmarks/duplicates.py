"""Near-duplicates: how many copies of real clips are found, and what else is, and what the search costs.

Of every clip of at least 4.5 seconds ffmpeg makes copies as people do: smaller and coarse, cropped, brighter
and at another frame rate, without its middle fifth; and two that must not be taken for each other's copies:
with black and a logo before it that all clips share, and with an opening of four seconds that two clips
share. Every pair of videos of one clip is to be found, and no other. Scale: a made gallery in which every
second video is a copy.

    python -m benchmarks.duplicates [--clips FOLDER] [--frames N] [--json]
"""

import json
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import combinations
from pathlib import Path

import av
import click
import numpy as np

from app.engines.duplicate_finder import details_of
from app.search.alike.near_duplicates import find_duplicates
from app.session import Session
from app.vectors.embeddings import StoredEmbeddings
from app.vectors.gallery import Gallery, GalleryStore
from benchmarks import retrieval

LEAST_SECONDS = 4.5
WIDTH, FRAMES_OF_VIDEO = 384, 100

_ENCODED = ("-c:v", "libx264", "-preset", "veryfast", "-an", "-pix_fmt", "yuv420p")
_FITTED = (
    "scale=640:360:force_original_aspect_ratio=decrease,pad=640:360:(ow-iw)/2:(oh-ih)/2,"
    "setsar=1,fps=25,format=yuv420p"
)
_LOGO = "drawbox=x=240:y=100:w=160:h=160:color=0xd02020:t=fill"


@dataclass(frozen=True, slots=True)
class Found:
    """How many pairs were found."""

    videos: int
    pairs: int
    """Of videos of one clip."""
    right: int
    wrong: int
    missed_by_kind: dict[str, int]
    """Of two kinds of copies, where some were missed."""

    @property
    def recall(self) -> float:
        """0..1"""
        return self.right / max(1, self.pairs)

    @property
    def precision(self) -> float:
        """0..1"""
        return self.right / max(1, self.right + self.wrong)


@dataclass(frozen=True, slots=True)
class Cost:
    """What a search over a made gallery takes."""

    frames: int
    cpu_seconds: float
    pairs: int


def make_copies(clip: Path, number: int, folder: Path) -> None:
    """All copies of a clip, one a folder, under its name."""
    with av.open(str(clip)) as video:
        seconds = float((video.duration or 0) / 1e6)
    if seconds < LEAST_SECONDS:
        return
    for kind, arguments in _recipes(clip, seconds, number):
        target = folder / kind / f"{clip.stem}.mp4"
        target.parent.mkdir(exist_ok=True)
        subprocess.run(
            ["ffmpeg", "-nostdin", "-v", "error", "-y", *arguments, *_ENCODED, str(target)], check=True
        )


def _recipes(clip: Path, seconds: float, number: int) -> Iterator[tuple[str, list[str]]]:
    plain = ["-i", str(clip), "-vf"]
    yield "small", [*plain, "scale=-2:240", "-crf", "34"]
    yield (
        "cropped",
        [
            *plain,
            "crop=iw*0.85:ih*0.85,eq=brightness=0.06:contrast=1.1,scale=-2:300",
            *("-r", "20", "-crf", "28"),
        ],
    )
    cut = f"select='lt(t,{0.4 * seconds})+gt(t,{0.6 * seconds})',setpts=N/FRAME_RATE/TB,scale=-2:320"
    yield "cut", [*plain, cut, "-crf", "26"]
    yield (
        "intro",
        _with_intro(clip, ["color=black:s=640x360:r=25:d=2", f"color=0xf0f0f0:s=640x360:r=25:d=3,{_LOGO}"]),
    )
    colours = f"gradients=s=640x360:r=25:d=4:seed={number // 2}"
    yield "titled", _with_intro(clip, [colours])


def _with_intro(clip: Path, sources: list[str]) -> list[str]:
    inputs = [word for source in sources for word in ("-f", "lavfi", "-i", source)]
    count = len(sources)
    made = "".join(f"[{place}:v]format=yuv420p,setsar=1[s{place}];" for place in range(count))
    joined = "".join(f"[s{place}]" for place in range(count))
    graph = f"{made}[{count}:v]{_FITTED}[c];{joined}[c]concat=n={count + 1}:v=1[o]"
    return [*inputs, "-i", str(clip), "-filter_complex", graph, "-map", "[o]", "-crf", "26"]


def measure(clips: Path) -> Found:
    """Find copies of a folder's clips among all of them."""
    files = sorted({clips / caption.file for caption in retrieval.read_captions(clips)})
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made) / "videos"
        (folder / "clip").mkdir(parents=True)
        for number, file in enumerate(files):
            shutil.copy(file, folder / "clip" / file.name)
            make_copies(file, number, folder)
        with Session(Path(made) / "library") as session:
            session.add_folder(folder)
            session.indexer.start()
            session.indexer.wait()
            session.warm_up()
            return _compared(session)


def _compared(session: Session) -> Found:
    gallery = session.index.gallery
    videos = {video.id: video.path for video in session.catalogue.videos()}
    found = {
        frozenset((pair.one, pair.other)) for pair in find_duplicates(gallery, details_of(session.catalogue))
    }
    right, pairs, missed = 0, 0, dict[str, int]()
    for one, other in combinations(sorted(set(gallery.video_of_row.tolist())), 2):
        if videos[one].stem != videos[other].stem:
            continue
        pairs += 1
        right += frozenset((one, other)) in found
        if frozenset((one, other)) not in found:
            kind = " and ".join(sorted((videos[one].parent.name, videos[other].parent.name)))
            missed[kind] = missed.get(kind, 0) + 1
    return Found(len(videos), pairs, right, len(found) - right, missed)


def made_gallery(frames: int, seed: int = 0) -> Gallery:
    """A gallery of videos of 100 frames, in shots of eight; every second one is a copy of the one before."""
    chance = np.random.default_rng(seed)
    store = GalleryStore(WIDTH)
    vectors = np.empty((0, WIDTH), np.float32)
    for video in range(frames // FRAMES_OF_VIDEO):
        if video % 2 == 0:
            shots = chance.standard_normal((FRAMES_OF_VIDEO // 8 + 1, WIDTH))
            vectors = np.repeat(shots, 8, axis=0)[:FRAMES_OF_VIDEO].astype(np.float32)
        noise = 0.4 * chance.standard_normal((FRAMES_OF_VIDEO, WIDTH))
        store.append(
            StoredEmbeddings(
                video_id=video + 1,
                folder_id=1,
                revision=video + 1,
                matrix=(vectors + noise).astype(np.float16),
                frame_ids=np.arange(FRAMES_OF_VIDEO, dtype=np.int64) + video * FRAMES_OF_VIDEO,
                times=np.arange(FRAMES_OF_VIDEO, dtype=np.float64),
                clips=(np.arange(FRAMES_OF_VIDEO) // 8).astype(np.int32),
            )
        )
    return store.snapshot()


def measure_cost(frames: int) -> Cost:
    """Look for the duplicates of a made gallery."""
    gallery = made_gallery(frames)
    started = time.process_time()
    pairs = find_duplicates(gallery, lambda frames: np.ones(len(frames), np.bool_))
    return Cost(len(gallery), round(time.process_time() - started, 1), len(pairs))


@click.command()
@click.option(
    "--clips", type=click.Path(path_type=Path), default=retrieval.CLIPS, help="Folder with manifest.csv."
)
@click.option("--frames", default=100_000, show_default=True, help="Frames of the made gallery.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def main(clips: Path, frames: int, *, as_json: bool) -> None:
    """Measure and print."""
    found, cost = measure(clips), measure_cost(frames)
    if as_json:
        click.echo(json.dumps({"found": asdict(found), "cost": asdict(cost)}))
        return
    click.echo(
        f"{found.videos} videos: {found.right} of {found.pairs} pairs found ({found.recall:.1%}), "
        f"{found.wrong} others (precision {found.precision:.1%}); missed: {found.missed_by_kind or 'none'}"
    )
    click.echo(f"{cost.frames:,} frames: {cost.cpu_seconds} s of processor time, {cost.pairs} pairs")


if __name__ == "__main__":
    main()
