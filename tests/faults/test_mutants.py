"""Damaged copies of real files, indexed beside good ones: those all arrive, and every mutant is spoken of."""

from collections import Counter
from pathlib import Path

import pytest

from app.catalogue.records import VideoState
from app.errors import Cause
from tests.conftest import SHARED
from tests.faults.harness.clips import good_folder, like, of_each_container
from tests.faults.harness.mutants import MUTATORS, mutant
from tests.faults.harness.program import Program, assert_indexed, assert_settled
from tests.faults.harness.report import Report

BATCH = len(MUTATORS)
QUICK, NIGHTLY = 1, 66
"""Batches. A batch is indexed in one run: one of each mutator."""
LARGEST = 1_500_000
"""Bytes; a larger clip takes long and shows nothing else."""


@pytest.fixture(scope="module")
def originals(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """One clip per container, and the real and odd files where they are present."""
    made = of_each_container(tmp_path_factory.mktemp("originals"))
    real = [path for kind in ("clips", "odd") for path in sorted((SHARED / "data" / kind).glob("*.*"))]
    usable = [
        path for path in real if path.suffix not in {".csv", ".srt"} and 0 < path.stat().st_size < LARGEST
    ]
    return made + usable


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "batch" in metafunc.fixturenames:
        nightly = metafunc.config.getoption("--nightly")
        metafunc.parametrize("batch", range(NIGHTLY if nightly else QUICK))


@pytest.mark.timeout(900)
@pytest.mark.fault(
    "mutants of real files beside good ones", "all good ones arrive, every mutant has an outcome"
)
def test_every_good_file_arrives_and_every_mutant_is_spoken_of(
    program: Program, folder: Path, originals: list[Path], batch: int, report: Report
) -> None:
    good = good_folder(folder, 3)
    damaged = {}
    for seed in range(batch * BATCH, (batch + 1) * BATCH):
        # Mutators take turns by seed; a step without a common divisor meets every pair of file and mutator.
        original, other = originals[seed * 7 % len(originals)], originals[(seed * 5 + 1) % len(originals)]
        kind, content = mutant(seed, original.read_bytes(), other.read_bytes())
        name = f"{seed:04d}-{kind}-{original.name}"
        (folder / name).write_bytes(content)
        damaged[name] = kind
    last = like(folder / good[0], folder / "zz-good.mp4", 0)  # behind all the others
    program.index(folder, timeout=850)
    assert_indexed(program, *good, last.name)
    assert_settled(program)
    videos = program.videos()
    outcomes = Counter(_outcome(videos[name]) for name in damaged if name in videos)
    passed_over = len(damaged) - outcomes.total()
    ours = [name for name in damaged if name in videos and videos[name].cause is Cause.PROGRAM]
    assert not ours, [(name, videos[name].reason) for name in ours]
    for outcome, number in outcomes.items():
        report.count("mutants", outcome, number)
    report.count("mutants", "no video by its first bytes", passed_over)
    assert passed_over <= BATCH // 4


def _outcome(video: object) -> str:
    state, reason = getattr(video, "state"), getattr(video, "reason")  # noqa: B009
    if state is VideoState.FAILED:
        return "not readable"
    return "partly indexed" if reason else "indexed"
