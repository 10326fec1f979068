"""Train a T-MASS head from a configuration.

`python -m models.train --config msrvtt.toml --work build/msrvtt --out models/msrvtt/tmass.npz`

`--work` keeps features, frames and checkpoints: run the same command again to continue after an
interruption. A fine-tuned backbone's weights are written beside the checkpoint.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

import torch

from app.errors import ReelfindError
from models.train.config_file import read_config
from models.train.run import run_training


def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m models.train", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--config", type=Path, required=True, help="the configuration, a TOML file")
    parser.add_argument("--work", type=Path, required=True, help="folder for caches and checkpoints")
    parser.add_argument("--out", type=Path, help="where a copy of the head (tmass.npz) is put")
    parser.add_argument("--threads", type=int, help="threads of torch; its own choice where not given")
    chosen = parser.parse_args(arguments)
    if chosen.threads is not None:
        torch.set_num_threads(max(1, chosen.threads))
    try:
        trained = run_training(read_config(chosen.config), chosen.work)
        if chosen.out is not None:
            chosen.out.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(trained.head_file, chosen.out)
    except ReelfindError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    except OSError as error:
        print(
            f"A file cannot be read or written ({error}). Check the folders and the free space.",
            file=sys.stderr,
        )
        return ReelfindError.exit_code
    print(f"head: {chosen.out or trained.head_file}")
    if trained.encoder_file is not None:
        print(f"fine-tuned model: {trained.encoder_file}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
