"""Searches by a picture, by picture and words together, and by a whole video.

Composed retrieval (after CoVR, Ventura et al., AAAI 2024): of held-out captioned pictures each is a target;
its reference is the picture whose captions share most with the target's (inverse document frequencies,
Jaccard), and the words are those of one of the target's captions that no caption of the reference has. The
reference is no answer. Half of the targets chose the words' share, the other half is reported.

Pictures and whole videos: clips are copied as people copy them (the middle part, smaller, cropped, brighter,
encoded anew) and looked for among all clips; a picture is one frame of the copy.

    python -m benchmarks.likeness [--data FOLDER] [--json]
"""

import json
import math
import re
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import av
import click
import cv2
import numpy as np
from numpy.typing import NDArray

from app.bundle.encoder_bundle import load_bundle
from app.paths import bundled_model
from app.query.printer import quoted
from app.runtime.encoders import FrameEncoder, TextEncoder
from app.search.alike.likeness import WORDS, EncodedLikeness, Middles, Words, mixed
from app.search.scorers.hubness import bank_texts
from app.session import Session
from app.vectors.embeddings import StoredEmbeddings
from app.vectors.gallery import Gallery, GalleryStore
from benchmarks import retrieval
from models.pocket.pictures.data import read_pictures, read_pixels

Vectors = NDArray[np.float32]

MOST_WORDS = 4
"""A change of more words is another picture."""

_PLAIN_WORDS = frozenset(
    re.findall(
        r"\w+",
        """a an the is are of in on at with and to his her their its it as by for from while near through into
        that this two three one some up down out over being other another there who has have wearing
        standing""",
    )
)


@dataclass(frozen=True, slots=True)
class Pair:
    """A reference, what is to be different, and the target; both places among the pictures."""

    reference: int
    words: str
    target: int


@dataclass(frozen=True, slots=True)
class Composed:
    """How well targets are found in one way; percentages."""

    way: str
    recall_at_1: float
    recall_at_10: float
    mean_reciprocal_rank: float
    standard_error: float


@dataclass(frozen=True, slots=True)
class Copies:
    """How many copies find their originals first."""

    clips: int
    by_picture: int
    by_video: int
    strength_of_right: float
    """Median over the videos found first."""
    strength_of_best_wrong: float
    """Median of the strongest other video."""


def pairs_of(captions: Sequence[Sequence[str]]) -> list[Pair]:
    """Pairs made of captioned pictures, one for each target where the words come out short enough."""
    cut = [
        [[word for word in _cut(text) if word not in _PLAIN_WORDS] for text in texts] for texts in captions
    ]
    bags = [{word for words in texts for word in words} for texts in cut]
    known = Counter(word for bag in bags for word in bag)
    weight = {word: math.log(len(bags) / count) for word, count in known.items()}

    def alike(one: set[str], other: set[str]) -> float:
        return sum(map(weight.__getitem__, one & other)) / max(
            1e-9, sum(map(weight.__getitem__, one | other))
        )

    pairs: list[Pair] = []
    for target, bag in enumerate(bags):
        others = (place for place in range(len(bags)) if place != target)
        reference = max(others, key=lambda place: alike(bag, bags[place]))
        news = [[word for word in words if word not in bags[reference]] for words in cut[target]]
        shortest = min(range(len(news)), key=lambda number: abs(len(news[number]) - MOST_WORDS / 2))
        words = list(dict.fromkeys(news[shortest]))
        if 1 <= len(words) <= MOST_WORDS:
            pairs.append(Pair(reference, " ".join(words), target))
    return pairs


def measure_composed(training: Path) -> list[Composed]:
    """Picture alone, words alone and both, over the held-out captioned pictures of a folder."""
    shown = [p for p in read_pictures(training) if p.part == "heldout" and len(p.captions) > 1]
    bundle = load_bundle(bundled_model())
    frames, texts = FrameEncoder(bundle), TextEncoder(bundle)
    pictures = _units(
        np.concatenate([frames.encode(pixels[None]) for pixels in read_pixels(training, shown)])
    )
    gallery = _gallery(pictures)
    bank = _units(texts.encode(list(bank_texts())))
    middles = Middles(gallery, lambda: bank)
    pairs = [pair for pair in pairs_of([picture.captions for picture in shown]) if pair.target % 2]
    said = _units(texts.encode([pair.words for pair in pairs]))
    seen = pictures[[pair.reference for pair in pairs]]
    together = np.stack(
        [
            mixed(Words(words, 1.0), [EncodedLikeness(picture[None])], [1.0], middles)
            for words, picture in zip(said, seen, strict=True)
        ]
    )
    ways = {
        "picture alone": seen,
        "words alone": said,
        "means not taken out": (1 - WORDS) * seen + WORDS * said,
        "together": together,
    }
    return [_composed(way, queries, pairs, pictures) for way, queries in ways.items()]


