"""What `reelfind models list` says."""

from dataclasses import asdict, dataclass
from typing import Any

import click

from app.catalogue.catalogue import Catalogue
from app.cli.terminal.terminal_text import shown
from app.engines.model_choice import model_folder, real_folder, stored_settings
from app.model_store.conversion import EXTRA, missing_packages
from app.model_store.hardware import matrix_speed
from app.model_store.installed import InstalledModel, look_at
from app.model_store.recommended import RecommendedModel, frames_per_second, ranked
from app.model_store.store import ModelStore


@dataclass(frozen=True, slots=True)
class ModelReadiness:
    """Videos of a library that are indexed for a model, and all that are indexed."""

    ready: int
    total: int


@dataclass(frozen=True, slots=True)
class ModelStatus:
    """What an installed model is to a library."""

    in_use: bool
    pending_model: ModelReadiness | None
    """How far it is where it is pending."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A recommended model and what it would be here."""

    model: RecommendedModel
    frames_per_second: float
    """Estimated, on the processor."""


@dataclass(frozen=True, slots=True)
class ModelList:
    """All that is listed."""

    installed: list[tuple[InstalledModel, ModelStatus]]
    offers: list[Offer]
    missing: list[str]
    """Packages that adding a model needs."""


def standing(catalogue: Catalogue, model: InstalledModel) -> ModelStatus:
    """What `model` is to a library."""
    settings = stored_settings(catalogue)
    folder = real_folder(model.folder)
    active = model_folder(settings)
    if folder == active:
        return ModelStatus(in_use=True, pending_model=None)
    if not settings.next_model or str(folder) != settings.next_model:
        return ModelStatus(in_use=False, pending_model=None)
    state = catalogue.readiness(model.identity, look_at(active).identity)
    return ModelStatus(in_use=False, pending_model=ModelReadiness(state.ready, state.total))


def listing(catalogue: Catalogue, store: ModelStore) -> ModelList:
    """The models on this computer, and the recommended ones that are not."""
    installed = [(model, standing(catalogue, model)) for model in store.installed()]
    names = {model.name for model, _ in installed}
    gflops = matrix_speed()
    offers = [
        Offer(model, frames_per_second(model, gflops))
        for model in ranked(matrix_gflops=gflops)
        if model.slug not in names
    ]
    return ModelList(installed, offers, missing_packages())


def listing_as_json(listed: ModelList) -> dict[str, Any]:
    """The same for scripts."""
    installed = [
        asdict(model)
        | {"folder": str(model.folder), "in_use": stands.in_use}
        | {"coming": asdict(stands.pending_model) if stands.pending_model else None}
        for model, stands in listed.installed
    ]
    offers = [
        asdict(offer.model)
        | {
            "slug": offer.model.slug,
            "download_bytes": offer.model.download_bytes,
            "memory_bytes": offer.model.memory_bytes,
            "fits": offer.model.fits,
            "frames_per_second": round(offer.frames_per_second, 2),
            "missing": listed.missing if offer.model.needs_torch else [],
        }
        for offer in listed.offers
    ]
    return {"installed": installed, "recommended": offers}


def print_listing(listed: ModelList) -> None:
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
        click.echo(f"  {known.slug if known.repository else known.name}")
        click.echo(
            f"      {known.title}, {known.licence}, {known.download_bytes / 1e6:,.0f} MB to download, "
            f"{known.memory_bytes / 1e9:.1f} GB of memory; languages: {known.languages}"
        )
        click.echo(
            f"      {known.quality} ({known.quality_source}); "
            f"about {offer.frames_per_second:.2g} frames/s on this processor"
        )
        torch = f"Making it needs torch: {EXTRA}" if known.needs_torch and listed.missing else ""
        memory = "" if known.fits else "It may need more memory than there is here."
        for note in (known.licence_note, memory, torch):
            if note:
                click.echo(f"      {note}")


def _state(stands: ModelStatus) -> str:
    if stands.in_use:
        return "  (in use)"
    if stands.pending_model is not None:
        return f"  (preparing: {stands.pending_model.ready:,} of {stands.pending_model.total:,})"
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
    if not model.trained:
        facts.append("not trained")
    return ", ".join([*facts, *model.variants])
