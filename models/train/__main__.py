"""Train a T-MASS head: for a bundle, or from a configuration.

`python -m models.train --bundle FOLDER --pseudo DATA` puts a head into an encoder bundle. It is trained on
captioned pictures (DATA holds captions.jsonl.gz and its shards), filmed into pseudo-videos.
`python -m models.train --bundle FOLDER --config msrvtt.toml` does so with the captioned videos of [data].
`python -m models.train --config msrvtt.toml --out models/msrvtt/tmass.npz` leaves the head in a file.

`--work` keeps features, frames and checkpoints: run the same command again to continue after an
interruption. A fine-tuned backbone's weights are written beside the checkpoint.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from dataclasses import replace
from pathlib import Path

import torch

from app.errors import ReelfindError, UsageError
from models.train.config_file import read_config
from models.train.pseudo import CaptionedPictures, PseudoRecipe, add_pseudo_head
from models.train.run import check_head, run_training, train_into

WORK = Path("build") / "train"


def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    chosen = _parser().parse_args(arguments)
    if chosen.threads is not None:
        torch.set_num_threads(max(1, chosen.threads))
    try:
        _run(chosen)
    except ReelfindError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    except OSError as error:
        print(
            f"A file cannot be read or written ({error}). Check the folders and the free space.",
            file=sys.stderr,
        )
        return ReelfindError.exit_code
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m models.train", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--bundle", type=Path, help="the encoder bundle that gets the head")
    parser.add_argument("--pseudo", type=Path, help="folder of captioned pictures to make pseudo-videos of")
    parser.add_argument("--pictures", type=int, default=0, help="use so many of them at most; 0 for all")
    parser.add_argument("--config", type=Path, help="the configuration, a TOML file")
    parser.add_argument("--work", type=Path, default=WORK, help=f"folder for caches and checkpoints ({WORK})")
    parser.add_argument("--out", type=Path, help="where a copy of the head (tmass.npz) is put")
    parser.add_argument("--threads", type=int, help="threads of torch; its own choice where not given")
    return parser


def _run(chosen: argparse.Namespace) -> None:
    """Do what was asked and say what was made."""
    if chosen.pseudo is not None:
        _train_on_pictures(chosen)
        return
    if chosen.config is None:
        raise UsageError(
            "There is nothing to train on.", "Give --config with captioned videos, or --bundle with --pseudo."
        )
    config = read_config(chosen.config)
    into = chosen.bundle is not None
    trained = train_into(chosen.bundle, config, chosen.work) if into else run_training(config, chosen.work)
    if chosen.out is not None:
        _copy(trained.head_file, chosen.out)
    print(f"head: {chosen.bundle if into else chosen.out or trained.head_file}")
    if trained.encoder_file is not None:
        print(f"fine-tuned model: {trained.encoder_file}")


def _train_on_pictures(chosen: argparse.Namespace) -> None:
    if chosen.bundle is None:
        raise UsageError("No bundle is named that could get the head.", "Give --bundle FOLDER.")
    recipe = PseudoRecipe()
    if chosen.config is not None:
        train = read_config(chosen.config, recipe.train).train
        check_head(train)
        recipe = replace(recipe, train=train, mixture=replace(recipe.mixture, frames=train.head.frames))
    pictures = CaptionedPictures(chosen.pseudo, most=max(0, chosen.pictures))
    head = add_pseudo_head(recipe, chosen.bundle, pictures, chosen.work)
    if chosen.out is not None:
        _copy(head, chosen.out)
    print(f"head: {chosen.bundle}")


def _copy(head: Path, out: Path) -> None:
    out.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(head, out)


if __name__ == "__main__":
    sys.exit(main())
