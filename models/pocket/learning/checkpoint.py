"""Resumable training state: tensors only, written whole or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from torch import nn


class Checkpoint:
    """The state of one training stage in one file."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def save(self, step: int, parts: dict[str, nn.Module | torch.optim.Optimizer]) -> None:
        """Keep `step` (the number of steps done) and the state of every part."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        partial = self._path.with_suffix(".part")
        torch.save(
            {"step": step, "parts": {name: part.state_dict() for name, part in parts.items()}}, partial
        )
        partial.replace(self._path)

    def restore(self, parts: dict[str, nn.Module | torch.optim.Optimizer]) -> int:
        """Bring the parts back to where they were; the number of steps done, 0 when nothing was kept."""
        if not self._path.exists():
            return 0
        state: dict[str, Any] = torch.load(self._path, weights_only=True)
        for name, part in parts.items():
            part.load_state_dict(state["parts"][name])
        return int(state["step"])
