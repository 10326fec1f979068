"""MobileNetV2 1.0 (Sandler et al. 2018) with batch norm folded into the convolutions and TensorFlow's
padding.

The weights are ImageNet weights published by Google under Apache-2.0, stored as a float16 `npz`.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

# (expansion, output channels, blocks, stride of the first block): table 2 of the paper.
STAGES = (
    (1, 16, 1, 1),
    (6, 24, 2, 2),
    (6, 32, 3, 2),
    (6, 64, 4, 2),
    (6, 96, 3, 1),
    (6, 160, 3, 2),
    (6, 320, 1, 1),
)
FEATURES = 1_280
STEM_CHANNELS = 32
# Blocks before this one are the trunk (kept as it is); this and later ones may be tuned from cached trunk
# maps.
TRUNK_BLOCKS = 14
# The last block of each stage inside the trunk, and the channels of all of them together.
STAGE_ENDS = (0, 2, 5, 9, 12)
LEVELS = 16 + 24 + 32 + 64 + 96


class SameConv(nn.Conv2d):
    """A convolution with TensorFlow's SAME padding: an odd remainder pads right and bottom."""

    def forward(self, input: Tensor) -> Tensor:  # noqa: A002 - the name nn.Conv2d gives it
        kernel, stride = self.kernel_size[0], self.stride[0]
        if kernel > 1:
            rows = same_padding(input.shape[2], kernel, stride)
            columns = same_padding(input.shape[3], kernel, stride)
            input = functional.pad(  # noqa: A001
                input, (columns // 2, columns - columns // 2, rows // 2, rows - rows // 2)
            )
        convolved: Tensor = self._conv_forward(input, self.weight, self.bias)
        return convolved


def same_padding(size: int, kernel: int, stride: int) -> int:
    """How many rows SAME padding adds to `size` rows."""
    return max((-(-size // stride) - 1) * stride + kernel - size, 0)


class Block(nn.Module):
    """Inverted residual: expand 1x1, depthwise 3x3, project 1x1; a residual when shapes allow."""

    def __init__(self, channels_in: int, channels_out: int, expansion: int, stride: int) -> None:
        super().__init__()
        hidden = channels_in * expansion
        self.expand = SameConv(channels_in, hidden, 1) if expansion > 1 else None
        self.dw = SameConv(hidden, hidden, 3, stride=stride, groups=hidden)
        self.project = SameConv(hidden, channels_out, 1)
        self.residual = stride == 1 and channels_in == channels_out

    def forward(self, maps: Tensor) -> Tensor:
        hidden = maps if self.expand is None else functional.relu6(self.expand(maps))
        projected: Tensor = self.project(functional.relu6(self.dw(hidden)))
        return maps + projected if self.residual else projected


class MobileNetV2(nn.Module):
    """The convolutional part (no classifier). Input `uint8` or float RGB 0-255 `(N, H, W, 3)`."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = SameConv(3, STEM_CHANNELS, 3, stride=2)
        blocks: list[Block] = []
        channels = STEM_CHANNELS
        for expansion, width, count, stride in STAGES:
            for position in range(count):
                blocks.append(Block(channels, width, expansion, stride if position == 0 else 1))
                channels = width
        self.blocks = nn.ModuleList(blocks)
        self.head = SameConv(channels, FEATURES, 1)

    def trunk(self, pixels: Tensor) -> tuple[Tensor, Tensor]:
        """Maps `(N, 160, H/32, W/32)` after the first `TRUNK_BLOCKS` blocks, and the mean activation of every
        trunk stage's last block `(N, LEVELS)`: colour and texture that the last layer no longer tells."""
        maps = pixels.permute(0, 3, 1, 2).float() / 127.5 - 1.0
        maps = functional.relu6(self.stem(maps))
        levels: list[Tensor] = []
        for position, block in enumerate(self.blocks[:TRUNK_BLOCKS]):
            maps = block(maps)
            if position in STAGE_ENDS:
                levels.append(maps.mean((2, 3)))
        return maps, torch.cat(levels, dim=1)

    def top(self, maps: Tensor) -> Tensor:
        """Mean-pooled features `(N, 1280)` from the trunk's maps."""
        for block in self.blocks[TRUNK_BLOCKS:]:
            maps = block(maps)
        return functional.relu6(self.head(maps)).mean((2, 3))

    def forward(self, pixels: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Trunk maps, level means, pooled features."""
        maps, levels = self.trunk(pixels)
        return maps, levels, self.top(maps)


def load_backbone(path: Path) -> MobileNetV2:
    """The ImageNet weights of `path`, in evaluation mode. Raises `KeyError` when an array is missing."""
    model = MobileNetV2()
    with np.load(path) as arrays:
        state = {name: torch.from_numpy(arrays[name].astype(np.float32)) for name in model.state_dict()}
    model.load_state_dict(state, strict=True)
    return model.eval()
