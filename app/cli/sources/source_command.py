"""`reelfind sources`: lists them, turns them on and off, and chooses what reads them."""

import click

from app.cli.options import json_option, library_folder, library_option, print_json
from app.errors import UsageError


@click.command()
@click.argument("name", required=False)
@click.argument("switch", required=False, type=click.Choice(["on", "off"]))
@click.option(
    "--model", metavar="MODEL", help="What hears speech: tiny, base, small (also .en), or a folder."
)
@click.option("--yes", is_flag=True, help="Download a model without asking.")
@click.option("--forget", is_flag=True, help="Delete what was read of this source; needs its NAME.")
@json_option
@library_option
def sources(
    name: str | None, switch: str | None, model: str | None, *, yes: bool, forget: bool, as_json: bool
) -> None:
    """List where words of videos come from; or turn the source NAME on or off.

    Sources are names, subtitles, text and speech. What is turned on is read by the next: reelfind index
    """
    from app.catalogue.catalogue import Catalogue
    from app.cli.sources.source_listing import print_states, states
    from app.cli.sources.source_switch import forget_lines, turn
    from app.cli.sources.speech_choice import choose_speech_model
    from app.engines.model_choice import stored_settings
    from app.indexing.behind.line_sources import line_sources

    if name is None and forget:
        raise UsageError("It is not said of which source.", "Name it: reelfind sources NAME --forget")
    if model is not None and name != "speech":
        raise UsageError("Only speech has models to choose.", "reelfind sources speech --model MODEL")
    with Catalogue(library_folder()) as catalogue:
        if model is not None:
            choose_speech_model(catalogue, model, yes=yes, as_json=as_json)
        if name is not None and switch is not None:
            turn(catalogue, name, on=switch == "on")
        if name is not None and forget:
            forget_lines(catalogue, name)
        found = states(catalogue, line_sources(stored_settings(catalogue)))
    if name is not None:
        found = [state for state in found if state["name"] == name]
        if not found:
            raise UsageError(f"There is no source “{name}”.", "List them with: reelfind sources")
    if as_json:
        print_json({"sources": found})
    else:
        print_states(found)
