"""Pocket's lessons in four files, to train where there is a GPU and no data folder.

`python -m models.pocket.parcel pack --data ../shared/data --work build/pocket --parcel build/parcel` writes
them (186 MB).

`python -m models.pocket.parcel train --parcel build/parcel --out build/runs --seconds 600` trains the
recipe's runs one after another, each as long as the time allows: PyTorch, NumPy, OpenCV, `tokenizers` and
this checkout are enough. `--out` holds the towers of each run as soon as it has ended, and what they are
together so far in `merged.pt`; `python -m models.pocket --towers` makes the bundle of them. A number in the
file `seconds` in `--out` counts instead of `--seconds` from the next run on.

`python -m models.pocket.parcel join --parcel build/parcel --out build/runs --towers RUN…` merges towers and
lets them imitate what the runs say together (`--image-steps`, `--pictures`: more than the recipe's where a
GPU has time); the pair is `joined.pt` in `--out`. What was cut off goes on.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import torch

from models.pocket.config import PocketConfig
from models.pocket.devices import device_to_train_on
from models.pocket.learning.ensemble import Ensemble, Sample
from models.pocket.learning.imitation import folder_of, imitate
from models.pocket.learning.merge import merge
from models.pocket.learning.runs import distilled, train_once
from models.pocket.networks.text_tower import TextTower
from models.pocket.networks.towers import TOWERS_FILE, Towers, read_towers, write_towers
from models.pocket.parcel.unpacking import Parcel, unpack

MERGED, JOINED, SECONDS = "merged.pt", "joined.pt", "seconds"
SHORT, LONG = 2, 14
"""Steps of the two trials that tell how long a step takes and how long a run takes beside its steps."""
ENOUGH_STEPS = 400
"""Rather fewer runs than runs of fewer steps."""
SHORTEST = 1e-3


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds of a step, and of a run beside its steps."""

    step: float
    beside: float

    def steps_of_next(self, seconds: float, runs: int) -> int:
        """How many joint steps the next of up to `runs` runs has that share `seconds`: fewer share them where
        they would have too few. None where not even one step of one run fits."""
        shares = (self._steps(seconds / count) for count in range(runs, 0, -1))
        return next((steps for steps in shares if steps >= ENOUGH_STEPS), self._steps(seconds))

    def _steps(self, seconds: float) -> int:
        return max(0, int((seconds - self.beside) / self.step))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m models.pocket.parcel", description=__doc__)
    actions = parser.add_subparsers(dest="action", required=True)
    pack = actions.add_parser("pack", help="write the parcel")
    pack.add_argument("--data", type=Path, required=True, help="folder with training/, annotations/")
    pack.add_argument("--work", type=Path, required=True, help="folder for caches")
    train = actions.add_parser("train", help="train from a parcel")
    train.add_argument("--out", type=Path, required=True, help="folder for the towers")
    train.add_argument("--seconds", type=float, required=True, help="for all runs together")
    train.add_argument("--runs", type=int, default=PocketConfig().runs)
    join = actions.add_parser("join", help="make one pair of towers of trained runs")
    join.add_argument("--out", type=Path, required=True, help="folder for the pair")
    join.add_argument("--towers", type=Path, nargs="+", required=True, help="files of the runs' towers")
    imitation = PocketConfig().imitation_stage
    join.add_argument("--image-steps", type=int, default=imitation.image_steps)
    join.add_argument("--pictures", type=int, default=imitation.pictures, help="views of a step")
    join.add_argument("--text-steps", type=int, default=imitation.text_steps)
    for action in (pack, train, join):
        action.add_argument("--parcel", type=Path, required=True, help="folder of the parcel")
    arguments = parser.parse_args()
    if arguments.action == "pack":
        from models.pocket.parcel.packing import pack as write  # noqa: PLC0415 - not where one trains

        write(PocketConfig(), arguments.data, arguments.work, arguments.parcel)
    elif arguments.action == "join":
        stage = replace(
            imitation, image_steps=arguments.image_steps, pictures=arguments.pictures,
            text_steps=arguments.text_steps,
        )  # fmt: skip
        config = replace(PocketConfig(), imitation_stage=stage)
        join_runs(config, arguments.parcel, arguments.out, arguments.towers)
    else:
        for _ in train_runs(
            PocketConfig(), arguments.parcel, arguments.out, arguments.seconds, arguments.runs
        ):
            pass


