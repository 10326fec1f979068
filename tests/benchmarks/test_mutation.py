"""Mutants: the same ones for a seed, what came of them, and a copy in which mutmut's verdicts stay."""

import json
from pathlib import Path

import pytest

from benchmarks import mutation

NAMES = [f"app.{room}.module.x_function__mutmut_{number}" for room in mutation.ROOMS for number in range(20)]


def write_verdicts(place: Path, codes: dict[str, int | None]) -> None:
    file = place / "mutants" / "app" / "search" / "module.py.meta"
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps({"exit_code_by_key": codes}))


def test_a_seed_chooses_the_same_mutants_whatever_order_they_come_in() -> None:
    chosen = mutation.sample(NAMES, 12, seed=3)
    assert chosen == mutation.sample(reversed(NAMES), 12, seed=3)
    assert chosen == mutation.sample(NAMES, 30, seed=3)[:12]
    assert len(set(chosen)) == 12
    assert chosen != mutation.sample(NAMES, 12, seed=4)


def test_what_came_of_mutants_is_read_and_counted(tmp_path: Path) -> None:
    codes = dict(zip(NAMES, [1, 1, 1, 0, 33, -24, None, 3], strict=False))
    write_verdicts(tmp_path, codes)
    known = mutation.verdicts(tmp_path)
    assert list(known.values()) == [
        *("killed", "killed", "killed", "survived", "without a test", mutation.LATE, None, "killed")
    ]
    assert "| search | 8 | 6 | 3 | 1 | 1 | 1 | 67% |" in mutation.table(NAMES[:7], known)
    assert "| vectors | 0 | 0 | 0 | 0 | 0 | 0 | – |" in mutation.table(NAMES[:7], known)


def test_copying_the_checkout_again_keeps_what_is_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, place = tmp_path / "checkout", tmp_path / "mutation"
    monkeypatch.setattr(mutation, "ROOT", root)
    monkeypatch.setattr(mutation, "_COPIED", ("app", "tests", "pyproject.toml"))
    for file in ("app/module.py", "tests/test_module.py", "pyproject.toml"):
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        (root / file).write_text("")
    mutation.copy_checkout(place)
    assert (place / "mutants").is_dir()
    write_verdicts(place, {NAMES[0]: 1})
    (root / "tests" / "test_module.py").rename(root / "tests" / "test_other.py")
    mutation.copy_checkout(place)
    assert [file.name for file in (place / "tests").iterdir()] == ["test_other.py"]
    assert (place / "app" / "module.py").stat().st_mtime == (root / "app" / "module.py").stat().st_mtime
    assert mutation.verdicts(place) == {NAMES[0]: "killed"}
