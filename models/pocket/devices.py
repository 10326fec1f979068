"""Where Pocket's networks are trained, and in which precision."""

from __future__ import annotations

from contextlib import AbstractContextManager

import torch
from torch import nn


def device_to_train_on() -> torch.device:
    """CUDA where there is one."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def low_precision(device: torch.device) -> AbstractContextManager[object]:
    """bfloat16 arithmetic where it pays: on CUDA, and on a CPU that computes in it itself (fifteen times
    slower on others)."""
    if device.type == "cuda":
        return torch.autocast("cuda", torch.bfloat16)
    return torch.autocast("cpu", torch.bfloat16, enabled=has_bfloat16())


def has_bfloat16() -> bool:
    """Whether this CPU computes in bfloat16 itself (AVX-512 at least)."""
    return torch.backends.cpu.get_cpu_capability().startswith("AVX512")


def channels_last(network: nn.Module) -> None:
    """Keep its maps' channels side by side: quicker on every device."""
    network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
