"""The set-up script, with a Python that only pretends: what it says, and that it trusts nothing half made."""

import io
import os
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.conftest import ROOT

TOOLS = ("cat", "chmod", "cksum", "cp", "dirname", "find", "flock", "grep", "ln", "ls", "mkdir", "rm", "true")
"""All it may use here: no apt-get and no dpkg-query, so nothing is installed on this machine."""

OLD = "#!/bin/sh\nexit 1\n"
SUPPORTED = ("3.11", "3.12", "3.13")
CONSTRAINTS = ROOT / "packaging" / "constraints.txt"

PRETENDS = """#!/bin/sh
version={version}
case "$1 $2" in
"-c import sys; print("*) echo $version ;;
"-m venv")
    mkdir -p "$3/bin" "$3/lib/python$version/site-packages"
    ln -s "$FAKE" "$3/bin/python"
    {during_venv}
    ;;
"-m pip")
    [ "$3" = install ] || exit 0
    echo "$@" >>"$PIP_LOG"
    {during_pip}
    printf '#!/bin/sh\\necho started "$@"\\n' >"${{0%python}}reelfind"
    chmod +x "${{0%python}}reelfind"
    ;;
esac
"""
KILL_THE_SCRIPT = "kill -9 $PPID; exit 1"


def pretending(version: str = "3.12", during_venv: str = ":", during_pip: str = ":") -> str:
    return PRETENDS.format(version=version, during_venv=during_venv, during_pip=during_pip)


