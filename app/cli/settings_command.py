"""`reelfind settings`: what is set for a library, as lines for people or values for scripts."""

import click

from app.cli.options import json_option, library_folder, library_option, print_json


@click.command(context_settings={"ignore_unknown_options": True})  # a VALUE may begin with a minus
@click.argument("name", required=False)
@click.argument("value", required=False)
@json_option
@library_option
def settings(name: str | None, value: str | None, *, as_json: bool) -> None:
    """List the library's settings, show the one called NAME, or set it to VALUE (“default” resets it)."""
    from app.catalogue.catalogue import Catalogue
    from app.cli.settings_values import listed, one, set_to

    with Catalogue(library_folder()) as catalogue:
        if value is not None and name is not None:
            set_to(catalogue, name, value)
        content = listed(catalogue) if name is None else one(catalogue, name)
    if as_json:
        print_json({setting.name: setting.value for setting in content})
    else:
        for setting in content:
            click.echo(str(setting))
