"""A command that measures a bundle on pictures and clips, and prints Markdown as it goes."""

import argparse
from collections.abc import Callable, Iterator
from pathlib import Path

import torch


def print_sections(
    program: str, about: str | None, sections: Callable[[Path, Path, Path], Iterator[str]]
) -> None:
    """Read the command line, and print what is found, line by line.

    Args:
        program: as it is called.
        about: what it does.
        sections: gives lines, from the bundle, the folder of training data and a folder for caches.
    """
    parser = argparse.ArgumentParser(prog=program, description=about)
    parser.add_argument("--data", type=Path, required=True, help="folder with training/ and training-more/")
    parser.add_argument("--work", type=Path, required=True, help="folder for caches")
    parser.add_argument("--bundle", type=Path, required=True, help="the bundle, with its head")
    arguments = parser.parse_args()
    with torch.inference_mode():
        for line in sections(arguments.bundle, arguments.data, arguments.work):
            print(line, flush=True)
