"""`reelfind keep`: what people keep about videos and moments, and their searches."""

from typing import TYPE_CHECKING, TypeVar

import click

from app.cli.opened_session import opened_catalogue, opened_session
from app.cli.options import json_option, library_option, print_json
from app.cli.terminal.terminal_text import counted, safe, typed
from app.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from app.catalogue.kept.kept_records import MarkKind
    from app.keeping.targets import NamedTarget

F = TypeVar("F", bound="Callable[..., Any]")

_KINDS = click.Choice(["tag", "collection"])


@click.group()
@library_option
def keep() -> None:
    """Keep favourites, tags, notes, collections and searches.

    \b
    A TARGET is a video or a moment of it:
    dog.mp4           the whole video: its path or the end of it
    dog.mp4@12.5      the shot at this time, in seconds or as 1:02.5
    dog.mp4@12.5-20   from one time to another
    With --query TEXT --rank N it is what a search for TEXT finds there.
    """


def _targets(command: F) -> F:
    """TARGETS, or a moment that a search finds."""
    for option in (
        click.option("--rank", type=click.IntRange(1, 10_000), help="Which moment --query finds."),
        click.option("--query", metavar="TEXT", help="Keep it about what a search for TEXT finds."),
        click.argument("targets", nargs=-1, metavar="[TARGET]..."),
    ):
        command = option(command)
    return command


_remove = click.option("--remove", is_flag=True, help="Take it away again.")


@keep.command()
@_targets
@_remove
@library_option
def favourite(targets: tuple[str, ...], query: str | None, rank: int | None, *, remove: bool) -> None:
    """Make TARGETS favourites: found with is:favourite."""
    from app.catalogue.kept.kept_records import MarkKind

    _mark(targets, query, rank, MarkKind.FAVOURITE, "", remove=remove)


@keep.command()
@click.argument("name")
@_targets
@_remove
@library_option
def tag(name: str, targets: tuple[str, ...], query: str | None, rank: int | None, *, remove: bool) -> None:
    """Give TARGETS the tag NAME: found with tag:NAME."""
    from app.catalogue.kept.kept_records import MarkKind

    _mark(targets, query, rank, MarkKind.TAG, typed(name), remove=remove)


@keep.command()
@click.argument("text")
@_targets
@library_option
def note(text: str, targets: tuple[str, ...], query: str | None, rank: int | None) -> None:
    """Write TEXT down about TARGETS, in place of an earlier note; an empty one takes that away."""
    from app.catalogue.kept.kept_records import MarkKind

    _mark(targets, query, rank, MarkKind.NOTE, typed(text), remove=not text.strip())


@keep.command()
@click.argument("name")
@_targets
@_remove
@library_option
def collect(
    name: str, targets: tuple[str, ...], query: str | None, rank: int | None, *, remove: bool
) -> None:
    """Put TARGETS into the collection NAME: found with in-collection:NAME. Without any: make it."""
    from app.catalogue.kept.kept_records import MarkKind

    if targets or query is not None or remove:
        _mark(targets, query, rank, MarkKind.COLLECTION, typed(name), remove=remove)
        return
    with opened_catalogue() as catalogue:
        new = catalogue.make_collection(typed(name))
    click.echo(f"Made the collection “{safe(name)}”." if new else f"“{safe(name)}” is there already.")


@keep.command()
@_targets
@_remove
@library_option
def hide(targets: tuple[str, ...], query: str | None, rank: int | None, *, remove: bool) -> None:
    """Let searches pass TARGETS over, until they are shown again with --remove. Found with is:hidden."""
    from app.catalogue.kept.kept_records import MarkKind

    _mark(targets, query, rank, MarkKind.HIDDEN, "", remove=remove)


