"""The two trained towers together, and the one file they travel in.

Training is quick on a GPU and slow without one; the rest of the recipe needs none. The file carries the
towers from the machine that trains to the one that makes the bundle.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from torch import Tensor, nn

from models.pocket.config import PocketConfig
from models.pocket.networks.efficientnet import EfficientNetLite0
from models.pocket.networks.image_tower import ImageTower
from models.pocket.networks.joint_head import JointHead
from models.pocket.networks.text_tower import TextTower

TOWERS_FILE = "towers.pt"


@dataclass(frozen=True, slots=True)
class Towers:
    """What is trained, and in the end exported."""

    image: ImageTower
    text: TextTower


def new_towers(config: PocketConfig, image_head: int, text_head: int) -> Towers:
    """Untrained towers of the recipe's shape, with heads so wide: merged runs' are wider than one's."""
    wide = replace(
        config,
        image=replace(config.image, head_width=image_head),
        text=replace(config.text, head_width=text_head),
    )
    return with_new_heads(wide, EfficientNetLite0(), TextTower(wide.text, wide.embedding_width))


def with_new_heads(config: PocketConfig, trunk: EfficientNetLite0, text: TextTower) -> Towers:
    """`trunk` and `text` themselves, with heads that have learned nothing."""
    image = config.image
    head = JointHead(image.features, image.head_width, config.embedding_width, image.dropout)
    text.head = JointHead(
        config.text.width, config.text.head_width, config.embedding_width, config.text.dropout
    )
    return Towers(ImageTower(trunk, head), text)


def write_towers(towers: Towers, path: Path) -> None:
    """Write both towers' weights as float16, the precision the bundle stores, whole or not at all."""
    partial = path.with_suffix(".part")
    torch.save({"image": _half(towers.image), "text": _half(towers.text)}, partial)
    partial.replace(path)


def read_towers(config: PocketConfig, path: Path) -> Towers:
    """The towers of a file that `write_towers` wrote, in evaluation mode, of one run or of several merged.

    Raises:
        RuntimeError: they have another shape than the recipe says.
    """
    stored: Mapping[str, Mapping[str, Tensor]] = torch.load(path, map_location="cpu", weights_only=True)
    towers = new_towers(config, *(len(stored[kind]["head.up.bias"]) for kind in ("image", "text")))
    if _in_int8(stored["image"]):
        towers.image.to_int8()
    if _in_int8(stored["text"]):
        towers.text.to_int8()
    towers.image.load_state_dict(stored["image"])
    towers.text.load_state_dict(stored["text"])
    return Towers(towers.image.eval(), towers.text.eval())


def _in_int8(weights: Mapping[str, Tensor]) -> bool:
    return any(name.endswith("log_step") for name in weights)


def _half(tower: nn.Module) -> dict[str, Tensor]:
    return {
        name: value.detach().cpu().half() if value.is_floating_point() else value.detach().cpu()
        for name, value in tower.state_dict().items()
    }
