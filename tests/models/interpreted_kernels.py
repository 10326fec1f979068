"""Prints how far the Triton kernels of the depthwise convolution are from PyTorch's own, interpreted on the
processor: run by `test_depthwise.py` in a process of its own, since Triton looks at its environment once."""

import sys

import torch
from torch.nn import functional

from models.pocket.networks.depthwise import depthwise
from models.pocket.networks.efficientnet import same_padding

SHAPES = ((2, 32, 9, 3, 1), (2, 40, 10, 3, 2), (2, 33, 13, 5, 2), (3, 64, 7, 5, 1), (1, 96, 11, 3, 2))

torch.manual_seed(0)
for pictures, channels, size, kernel, stride in SHAPES:
    maps = torch.randn(pictures, channels, size, size + 2, requires_grad=True)
    weight = torch.randn(channels, 1, kernel, kernel, requires_grad=True)
    rows, columns = same_padding(size, kernel, stride), same_padding(size + 2, kernel, stride)
    edges = (columns // 2, columns - columns // 2, rows // 2, rows - rows // 2)
    wanted = functional.conv2d(functional.pad(maps, edges), weight, stride=stride, groups=channels)
    gradient = torch.randn_like(wanted)
    exact = torch.autograd.grad(wanted, (maps, weight), gradient)
    got = depthwise(maps, weight, stride)
    ours = torch.autograd.grad(got, (maps, weight), gradient)
    pairs = ((wanted, got), *zip(exact, ours, strict=True))
    gaps = (float((one - other).detach().norm() / one.detach().norm()) for one, other in pairs)
    sys.stdout.write(" ".join(map(str, gaps)) + "\n")
