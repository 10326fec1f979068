"""Libraries whose model is little: most of a command's time is Pocket's, whatever the command is about."""

from pathlib import Path

from tests.bundles import make_bundle
from tests.forked_program import run_program


def use_colours(library: Path) -> None:
    """Let a library have the model of `tests/bundles.py`, beside its folder, which knows colours by name."""
    model = make_bundle(library.with_name("colours"))
    run_program(["settings", "model", model, "--library", library], check=True)
