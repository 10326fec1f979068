"""Which scorer a model can use, and what is said where it cannot."""

from pathlib import Path

import pytest

from app.bundle.encoder_bundle import load_bundle
from app.engines.scorer_factory import make_scorer
from app.engines.scorer_names import (
    SCORERS,
    default_scorer,
    in_words,
    scorer_in_use,
    usable_scorers,
)
from app.errors import UsageError
from app.search.scorers.tmass import TMassScorer
from tests.bundles import WIDTH, make_bundle
from tests.search.heads import random_head, write_head


def test_every_named_scorer_can_be_made_and_goes_by_its_name(tmp_path: Path) -> None:
    folder = make_bundle(tmp_path)
    write_head(random_head(WIDTH, 4), folder)
    bundle = load_bundle(folder)
    made = {name: make_scorer(name, bundle) for name in SCORERS}
    assert {name: scorer.name for name, scorer in made.items()} == {name: name for name in SCORERS}
    assert isinstance(made["t-mass"], TMassScorer)
    assert all(about and about[0].islower() for about in SCORERS.values())


def test_what_a_model_cannot_do_is_said_with_what_it_can(tmp_path: Path) -> None:
    bundle = load_bundle(make_bundle(tmp_path))
    with pytest.raises(UsageError, match="Colours 1 has no trained head") as caught:
        make_scorer("t-mass", bundle)
    assert "pooled, mean" in caught.value.advice
    with pytest.raises(UsageError, match="no scorer “best”"):
        make_scorer("best", bundle)


def test_a_choice_that_this_model_cannot_follow_gives_way_to_the_default() -> None:
    for has_head in (True, False):
        assert default_scorer(has_head=has_head) in usable_scorers(has_head=has_head)
        assert scorer_in_use("", has_head=has_head) == default_scorer(has_head=has_head)
        assert scorer_in_use("nonsense", has_head=has_head) == default_scorer(has_head=has_head)
        assert scorer_in_use("max", has_head=has_head) == "max"
    assert scorer_in_use("t-mass", has_head=True) == "t-mass"
    assert scorer_in_use("t-mass", has_head=False) == default_scorer(has_head=False)


def test_people_are_told_plainly_whether_answers_are_re_scored() -> None:
    assert in_words("t-mass", has_head=True) == "re-scored (T-MASS)"
    assert in_words("pooled", has_head=False) == "plain pooling: this model has no trained head"
    assert in_words("pooled", has_head=True) == "plain pooling"
    assert in_words("max", has_head=True) == "scored by max"
