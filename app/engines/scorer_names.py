"""The names of the scorers, what each does, and which one is used unless told otherwise.

Only names: the command line shows them without loading anything.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from app.errors import UsageError

if TYPE_CHECKING:
    from app.bundle.encoder_bundle import EncoderBundle

RESCORED = "t-mass"
"""The one that needs the model's trained head."""

DEFAULT_WITH_HEAD = RESCORED
DEFAULT_WITHOUT = "pooled"
"""What is used where nothing was chosen, for a model with a trained head and for one without."""

SCORERS: Mapping[str, str] = {
    RESCORED: "re-scored (T-MASS): the model's trained head pools each clip for the query",
    "pooled": "plain pooling: half the clip's best frame, half the mean of its frames",
    "mean": "the mean of the clip's frames",
    "max": "the clip's best frame",
    "top-k": "the mean of the clip's three best frames",
    "soft-maximum": "between the mean and the best frame",
    "gees": "the mean of the clip's frames and how far they vary (CRET)",
}
"""Name → what it does, in words."""

OFFERED = (RESCORED, "pooled")
"""Those that a person chooses between; the others are for research, on the command line."""


def default_scorer(*, has_head: bool) -> str:
    """Name of the scorer for a model where none was chosen."""
    return DEFAULT_WITH_HEAD if has_head else DEFAULT_WITHOUT


def usable_scorers(*, has_head: bool) -> tuple[str, ...]:
    """Names of those that a model can use."""
    return tuple(name for name in SCORERS if has_head or name != RESCORED)


def scorer_in_use(chosen: str, *, has_head: bool) -> str:
    """Name of the scorer for a model: the chosen one where the model can use it, else the default.

    Args:
        chosen: as set; empty where nothing was chosen.
        has_head: whether the model has a trained head.
    """
    return chosen if chosen in usable_scorers(has_head=has_head) else default_scorer(has_head=has_head)


def in_words(name: str, *, has_head: bool) -> str:
    """What is said of answers by this scorer, a few words."""
    if name == RESCORED:
        return "re-scored (T-MASS)"
    plain = "plain pooling" if name == DEFAULT_WITHOUT else f"scored by {name}"
    return plain if has_head else f"{plain}: this model has no trained head"


def check_scorer(name: str, bundle: "EncoderBundle") -> None:
    """Make sure that a bundle can use the scorer of this name.

    Raises:
        UsageError: there is no such scorer, or the bundle lacks the head it needs.
    """
    usable = usable_scorers(has_head=bundle.has_head)
    if name in usable:
        return
    others = f"Choose one of {', '.join(usable)}."
    if name in SCORERS:
        raise UsageError(f"The model {bundle.title} has no trained head to re-score with.", others)
    raise UsageError(f"There is no scorer “{name}”.", others)
