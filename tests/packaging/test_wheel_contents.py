"""What is in a wheel and a source archive is looked at, and what is wrong is told."""

import io
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from tests.conftest import ROOT

WHOLE = (
    "app/__init__.py",
    "models/bundled/pocket/image.onnx",
    "resources/style.qss",
    "pkg.dist-info/licenses/LICENSE",
)
ALONGSIDE = (
    *(
        "tests/test_a.py",
        "benchmarks/__init__.py",
        "docs/README.md",
        "packaging/run.sh",
        ".github/a.yml",
        ".gitignore",
    ),
    *(
        ".pre-commit-config.yaml",
        "PKG-INFO",
        "pyproject.toml",
        "README.md",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "LICENSE",
    ),
)


def write_wheel(path: Path, names: tuple[str, ...]) -> Path:
    with zipfile.ZipFile(path, "w") as wheel:
        for name in names:
            wheel.writestr(zipfile.ZipInfo(name), name)
    return path


def judge_contents(folder: Path, names: tuple[str, ...], too_much: tuple[str, ...] = ()) -> tuple[int, str]:
    """Have a wheel of these names looked at, beside a source archive that holds all and `too_much`."""
    archive = folder / "pkg.tar.gz"
    with tarfile.open(archive, "w:gz") as source:
        for name in (*WHOLE[:-1], *ALONGSIDE, *too_much):
            source.addfile(tarfile.TarInfo(f"pkg-0.1.0/{name}"), io.BytesIO())
    wheel = write_wheel(folder / "pkg.whl", names)
    command = [sys.executable, str(ROOT / "packaging" / "wheel_contents.py"), str(wheel), str(archive)]
    other = write_wheel(folder / "other.whl", WHOLE)
    done = subprocess.run(
        [*command, str(other)], capture_output=True, text=True, encoding="utf-8", check=False
    )
    return done.returncode, done.stdout + done.stderr


def test_a_whole_wheel_is_told_so(tmp_path: Path) -> None:
    status, said = judge_contents(tmp_path, WHOLE)
    assert status == 0
    assert said.endswith("the same wheel from both\n")


@pytest.mark.parametrize(
    ("names", "too_much", "sentence"),
    [
        (WHOLE[:1] + WHOLE[2:], (), "missing: models/bundled/pocket/image.onnx"),
        (WHOLE[:-1], (), "missing: the licence"),
        ((*WHOLE, "tests/test_a.py"), (), "not ours: tests/test_a.py"),
        ((*WHOLE, "app/test_a.py"), ("app/test_a.py",), "should not be there: app/test_a.py"),
        (WHOLE, ("notes/private.txt",), "should not be in the source archive: notes"),
        (WHOLE[:-1], (), "another than the one built from the checkout"),
    ],
)
def test_what_is_wrong_with_a_wheel_is_told(
    tmp_path: Path, names: tuple[str, ...], too_much: tuple[str, ...], sentence: str
) -> None:
    status, said = judge_contents(tmp_path, names, too_much)
    assert status == 1
    assert sentence in said
