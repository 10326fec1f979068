"""Which model reads what the active one does not."""

from app.model_store.recommended import recommended_models
from app.model_store.store import ModelStore


def multilingual_advice() -> str:
    """One sentence: a model for many languages that is on this computer, or that can be added.

    Raises:
        ModelError: this program's own list is damaged.
    """
    known = [model for model in recommended_models() if model.languages != "English"]
    names = {model.name for model in ModelStore().installed() if not model.problem}
    if here := next((model for model in known if model.slug in names), None):
        return f"{here.title} reads {here.languages} languages; use it with: reelfind models use {here.slug}"
    best = next((model for model in known if model.fits), known[0])
    return f"{best.title} reads {best.languages} languages; add it with: reelfind models add {best.name}"
