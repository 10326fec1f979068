"""Figures of a written bundle on pictures and clips that were never trained on."""

from __future__ import annotations

import csv
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from models.pocket.bundle import BundleRunner
from models.pocket.figures.evaluate import Recall, Vectors, recall, unit
from models.pocket.pictures.data import Picture, read_pictures, read_pixels
from models.pocket.pictures.preprocess import Pixels, squash
from models.pocket.words.prompts import label_prompts

FRAMES_PER_CLIP = 12
TIMED_RUNS = 40
TIMED_FRAMES = 16
QUERY = "A man in a blue jacket runs through a meadow with mountains behind."


def embed_held_out(runner: BundleRunner, training: Path) -> tuple[Vectors, Vectors, NDArray[np.int64]]:
    """Flickr8k's test part: caption embeddings `(5000, D)`, picture embeddings `(1000, D)`, each caption's
    picture."""
    pictures = [p for p in read_pictures(training) if p.part == "heldout" and p.source == "flickr8k"]
    captions = [caption for picture in pictures for caption in picture.captions]
    answers = [number for number, picture in enumerate(pictures) for _ in picture.captions]
    embedded = runner.embed_pictures(list(read_pixels(training, pictures)))
    return runner.embed_texts(captions), embedded, np.array(answers, np.int64)


def clip_frames(path: Path, size: int, count: int) -> Pixels:
    """`count` evenly spaced frames (all of a shorter clip) squashed to `uint8 (n, size, size, 3)`."""
    with av.open(str(path)) as container:
        frames = [
            squash(np.asarray(frame.to_ndarray(format="rgb24"), np.uint8), size)
            for frame in container.decode(video=0)
        ]
    positions = np.unique(np.linspace(0, len(frames) - 1, count).round().astype(int))
    return np.stack([frames[position] for position in positions])


def clip_recall(runner: BundleRunner, clips: Path) -> Recall:
    """Caption to clip retrieval, a clip being the mean of its frames' unit embeddings."""
    with (clips / "manifest.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    embedded = [
        unit(runner.embed_squashed(clip_frames(clips / row["file"], runner.size, FRAMES_PER_CLIP))).mean(0)
        for row in rows
    ]
    return recall(
        runner.embed_texts([row["caption"] for row in rows]), np.stack(embedded), np.arange(len(rows))
    )


def label_accuracy(runner: BundleRunner, training: Path, source: str) -> float:
    """Share of held-out pictures of a labelled source whose label (mean of its prompts) scores best."""
    pictures: list[Picture] = [
        p for p in read_pictures(training) if p.part == "heldout" and p.source == source
    ]
    labels = sorted({(picture.kind, picture.label) for picture in pictures})
    prototypes = np.stack([unit(runner.embed_texts(label_prompts(*label))).mean(0) for label in labels])
    scores = unit(runner.embed_pictures(list(read_pixels(training, pictures)))) @ unit(prototypes).T
    truth = np.array([labels.index((picture.kind, picture.label)) for picture in pictures])
    return float((scores.argmax(1) == truth).mean())


def best_seconds(call: Callable[[], object]) -> float:
    """The median wall time of `call`, in seconds."""
    times = []
    for _ in range(TIMED_RUNS):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return float(np.median(times))


def measure(runner: BundleRunner, data: Path) -> dict[str, Any]:
    """Every figure the manifest reports; what is absent from `data` is left out."""
    training = data / "training"
    figures: dict[str, Any] = {}
    texts, pictures, answers = embed_held_out(runner, training)
    figures["flickr8k_heldout_text_to_image"] = asdict(recall(texts, pictures, answers))
    for source in ("miniplaces", "food101", "sports22", "instruments", "imagenette"):
        figures[f"{source}_heldout_label_accuracy"] = label_accuracy(runner, training, source)
    if (data / "clips" / "manifest.csv").exists():
        figures["real_clips_text_to_clip"] = asdict(clip_recall(runner, data / "clips"))
    batch = np.zeros((TIMED_FRAMES, runner.size, runner.size, 3), np.uint8)
    figures["frames_per_second"] = round(TIMED_FRAMES / best_seconds(lambda: runner.embed_squashed(batch)))
    figures["text_milliseconds"] = round(1000 * best_seconds(lambda: runner.embed_texts([QUERY])), 2)
    return figures
