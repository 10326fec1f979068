"""What the tests of the training code share."""

import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if importlib.util.find_spec("tqdm") is not None:
    import tqdm

    # torch.export makes a (silent) progress bar, whose monitor thread would outlive the test.
    tqdm.tqdm.monitor_interval = 0

if importlib.util.find_spec("torch") is not None:
    import torch

    # Tiny tensors: a second thread costs more than it brings, twenty times so beside other processes.
    torch.set_num_threads(1)

if TYPE_CHECKING:
    from tests.models.pocket_world import World


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> "World":
    """A tiny training set for Pocket."""
    from tests.models.pocket_world import make_world  # noqa: PLC0415 - it needs torch

    return make_world(tmp_path, monkeypatch)
