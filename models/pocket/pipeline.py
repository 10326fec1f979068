"""The recipe from raw data to a bundle: caches, runs, their merging, export, measurement."""

from __future__ import annotations

import hashlib
import json
import random
import shutil
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import torch

from models.pocket.bundle import BundleRunner
from models.pocket.config import PocketConfig
from models.pocket.export import (
    BUNDLE_FILES,
    OPTIONAL_FILES,
    TOKENIZER_FILE,
    write_calibration,
    write_graphs,
    write_manifest,
)
from models.pocket.figures.bank import write_bank
from models.pocket.figures.calibration import calibrate
from models.pocket.figures.evaluate import Recall, recall
from models.pocket.figures.measure import embed_held_out, measure
from models.pocket.head import HeadRecipe, add_head
from models.pocket.learning.ensemble import Ensemble, Sample
from models.pocket.learning.imitation import folder_of, imitate
from models.pocket.learning.merge import merge
from models.pocket.learning.quantise import quantise
from models.pocket.learning.runs import distilled, train_once
from models.pocket.material import Material, pool, prepare
from models.pocket.networks.teacher import load_tokenizer, pad, teacher_folder, tokenise
from models.pocket.networks.towers import Towers, read_towers, write_towers
from models.pocket.pictures.data import Part, read_pictures, read_pixels
from models.pocket.pictures.preprocess import squash
from models.pocket.reopening import read_bundle
from models.pocket.words.pairs import Pool
from models.pocket.words.prompts import picture_texts

EXACT_FILE = "towers-float32.pt"
"""In a run's folder: the towers before they are quantised."""
PIECE = 256
PARTS: tuple[Part, ...] = ("train", "dev")
"""What a bundle's towers learn from."""


def train(
    config: PocketConfig, material: Material, data: Path, work: Path, parts: tuple[Part, ...]
) -> Towers:
    """All runs on the pictures of `parts`, merged into one pair of towers; every stage continues from its
    checkpoint in `work`."""
    lessons, drawn = material.lessons, pool(config, material, parts)
    own = run_folder(config, work, parts)
    text = distilled(config, lessons, own)
    runs = [
        train_once(seeded, lessons, drawn, material.trunk, text, run_folder(seeded, work, parts))
        for seeded in (replace(config, seed=config.seed + number) for number in range(config.runs))
    ]
    towers = joined(config, runs, material, drawn, data, own)
    if config.int8_stage.steps:
        write_towers(towers, own / EXACT_FILE)
        towers = quantise(config, towers, lessons, drawn, own)
    return towers


def joined(
    config: PocketConfig, runs: Sequence[Towers], material: Material, drawn: Pool, data: Path, folder: Path
) -> Towers:
    """One pair of towers of all runs; continues from its checkpoints in `folder`."""
    if len(runs) == 1:
        return runs[0]
    sample = merging_sample(config, data, material.tokenizer)
    ensemble = Ensemble(runs, sample, material.lessons.device)
    towers = merge(runs, ensemble, sample)
    return imitate(config, towers, ensemble, material.lessons, drawn, folder)


def run_folder(config: PocketConfig, work: Path, parts: tuple[Part, ...]) -> Path:
    """Where a run with these numbers on these parts keeps its checkpoints and towers."""
    identity = json.dumps([asdict(config), parts], default=str).encode()
    return work / f"run-{hashlib.sha256(identity).hexdigest()[:12]}"


def merging_sample(config: PocketConfig, data: Path, tokenizer_file: Path) -> Sample:
    """Training pictures, whole, and the first words of each: what several runs are merged by."""
    known = [p for p in read_pictures(data / "training") if p.part == "train" and picture_texts(p)]
    chosen = random.Random(config.seed).sample(known, min(config.merge_pictures, len(known)))
    pixels = [squash(pixels, config.views.size) for pixels in read_pixels(data / "training", chosen)]
    tokenizer = load_tokenizer(tokenizer_file)
    words = [picture_texts(picture)[0] for picture in chosen]
    tokens = pad(tokenise(tokenizer, words, config.text.context_length), config.text.pad_id)
    return Sample(torch.from_numpy(np.stack(pixels)).permute(0, 3, 1, 2), tokens)


