"""What exists is documented: a command, a dependency or a room without a word about it fails here."""

import json
import re
import shutil
import subprocess
import sys
import tomllib
from collections import Counter
from importlib.util import find_spec
from pathlib import Path

import pytest

from app.cli import main
from app.cli.manual import command_page, described_commands, settings_schema, with_settings
from tests.conftest import ROOT

MADE_AGAIN = "Run: python -m app.cli.manual --docs docs"


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("command", sorted(main.commands))
def test_every_command_is_in_the_readme(command: str) -> None:
    assert f"reelfind {command}" in read("README.md")
    assert main.commands[command].help


def test_the_page_of_commands_is_what_the_program_says() -> None:
    assert read("docs/command-line.md") == command_page(), MADE_AGAIN


def test_the_table_and_the_schema_of_settings_are_what_the_program_says() -> None:
    page = read("docs/settings.md")
    assert page == with_settings(page), MADE_AGAIN
    assert read("docs/schemas/settings.json") == settings_schema(), MADE_AGAIN


def test_every_command_that_prints_json_is_on_the_page_about_it() -> None:
    page = read("docs/json.md")
    printing = {each.path for each in described_commands() if "--json" in dict(each.options)}
    assert {path for path in printing if f"`{path} " not in page} == set()


def test_every_schema_is_on_the_page_about_json_and_says_what_it_is_of() -> None:
    page = read("docs/json.md")
    schemas = sorted((ROOT / "docs" / "schemas").glob("*.json"))
    assert {path.name for path in schemas if f"(schemas/{path.name})" not in page} == set()
    assert {path.name for path in schemas if not json.loads(path.read_text("utf-8")).get("title")} == set()


def test_every_option_says_what_it_does() -> None:
    silent = [
        f"{name} {option.opts[0]}"
        for name, command in main.commands.items()
        for option in command.params
        if option.param_type_name == "option" and not getattr(option, "help", None)
    ]
    assert silent == []


def test_every_dependency_has_its_reason() -> None:
    project = tomllib.loads(read("pyproject.toml"))["project"]
    wanted = [
        *project["dependencies"],
        *(line for extra in project["optional-dependencies"].values() for line in extra),
    ]
    names = {re.match(r"[A-Za-z0-9_-]+", line)[0] for line in wanted}  # type: ignore[index]
    reasons = read("docs/decisions/0001-dependencies.md")
    assert {name for name in names if name not in reasons} == set()


def test_every_room_is_on_the_plan() -> None:
    plan = read("docs/architecture.md")
    rooms = [str(path.parent.relative_to(ROOT)) for path in (ROOT / "app").rglob("__init__.py")]
    assert {room for room in rooms if room != "app" and f"`{room}/`" not in plan} == set()


def test_the_plan_fits_one_page() -> None:
    assert len(read("docs/architecture.md").split()) <= 1000


def test_rooms_are_small_and_so_are_their_files() -> None:
    """A folder or a file that grows beyond this has a second thing in it, which wants a place of its own."""
    modules = list((ROOT / "app").rglob("*.py"))
    crowded = {folder: n for folder, n in Counter(path.parent for path in modules).items() if n > 15}
    long = {path: n for path in modules if (n := len(path.read_text("utf-8").splitlines())) > 400}
    assert (crowded, long) == ({}, {})


def test_no_two_modules_share_a_name() -> None:
    names = Counter(path.stem for path in (ROOT / "app").rglob("*.py") if path.stem != "__init__")
    assert [name for name, count in names.items() if count > 1] == []


def test_no_link_of_the_documents_is_dead() -> None:
    folders = (ROOT / "docs", ROOT / "models", ROOT / ".github")
    pages = [*ROOT.glob("*.md"), *(page for folder in folders for page in folder.rglob("*.md"))]
    dead = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in pages
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]
    assert dead == []


def test_no_machine_path_is_in_the_project() -> None:
    """Nothing names the machine it was written on."""
    suffixes = {".py", ".md", ".toml", ".sh", ".json", ".qss", ".txt", ".yml", ".yaml"}
    folders = ("app", "models", "resources", "tests", "packaging", "docs", "benchmarks", ".github")
    files = [path for folder in folders for path in (ROOT / folder).rglob("*") if path.suffix in suffixes]
    files += [path for path in ROOT.iterdir() if path.suffix in suffixes]
    guilty = [
        str(path.relative_to(ROOT))
        for path in files
        if re.search(r"/(home|Users|work|root)/\w", path.read_text(encoding="utf-8"))
        and path != Path(__file__)
    ]
    assert guilty == []


@pytest.mark.skipif(find_spec("codespell_lib") is None, reason="codespell is not installed")
def test_no_word_is_misspelled() -> None:
    """A word that is meant as it is goes into `ignore-words-list` in pyproject.toml."""
    done = subprocess.run(
        [sys.executable, "-m", "codespell_lib"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, ""), done.stdout + done.stderr


@pytest.mark.skipif(find_spec("mkdocs") is None, reason="mkdocs (the extra docs) is not installed")
@pytest.mark.skipif(shutil.which("sh") is None, reason="there is no sh")
def test_the_documentation_becomes_a_site_without_a_dead_link(tmp_path: Path) -> None:
    """A new page belongs into the menu, `nav` in packaging/site/mkdocs.yml; decisions do already."""
    done = subprocess.run(
        ["sh", str(ROOT / "packaging" / "docs.sh"), str(tmp_path / "site")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "reelfind search" in (tmp_path / "site" / "command-line.html").read_text(encoding="utf-8")
    assert "took_ms.encode" in (tmp_path / "site" / "json.html").read_text(encoding="utf-8")
    assert list((tmp_path / "site" / "decisions").glob("0001-*.html"))
