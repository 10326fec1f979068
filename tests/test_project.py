"""What others need to join: the files every project has, one version, the same checks everywhere."""

import re
import tomllib
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

import app
from app.cli import main, open_window
from tests.conftest import ROOT

TOP_LEVEL = {
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "LICENSE",
    "README.md",
    "app",
    "benchmarks",
    "docs",
    "models",
    "packaging",
    "pyproject.toml",
    "resources",
    "tests",
}
MADE = {"build", "dist"}
CHECKS = ("ruff check", "ruff format", "codespell", "mypy", "lint-imports")


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def project() -> dict[str, Any]:
    return dict(tomllib.loads(read("pyproject.toml"))["project"])


def loaded(name: str) -> Any:
    yaml = pytest.importorskip("yaml")
    return yaml.safe_load(read(name))


def test_the_top_level_is_fixed() -> None:
    there = {path.name for path in ROOT.iterdir() if not path.name.startswith((".", "__"))}
    assert {name for name in there - TOP_LEVEL - MADE if not name.endswith(".egg-info")} == set()
    assert TOP_LEVEL - there == set()


def test_the_version_stands_in_one_place() -> None:
    assert "version" not in project()
    assert project()["dynamic"] == ["version"]
    assert tomllib.loads(read("pyproject.toml"))["tool"]["hatch"]["version"] == {"path": "app/__init__.py"}
    assert re.fullmatch(r"\d+\.\d+\.\d+", app.__version__)


def test_the_changes_tell_what_is_new() -> None:
    headings = re.findall(r"^## (.+)$", read("CHANGELOG.md"), re.MULTILINE)
    assert headings[0] == "Unreleased"
    assert app.__version__ in read("CHANGELOG.md")


@pytest.mark.parametrize("kind", ["scripts", "gui-scripts"])
def test_what_is_installed_can_be_started(kind: str) -> None:
    for target in project()[kind].values():
        module, _, name = target.partition(":")
        assert callable(getattr(import_module(module), name))


def test_the_program_of_the_window_opens_the_window(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[str]] = []
    monkeypatch.setattr("app.cli.main", asked.append)
    monkeypatch.setattr("sys.argv", ["reelfind-gui", "a dog"])
    open_window()
    assert asked == [["gui", "a dog"]]
    assert "gui" in main.commands


@pytest.mark.parametrize("package", ["app", "models"])
def test_types_are_shipped(package: str) -> None:
    assert (ROOT / package / "py.typed").exists()


def test_the_licence_is_that_of_the_project() -> None:
    assert "Apache License" in read("LICENSE")
    assert (project()["license"], project()["license-files"]) == ("Apache-2.0", ["LICENSE"])


def test_every_python_that_is_promised_is_tested_in_the_workflow() -> None:
    promised = [
        line.rpartition(" ")[2] for line in project()["classifiers"] if re.search(r"Python :: 3\.\d+$", line)
    ]
    matrix = loaded(".github/workflows/tests.yml")["jobs"]["tests"]["strategy"]["matrix"]
    assert matrix["python"] == promised
    assert len(matrix["system"]) == 3


@pytest.mark.parametrize(
    "file", ["packaging/test.sh", ".github/workflows/tests.yml", ".pre-commit-config.yaml"]
)
def test_the_same_checks_are_made_everywhere(file: str) -> None:
    text = read(file)
    assert [check for check in CHECKS if check not in text] == []


@pytest.mark.parametrize("file", ["tests.yml", "release.yml"])
def test_a_workflow_says_that_it_was_not_run_here(file: str) -> None:
    assert loaded(f".github/workflows/{file}")["jobs"]
    assert "NOT run" in read(f".github/workflows/{file}")


def test_a_release_has_packages_for_three_systems() -> None:
    job = loaded(".github/workflows/release.yml")["jobs"]["packages"]
    assert len(job["strategy"]["matrix"]["system"]) == 3
    run = "\n".join(step.get("run", "") for step in job["steps"]).replace("\\", "/")
    for recipe in ("frozen/build.sh", "linux/packages.sh", "windows/build.ps1", "macos/build.sh"):
        assert f"packaging/{recipe}" in run
        assert (ROOT / "packaging" / recipe).is_file()


def test_a_report_asks_for_what_the_program_says_of_itself() -> None:
    fields = {part["id"] for part in loaded(".github/ISSUE_TEMPLATE/bug.yml")["body"]}
    assert "doctor" in fields


def test_what_the_examples_of_style_show_is_still_the_code() -> None:
    source = " ".join("\n".join(path.read_text("utf-8") for path in sources()).split())
    shown = re.findall(r"```python\n(.*?)```", read("CONTRIBUTING.md"), re.DOTALL)
    lines = [line.strip() for example in shown for line in example.splitlines() if line.strip()]
    assert len(shown) >= 3
    assert [line for line in lines if " ".join(line.split()) not in source] == []


def sources() -> list[Path]:
    return [
        ROOT / name for name in ("app/search/candidates.py", "app/settings.py", "tests/search/test_curves.py")
    ]
