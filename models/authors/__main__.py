"""One of the T-MASS authors' checkpoints becomes a model for Reelfind:

`python -m models.authors model_best.pth --out FOLDER`

The checkpoint is read as plain tensors; nothing in it can run. The folder can then be chosen as the search
model. LSMDC's checkpoint wants `--prior normal --prior-scale 0.003`.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import get_args

from app.errors import ReelfindError
from app.model_intake.making.bundle_spec import Weights
from models.authors.bundle import ImportSettings, import_checkpoint
from models.heads.stochastic import Prior


def main(arguments: list[str] | None = None) -> None:
    """Import one checkpoint; exits with 1 and a sentence when it cannot be done."""
    defaults = ImportSettings()
    parser = argparse.ArgumentParser(prog="python -m models.authors", description=__doc__)
    parser.add_argument("checkpoint", type=Path, help="a model_best.pth of the release")
    parser.add_argument("--out", type=Path, required=True, help="folder of the bundle")
    parser.add_argument("--name", default=defaults.name, help="of the model (default: %(default)s)")
    parser.add_argument("--version", default=defaults.version, help="of the model (default: %(default)s)")
    parser.add_argument("--licence", default=defaults.licence, help="(default: %(default)s)")
    parser.add_argument("--source", default=defaults.source, help="(default: %(default)s)")
    parser.add_argument("--prior", choices=("uniform", "normal"), default=defaults.prior.kind)
    parser.add_argument("--prior-scale", type=float, default=defaults.prior.scale)
    parser.add_argument("--samples", type=int, default=defaults.samples, help="tried per query and clip")
    parser.add_argument("--seed", type=int, default=defaults.seed)
    parser.add_argument(
        "--weights", choices=get_args(Weights), default=defaults.weights, help="float16 halves the files"
    )
    chosen = parser.parse_args(arguments)
    settings = ImportSettings(
        name=chosen.name,
        version=chosen.version,
        licence=chosen.licence,
        source=chosen.source,
        prior=Prior(chosen.prior, chosen.prior_scale),
        samples=chosen.samples,
        seed=chosen.seed,
        weights=chosen.weights,
    )
    try:
        parity = import_checkpoint(chosen.checkpoint, chosen.out, settings)
    except ReelfindError as error:
        parser.exit(error.exit_code, f"{error}\n")
    print(
        f"{chosen.out}: cosine to the checkpoint at least {parity.image:.6f} for {parity.pictures} pictures, "
        f"{parity.text:.6f} for {parity.texts} texts"
    )


if __name__ == "__main__":
    main()
