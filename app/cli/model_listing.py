"""What `reelfind models list` says."""

from dataclasses import asdict, dataclass
from typing import Any

import click

from app.cli.text import shown
from app.hub.adding import EXTRA, missing_packages
from app.hub.installed import InstalledModel, look_at
from app.hub.recommended import RecommendedModel, recommended_models, speed
from app.hub.store import ModelStore
from app.library.catalogue import Catalogue
from app.search.choice import model_folder, real_folder, stored_settings


@dataclass(frozen=True, slots=True)
class Readiness:
    """Videos of a library that are indexed for a model, and all that are indexed."""

    ready: int
    total: int


@dataclass(frozen=True, slots=True)
class Standing:
    """What an installed model is to a library."""

    in_use: bool
    coming: Readiness | None
    """How far it is where it is being made ready."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A recommended model and what it would be here."""

    model: RecommendedModel
    frames_per_second: float
    """Estimated, on the processor."""


@dataclass(frozen=True, slots=True)
class Listing:
    """All that is listed."""

    installed: list[tuple[InstalledModel, Standing]]
    offers: list[Offer]
    missing: list[str]
    """Packages that adding a model needs."""


def standing(catalogue: Catalogue, model: InstalledModel) -> Standing:
    """What `model` is to a library."""
    settings = stored_settings(catalogue)
    folder = real_folder(model.folder)
    answering = model_folder(settings)
    if folder == answering:
        return Standing(in_use=True, coming=None)
    if not settings.next_model or str(folder) != settings.next_model:
        return Standing(in_use=False, coming=None)
    state = catalogue.readiness(model.identity, look_at(answering).identity)
    return Standing(in_use=False, coming=Readiness(state.ready, state.total))


def listing(catalogue: Catalogue, store: ModelStore) -> Listing:
    """The models on this computer, and the recommended ones that are not."""
    installed = [(model, standing(catalogue, model)) for model in store.installed()]
    names = {model.name for model, _ in installed}
    offers = [Offer(model, speed(model)) for model in recommended_models() if model.slug not in names]
    return Listing(installed, offers, missing_packages())


def listing_as_json(listed: Listing) -> dict[str, Any]:
    """The same for scripts."""
    installed = [
        asdict(model)
        | {"folder": str(model.folder), "in_use": stands.in_use}
        | {"coming": asdict(stands.coming) if stands.coming else None}
        for model, stands in listed.installed
    ]
    offers = [
        asdict(offer.model)
        | {"download_bytes": offer.model.download_bytes, "fits": offer.model.fits}
        | {"frames_per_second": round(offer.frames_per_second, 2), "missing": listed.missing}
        for offer in listed.offers
    ]
    return {"installed": installed, "recommended": offers}


def print_listing(listed: Listing) -> None:
    """The same for people."""
    click.echo("Installed:")
    for model, stands in listed.installed:
        click.echo(f"  {shown(model.name)}{_state(stands)}")
        click.echo(f"      {model.problem or _facts(model)}")
    if not listed.offers:
        return
    click.echo("\nTo be added with: reelfind models add NAME")
    for offer in listed.offers:
        known = offer.model
        click.echo(f"  {known.name}")
        click.echo(
            f"      {known.title}, {known.licence}, {known.download_bytes / 1e6:,.0f} MB to download; "
            f"languages: {known.languages}"
        )
        click.echo(
            f"      {known.quality} ({known.quality_source}); "
            f"about {offer.frames_per_second:.2g} frames/s on this processor"
        )
        for note in (known.licence_note, "" if known.fits else "It may need more memory than there is here."):
            if note:
                click.echo(f"      {note}")
    if listed.missing:
        click.echo(f"\nAdding a model needs: {EXTRA}")


def _state(stands: Standing) -> str:
    if stands.in_use:
        return "  (in use)"
    if stands.coming is not None:
        return f"  (being made ready: {stands.coming.ready:,} of {stands.coming.total:,})"
    return ""


def _facts(model: InstalledModel) -> str:
    head = "trained re-scoring" if model.has_head else "plain pooling"
    facts = [
        model.title,
        model.licence,
        f"{model.bytes / 1e6:,.0f} MB",
        f"width {model.embedding_width}",
        head,
    ]
    return ", ".join([*facts, *model.variants])
