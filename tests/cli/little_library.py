"""Libraries whose model is little: most of a command's time is Pocket's, whatever the command is about."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

from tests.bundles import make_bundle
from tests.forked_program import run_program

Reelfind = Callable[..., "subprocess.CompletedProcess[str]"]


def program(library: Path) -> Reelfind:
    """Runs commands on a library, where there is no screen."""
    hidden = {name: value for name, value in os.environ.items() if name != "DISPLAY"}
    return lambda *words: run_program([*words, "--library", library], env=hidden)


def use_colours(library: Path) -> None:
    """Let a library have the model of `tests/bundles.py`, beside its folder, which knows colours by name."""
    model = make_bundle(library.with_name("colours"))
    run_program(["settings", "model", model, "--library", library], check=True)
