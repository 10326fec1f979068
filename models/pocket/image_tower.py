"""The image tower: EfficientNet-Lite0 and a head into the joint space."""

from __future__ import annotations

from torch import Tensor, nn

from models.pocket.efficientnet import EfficientNetLite0, standardise
from models.pocket.joint_head import JointHead


class ImageTower(nn.Module):
    """RGB `uint8 (N, H, W, 3)` to raw joint-space embeddings `(N, D)`."""

    def __init__(self, trunk: EfficientNetLite0, head: JointHead) -> None:
        super().__init__()
        self.trunk = trunk
        self.head = head

    def forward(self, pixels: Tensor) -> Tensor:
        embedded: Tensor = self.head(self.trunk(standardise(pixels.permute(0, 3, 1, 2).float())))
        return embedded
