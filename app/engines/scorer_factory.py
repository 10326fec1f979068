"""From a scorer's name to the scorer."""

from app.bundle.encoder_bundle import EncoderBundle
from app.bundle.sampling_head import load_head
from app.engines.scorer_names import RESCORED, check_scorer
from app.search.scorers.cosine import (
    GeesScorer,
    MaximumScorer,
    MeanScorer,
    PooledScorer,
    Scorer,
    SoftMaximumScorer,
    TopKScorer,
)
from app.search.scorers.tmass import TMassScorer

_PLAIN: tuple[Scorer, ...] = (
    PooledScorer(),
    MeanScorer(),
    MaximumScorer(),
    TopKScorer(),
    SoftMaximumScorer(),
    GeesScorer(),
)


def make_scorer(name: str, bundle: EncoderBundle) -> Scorer:
    """The scorer of this name for a bundle; reads and folds the bundle's head for `t-mass`.

    Args:
        name: one of `SCORERS`.
        bundle: the model.

    Raises:
        UsageError: as `check_scorer`.
        ModelError: the head is damaged.
    """
    check_scorer(name, bundle)
    if name == RESCORED and (head := load_head(bundle)) is not None:
        return TMassScorer(head)
    return next(scorer for scorer in _PLAIN if scorer.name == name)
