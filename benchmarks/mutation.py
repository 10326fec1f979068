"""How many small faults in the code the tests notice: mutation testing of search, vectors and catalogue.

`python -m benchmarks.mutation [--sample N] [--seed N] [--minutes N]` with the extra `mutation`, as
`packaging/nightly.sh` does it. mutmut (https://mutmut.readthedocs.io) writes the mutants into a copy of the
checkout, `build/mutation`, and runs for each the tests that call the mutated function. All of them take days.
A night tries as many as it can, in the order that a seed says; their verdicts stay, and the next one goes on.
Other words for a person and other letters in SQL are mutants too: 100 % is not to be had.
"""

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PLACE = ROOT / "build" / "mutation"
ROOMS = ("search", "vectors", "catalogue")
BATCH = 200
"""Mutants for one start of mutmut, which begins with all their tests without a mutant."""
_COPIED = ("app", "tests", "models", "resources", "benchmarks", "docs", "packaging", "pyproject.toml")
_SOONEST = "app.vectors.embeddings.*"
"""A few mutants with which mutmut writes all others."""
_VERDICTS = {0: "survived", 1: "killed", 2: "killed", 3: "killed", 5: "without a test", 33: "without a test"}
"""By the exit code that mutmut keeps; all others are limits of time or memory, noticed as well."""
LATE = "stopped by a limit"


def sample(names: Iterable[str], size: int, seed: int) -> list[str]:
    """The first mutants of the order that a seed says, the same for the same code."""
    order = sorted(names)
    random.Random(seed).shuffle(order)  # noqa: S311 (no secret)
    return order[:size]


def verdicts(place: Path) -> dict[str, str | None]:
    """What came of every mutant that was written below a folder, by name; None where it was not tried."""
    found: dict[str, str | None] = {}
    for file in sorted((place / "mutants" / "app").rglob("*.py.meta")):
        for name, code in json.loads(file.read_text(encoding="utf-8"))["exit_code_by_key"].items():
            found[name] = None if code is None else _VERDICTS.get(code, LATE)
    return found


def table(chosen: Sequence[str], known: Mapping[str, str | None]) -> str:
    """Markdown: how many of the chosen ones were tried in each room, and what came of them."""
    lines = ["| room | mutants | tried | killed | stopped by a limit | survived | without a test | noticed |"]
    lines.append("|---|---|---|---|---|---|---|---|")
    for room in (*ROOMS, ""):
        start = f"app.{room}." if room else "app."
        found = Counter(known.get(name) for name in chosen if name.startswith(start))
        tried = sum(found.values()) - found[None]
        noticed = found["killed"] + found[LATE]
        counts = (tried, found["killed"], found[LATE], found["survived"], found["without a test"])
        total = sum(name.startswith(start) for name in known)
        share = f"{noticed / tried:.0%}" if tried else "–"
        lines.append(f"| {room or 'all'} | {total} | {' | '.join(map(str, counts))} | {share} |")
    return "\n".join(lines)


def copy_checkout(place: Path) -> None:
    """Put the checkout as it is into a folder; what mutmut has there already stays, with its verdicts."""
    # There before mutmut starts: Python looks no more into a folder of its path that was not there at first.
    (place / "mutants").mkdir(parents=True, exist_ok=True)
    for old in place.iterdir():
        if old.name != "mutants":
            shutil.rmtree(old) if old.is_dir() else old.unlink()
    for tests in (place / "mutants" / "tests", place / "mutants" / "benchmarks"):
        shutil.rmtree(tests, ignore_errors=True)  # mutmut would leave what was deleted
    for name in _COPIED:
        source = ROOT / name
        if source.is_dir():  # with its times, by which mutmut sees what is new
            shutil.copytree(source, place / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(source, place / name)


def run(place: Path, names: Sequence[str], until: float, children: int) -> bool:
    """Try some mutants, in so many processes; returns whether that ended by itself before a time."""
    # In front of the checkout itself, where that is installed: tests start programs that import it.
    environment = os.environ | {"PYTHONPATH": str(place / "mutants")}
    command = [str(Path(sys.executable).with_name("mutmut")), "run", "--max-children", str(children), *names]
    with subprocess.Popen(
        command, cwd=place, env=environment, stdout=subprocess.DEVNULL, start_new_session=True
    ) as mutmut:
        try:
            code = mutmut.wait(max(1.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            mutmut.send_signal(signal.SIGINT)
            try:
                mutmut.wait(60)
            except subprocess.TimeoutExpired:  # where this runs in the background, SIGINT is ignored
                os.killpg(mutmut.pid, signal.SIGKILL)
            return False
    if code:
        raise SystemExit(
            f"mutmut ended with code {code}; what it says: cd {place} && mutmut run '{_SOONEST}'"
        )
    return True


def main() -> None:
    """Try as many mutants as the time lets, and print what came of them."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mutation", description=__doc__)
    parser.add_argument("--sample", type=int, default=2000, help="how many are chosen (2000)")
    parser.add_argument("--seed", type=int, default=1, help="which ones (1)")
    parser.add_argument("--minutes", type=float, default=120.0, help="how long at most (120)")
    parser.add_argument("--children", type=int, default=os.cpu_count() or 1, help="how many side by side")
    words = parser.parse_args()
    until = time.monotonic() + words.minutes * 60
    copy_checkout(PLACE)
    goes_on = run(PLACE, [_SOONEST], until, words.children)
    chosen = sample(verdicts(PLACE), words.sample, words.seed)
    while goes_on and (left := [name for name in chosen if verdicts(PLACE)[name] is None][:BATCH]):
        goes_on = run(PLACE, left, until, words.children)
    known = verdicts(PLACE)
    print(table(chosen, known))
    for name in chosen:
        if known[name] in ("survived", "without a test"):
            print(f"{known[name]}: {name}")
    print(f"What a mutant is: cd {PLACE} && mutmut show NAME")


if __name__ == "__main__":
    main()
