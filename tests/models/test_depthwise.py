"""The Triton kernels of the depthwise convolution compute what PyTorch's own does."""

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

pytest.importorskip("torch")


@pytest.mark.skipif(find_spec("triton") is None, reason="Triton is there for Linux on x86-64 alone")
def test_interpreted_kernels_and_their_gradients_equal_pytorch() -> None:
    script = Path(__file__).with_name("interpreted_kernels.py")
    root = Path(__file__).parents[2]
    environment = os.environ | {"TRITON_INTERPRET": "1", "PYTHONPATH": str(root)}
    done = subprocess.run(
        [sys.executable, str(script)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    gaps = [float(gap) for gap in done.stdout.split()]
    assert len(gaps) == 15, "five shapes; the result, the maps' gradient and the weight's"
    assert max(gaps) < 1e-5
