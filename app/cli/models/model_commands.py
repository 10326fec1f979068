"""`reelfind models`: the models on this computer, and those that can be added."""

from pathlib import Path

import click

from app.cli.options import FOLDER, json_option, library_folder, library_option, print_json
from app.cli.terminal.terminal_text import counted
from app.errors import UsageError

_VARIANTS = ("int8", "fp16")


@click.group()
@library_option
def models() -> None:
    """Choose what searches: list, add, import, use and remove models."""


@models.command("list")
@json_option
@library_option
def list_models(*, as_json: bool) -> None:
    """List the models on this computer, then those that are worth adding."""
    from app.catalogue.catalogue import Catalogue
    from app.cli.models.model_listing import listing, listing_as_json, print_listing
    from app.model_store.store import ModelStore

    with Catalogue(library_folder()) as catalogue:
        found = listing(catalogue, ModelStore())
    if as_json:
        print_json(listing_as_json(found))
    else:
        print_listing(found)


@models.command()
@click.argument("name")
@click.option("--untrained", is_flag=True, help="Accept random weights, to try things out.")
@click.option("--checkpoint", type=FOLDER, help="File with open_clip weights; nothing is downloaded.")
@click.option("--tokenizer", type=FOLDER, help="Folder with its tokenizer.json, where there is no network.")
@click.option("--random", is_flag=True, help="Random weights of an open_clip model, to try things out.")
@click.option("--licence", default="", help="Licence of the weights, where the source does not say.")
@click.option(
    "--variants",
    default=",".join(_VARIANTS),
    show_default=True,
    help="What to make beside float32; “none” for nothing.",
)
@json_option
@library_option
def add(
    name: str,
    checkpoint: Path | None,
    tokenizer: Path | None,
    licence: str,
    variants: str,
    *,
    untrained: bool,
    random: bool,
    as_json: bool,
) -> None:
    """Add the model NAME: fetch it, convert it, check it.

    NAME is a model that `reelfind models list` recommends, a repository of the hub with an ONNX export
    (OWNER/NAME or OWNER/NAME@COMMIT), or a folder or zip archive with one. NAME or NAME:PRETRAINED of
    open_clip's registry is exported here, which needs torch.
    """
    from app.cli.models.conversion_progress import ProgressLine
    from app.model_store.adding import add_published, is_published
    from app.model_store.conversion import add_model
    from app.model_store.recommended import by_name
    from app.model_store.store import ModelStore

    wanted = [] if variants == "none" else variants.split(",")
    if not set(wanted) <= set(_VARIANTS):
        raise UsageError(f"“{variants}” are no variants.", f"There are: {', '.join(_VARIANTS)}, none.")
    if checkpoint is not None and random:
        raise UsageError("The weights cannot be both from a file and random.", "Leave out one of them.")
    if checkpoint is not None and not checkpoint.is_file():
        raise UsageError(f"There is no file “{checkpoint}”.", "Name the file with the weights.")
    known = by_name(name)
    source = known.source if known is not None and known.source else name
    with ProgressLine(as_json=as_json) as progress:
        if checkpoint is None and not random and is_published(source):
            model = add_published(
                source,
                ModelStore(),
                variants=wanted,
                trained=not untrained,
                licence=licence,
                report=progress.show,
            )
        else:
            model = add_model(
                name,
                ModelStore(),
                checkpoint=checkpoint,
                variants=wanted,
                tokenizer=tokenizer,
                random=random,
                licence=licence,
                report=progress.show,
            )
    _say_added(model.name, model.title, as_json=as_json)


@models.command("import")
@click.argument("source", type=FOLDER)
@click.option("--untrained", is_flag=True, help="Accept random weights, to try things out.")
@json_option
@library_option
def import_model(source: Path, *, untrained: bool, as_json: bool) -> None:
    """Import a model from the folder or zip archive SOURCE (checked before use).

    SOURCE holds a model as Reelfind exports them, or an ONNX export as they are published.
    """
    from app.cli.models.conversion_progress import ProgressLine
    from app.model_store.adding import import_model
    from app.model_store.store import ModelStore

    with ProgressLine(as_json=as_json) as progress:
        model = import_model(source, ModelStore(), trained=not untrained, report=progress.show)
    _say_added(model.name, model.title, as_json=as_json)


@models.command()
@click.argument("name")
@click.option("--now", is_flag=True, help="Switch at once: what is not ready yet cannot be found till then.")
@json_option
@library_option
def use(name: str, *, now: bool, as_json: bool) -> None:
    """Search this library with the model NAME, as soon as its videos are ready for it."""
    from app.catalogue.catalogue import Catalogue
    from app.engines.model_choice import choose_model
    from app.model_store.store import ModelStore

    model = ModelStore().find(name)
    with Catalogue(library_folder()) as catalogue:
        pending = choose_model(catalogue, model.folder, now=now)
        lacking = len(catalogue.pending(model.identity))
    if as_json:
        status = None if pending is None else {"ready": pending.ready, "total": pending.total}
        print_json({"name": name, "in_use": pending is None, "coming": status})
    elif pending is None:
        rest = f" Index the {counted(lacking, 'video')} it lacks with: reelfind index" if lacking else ""
        click.echo(f"{model.title} is in use.{rest}")
    else:
        click.echo(
            f"{model.title} is being prepared: {pending.ready:,} of {counted(pending.total, 'video')}. "
            "Until then the other model answers. Go on with: reelfind index"
        )


@models.command()
@click.argument("name")
@library_option
def remove(name: str) -> None:
    """Delete the model NAME from this computer, and what was made with it in this library."""
    from app.catalogue.catalogue import Catalogue
    from app.cli.models.model_listing import standing
    from app.model_store.store import ModelStore

    store = ModelStore()
    model = store.find(name)
    with Catalogue(library_folder()) as catalogue:
        stands = standing(catalogue, model)
        if stands.in_use or stands.pending_model is not None:
            state = "in use" if stands.in_use else "being prepared"
            raise UsageError(
                f"{model.title} is {state} in this library.",
                "Use another one first: reelfind models use NAME.",
            )
        store.remove(name)  # which may refuse: then its vectors stay as well
        if model.identity and not model.bundled:
            catalogue.forget_model(model.identity)
    click.echo(f"Removed {model.title}. What other libraries made with it stays there.")


def _say_added(name: str, title: str, *, as_json: bool) -> None:
    if as_json:
        print_json({"name": name, "title": title})
    else:
        click.echo(f"Added {title}. Use it with: reelfind models use {name}")
