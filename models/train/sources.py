"""What a configuration names, opened: data sets, backbones, cached features."""

from __future__ import annotations

from pathlib import Path

import torch

from app.errors import UsageError
from models.datasets.backbones import Backbone, BundleBackbone, OpenClipBackbone
from models.datasets.features import FeatureSet, cache_features
from models.datasets.readers import read_dataset
from models.datasets.records import VideoSet
from models.train.config import DataConfig
from models.train.config_file import RunConfig
from models.train.loop import choose_device

FEATURES = "features"
"""Folder of cached features in the working folder."""


def open_videos(run: RunConfig, data: DataConfig, table: str) -> VideoSet:
    """The data set of a table of the configuration, named for messages.

    Raises:
        UsageError: the table names no data set, or it cannot be read.
    """
    if not (data.dataset and data.annotations and data.videos):
        raise UsageError(
            f"The configuration names no data in [{table}].",
            f"Give [{table}] a dataset, annotations and videos.",
        )
    return read_dataset(data.dataset, run.path(data.annotations), run.path(data.videos), data.split)


def open_backbone(run: RunConfig) -> Backbone:
    """The backbone of a configuration.

    Raises:
        UsageError: none or two are named.
        ModelError: it cannot be loaded.
    """
    if bool(run.backbone.bundle) == bool(run.backbone.open_clip):
        raise UsageError(
            "The configuration must name one backbone.", "Give [backbone] either bundle or open_clip."
        )
    if run.backbone.open_clip:
        return open_clip_backbone(run)
    return BundleBackbone(run.path(run.backbone.bundle))


def open_clip_backbone(run: RunConfig) -> OpenClipBackbone:
    """The open_clip model of a configuration, on its device; random weights follow the seed.

    Raises:
        UsageError: none is named, or open_clip is not installed.
        ModelError: it cannot be loaded.
    """
    if not run.backbone.open_clip:
        raise UsageError(
            "Only an open_clip model can be trained with the head.",
            "Name one as open_clip in [backbone], or set fine_tuned to false.",
        )
    name, pretrained = model_name(run)
    with torch.random.fork_rng():
        torch.manual_seed(run.train.seed)
        return OpenClipBackbone(name, pretrained, choose_device(run.train.device).type)


def model_name(run: RunConfig) -> tuple[str, str | None]:
    """The open_clip model's name and its pretrained weights: a tag, the path of a file, or None."""
    name, _, pretrained = run.backbone.open_clip.partition(":")
    file = run.path(pretrained)
    if pretrained and file.is_file():
        return name, str(file)
    return name, pretrained or None


def open_features(run: RunConfig, data: DataConfig, table: str, backbone: Backbone, work: Path) -> FeatureSet:
    """The features of a data set, from the cache in the working folder where they are there."""
    videos = open_videos(run, data, table)
    return cache_features(videos, backbone, work / FEATURES, run.train.head.frames)
