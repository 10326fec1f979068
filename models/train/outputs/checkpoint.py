"""The state of a training run in one file: tensors, numbers and text only, written whole or not at all."""

from __future__ import annotations

import json
import pickle
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Protocol

import torch
from torch import Tensor

from app.errors import UsageError
from models.heads.stochastic import Prior
from models.heads.tmass import TMassConfig, TMassHead

FORMAT = 1
FILE = "checkpoint.pt"
HEAD, AVERAGE = "head", "average"


class Part(Protocol):
    """Anything with a state: a module, an optimiser."""

    def state_dict(self) -> dict[str, Any]:
        """The state."""

    def load_state_dict(self, state_dict: dict[str, Any], /) -> Any:
        """Take a state over."""


class Checkpoint:
    """The checkpoint of one run in a folder.

    Args:
        folder: where it is kept.
        identity: names everything that decides the result; another run's checkpoint is refused.
        head: the head's configuration, so that the head can be read without the run.
    """

    def __init__(self, folder: Path, identity: str, head: TMassConfig) -> None:
        self._path = folder / FILE
        self._identity = identity
        self._head = json.dumps(asdict(head))

    def save(self, step: int, parts: Mapping[str, Part], history: Tensor) -> None:
        """Keep `step` (the number of steps done), the state of every part and the history, float64
        `(step, 4)`."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        partial = self._path.with_suffix(".part")
        content = {
            "format": FORMAT,
            "identity": self._identity,
            "head": self._head,
            "step": step,
            "history": history,
            "parts": {name: part.state_dict() for name, part in parts.items()},
        }
        torch.save(content, partial)
        partial.replace(self._path)

    def restore(self, parts: Mapping[str, Part], device: torch.device) -> tuple[int, Tensor | None]:
        """Bring the parts back to where they were; the steps done and the history, (0, None) where nothing
        was kept.

        Raises:
            UsageError: the checkpoint is another run's, or cannot be read.
        """
        if not self._path.exists():
            return 0, None
        content = _load(self._path, device)
        if content["identity"] != self._identity:
            raise UsageError(
                f"The checkpoint “{self._path}” belongs to another configuration.",
                "Choose another working folder, or delete that one to start again.",
            )
        for name, part in parts.items():
            part.load_state_dict(content["parts"][name])
        return int(content["step"]), content["history"].cpu()


def load_head(path: Path) -> TMassHead:
    """The head of a checkpoint as it is now, its moving average where one is kept; on the CPU, in evaluation
    mode.

    Raises:
        UsageError: the file is no checkpoint of this training.
    """
    content = _load(path, torch.device("cpu"))
    described = json.loads(content["head"])
    described["prior"] = Prior(**described["prior"])
    head = TMassHead(TMassConfig(**described))
    parts = content["parts"]
    if AVERAGE in parts:
        prefix = "module."
        state = {
            name.removeprefix(prefix): value
            for name, value in parts[AVERAGE].items()
            if name.startswith(prefix)
        }
    else:
        state = parts[HEAD]
    head.load_state_dict(state)
    return head.eval()


def _load(path: Path, device: torch.device) -> dict[str, Any]:
    try:
        content = torch.load(path, map_location=device, weights_only=True)
    except (OSError, RuntimeError, EOFError, ValueError, pickle.UnpicklingError) as error:
        raise UsageError(
            f"“{path}” cannot be read as a checkpoint.", "Delete it to start again, or name another."
        ) from error
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise UsageError(f"“{path}” is no checkpoint of this training.", "Name another file.")
    return content
