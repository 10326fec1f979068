"""Choosing what hears speech; a model is downloaded when a person says yes, and never otherwise."""

import sys

import click

from app.catalogue.catalogue import Catalogue
from app.cli.options import print_json
from app.cli.terminal.terminal_text import shown
from app.engines.model_choice import change_setting
from app.errors import ModelError, UsageError
from app.paths import real_path, typed_path
from app.speech import whisper_models
from app.speech.fetching import fetch, where
from app.speech.whisper_models import PUBLISHED


def choose_speech_model(catalogue: Catalogue, chosen: str, *, yes: bool, as_json: bool) -> None:
    """Have a model hear speech from now on, downloaded first where it is not here, and turn speech on.

    Args:
        catalogue: the library's.
        chosen: a name of `PUBLISHED`, or a folder.
        yes: download without asking.
        as_json: print how far the download is as JSON lines.

    Raises:
        UsageError: the extra is not installed, there is no such model, or it was not said that it may come.
        ModelError: the folder holds none.
        DownloadError: it cannot be fetched.
    """
    if not whisper_models.is_installed():
        raise UsageError("What hears speech is not installed.", whisper_models.INSTALL)
    if chosen in PUBLISHED:
        _make_sure(chosen, yes=yes, as_json=as_json)
    else:
        folder = typed_path(chosen)
        if not folder.is_dir():
            raise UsageError(
                f"“{chosen}” is neither a speech model's name nor a folder.",
                f"There are {', '.join(PUBLISHED)}.",
            )
        whisper_models.check(folder)
        chosen = str(real_path(folder))
    change_setting(catalogue, "speech_model", chosen)
    change_setting(catalogue, "speech", "on")


def _make_sure(name: str, *, yes: bool, as_json: bool) -> None:
    """Download a model unless it is here."""
    try:
        whisper_models.find(name)
    except ModelError:
        pass
    else:
        return
    model = PUBLISHED[name]
    about = f"{name} ({model.languages}) is about {model.megabytes} MB, from {where()}."
    if not yes:
        if as_json or not sys.stdin.isatty():
            raise UsageError(f"The speech model {about}", "To download it, say so with: --yes")
        click.echo(f"The speech model {about}", err=True)
        if not click.confirm("Download it now?", err=True):
            raise UsageError(
                "Nothing was downloaded.", "A model in a folder can be named too: --model FOLDER"
            )

    told = -1

    def report(done: int, total: int) -> None:
        nonlocal told
        if as_json:
            print_json({"event": "progress", "done": done, "total": total})
        elif (tenth := 10 * done // max(total, 1)) > told:
            told = tenth
            click.echo(f"download: {done / 1e6:,.0f} of {total / 1e6:,.0f} MB", err=True)

    fetched = fetch(model, report)
    if not as_json:
        click.echo(f"The speech model {name} is in {shown(fetched.folder)}.", err=True)