def measure_copies(clips: Path) -> Copies:
    """Copies of a folder's clips among the clips."""
    files = sorted({caption.file for caption in retrieval.read_captions(clips)})
    by_picture, by_video = 0, 0
    right, wrong = [], []
    with tempfile.TemporaryDirectory() as made, Session(Path(made) / "library") as session:
        copies = Path(made) / "copies"
        copies.mkdir()
        for file in files:
            copy_changed(clips / file, copies / f"{Path(file).stem}-copy.mp4")
        for folder in (clips, copies):
            session.add_folder(folder)
        session.indexer.start()
        session.indexer.wait()
        for file in files:
            copied = copies / f"{Path(file).stem}-copy.mp4"
            found = session.search(f"like:{quoted(str(copied))}").moments
            first = bool(found) and found[0].path.name == file
            by_video += first
            right += [found[0].strength] if first else []
            others = [moment.strength for moment in found if moment.path.name != file]
            wrong.append(max(others, default=0.0))
            picture = Path(made) / "picture.jpg"
            cv2.imwrite(str(picture), _frame_of(copied))
            found = session.search(f"like:{quoted(str(picture))}", folder=clips).moments
            by_picture += found[0].path.name == file
    return Copies(len(files), by_picture, by_video, float(np.median(right)), float(np.median(wrong)))


def copy_changed(source: Path, target: Path) -> None:
    """The middle half of a video, cropped by a tenth, at most 240 pixels high, brighter, encoded coarsely."""
    with av.open(str(source)) as video, av.open(str(target), "w") as output:
        track = video.streams.video[0]
        frames = [frame.to_ndarray(format="bgr24") for frame in video.decode(track)]
        stream = None
        for frame in frames[len(frames) // 4 : max(len(frames) // 4 + 1, 3 * len(frames) // 4)]:
            height, width, _ = frame.shape
            part = frame[height // 20 : height - height // 20, width // 20 : width - width // 20]
            scale = min(1.0, 240 / part.shape[0])
            size = (round(part.shape[1] * scale) // 2 * 2, round(part.shape[0] * scale) // 2 * 2)
            small = cv2.resize(
                cv2.convertScaleAbs(part, alpha=1.1, beta=12), size, interpolation=cv2.INTER_AREA
            )
            if stream is None:
                rate = track.average_rate or track.guessed_rate or 25
                stream = output.add_stream("libx264", rate=rate, options={"preset": "veryfast", "crf": "32"})
                stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
            output.mux(stream.encode(av.VideoFrame.from_ndarray(small.astype(np.uint8), format="bgr24")))
        if stream is not None:
            output.mux(stream.encode(None))


def _frame_of(video: Path) -> NDArray[np.uint8]:
    with av.open(str(video)) as opened:
        return next(opened.decode(video=0)).to_ndarray(format="bgr24").astype(np.uint8, copy=False)


def _composed(way: str, queries: Vectors, pairs: Sequence[Pair], pictures: Vectors) -> Composed:
    scores = queries @ pictures.T
    rows = np.arange(len(pairs))
    scores[rows, [pair.reference for pair in pairs]] = -np.inf
    own = scores[rows, [pair.target for pair in pairs]]
    ranks = (scores >= own[:, None]).sum(axis=1)
    reciprocal = 1 / ranks
    return Composed(
        way,
        100 * float(np.mean(ranks <= 1)),
        100 * float(np.mean(ranks <= 10)),
        float(reciprocal.mean()),
        float(reciprocal.std() / math.sqrt(len(ranks))),
    )


def _gallery(vectors: Vectors) -> Gallery:
    store = GalleryStore(vectors.shape[1])
    store.append(
        StoredEmbeddings(
            video_id=1,
            folder_id=1,
            revision=1,
            matrix=vectors.astype(np.float16),
            frame_ids=np.arange(len(vectors), dtype=np.int64),
            times=np.arange(len(vectors), dtype=np.float64),
            clips=np.zeros(len(vectors), np.int32),
        )
    )
    return store.snapshot()


def _units(vectors: Vectors) -> Vectors:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=-1, keepdims=True), dtype=np.float32)


def _cut(text: str) -> list[str]:
    return re.findall(r"[a-z]+", text.lower())


@click.command()
@click.option(
    "--data",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=retrieval.CLIPS.parent,
    help="Folder with `clips` and `training`.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def main(data: Path, *, as_json: bool) -> None:
    """Measure and print."""
    composed, copies = measure_composed(data / "training"), measure_copies(data / "clips")
    if as_json:
        click.echo(json.dumps({"composed": [asdict(one) for one in composed], "copies": asdict(copies)}))
        return
    for one in composed:
        click.echo(
            f"{one.way:20} R@1 {one.recall_at_1:.1f}, R@10 {one.recall_at_10:.1f}, "
            f"mean reciprocal rank {one.mean_reciprocal_rank:.3f} ± {one.standard_error:.3f}"
        )
    click.echo(
        f"copies of {copies.clips} clips: {copies.by_picture} found first by a picture, {copies.by_video} by "
        f"the whole video (median strength {copies.strength_of_right:.0%}, of the best other "
        f"{copies.strength_of_best_wrong:.0%})"
    )


if __name__ == "__main__":
    main()