@torch.inference_mode()
def dev_recall(material: Material, towers: Towers) -> Recall:
    """Retrieval among Flickr8k's dev pictures."""
    texts_of, lessons = material.words.texts_of, material.lessons
    dev = np.array([index for index, picture in enumerate(material.pictures) if picture.part == "dev"])
    numbers = torch.from_numpy(np.concatenate([texts_of[index] for index in dev]))
    answers = np.repeat(np.arange(len(dev)), [len(texts_of[index]) for index in dev])
    pictures = torch.split(lessons.pictures(dev).permute(0, 2, 3, 1), PIECE)
    images = torch.cat([towers.image(piece) for piece in pictures])
    texts = torch.cat(
        [towers.text(lessons.sentences.of_numbers(piece)) for piece in torch.split(numbers, PIECE)]
    )
    return recall(texts.float().cpu().numpy(), images.float().cpu().numpy(), answers)


def report_dev(config: PocketConfig, data: Path, work: Path) -> None:
    """Train on the train part alone and print retrieval on the dev part: the figure to make choices by."""
    material = prepare(config, data, work)
    print("dev:", dev_recall(material, train(config, material, data, work, ("train",))))


def build_bundle(
    config: PocketConfig, data: Path, work: Path, out: Path, trained: Sequence[Path] = ()
) -> None:
    """Train on train and dev parts and write the bundle to `out`, whole: it is built in `work` first.

    Args:
        config: the recipe.
        data: pictures, clips, words.
        work: caches and checkpoints.
        out: folder of the bundle.
        trained: towers of runs, or folders of bundles that earlier ones became, instead of training.
    """
    towers = towers_of(config, data, work, trained)
    torch.set_num_threads(config.threads)
    finish_bundle(config, towers, teacher_folder() / TOKENIZER_FILE, data, work, out)


def towers_of(config: PocketConfig, data: Path, work: Path, trained: Sequence[Path]) -> Towers:
    """The pair that a bundle is made of; see `build_bundle`. One `trained` pair is it as it is."""
    runs = [read_bundle(config, path) if path.is_dir() else read_towers(config, path) for path in trained]
    if len(runs) == 1:
        return runs[0]
    material = prepare(config, data, work)
    if not runs:
        return train(config, material, data, work, PARTS)
    drawn = pool(config, material, PARTS)
    return joined(config, runs, material, drawn, data, folder_of(config, trained, work))


def finish_bundle(
    config: PocketConfig, towers: Towers, tokenizer: Path, data: Path, work: Path, out: Path
) -> None:
    """Export trained towers, calibrate them, give them a head, measure them, and write the bundle."""
    staged = work / "bundle"
    write_graphs(towers, config, tokenizer, staged)
    runner = BundleRunner(staged, config)
    for name in OPTIONAL_FILES:  # of an earlier bundle
        (staged / name).unlink(missing_ok=True)
    bank = write_bank(runner, data / "training", staged)
    write_calibration(calibrate(*embed_held_out(runner, data / "training"), bank), staged)
    write_manifest(config, {}, staged)
    add_head(HeadRecipe(), staged, data, work)
    figures = measure(runner, data)
    write_manifest(config, figures, staged)
    out.mkdir(parents=True, exist_ok=True)
    for name in BUNDLE_FILES:
        if (staged / name).exists():
            shutil.copyfile(staged / name, out / name)
    print(json.dumps(figures, indent=2))


def measure_bundle(config: PocketConfig, data: Path, out: Path) -> None:
    """Print the figures of the bundle in `out`, measured again."""
    print(json.dumps(measure(BundleRunner(out, config), data), indent=2))
