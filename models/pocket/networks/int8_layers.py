"""Layers whose weights and inputs have 8 bits: how towers learn with them, and how graphs are written.

In training a value is rounded on the way forward and the gradient passes as if it had not been (Bengio et al.
2013); the steps of the activations are learned along (Esser et al., LSQ, 2020). In an exported graph the same
layers are QuantizeLinear and DequantizeLinear around a convolution or a matrix product, which ONNX Runtime
joins into one that computes in whole numbers.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

HIGHEST = 255
WEIGHT_LIMIT = 63
"""Weights take 7 bits: processors without VNNI add pairs of products in 16 bits, which 8 would overflow."""
SMALLEST_STEP = 1e-6


def rounded(values: Tensor) -> Tensor:
    """The nearest whole numbers; the gradient passes."""
    return values + (values.round() - values).detach()


def weight_steps(weight: Tensor) -> Tensor:
    """One step per output channel, float `(C,)`: the largest weight is `WEIGHT_LIMIT` steps."""
    return weight.detach().flatten(1).abs().amax(1).clamp(min=SMALLEST_STEP) / WEIGHT_LIMIT


def stored_weight(weight: Tensor) -> Tensor:
    """`weight` `(C, ...)` in whole steps of its channel, int8."""
    steps = weight_steps(weight).view(-1, *[1] * (weight.ndim - 1))
    return (weight.detach() / steps).round().to(torch.int8)


def learned_weight(weight: Tensor) -> Tensor:
    """`weight` `(C, ...)` as the int8 graph has it, float; the gradient passes."""
    steps = weight_steps(weight).view(-1, *[1] * (weight.ndim - 1))
    return rounded(weight / steps) * steps


class Int8Values(nn.Module):
    """Values in 256 steps: `step` learned, `zero` the whole number that stands for 0.

    While `observing` it only notes the lowest and highest value it meets; `settle` makes steps of them.
    """

    low: Tensor
    high: Tensor
    zero: Tensor
    step: Tensor
    stored_zero: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("low", torch.zeros(()), persistent=False)
        self.register_buffer("high", torch.zeros(()), persistent=False)
        self.register_buffer("zero", torch.zeros(()))
        self.log_step = nn.Parameter(torch.zeros(()))
        self.observing = False

    def observe(self, values: Tensor) -> None:
        low, high = values.detach().float().aminmax()
        self.low.copy_(torch.minimum(self.low, low))
        self.high.copy_(torch.maximum(self.high, high))

    def settle(self) -> None:
        """Take the range that was observed."""
        step = ((self.high - self.low) / HIGHEST).clamp(min=SMALLEST_STEP)
        self.log_step.data.copy_(step.log())
        self.zero.copy_((-self.low / step).round().clamp(0, HIGHEST))
        self.observing = False

    def freeze(self) -> None:
        """Make ready for export."""
        self.register_buffer("step", self.log_step.detach().exp(), persistent=False)
        self.register_buffer("stored_zero", self.zero.to(torch.uint8), persistent=False)

    def forward(self, values: Tensor) -> Tensor:
        if self.observing:
            self.observe(values)
            return values
        if torch.compiler.is_exporting():
            stored = torch.onnx.ops.symbolic(
                "QuantizeLinear", (values, self.step, self.stored_zero), dtype=torch.uint8, shape=values.shape
            )
            return _dequantised(stored, self.step, self.stored_zero)
        step = self.log_step.exp()
        places = (rounded(values.float() / step) + self.zero).clamp(0, HIGHEST)
        return ((places - self.zero) * step).to(values.dtype)


class Int8Weight(nn.Module):
    """What layers with an int8 weight `(C, ...)` have in common.

    Raises `ValueError` for a layer without a bias.
    """

    stored: Tensor
    steps: Tensor
    no_shift: Tensor

    def __init__(self, layer: nn.Conv2d | nn.Linear) -> None:
        super().__init__()
        if layer.bias is None:
            raise ValueError("a layer without a bias: fold its norm first")
        self.weight = nn.Parameter(layer.weight.detach().clone())
        self.bias = nn.Parameter(layer.bias.detach().clone())

    def freeze(self) -> None:
        """Make ready for export."""
        self.register_buffer("stored", stored_weight(self.weight), persistent=False)
        self.register_buffer("steps", weight_steps(self.weight), persistent=False)
        self.register_buffer("no_shift", torch.zeros_like(self.steps, dtype=torch.int8), persistent=False)


class Int8Conv(Int8Weight):
    """A convolution with int8 weights; what it is given should come from an `Int8Values`."""

    def __init__(self, conv: nn.Conv2d) -> None:
        super().__init__(conv)
        self.stride, self.groups = conv.stride, conv.groups

    def forward(self, maps: Tensor) -> Tensor:
        if torch.compiler.is_exporting():
            weight = _dequantised(self.stored, self.steps, self.no_shift, 0)
        else:
            weight = learned_weight(self.weight)
        return functional.conv2d(maps, weight, self.bias, self.stride, groups=self.groups)


class Int8Linear(Int8Weight):
    """A linear map with int8 weights and inputs."""

    def __init__(self, linear: nn.Linear) -> None:
        super().__init__(linear)
        self.inputs = Int8Values()

    def freeze(self) -> None:
        super().freeze()
        self.stored = self.stored.T.contiguous()

    def forward(self, states: Tensor) -> Tensor:
        states = self.inputs(states)
        if torch.compiler.is_exporting():
            return states @ _dequantised(self.stored, self.steps, self.no_shift, 1) + self.bias
        return functional.linear(states, learned_weight(self.weight), self.bias)


def dequantised(values: Tensor, step: float, zero: int) -> Tensor:
    """uint8 `values` as `(values - zero) * step` in an exported graph."""
    return _dequantised(values, torch.tensor(step), torch.tensor(zero, dtype=torch.uint8))


def int8_values(tower: nn.Module) -> list[Int8Values]:
    """All of a tower's."""
    return [module for module in tower.modules() if isinstance(module, Int8Values)]


def freeze(tower: nn.Module) -> None:
    """Make all of a tower's int8 layers ready for export."""
    for module in tower.modules():
        if isinstance(module, Int8Values | Int8Weight):
            module.freeze()


def _dequantised(stored: Tensor, steps: Tensor, zeros: Tensor, axis: int | None = None) -> Tensor:
    values: Tensor = torch.onnx.ops.symbolic(
        "DequantizeLinear",
        (stored, steps, zeros),
        {} if axis is None else {"axis": axis},
        dtype=torch.float32,
        shape=stored.shape,
    )
    return values