def train_runs(config: PocketConfig, folder: Path, out: Path, seconds: float, runs: int) -> Iterator[Towers]:
    """Train up to `runs` runs within `seconds` and keep them in `out`; yields what they are together after
    each."""
    begun = time.monotonic()
    out.mkdir(parents=True, exist_ok=True)
    parcel = unpack(folder, config.views.size, device_to_train_on())
    text = distilled(config, parcel.lessons, out / "start")
    pace = measured(config, parcel, text, out)
    print(f"{pace.step:.3f} s a step, {pace.beside:.1f} s a run beside them", flush=True)
    sample = sample_of(config, parcel)
    trained: list[Towers] = []
    for number in range(runs):
        left = _allowed(out, seconds) - (time.monotonic() - begun)
        steps = pace.steps_of_next(left, runs - number)
        if not steps:
            print(f"run {number + 1}: no time left", flush=True)
            return
        stage = replace(config.joint_stage, steps=min(steps, config.joint_stage.steps))
        print(f"run {number + 1}: {stage.steps} steps", flush=True)
        own = out / f"run-{number + 1}"
        train_once(
            replace(config, seed=config.seed + number, joint_stage=stage),
            parcel.lessons, parcel.pool, parcel.trunk, text, own,
        )  # fmt: skip
        trained.append(read_towers(config, own / TOWERS_FILE))
        ensemble = Ensemble(trained, sample, parcel.lessons.device)
        together = merge(trained, ensemble, sample)
        write_towers(together, out / MERGED)
        yield together


def join_runs(config: PocketConfig, folder: Path, out: Path, towers: Sequence[Path]) -> Towers:
    """One pair of the runs in the files `towers`, kept in `out` and returned."""
    out.mkdir(parents=True, exist_ok=True)
    parcel = unpack(folder, config.views.size, device_to_train_on())
    runs, sample = [read_towers(config, path) for path in towers], sample_of(config, parcel)
    ensemble = Ensemble(runs, sample, parcel.lessons.device)
    own = folder_of(config, towers, out)
    joined = imitate(config, merge(runs, ensemble, sample), ensemble, parcel.lessons, parcel.pool, own)
    write_towers(joined, out / JOINED)
    return joined


def measured(config: PocketConfig, parcel: Parcel, text: TextTower, out: Path) -> Pace:
    """Two short runs, thrown away; before them one that compiles what is compiled."""
    spent: dict[int, float] = {}
    for steps in (SHORT, SHORT, LONG):
        stage = replace(config.joint_stage, head_steps=SHORT, warm_up=SHORT, steps=steps)
        trial = replace(config, joint_stage=stage)
        with TemporaryDirectory(prefix="trial-", dir=out) as folder:
            begun = time.monotonic()
            train_once(trial, parcel.lessons, parcel.pool, parcel.trunk, text, Path(folder))
            spent[steps] = time.monotonic() - begun
    step = max((spent[LONG] - spent[SHORT]) / (LONG - SHORT), SHORTEST)
    # The heads' own steps take less than half of a joint step.
    return Pace(step, spent[SHORT] + config.joint_stage.head_steps * step / 2)


def sample_of(config: PocketConfig, parcel: Parcel) -> Sample:
    """Pictures, whole, and one sentence of each: what runs are merged by."""
    lessons, pool = parcel.lessons, parcel.pool
    known = [*pool.captioned.tolist(), *pool.labelled.tolist()]
    chosen = random.Random(config.seed).sample(known, min(config.merge_pictures, len(known)))
    sentences = torch.tensor([int(pool.words.texts_of[number][0]) for number in chosen])
    return Sample(lessons.pixels[torch.tensor(chosen)], lessons.sentences.of_numbers(sentences))


def _allowed(out: Path, seconds: float) -> float:
    told = out / SECONDS
    return float(told.read_text("utf-8")) if told.exists() else seconds


if __name__ == "__main__":
    main()
