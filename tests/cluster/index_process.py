"""`reelfind index` in a process of its own, as a person starts it."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.cluster.local_cluster import ROOT

SECONDS = 120


@contextmanager
def indexing(library: Path, folder: Path, *options: str) -> Iterator["subprocess.Popen[str]"]:
    """A run that prints JSON; killed at the end of the block where it still goes on."""
    command = [sys.executable, "-m", "app", "index", str(folder), "--library", str(library), "--json"]
    process = subprocess.Popen(
        [*command, *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=os.environ | {"REELFIND_HOME": str(library.parent / "home")},
    )
    assert process.stdout is not None
    assert process.stderr is not None
    try:
        yield process
    finally:
        process.kill()
        process.wait(SECONDS)
        process.stdout.close()
        process.stderr.close()


def events(process: "subprocess.Popen[str]") -> Iterator[dict[str, Any]]:
    """What it says, until it is over."""
    assert process.stdout is not None
    for line in process.stdout:
        yield json.loads(line)


def names(said: list[dict[str, Any]], event: str) -> list[str]:
    """Of which videos an event told, in order."""
    return sorted(Path(each["path"]).name for each in said if each["event"] == event)
