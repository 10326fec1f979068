"""Depthwise convolution on CUDA, channels last, as Triton kernels.

PyTorch's own took most of a training step; these pad as they read. Used where CUDA and Triton are
(`efficientnet.ConvNorm`); everywhere else PyTorch's convolution computes the same.
"""

from __future__ import annotations

from typing import Any

import torch
import triton
from torch import Tensor

from models.pocket.networks.depthwise_kernels import filter_maps, gradient_of_maps, gradient_of_weights

PLACES = 64
"""Places of a map that one program computes."""
PLACES_OF_WEIGHTS, CHANNELS_OF_WEIGHTS = 32, 32
PROGRAMS_OF_WEIGHTS = 4_096
"""About as many programs share a sum over all pictures."""


def _before(size: int, kernel: int, stride: int) -> int:
    """How many rows of zeros SAME padding puts before `size` rows."""
    return max((-(-size // stride) - 1) * stride + kernel - size, 0) // 2


def _lanes(channels: int) -> int:
    return 64 if channels % 64 == 0 or channels > 256 else 32


def _last(maps: Tensor) -> Tensor:
    return maps.contiguous(memory_format=torch.channels_last)


def _new(like: Tensor, height: int, width: int) -> Tensor:
    return torch.empty(
        (like.shape[0], like.shape[1], height, width), dtype=like.dtype, device=like.device,
        memory_format=torch.channels_last,
    )  # fmt: skip


def _taps(weight: Tensor) -> Tensor:
    """`(C, 1, K, K)` as `(K * K, C)`."""
    return weight.flatten(1).t().contiguous()


@torch.library.custom_op("pocket::depthwise", mutates_args=())
def depthwise(maps: Tensor, weight: Tensor, stride: int) -> Tensor:
    """Each channel's own convolution with TensorFlow's SAME padding.

    Args:
        maps: float `(N, C, H, W)` on CUDA.
        weight: `(C, 1, K, K)`, K 3 or 5.
        stride: of both axes.

    Returns:
        `(N, C, ceil(H / stride), ceil(W / stride))`, channels last, of the type of `maps`; summed in float32.
    """
    pictures, channels, height, width = maps.shape
    kernel, lanes = weight.shape[2], _lanes(channels)
    out = _new(maps, -(-height // stride), -(-width // stride))
    grid = (triton.cdiv(channels, lanes), triton.cdiv(out.shape[2] * out.shape[3], PLACES), pictures)
    filter_maps[grid](
        _last(maps), _taps(weight), out, height, width, out.shape[2], out.shape[3], channels,
        _before(height, kernel, stride), _before(width, kernel, stride), stride, kernel, PLACES, lanes,
    )  # fmt: skip
    return out


@torch.library.custom_op("pocket::depthwise_backward", mutates_args=())
def depthwise_backward(gradient: Tensor, maps: Tensor, weight: Tensor, stride: int) -> tuple[Tensor, Tensor]:
    """The gradients of `depthwise`'s maps and weight, given its result's."""
    pictures, channels, height, width = maps.shape
    kernel, lanes = weight.shape[2], _lanes(channels)
    out_height, out_width = gradient.shape[2:]
    maps, gradient = _last(maps), _last(gradient)
    edges = _before(height, kernel, stride), _before(width, kernel, stride)
    of_maps = _new(maps, height, width)
    grid = (triton.cdiv(channels, lanes), triton.cdiv(height * width, PLACES), pictures)
    gradient_of_maps[grid](
        gradient, _taps(weight), of_maps, height, width, out_height, out_width, channels, *edges,
        stride, kernel, PLACES, lanes,
    )  # fmt: skip
    total, blocks = pictures * out_height * out_width, triton.cdiv(channels, CHANNELS_OF_WEIGHTS)
    parts = min(triton.cdiv(total, PLACES_OF_WEIGHTS * 8), PROGRAMS_OF_WEIGHTS // (blocks * kernel) + 1)
    share = triton.cdiv(triton.cdiv(total, parts), PLACES_OF_WEIGHTS) * PLACES_OF_WEIGHTS
    parts = triton.cdiv(total, share)
    sums = torch.empty((parts, kernel * kernel, channels), dtype=torch.float32, device=maps.device)
    gradient_of_weights[(kernel, blocks, parts)](
        maps, gradient, sums, pictures, height, width, out_height, out_width, channels, *edges, share,
        stride, kernel, PLACES_OF_WEIGHTS, CHANNELS_OF_WEIGHTS,
    )  # fmt: skip
    of_weight = sums.sum(0).t().reshape(weight.shape).to(weight.dtype)
    return of_maps, of_weight.contiguous()


@depthwise.register_fake
def _(maps: Tensor, weight: Tensor, stride: int) -> Tensor:  # noqa: ARG001 - the signature is PyTorch's
    return _new(maps, -(-maps.shape[2] // stride), -(-maps.shape[3] // stride))


@depthwise_backward.register_fake
def _(gradient: Tensor, maps: Tensor, weight: Tensor, stride: int) -> tuple[Tensor, Tensor]:  # noqa: ARG001
    return _new(maps, maps.shape[2], maps.shape[3]), torch.empty_like(weight)


def _keep(ctx: Any, inputs: tuple[Tensor, Tensor, int], output: Tensor) -> None:  # noqa: ARG001
    maps, weight, ctx.stride = inputs
    ctx.save_for_backward(maps, weight)


def _backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, Tensor, None]:
    of_maps, of_weight = depthwise_backward(gradient, *ctx.saved_tensors, ctx.stride)
    return of_maps, of_weight, None


depthwise.register_autograd(_backward, setup_context=_keep)
