"""From raw data to a bundle, and its figures. One command does all:

`python -m models.pocket --data ../shared/data --work build/pocket --out models/bundled/pocket`

It trains on CUDA where there is one, else on the processor, several runs whose towers become one pair.
`--work` keeps the squashed pictures and checkpoints: run the same command again to continue after an
interruption. The towers of each run stay in `--work` as `run-…/towers.pt`; with `--towers` another machine
makes the bundle from them, and from the bundles of earlier versions (their folders). `--choose` trains
without Flickr8k's dev pictures and reports retrieval on them instead of writing a bundle. `--measure` only
prints the figures of the bundle in `--out`.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from models.pocket.config import PocketConfig
from models.pocket.pipeline import build_bundle, measure_bundle, report_dev


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m models.pocket", description=__doc__)
    parser.add_argument(
        "--data", type=Path, required=True, help="folder with training/, backbone/, annotations/, clips/"
    )
    parser.add_argument("--work", type=Path, required=True, help="folder for caches and checkpoints")
    parser.add_argument("--out", type=Path, required=True, help="folder of the bundle")
    only = parser.add_mutually_exclusive_group()
    only.add_argument("--choose", action="store_true", help="leave out the dev pictures and report on them")
    only.add_argument("--measure", action="store_true", help="print the figures of the bundle in --out")
    parser.add_argument(
        "--towers", type=Path, nargs="+", default=(), help="runs' towers, or earlier bundles, not training"
    )
    arguments = parser.parse_args()
    if arguments.measure:
        measure_bundle(PocketConfig(), arguments.data, arguments.out)
    elif arguments.choose:
        report_dev(PocketConfig(), arguments.data, arguments.work)
    else:
        build_bundle(PocketConfig(), arguments.data, arguments.work, arguments.out, arguments.towers)


if __name__ == "__main__":
    main()