@dataclass
class Checkout:
    """A copy of the scripts in a folder whose name has a blank, and the only programs they can find."""

    root: Path
    programs: Path
    variables: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> Path:
        return self.root / ".venv"

    @property
    def installations(self) -> list[str]:
        """What pip was called with, a line each."""
        log = self.programs.parent / "pip.log"
        return log.read_text().splitlines() if log.exists() else []

    def put(self, name: str, script: str) -> None:
        file = self.programs / name
        file.unlink(missing_ok=True)
        file.write_text(script)
        file.chmod(0o755)

    def run(self, python: str | None = None) -> subprocess.CompletedProcess[str]:
        if python is not None:
            self.put("python3", python)
        return subprocess.run(
            ["/bin/sh", str(self.root / "packaging" / "run.sh"), "doctor"],
            env={
                "PATH": str(self.programs),
                "FAKE": str(self.programs / "python3"),
                "PIP_LOG": str(self.programs.parent / "pip.log"),
                **self.variables,
            },
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    root = tmp_path / "a check out"
    shutil.copytree(ROOT / "packaging", root / "packaging")
    shutil.copy(ROOT / "pyproject.toml", root)
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in TOOLS:
        found = shutil.which(name)
        assert found is not None, name
        (programs / name).symlink_to(found)
    (programs / "c++").symlink_to(programs / "true")
    return Checkout(root, programs)


def test_an_old_python_is_told_in_one_sentence(checkout: Checkout) -> None:
    done = checkout.run(OLD)
    assert done.returncode == 1
    assert done.stderr.startswith("reelfind: Python 3.11 or newer is needed.")
    assert not checkout.environment.exists()


def test_set_up_once_it_is_quick_and_asks_for_no_python_on_the_path(checkout: Checkout) -> None:
    first = checkout.run(pretending())
    assert (first.returncode, first.stdout) == (0, "started doctor\n"), first.stderr
    (checkout.programs / "python3.12").symlink_to(checkout.programs / "python3")
    for program in ("c++", "flock", "find"):
        (checkout.programs / program).unlink()
    again = checkout.run()
    assert (again.stdout, again.stderr) == ("started doctor\n", "")
    assert len(checkout.installations) == 1


@pytest.mark.parametrize("cut_off", [{"during_venv": KILL_THE_SCRIPT}, {"during_pip": KILL_THE_SCRIPT}])
def test_an_environment_that_was_cut_off_is_made_anew(checkout: Checkout, cut_off: dict[str, str]) -> None:
    done = checkout.run(pretending(**cut_off))
    assert done.returncode == -9
    half = checkout.environment / "lib" / "python3.12" / "site-packages" / "half"
    half.write_text("of a package")
    again = checkout.run(pretending())
    assert (again.returncode, again.stdout) == (0, "started doctor\n"), again.stderr
    assert "anew" in again.stderr
    assert not half.exists()


def test_one_cut_off_after_it_was_complete_is_made_anew(checkout: Checkout) -> None:
    checkout.run(pretending())
    with (checkout.root / "pyproject.toml").open("a") as project:
        project.write("# another version\n")
    assert checkout.run(pretending(during_pip=KILL_THE_SCRIPT)).returncode == -9
    again = checkout.run(pretending())
    assert again.stdout == "started doctor\n"
    assert "anew" in again.stderr


def test_an_environment_without_pip_is_made_anew(checkout: Checkout) -> None:
    (checkout.environment / "bin").mkdir(parents=True)
    (checkout.environment / "bin" / "python").symlink_to("/bin/false")
    again = checkout.run(pretending())
    assert again.stdout == "started doctor\n", again.stderr


@pytest.mark.parametrize("change", ["upgraded", "gone", "moved"])
def test_one_whose_python_or_place_changed_is_made_anew(checkout: Checkout, change: str) -> None:
    checkout.run(pretending("3.11"))
    left = checkout.environment / "lib" / "python3.11" / "left"
    left.touch()
    match change:
        case "upgraded":
            done = checkout.run(pretending("3.13"))
        case "gone":
            link = checkout.environment / "bin" / "python"
            link.unlink()
            link.symlink_to("/nowhere/python3.11")
            done = checkout.run(pretending("3.13"))
        case "moved":
            left = checkout.root.with_name("elsewhere") / left.relative_to(checkout.root)
            checkout.root = checkout.root.rename(checkout.root.with_name("elsewhere"))
            done = checkout.run()
    assert done.stdout == "started doctor\n", done.stderr
    assert "anew" in done.stderr
    assert not left.exists()


def test_other_constraints_are_installed_into_the_environment_that_is_there(checkout: Checkout) -> None:
    checkout.run(pretending())
    with (checkout.root / "packaging" / "constraints.txt").open("a") as constraints:
        constraints.write("# made anew\n")
    done = checkout.run()
    assert done.stdout == "started doctor\n"
    assert "anew" not in done.stderr
    assert len(checkout.installations) == 2


def test_an_installation_that_failed_before_it_changed_anything_leaves_the_environment(
    checkout: Checkout,
) -> None:
    failed = checkout.run(pretending(during_pip="echo there is no network; exit 1"))
    assert failed.returncode == 1
    assert failed.stdout == ""
    assert "the lines above say why" in failed.stderr
    again = checkout.run(pretending())
    assert again.stdout == "started doctor\n"
    assert "anew" not in again.stderr


def test_one_that_failed_half_way_is_made_anew(checkout: Checkout) -> None:
    half_way = 'echo half >"${0%/bin/python}/lib/python3.12/site-packages/half"; exit 1'
    assert checkout.run(pretending(during_pip=half_way)).returncode == 1
    again = checkout.run(pretending())
    assert again.stdout == "started doctor\n"
    assert "anew" in again.stderr


def test_a_folder_that_is_no_environment_of_reelfind_is_never_emptied(
    checkout: Checkout, tmp_path: Path
) -> None:
    letters = tmp_path / "letters"
    letters.mkdir()
    (letters / "dear aunt.txt").touch()
    checkout.variables["REELFIND_VENV"] = str(letters)
    done = checkout.run(pretending())
    assert done.returncode == 1
    assert "REELFIND_VENV" in done.stderr
    assert [path.name for path in letters.iterdir()] == ["dear aunt.txt"]


@pytest.mark.parametrize("version", SUPPORTED)
def test_the_exact_versions_are_taken_on_every_supported_python(checkout: Checkout, version: str) -> None:
    checkout.run(pretending(version))
    (line,) = checkout.installations
    assert f"--constraint {checkout.root}/packaging/constraints.txt" in line


def test_a_python_too_new_for_the_constraints_goes_without_and_says_so(checkout: Checkout) -> None:
    done = checkout.run(pretending("3.15"))
    assert done.stdout == "started doctor\n"
    assert "Python 3.15 is newer than" in done.stderr
    (line,) = checkout.installations
    assert "--constraint" not in line


APT_INSTALLS = """#!/bin/sh
echo apt-get "$@"
[ "$1" = install ] || exit 0
ln -s "$FAKE.packed" "$FAKE"
ln -s /bin/true "${FAKE%python3}c++"
"""


@pytest.fixture
def bare(checkout: Checkout) -> Checkout:
    """A Debian with nothing but its base system: no Python, no compiler, none of the libraries."""
    (checkout.programs / "c++").unlink()
    (checkout.programs / "g++").unlink(missing_ok=True)
    checkout.put("python3.packed", pretending("3.13"))
    checkout.put("dpkg-query", "#!/bin/sh\nexit 1\n")
    checkout.put("dpkg", "#!/bin/sh\n")
    checkout.put("id", "#!/bin/sh\necho 0\n")
    checkout.put("apt-get", APT_INSTALLS)
    (checkout.programs / "env").symlink_to("/usr/bin/env")
    return checkout


def test_on_a_bare_debian_root_gets_everything_and_is_told_before(bare: Checkout) -> None:
    done = bare.run()
    assert (done.returncode, done.stdout) == (0, "started doctor\n"), done.stderr
    told = done.stderr.splitlines()[0]
    for package in ("python3", "python3-venv", "python3-dev", "g++", "libegl1"):
        assert package in told.split()
    assert done.stderr.index("installing these system packages") < done.stderr.index("apt-get install")


@pytest.mark.parametrize("sudo", [True, False])
def test_on_a_bare_debian_anybody_else_is_given_one_line_to_run(bare: Checkout, sudo: bool) -> None:
    bare.put("id", "#!/bin/sh\necho 1000\n")
    if sudo:
        bare.put("sudo", "#!/bin/sh\nexit 1\n")  # it wants a password
    done = bare.run()
    assert done.returncode == 1
    assert done.stdout == ""
    line = done.stderr.splitlines()[-1].removeprefix("reelfind:").strip()
    assert line.startswith("sudo sh -c '" if sudo else "su -c '")
    assert " python3 python3-venv python3-dev g++ libegl1 " in line
    assert not bare.environment.exists()


def test_where_only_the_windows_libraries_are_missing_the_command_line_goes_on(bare: Checkout) -> None:
    bare.put("id", "#!/bin/sh\necho 1000\n")
    (bare.programs / "c++").symlink_to("/bin/true")
    done = bare.run(pretending())
    assert done.stdout == "started doctor\n"
    assert "su -c 'apt-get update && apt-get install" in done.stderr


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
    not_pinned = {"torch", "torchvision", "onnxruntime-gpu"}
    for wanted in requirements():
        if wanted.name not in not_pinned:
            assert wanted.specifier.contains(pinned[canonicalize_name(wanted.name)]), wanted


def test_torch_and_what_its_build_brings_are_not_pinned() -> None:
    left_out = ("torch", "nvidia", "cuda", "triton", "pip")
    assert not [name for name in pins("3.11") if name.split("-")[0] in left_out]


def test_no_registry_is_named() -> None:
    for file in (ROOT / "packaging").rglob("*.*"):
        if "__pycache__" in file.parts:
            continue
        text = file.read_text()
        assert "://" not in text.replace("file://", ""), file.name


@pytest.mark.skipif(sys.platform == "win32", reason="plain sh scripts")
def test_the_scripts_are_plain_sh() -> None:
    for script in (ROOT / "packaging").glob("*.sh"):
        checked = subprocess.run(["/bin/sh", "-n", str(script)], capture_output=True, text=True, check=False)
        assert (checked.returncode, checked.stderr) == (0, ""), script.name
        assert script.name == "setup.sh" or os.access(script, os.X_OK), script.name


@pytest.mark.parametrize("arguments", [[], ["11"], ["bookworm"]])
def test_bare_wants_a_release(arguments: list[str]) -> None:
    script = ROOT / "packaging" / "bare.sh"
    done = subprocess.run(["/bin/sh", str(script), *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith("bare: use: sh packaging/bare.sh 12|13")


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
