"""What tests of benchmarks share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.scale import synthetic_library


@pytest.fixture(scope="session", autouse=True)
def drawn_pictures(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Vectors of large libraries lie around those of drawn pictures: few tests are about where real ones are.

    Returns the folder of the real ones.
    """
    real = synthetic_library.TRAINING
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(synthetic_library, "TRAINING", tmp_path_factory.mktemp("none") / "training")
        yield real
