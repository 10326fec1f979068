"""Libraries whose model is little: most of a command's time is Pocket's, whatever the command is about."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

from app.catalogue.catalogue import Catalogue
from app.engines.model_choice import activate, update_settings
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
    with Catalogue(library) as catalogue:
        update_settings(catalogue, activate(model))
