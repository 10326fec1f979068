"""What is in a built wheel and source archive: all that the program needs, and nothing else.

python packaging/wheel_contents.py REELFIND.whl REELFIND.tar.gz OTHER.whl

OTHER.whl was built from the checkout, REELFIND.whl from the source archive. Prints a line; ends with code 1
where something is wrong.
"""

import sys
import tarfile
import zipfile
from pathlib import Path

IN_THE_WHEEL = {"app", "models", "resources"}
NOT_IN_THE_WHEEL = ("tests", "benchmarks", "packaging", "docs", "conftest.py", "__pycache__")
IN_THE_ARCHIVE = {
    *("app", "models", "resources", "tests", "benchmarks", "docs", "packaging", ".github"),
    *(".gitignore", ".pre-commit-config.yaml", "PKG-INFO"),
    *("pyproject.toml", "README.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE"),
}


def wheel_problems(names: set[str], source: set[str]) -> list[str]:
    """Say what is missing from a wheel, or too much in it.

    Args:
        names: of its files.
        source: paths of the source archive's files, from the project's root.
    """
    code = {name for name in names if ".dist-info/" not in name}
    wanted = {path for path in source if path.split("/")[0] in IN_THE_WHEEL}
    problems = [f"missing: {name}" for name in sorted(wanted - code)]
    problems += [f"not ours: {name}" for name in sorted(code - wanted)]
    problems += [
        f"should not be there: {name}"
        for name in sorted(code)
        if any(part in NOT_IN_THE_WHEEL or part.startswith("test_") for part in name.split("/"))
    ]
    if not any(name.endswith("/licenses/LICENSE") for name in names):
        problems.append("missing: the licence")
    return problems


def archive_problems(names: set[str]) -> list[str]:
    """Say what lies at the top of a source archive that nobody asked for, or is missing there."""
    top = {name.split("/")[0] for name in names}
    problems = [f"should not be in the source archive: {name}" for name in sorted(top - IN_THE_ARCHIVE)]
    return problems + [f"missing from the source archive: {name}" for name in sorted(IN_THE_ARCHIVE - top)]


def _files_in_archive(path: Path) -> set[str]:
    with tarfile.open(path) as archive:
        return {member.name.split("/", 1)[1] for member in archive if member.isfile()}


def main(wheel: Path, archive: Path, other: Path) -> str:
    """Return one line about the files, or raise SystemExit with what is wrong."""
    source = _files_in_archive(archive)
    with zipfile.ZipFile(wheel) as opened:
        names = set(opened.namelist())
    problems = archive_problems(source) + wheel_problems(names, source)
    if wheel.read_bytes() != other.read_bytes():
        problems.append(
            "the wheel built from the source archive is another than the one built from the checkout"
        )
    if problems:
        raise SystemExit("\n".join(problems))
    return (
        f"wheel {wheel.stat().st_size / 1e6:.1f} MB, {len(names)} files; "
        f"source archive {archive.stat().st_size / 1e6:.1f} MB, {len(source)} files; the same wheel from both"
    )


if __name__ == "__main__":
    print(main(*map(Path, sys.argv[1:4])))
