"""One run of the recipe, from the networks it begins with to trained towers."""

from __future__ import annotations

import copy
from pathlib import Path

import torch

from models.pocket.config import PocketConfig
from models.pocket.devices import channels_last
from models.pocket.learning.distil import distil
from models.pocket.learning.joint import Lessons, tune
from models.pocket.networks.efficientnet import EfficientNetLite0
from models.pocket.networks.text_tower import TextTower, from_teacher
from models.pocket.networks.towers import TOWERS_FILE, Towers, with_new_heads, write_towers
from models.pocket.words.pairs import Pool


def distilled(config: PocketConfig, lessons: Lessons, folder: Path) -> TextTower:
    """The text tower that every run begins with; its checkpoint is kept in `folder`."""
    torch.manual_seed(config.seed)
    text = from_teacher(lessons.teacher, config.text, config.embedding_width).to(lessons.device)
    distil(config, text, lessons.vectors, lessons.sentences, folder)
    return text


def train_once(
    config: PocketConfig,
    lessons: Lessons,
    pool: Pool,
    trunk: EfficientNetLite0,
    text: TextTower,
    folder: Path,
) -> Towers:
    """One run with the seed of `config`; `trunk` and `text` stay as they are. Checkpoints and, in the end,
    the towers are kept in `folder`."""
    torch.manual_seed(config.seed)
    towers = with_new_heads(config, copy.deepcopy(trunk), copy.deepcopy(text))
    channels_last(towers.image.to(lessons.device))
    towers.text.to(lessons.device)
    towers = tune(config, towers, lessons, pool, folder)
    write_towers(towers, folder / TOWERS_FILE)
    return towers