@keep.command("list")
@click.argument("target", required=False)
@click.option("--favourites", is_flag=True, help="Only favourites.")
@click.option("--hidden", is_flag=True, help="Only what is hidden.")
@click.option("--tag", metavar="NAME", help="Only what has this tag.")
@click.option("--collection", metavar="NAME", help="Only what is in this collection.")
@json_option
@library_option
def list_kept(
    target: str | None,
    tag: str | None,
    collection: str | None,
    *,
    favourites: bool,
    hidden: bool,
    as_json: bool,
) -> None:
    """List what is kept, also about videos that are not here now."""
    from app.catalogue.kept.kept_records import MarkKind
    from app.cli.keep.keep_output import kept_as_json, print_kept
    from app.keeping.targets import kept_targets

    wanted = [(MarkKind.FAVOURITE, "")] if favourites else []
    wanted += [(MarkKind.HIDDEN, "")] if hidden else []
    wanted += [(MarkKind.TAG, typed(tag))] if tag is not None else []
    wanted += [(MarkKind.COLLECTION, typed(collection))] if collection is not None else []
    with opened_catalogue() as catalogue:
        found = catalogue.kept()
        for kind, value in wanted:
            met = {thing.target for thing in catalogue.kept(kind=kind, value=value)}
            found = [thing for thing in found if thing.target in met]
        if target is not None:
            named = {each.fingerprint for each in kept_targets(catalogue, target)}
            found = [thing for thing in found if thing.target.fingerprint in named]
    if as_json:
        print_json(kept_as_json(found))
    else:
        print_kept(found)


@keep.command()
@json_option
@library_option
def tags(*, as_json: bool) -> None:
    """List the tags, each with how much has it."""
    from app.cli.keep.keep_output import names_as_json, print_names

    with opened_catalogue() as catalogue:
        found = catalogue.tags()
    if as_json:
        print_json(names_as_json(found))
    else:
        print_names(found, "tags")


@keep.command()
@json_option
@library_option
def collections(*, as_json: bool) -> None:
    """List the collections, each with how much is in it."""
    from app.cli.keep.keep_output import names_as_json, print_names

    with opened_catalogue() as catalogue:
        found = catalogue.collections()
    if as_json:
        print_json(names_as_json(found))
    else:
        print_names(found, "collections")


@keep.command()
@click.argument("what", type=click.Choice(["tag", "collection", "search"]))
@click.argument("old")
@click.argument("new")
@library_option
def rename(what: str, old: str, new: str) -> None:
    """Give a tag, a collection or a saved search another name; two tags or collections become one."""
    from app.catalogue.kept.kept_records import MarkKind

    with opened_catalogue() as catalogue:
        if what == "search":
            catalogue.rename_search(typed(old), typed(new))
        else:
            catalogue.rename_kept(MarkKind(what), typed(old), typed(new))
    kind = "saved search" if what == "search" else what
    click.echo(f"The {kind} “{safe(old)}” is called “{safe(new)}” now.")


@keep.command()
@click.argument("what", type=_KINDS)
@click.argument("name")
@library_option
def drop(what: str, name: str) -> None:
    """Forget a tag or a collection. What was in it is not touched."""
    from app.catalogue.kept.kept_records import MarkKind

    with opened_catalogue() as catalogue:
        catalogue.remove_kept(MarkKind(what), typed(name))
    click.echo(f"Forgot the {what} “{safe(name)}”.")


@keep.command()
@click.argument("target")
@click.argument("span", metavar="START-END")
@library_option
def move(target: str, span: str) -> None:
    """Give a kept moment another beginning and end."""
    from app.catalogue.kept.kept_records import Target
    from app.keeping.targets import kept_targets, read_span

    wanted = read_span(typed(span))
    with opened_catalogue() as catalogue:
        moments = [each for each in kept_targets(catalogue, target) if each.span is not None]
        if not moments:
            raise UsageError("A whole video has no beginning to move.", "Name a moment: dog.mp4@12.5-20.")
        old = moments[0]
        videos = catalogue.videos_of_content(old.fingerprint)
        new = catalogue.target_of(videos[0], wanted) if videos else Target(old.fingerprint, wanted)
        catalogue.move_kept(old, new)
    click.echo(f"Moved it to {safe(span)}.")


@keep.command()
@click.argument("target")
@library_option
def forget(target: str) -> None:
    """Forget everything that is kept about TARGET. No video file is touched."""
    from app.keeping.targets import kept_targets

    with opened_catalogue() as catalogue:
        count = sum(catalogue.unkeep(each) for each in kept_targets(catalogue, target))
    click.echo(f"Forgot {counted(count, 'thing')} that {'was' if count == 1 else 'were'} kept.")


