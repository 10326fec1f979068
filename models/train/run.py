"""One run from its configuration: the data opened, the head trained, its file written."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from app.errors import UsageError
from models.evaluate.gallery import Gallery
from models.heads.head_file import write_head
from models.heads.tmass import TMassHead
from models.train.config import TrainConfig
from models.train.config_file import RunConfig
from models.train.inputs.batches import Batches, FeatureBatches, PairOrder
from models.train.inputs.clips import cache_clips
from models.train.loop import train_head
from models.train.outputs.calibrations import write_head_into
from models.train.sources import model_name, open_backbone, open_clip_backbone, open_features, open_videos
from models.train.towers import TowerBatches, Towers

HEAD_FILE = "tmass.npz"
ENCODER_FILE = "encoder.pt"
CLIPS = "clips"
"""Folder of decoded frames in the working folder."""


@dataclass(frozen=True, slots=True)
class Trained:
    """What a run left: the head, its file, and the fine-tuned model's weights where there is one."""

    head: TMassHead
    head_file: Path
    encoder_file: Path | None


def run_training(run: RunConfig, work: Path) -> Trained:
    """Train what the configuration says; continues where an earlier call with it was cut off.

    Features, frames and checkpoints are kept in `work`. Checkpoint, loss curves, head and the weights of a
    fine-tuned model are in a folder of their own there, named by the configuration.

    Raises:
        UsageError: the configuration does not fit, or the data cannot be read.
        ModelError: the backbone cannot be loaded.
    """
    check_head(run.train)
    return _fine_tune(run, work) if run.backbone.fine_tuned else _train_on_features(run, work)


def check_head(train: TrainConfig) -> None:
    """Make sure that a head file can hold the head.

    Raises:
        UsageError: it has more than one attention head.
    """
    if train.head.heads != 1:
        raise UsageError("A head file holds one attention head.", "Set head.heads to 1.")


def train_into(bundle: Path, run: RunConfig, work: Path) -> Trained:
    """Train a head for a bundle on the data of `run` and put it into the bundle.

    What the scores mean is measured on `[test]` where the configuration names it; else clips re-scored with
    the head are judged by plain pooling.

    Raises:
        UsageError: as `run_training`; or the configuration names another backbone.
        ModelError: the bundle cannot be used.
    """
    if run.backbone.open_clip or run.backbone.bundle or run.backbone.fine_tuned:
        raise UsageError(
            "The configuration names a backbone, and the command a bundle.",
            "Leave bundle, open_clip and fine_tuned out of [backbone], or --bundle out of the command.",
        )
    run = replace(run, backbone=replace(run.backbone, bundle=str(bundle.resolve())))
    trained = run_training(run, work)
    held_out = None
    if run.test.dataset:
        held_out = Gallery.of(open_features(run, run.test, "test", open_backbone(run), work))
    write_head_into(bundle, trained.head_file, held_out)
    return trained


def feature_batches(run: RunConfig, work: Path) -> tuple[Batches, str]:
    """The batches of `[data]` with a frozen backbone, and a text that names what they are made of."""
    backbone = open_backbone(run)
    features = open_features(run, run.data, "data", backbone, work)
    optimiser = run.train.optimiser
    batches = FeatureBatches(features, optimiser.batch, captions=optimiser.captions, seed=run.train.seed)
    return batches, json.dumps([backbone.identity, run.train.head.frames, digest(features.texts)])


def digest(array: np.ndarray[Any, Any]) -> str:
    """Twelve hexadecimal digits of SHA-256 over an array."""
    return hashlib.sha256(np.ascontiguousarray(array).view(np.uint8).data).hexdigest()[:12]


def _train_on_features(run: RunConfig, work: Path) -> Trained:
    batches, data = feature_batches(run, work)
    folder = work / f"run-{run.train.identity(data)}"
    head = train_head(run.train, batches, folder, data=data, report=_say)
    write_head(head, folder / HEAD_FILE)
    return Trained(head, folder / HEAD_FILE, None)


def _fine_tune(run: RunConfig, work: Path) -> Trained:
    backbone = open_clip_backbone(run)
    clips = cache_clips(
        open_videos(run, run.data, "data"), backbone.input.spec, work / CLIPS, run.train.head.frames
    )
    _say(clips.summary())
    towers = Towers(backbone, model_name(run)[0], run.backbone.frames_per_pass)
    optimiser = run.train.optimiser
    usable = np.ones(len(clips.files), np.bool_)
    order = PairOrder(clips.video_of_text, usable, optimiser.batch, optimiser.captions, run.train.seed)
    batches = TowerBatches(clips, towers, order, run.train.head.frames, run.augment)
    data = json.dumps(
        [backbone.identity, asdict(run.augment), clips.captions, [file.name for file in clips.files]]
    )
    folder = work / f"run-{run.train.identity(data)}"
    head = train_head(run.train, batches, folder, encoder=towers, data=data, report=_say)
    write_head(head, folder / HEAD_FILE)
    towers.save(folder / ENCODER_FILE)
    return Trained(head, folder / HEAD_FILE, folder / ENCODER_FILE)


def _say(line: str) -> None:
    print(line, flush=True)
