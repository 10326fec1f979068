"""The image tower: EfficientNet-Lite0 and a head into the joint space."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from models.pocket.networks.efficientnet import MIDDLE, SPREAD, EfficientNetLite0, standardise
from models.pocket.networks.int8_layers import Int8Conv, dequantised
from models.pocket.networks.joint_head import JointHead


class ImageTower(nn.Module):
    """RGB `uint8 (N, H, W, 3)` to raw joint-space embeddings `(N, D)`."""

    def __init__(self, trunk: EfficientNetLite0, head: JointHead) -> None:
        super().__init__()
        self.trunk = trunk
        self.head = head

    def forward(self, pixels: Tensor) -> Tensor:
        pictures = pixels.permute(0, 3, 1, 2)
        if self.in_int8 and torch.compiler.is_exporting():
            seen = dequantised(pictures, 1 / SPREAD, int(MIDDLE))
        else:
            seen = standardise(pictures.float())
        embedded: Tensor = self.head(self.trunk(seen))
        return embedded

    def to_int8(self) -> None:
        """Let the trunk compute with int8 weights and inputs; the head stays as it is."""
        self.trunk.to_int8()

    @property
    def in_int8(self) -> bool:
        """Whether the trunk computes with int8 weights."""
        return isinstance(self.trunk.stem.conv, Int8Conv)
