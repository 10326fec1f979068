"""Which model reads what the active one does not."""

from app.model_store.recommended import RecommendedModel, ranked, recommended_models
from app.model_store.store import ModelStore


def multilingual_advice() -> str:
    """One sentence: a model for many languages that is on this computer, or the best that can be added.

    Raises:
        ModelError: this program's own list is damaged.
    """
    names = {model.name for model in ModelStore().installed() if not model.problem}
    here = next((model for model in recommended_models() if model.multilingual and model.slug in names), None)
    if here is not None:
        return f"{here.title} reads {here.languages} languages; use it with: reelfind models use {here.slug}"
    best = best_multilingual()
    return (
        f"{best.title} reads {best.languages} languages; add it in the window, under Models, or with: "
        f"reelfind models add {best.slug}"
    )


def best_multilingual() -> RecommendedModel:
    """The best model for many languages that can be added on this computer, if possible with one click.

    Raises:
        ModelError: this program's own list is damaged.
    """
    return next(model for model in ranked() if model.multilingual)
