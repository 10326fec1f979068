"""Reading a `.pth` file of somebody else's: tensors by name, and nothing that could run."""

from __future__ import annotations

import pickle
import zipfile
from collections.abc import Mapping
from pathlib import Path

import torch
from torch import Tensor

from app.errors import ModelError

STATE = "state_dict"
_NAMED = 3
"""Names of unknown tensors that an error tells."""


class Checkpoint:
    """The tensors of one file; each is taken once, and in the end none may be left."""

    def __init__(self, name: str, tensors: Mapping[str, Tensor]) -> None:
        self.name = name
        self._left = dict(tensors)

    def shape(self, key: str, axes: int) -> tuple[int, ...]:
        """The shape of a tensor that is still there, which must have so many axes."""
        shape = tuple(self._find(key).shape)
        if len(shape) != axes:
            raise self.unfit(f"{key} has {len(shape)} axes, not {axes}")
        return shape

    def take(self, key: str, *shape: int) -> Tensor:
        """A tensor as float32, which must have this shape."""
        tensor = self._find(key)
        if tuple(tensor.shape) != shape:
            raise self.unfit(f"{key} is {tuple(tensor.shape)}, not {shape}")
        del self._left[key]
        return tensor.float()

    def drop(self, *keys: str) -> None:
        """Leave out tensors that say nothing, where they are there."""
        for key in keys:
            self._left.pop(key, None)

    def count(self, prefix: str) -> int:
        """How many numbers follow `prefix` in the keys, from 0 on: layers of a stack."""
        found = {key.removeprefix(prefix).split(".")[0] for key in self._left if key.startswith(prefix)}
        count = 0
        while str(count) in found:
            count += 1
        if not count:
            raise self.unfit(f"{prefix}0 is missing")
        return count

    def finish(self) -> None:
        """Raises `ModelError` when something was not taken."""
        left = list(self._left)
        if left:
            more = f" and {len(left) - _NAMED} more" if len(left) > _NAMED else ""
            raise self.unfit(f"{', '.join(left[:_NAMED])}{more} have no place in it")

    def unfit(self, why: str) -> ModelError:
        """The sentence for a file that is read but not of this kind."""
        return ModelError(
            f"“{self.name}” is not a T-MASS checkpoint as its authors released them: {why}.",
            "Choose a model_best.pth of the T-MASS release.",
        )

    def _find(self, key: str) -> Tensor:
        if key not in self._left:
            raise self.unfit(f"{key} is missing")
        return self._left[key]


def read_checkpoint(path: Path) -> Checkpoint:
    """Read the `state_dict` of a PyTorch file without running anything that it brings along.

    Raises:
        ModelError: the file is missing, damaged, no such file, or needs more than tensors to be read.
    """
    if not path.is_file():
        raise _unreadable(path, "there is no such file")
    if not zipfile.is_zipfile(path):
        raise _unreadable(path, "it is no PyTorch file, or its end is missing")
    try:
        content = torch.load(path, map_location="cpu", weights_only=True, mmap=True)
    except pickle.UnpicklingError as error:
        raise ModelError(
            f"“{path.name}” holds more than numbers: reading it could run a program, so it was not read.",
            "Take the file from a source that you trust, saved as plain tensors.",
        ) from error
    except Exception as error:  # whatever a damaged archive makes the reader stumble over
        raise _unreadable(path, "it is damaged") from error
    state = content.get(STATE) if isinstance(content, dict) else None
    if not isinstance(state, Mapping) or not all(
        isinstance(key, str) and isinstance(value, Tensor) for key, value in state.items()
    ):
        raise Checkpoint(path.name, {}).unfit(f"it has no “{STATE}” of tensors")
    return Checkpoint(path.name, state)


def _unreadable(path: Path, why: str) -> ModelError:
    return ModelError(f"“{path.name}” cannot be read: {why}.", "Download the checkpoint again.")
