"""The command line describes itself: the documentation and the man page are what the program says now."""

import re
import shutil
import subprocess
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from app.cli import main
from app.cli.manual import command_page, described_commands, man_page, with_settings, write
from app.settings import Settings
from tests.conftest import ROOT

DOCS = ROOT / "docs"


def every_option(command: click.Command) -> set[str]:
    """All that can be typed, of a command and those below it."""
    options = {name for option in command.params if isinstance(option, click.Option) for name in option.opts}
    for below in getattr(command, "commands", {}).values():
        options |= every_option(below)
    return options


def test_every_option_is_on_the_page() -> None:
    page = command_page()
    missing = {name for name in every_option(main) if not re.search(rf"(`|<code>)[^`<]*{name}\b", page)}
    assert missing == set()


def test_every_command_and_every_option_has_a_word_about_it() -> None:
    silent = [
        f"{command.path} {typed}"
        for command in described_commands()
        for typed, about in (*command.options, ("", command.text))
        if not about
    ]
    assert silent == []


def test_commands_below_commands_are_described() -> None:
    paths = [command.path for command in described_commands()]
    assert paths[0] == "reelfind"
    assert {"reelfind keep tag", "reelfind models add"} <= set(paths)
    assert len(paths) == len(set(paths))


def test_lines_that_belong_as_they_are_stay_so() -> None:
    assert "\n    stills           the best frame of each in full size\n" in command_page()
    assert "\nstills           the best frame of each in full size\n" in man_page()


def test_the_man_page_names_every_command_and_option() -> None:
    page = man_page().replace("\\-", "-")
    for command in described_commands():
        assert command.path in page
        assert all(typed in page for typed, _ in command.options)


def test_no_line_of_the_man_page_is_taken_for_a_request_of_groff() -> None:
    requests = {"TH", "SH", "SS", "PP", "TP", "B", "nf", "fi"}
    begun = {match[1] for match in re.finditer(r"^[.'](\w*)", man_page(), re.MULTILINE)}
    assert begun == requests
    assert man_page().isascii()


@pytest.mark.skipif(shutil.which("groff") is None, reason="groff is not installed")
def test_groff_reads_the_man_page_without_a_warning() -> None:
    done = subprocess.run(
        ["groff", "-man", "-Tutf8", "-ww"], input=man_page(), capture_output=True, text=True, check=True
    )
    assert done.stderr == ""
    assert "SYNOPSIS" in re.sub("\x1b\\[[0-9;]*m|.\b", "", done.stdout)


def test_the_pages_are_written_where_one_says(tmp_path: Path) -> None:
    shutil.copy(DOCS / "settings.md", tmp_path)
    (tmp_path / "schemas").mkdir()
    man = tmp_path / "reelfind.1"
    done = CliRunner().invoke(write, ["--docs", str(tmp_path), "--man", str(man), "--date", "2026-11-26"])
    assert done.exit_code == 0, done.output
    assert (tmp_path / "command-line.md").read_text(encoding="utf-8") == command_page()
    assert man.read_text(encoding="utf-8").startswith('.TH REELFIND 1 "2026-11-26" "reelfind ')
    assert all(
        f"`{name}`" in (tmp_path / "settings.md").read_text(encoding="utf-8") for name in Settings.about()
    )


def test_a_page_without_a_place_for_the_settings_is_refused() -> None:
    with pytest.raises(ValueError, match="no place"):
        with_settings("# Settings\n")
