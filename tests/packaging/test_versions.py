"""Versions: bounded in pyproject.toml, exact in the constraints."""

import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.conftest import ROOT

SUPPORTED = ("3.11", "3.12", "3.13")
CONSTRAINTS = ROOT / "packaging" / "constraints.txt"


def pins(python: str) -> dict[str, str]:
    """The exact versions for this Python on Linux, by normalised name."""
    surroundings = {
        "python_version": python,
        "python_full_version": f"{python}.9",
        "sys_platform": "linux",
        "platform_machine": "x86_64",
        "platform_python_implementation": "CPython",
    }
    found: dict[str, str] = {}
    for line in CONSTRAINTS.read_text().splitlines():
        if line.strip() and not line.lstrip().startswith("#"):
            wanted = Requirement(line)
            if wanted.marker is None or wanted.marker.evaluate(surroundings):
                name = canonicalize_name(wanted.name)
                assert name not in found, f"{name} is pinned twice"
                found[name] = str(wanted.specifier).removeprefix("==")
    return found


def requirements() -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    lists = [project["dependencies"], *project["optional-dependencies"].values()]
    return [Requirement(text) for texts in lists for text in texts]


def test_every_dependency_has_an_upper_bound() -> None:
    for wanted in requirements():
        assert any(part.operator in {"<", "=="} for part in wanted.specifier), wanted


@pytest.mark.parametrize("python", SUPPORTED)
def test_every_dependency_is_pinned_within_its_bounds(python: str) -> None:
    pinned = pins(python)
    not_pinned = {"torch", "torchvision", "triton", "onnxruntime-gpu"}
    for wanted in requirements():
        if wanted.name not in not_pinned:
            assert wanted.specifier.contains(pinned[canonicalize_name(wanted.name)]), wanted


def test_torch_and_what_its_build_brings_are_not_pinned() -> None:
    left_out = ("torch", "nvidia", "cuda", "triton", "pip")
    assert not [name for name in pins("3.11") if name.split("-")[0] in left_out]
