"""What is forked counts where the tests are measured."""

import sys
from pathlib import Path

import pytest

from tests import forked_program
from tests.forked_coverage import name_files

coverage = pytest.importorskip("coverage", reason="coverage.py is not installed")


@pytest.mark.skipif(sys.platform != "linux", reason="nothing is forked here")
def test_a_forked_command_counts_and_so_does_what_was_loaded_before_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = coverage.Coverage(config_file=str(forked_program._ROOT / "pyproject.toml")).config
    config.data_file = str(tmp_path / "data")
    monkeypatch.setenv("COVERAGE_PROCESS_CONFIG", config.serialize())
    name_files()
    server = forked_program.ProgramServer()
    monkeypatch.setattr(forked_program, "_servers", [*forked_program._servers, server])
    done = server.run(["--version"], {}, Path("/"), 60.0)
    server.close()
    assert done.returncode == 0, done.stderr
    files = [file for file in tmp_path.iterdir() if file.name.startswith("data.")]
    assert len(files) == 2, "one for what was loaded, one for the command"
    lines = {}
    for file in files:
        data = coverage.CoverageData(str(file))
        data.read()
        for name in data.measured_files():
            lines[Path(name).relative_to(forked_program._ROOT).as_posix()] = data.lines(name)
    assert lines["app/session.py"]
    assert lines["app/cli/commands.py"]
