"""Measure a head on a data set, with ablations: a Markdown table and pictures.

`python -m models.evaluate --config msrvtt.toml --work build/msrvtt --head tmass.npz --out build/report`

The data set is the `[test]` table of the configuration. `--train-ablations` also trains small heads on
`[data]`, one per radius and per sum of losses; run the same command again to continue after an interruption.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import torch

from app.errors import ReelfindError
from models.evaluate.report import evaluate
from models.train.config_file import read_config


def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m models.evaluate", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--config", type=Path, required=True, help="the configuration, a TOML file")
    parser.add_argument("--work", type=Path, required=True, help="folder for caches and checkpoints")
    parser.add_argument(
        "--head", type=Path, required=True, help="a tmass.npz or a checkpoint of the training"
    )
    parser.add_argument("--out", type=Path, required=True, help="folder of the report and its pictures")
    parser.add_argument("--train-ablations", action="store_true", help="train heads for comparison, too")
    parser.add_argument("--resamples", type=int, default=1_000, help="draws behind the confidence intervals")
    parser.add_argument("--threads", type=int, help="threads of torch; its own choice where not given")
    chosen = parser.parse_args(arguments)
    if chosen.threads is not None:
        torch.set_num_threads(max(1, chosen.threads))
    try:
        report = evaluate(
            read_config(chosen.config),
            chosen.work,
            chosen.head,
            chosen.out,
            train_ablations=chosen.train_ablations,
            resamples=max(1, chosen.resamples),
        )
    except ReelfindError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    except OSError as error:
        print(
            f"A file cannot be read or written ({error}). Check the folders and the free space.",
            file=sys.stderr,
        )
        return ReelfindError.exit_code
    print(report.read_text(encoding="utf-8"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
