"""`reelfind doctor`: what runs, what the library holds, what could not be read and why."""

import platform
from importlib.metadata import version
from typing import Any

import av
import click

from app import __version__
from app.cli.text import counted, shown
from app.search.scorers import in_words
from app.session import Session

_PACKAGES = ("av", "hnswlib", "numpy", "onnxruntime", "PySide6", "sqlite-utils", "tokenizers")


def diagnose(session: Session) -> dict[str, Any]:
    """Everything `doctor` reports, as plain values."""
    folders = session.folders()
    return {
        "reelfind": __version__,
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "packages": {name: _version(name) for name in _PACKAGES},
        "ffmpeg": {name: ".".join(map(str, parts)) for name, parts in sorted(av.library_versions.items())},
        "library": {
            "folder": str(session.folder),
            "intact": session.catalogue.is_intact(),
            "folders": len(folders),
            "videos": sum(folder.videos for folder in folders),
            "indexed": sum(folder.indexed for folder in folders),
            "pending": sum(folder.pending for folder in folders),
            "failed": sum(folder.failed for folder in folders),
            "offline": [str(folder.path) for folder in folders if not folder.online],
        },
        "model": {
            "name": session.model_name,
            "identity": session.bundle.identity,
            "provider": session.provider,
            "licence": session.bundle.licence,
            "scorer": session.scorer_name,
            "trained_head": session.bundle.has_head,
        },
        "incomplete": [
            {"path": str(video.path), "reason": video.reason} for video in session.catalogue.incomplete()
        ],
        "failures": [
            {"path": str(video.path), "reason": video.reason, "advice": video.advice}
            for video in session.failures()
        ],
    }


def print_diagnosis(diagnosis: dict[str, Any]) -> None:
    """The same for people."""
    library, model = diagnosis["library"], diagnosis["model"]
    packages = ", ".join(f"{name} {number}" for name, number in diagnosis["packages"].items())
    click.echo(f"Reelfind {diagnosis['reelfind']} on {diagnosis['system']}, Python {diagnosis['python']}")
    click.echo(f"  {packages}")
    ranking = in_words(model["scorer"], has_head=model["trained_head"])
    click.echo(f"Model    {model['name']} on {model['provider']}\n  {ranking}")
    click.echo(f"Library  {library['folder']}" + ("" if library["intact"] else "  DAMAGED"))
    click.echo(
        f"  {counted(library['folders'], 'folder')}, {counted(library['videos'], 'video')}: "
        f"{library['indexed']} indexed, {library['pending']} to do, {library['failed']} not readable"
    )
    for folder in library["offline"]:
        click.echo(f"  offline: {folder}")
    for title, videos in (
        ("These files were read in part only:", diagnosis["incomplete"]),
        ("These files could not be read:", diagnosis["failures"]),
    ):
        if videos:
            click.echo(title)
        for video in videos:
            click.echo(f"  {shown(video['path'])}\n    {video['reason']} {video.get('advice', '')}".rstrip())
    if not diagnosis["failures"] and not diagnosis["incomplete"]:
        click.echo("Every file could be read.")


def _version(package: str) -> str:
    try:
        return version(package)
    except ModuleNotFoundError:
        return "not installed"