@keep.command()
@click.argument("name")
@click.argument("text")
@library_option
def search(name: str, text: str) -> None:
    """Save a search for TEXT under NAME."""
    with opened_session() as session:
        session.kept.save_search(typed(name), typed(text))
    click.echo("Saved. Search again with: reelfind keep run NAME")


@keep.command()
@json_option
@library_option
def searches(*, as_json: bool) -> None:
    """List the saved searches, each with how many new matches came since it was run."""
    from app.cli.keep.keep_output import print_searches, searches_as_json

    with opened_session() as session:
        found = session.kept.new_matches()
    if as_json:
        print_json(searches_as_json(found))
    else:
        print_searches(found)


@keep.command()
@click.argument("name")
@click.option(
    "--limit", type=click.IntRange(1, 10_000), default=20, show_default=True, help="Moments at most."
)
@json_option
@library_option
def run(name: str, limit: int, *, as_json: bool) -> None:
    """Run the saved search NAME; what it finds is not new any more."""
    from app.cli.search.search_output import outcome_as_json, print_outcome
    from app.query.parser import read

    with opened_session() as session:
        saved = session.kept.run(typed(name), limit=limit)
        new = [moment.rank for moment in saved.outcome.moments if saved.is_new(moment)]
        if as_json:
            print_json(outcome_as_json(saved.outcome, session) | {"new": new})
            return
    print_outcome(saved.outcome, read(saved.search.query))
    if new:
        click.echo(f"New since you last looked: {', '.join(map(str, new))}")


@keep.command()
@click.argument("name")
@library_option
def unsave(name: str) -> None:
    """Forget the saved search NAME."""
    with opened_catalogue() as catalogue:
        catalogue.remove_search(typed(name))
    click.echo(f"Forgot the saved search “{safe(name)}”.")


@keep.command()
@click.option(
    "--limit", type=click.IntRange(1, 10_000), default=20, show_default=True, help="So many at most."
)
@click.option("--forget", metavar="TEXT", help="Forget this one.")
@click.option("--clear", is_flag=True, help="Forget all of them.")
@json_option
@library_option
def history(limit: int, forget: str | None, *, clear: bool, as_json: bool) -> None:
    """List what was searched for last. `reelfind settings history off` remembers nothing more."""
    from app.cli.keep.keep_output import history_as_json, print_history

    with opened_catalogue() as catalogue:
        if clear or forget is not None:
            count = catalogue.forget_searches(None if clear or forget is None else typed(forget))
            click.echo(f"Forgot {counted(count, 'search', 'searches')}.", err=as_json)
        found = catalogue.past_searches(limit)
    if as_json:
        print_json(history_as_json(found))
    elif not clear and forget is None:
        print_history(found)


def _mark(
    targets: "Sequence[str]",
    query: str | None,
    rank: int | None,
    kind: "MarkKind",
    value: str,
    *,
    remove: bool,
) -> None:
    """Keep something about targets, or forget it, and say so."""
    from app.keeping.targets import kept_targets, named_target

    if (query is None) != (rank is None):
        raise UsageError("A search needs --query and --rank.", "Say which moment it finds: --rank 1.")
    if not targets and query is None:
        raise UsageError("Nothing is named.", "Name a video or a moment: dog.mp4, dog.mp4@12.5-20.")
    found: list[NamedTarget] = []
    if query is not None and rank is not None:
        with opened_session() as session:
            found.append(session.kept.of_rank(typed(query), rank))
    with opened_catalogue() as catalogue:
        if remove:
            named = [each for target in targets for each in kept_targets(catalogue, target)]
            named += [each.target for each in found]
            count = sum(catalogue.unkeep(target, kind, value) for target in named)
            click.echo(f"Taken away from {counted(count, 'video or moment', 'videos or moments')}.")
            return
        found += [named_target(catalogue, target) for target in targets]
        new = catalogue.keep([(each.video, each.target) for each in found], kind, value)
    click.echo(f"Kept about {counted(new, 'video or moment', 'videos or moments')}.")
    if new < len(found):
        click.echo("The others were kept so already.")
