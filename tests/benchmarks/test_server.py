"""The load of many clients is measured on a little library."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

pytest.importorskip("fastapi", reason="the extra serve is not installed")

from benchmarks.scale.place import Effort, Place
from benchmarks.scale.synthetic_library import fill
from benchmarks.server import main


def test_many_clients_are_answered_and_counted(tmp_path: Path) -> None:
    made = Place(tmp_path / "1000", 1000, Effort(pictures=10))
    made.folder.mkdir()
    fill(made)
    small = ["--frames", "1000", "--library", str(tmp_path), "--clients", "4", "--minutes", "0.01"]
    done = CliRunner().invoke(main, small, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    searches, refused = re.search(r"([\d,]+) searches in .* s, (\d+) refused", done.output).groups()  # type: ignore[union-attr]
    assert int(searches.replace(",", "")) >= 4
    assert refused == "0"
    for figure in ("throughput", "p50 / p95 / worst", "processor", "memory beyond mapped files"):
        assert figure in done.output
