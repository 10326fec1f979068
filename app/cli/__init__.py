"""The command line: the same capabilities as the window, for scripts and for machines without a screen."""

from app.cli.main import main

__all__ = ["main"]
