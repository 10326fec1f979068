"""Libraries of other versions on the command line: earlier ones work at once, newer ones are refused."""

import json
import os
from pathlib import Path

import pytest

from app.catalogue.catalogue import Catalogue
from tests.database.earlier_libraries import DUMPS, write_earlier, write_newer
from tests.forked_program import run_program

COMMANDS = (
    ["folders"],
    ["search", "a dog"],
    ["index"],
    ["duplicates"],
    ["sources"],
    ["settings", "history", "off"],
    ["keep", "list"],
    ["add", "."],
    ["remove", "."],
    ["export", "a dog", "--as", "json", "--to", "."],
    ["models", "use", "pocket"],
)


def environment(folder: Path) -> dict[str, str]:
    hidden = {"DISPLAY", "QT_QPA_PLATFORM"}
    inherited = {name: value for name, value in os.environ.items() if name not in hidden}
    return inherited | {"REELFIND_HOME": str(folder / "home")}


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_a_newer_library_is_refused_in_a_sentence_and_left_as_it_is(
    tmp_path: Path, command: list[str]
) -> None:
    library = tmp_path / "library"
    file = write_newer(library)
    before = {path.name: path.read_bytes() for path in library.iterdir()}
    done = run_program([*command, "--library", str(library)], env=environment(tmp_path))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "reelfind: This library was written by a newer version of Reelfind."
        " Update Reelfind, or choose another library folder with --library.\n"
    )
    assert file.read_bytes() == before[file.name]
    assert {path.name: path.read_bytes() for path in library.iterdir()} == before


@pytest.mark.parametrize("flags", [[], ["--full"], ["--repair"]])
def test_doctor_says_so_and_repairs_nothing(tmp_path: Path, flags: list[str]) -> None:
    file = write_newer(tmp_path / "library")
    before = file.read_bytes()
    words = ["doctor", *flags, "--library", str(file.parent)]
    done = run_program(words, env=environment(tmp_path))
    assert done.returncode == 1
    assert "written by a newer version of Reelfind" in done.stdout + done.stderr
    assert file.read_bytes() == before


@pytest.mark.parametrize("dump", DUMPS, ids=lambda dump: dump.stem)
def test_an_earlier_library_is_brought_up_to_date_by_the_first_command(dump: Path, tmp_path: Path) -> None:
    library = write_earlier(dump, tmp_path / "library")
    listed = run_program(["folders", "--json", "--library", str(library)], env=environment(tmp_path))
    assert listed.returncode == 0, listed.stderr
    (folder,) = json.loads(listed.stdout)
    assert folder["path"] == str(tmp_path / "movies")
    assert (folder["videos"], folder["indexed"]) == (4, 2)
    with Catalogue(library) as catalogue:
        assert catalogue.is_intact()
