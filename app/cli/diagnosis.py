"""`reelfind doctor`: what runs, what the library holds, what could not be read and why."""

import platform
from importlib.metadata import version
from typing import Any

import av
import click

from app import __version__
from app.cli.text import counted, shown
from app.hub.store import ModelStore
from app.library import frame_cache
from app.search.scorers import in_words
from app.session import Session

_RUNTIMES = ("onnxruntime", "onnxruntime-gpu", "onnxruntime-directml")
"""Packages that bring ONNX Runtime; which one says what it can run on."""
_PACKAGES = ("av", "hnswlib", "numpy", *_RUNTIMES, "PySide6", "sqlite-utils", "tokenizers")


def diagnose(session: Session) -> dict[str, Any]:
    """Everything `doctor` reports, as plain values."""
    folders = session.folders()
    encoder = session.frame_encoder
    return {
        "reelfind": __version__,
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "packages": _versions(),
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
            "frame_cache_bytes": frame_cache.size_of(session.folder),
        },
        "model": {
            "name": session.model_name,
            "identity": session.bundle.identity,
            "provider": encoder.provider,
            "device": encoder.device,
            "fallback": encoder.fallback,
            "variant": encoder.variant,
            "text_variant": session.text_encoder.variant,
            "batch": encoder.batch,
            "licence": session.bundle.licence,
            "scorer": session.scorer_name,
            "trained_head": session.bundle.has_head,
        },
        "models": [
            {
                "name": model.name,
                "title": model.title,
                "identity": model.identity,
                "bundled": model.bundled,
                "variants": list(model.variants),
                "bytes": model.bytes,
                "problem": model.problem,
            }
            for model in ModelStore().installed()
        ],
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
    device = f" ({model['device']})" if model["device"] else ""
    click.echo(f"Model    {model['name']}, {model['variant']} on {model['provider']}{device}")
    if model["fallback"]:
        click.echo(f"  {shown(model['fallback'])}")
    click.echo(f"  {ranking}")
    others = [item for item in diagnosis["models"] if not item["bundled"]]
    if others:
        click.echo(f"  added: {', '.join(shown(item['title']) for item in others)}")
    for item in others:
        if item["problem"]:
            click.echo(f"  {shown(item['name'])}: {shown(item['problem'])}")
    click.echo(f"Library  {library['folder']}" + ("" if library["intact"] else "  DAMAGED"))
    click.echo(
        f"  {counted(library['folders'], 'folder')}, {counted(library['videos'], 'video')}: "
        f"{library['indexed']} indexed, {library['pending']} to do, {library['failed']} not readable"
    )
    if library["frame_cache_bytes"]:
        click.echo(f"  kept frames: {library['frame_cache_bytes'] / 2**20:,.0f} MiB")
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


def _versions() -> dict[str, str]:
    found = {name: _version(name) for name in _PACKAGES}
    return {
        name: number or "not installed"
        for name, number in found.items()
        if number or name not in _RUNTIMES[1:]  # one of them is enough
    }


def _version(package: str) -> str:
    """Empty where it is not installed."""
    try:
        return version(package)
    except ModuleNotFoundError:
        return ""
