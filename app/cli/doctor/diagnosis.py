"""`reelfind doctor`: what runs, what the library holds, what could not be read and why."""

import platform
from collections.abc import Callable
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

import click

from app import __version__
from app.catalogue import frame_cache
from app.catalogue.damage import integrity
from app.cli.doctor import findings
from app.cli.doctor.findings import Finding
from app.cli.sources.source_listing import print_failures, print_sources, states
from app.cli.terminal.logs import place_of_log
from app.cli.terminal.terminal_text import (
    counted,
    safe,
    shown,
    until,
)
from app.engines.scorer_names import in_words
from app.errors import LibraryError, ReelfindError
from app.media.libav import ffmpeg_versions
from app.model_store.store import ModelStore
from app.session import Session

_RUNTIMES = ("onnxruntime", "onnxruntime-gpu", "onnxruntime-directml")
"""Packages that bring ONNX Runtime; which one says what it can run on."""
_PACKAGES = ("av", "hnswlib", "numpy", *_RUNTIMES, "PySide6", "sqlite-utils", "tokenizers")


def diagnose(
    session: Session, *, full: bool = False, report: Callable[[str], None] = lambda _: None
) -> dict[str, Any]:
    """Everything `doctor` reports, as plain values.

    Args:
        session: the open library.
        full: read the whole library file, also where that takes long.
        report: told what is checked next, in a few words.
    """
    folders = session.folders()
    catalogue = session.catalogue
    reads_all = findings.reads_all(session.folder, full=full)
    found = list(findings.of_library(catalogue, full=reads_all, report=report))
    model, problems = _model(session)
    sources = states(catalogue, session.line_sources())
    found += findings.of_sources(sources)
    installed, more = _installed()
    found += [*findings.of_machine(session.folder), *problems, *more]
    return _system() | {
        "library": {
            "folder": str(session.folder),
            "intact": not any(finding.kind.startswith("damaged") for finding in found),
            "checked": "full" if reads_all else "quick",
            "unchecked": [] if reads_all else list(integrity.UNCHECKED),
            "read_only": catalogue.read_only_reason,
            "folders": len(folders),
            "videos": sum(folder.videos for folder in folders),
            "indexed": sum(folder.indexed for folder in folders),
            "pending": sum(folder.pending for folder in folders),
            "failed": sum(folder.failed for folder in folders),
            "offline": [str(folder.path) for folder in folders if not folder.online],
            "unreachable": [str(place.path) for place in catalogue.unreachable()],
            "frame_cache_bytes": frame_cache.size_of(session.folder),
        },
        "model": model,
        "models": installed,
        "sources": sources,
        "incomplete": [findings.described(video) for video in catalogue.incomplete()],
        "failures": [findings.described(video) for video in catalogue.failures()],
        "findings": [asdict(finding) for finding in found],
    }


def diagnose_without_library(folder: Path, error: ReelfindError) -> dict[str, Any]:
    """What can be said where the library or its model cannot be opened."""
    installed, problems = _installed()
    found = [
        Finding("library" if isinstance(error, LibraryError) else "model", error.sentence, error.advice),
        *findings.of_machine(folder),
        *problems,
    ]
    return _system() | {
        "library": {"folder": str(folder), "intact": False},
        "models": installed,
        "findings": [asdict(finding) for finding in found],
    }


def code_of(diagnosis: dict[str, Any]) -> int:
    """The exit code: 1 where something needs a person."""
    return int(any(finding["needs_person"] for finding in diagnosis["findings"]))


def _system() -> dict[str, Any]:
    return {
        "reelfind": __version__,
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "packages": _versions(),
        "ffmpeg": ffmpeg_versions(),
        "log": place_of_log(),
    }


def _model(session: Session) -> tuple[dict[str, Any] | None, list[Finding]]:
    """The model that answers; None where it cannot be loaded."""
    problems = []
    if session.model_problem:
        advice = "Choose one with: reelfind models use NAME"
        problems.append(Finding("model", session.model_problem, advice))
    try:
        encoder = session.frame_encoder
        text_variant = session.text_encoder.variant
    except ReelfindError as error:
        return None, [*problems, Finding("model", error.sentence, error.advice)]
    if unhelpful := session.encoder_problem:
        advice = unhelpful.advice
        problems.append(Finding("encoder service", unhelpful.sentence, advice, needs_person=False))
    if unusable := session.vector_store_problem:
        advice = f"{unusable.advice} Meanwhile each search compares with every frame.".strip()
        problems.append(Finding("vector store", unusable.sentence, advice, needs_person=False))
    told = {
        "name": session.model_name,
        "identity": session.bundle.identity,
        "provider": encoder.provider,
        "device": encoder.device,
        "fallback": encoder.fallback,
        "variant": encoder.variant,
        "text_variant": text_variant,
        "batch": encoder.batch,
        "licence": session.bundle.licence,
        "scorer": session.scorer_name,
        "trained_head": session.bundle.has_head,
    }
    lacking = len(session.catalogue.lacking(session.bundle.identity))
    if lacking:
        problems.append(
            Finding(
                "no vectors",
                f"{counted(lacking, 'video')} cannot be found: no vectors for the model that answers.",
                "Index them for it with: reelfind index",
            )
        )
    return told, problems


def _installed() -> tuple[list[dict[str, Any]], list[Finding]]:
    try:
        models = ModelStore().installed()
    except (ReelfindError, OSError) as error:
        return [], [Finding("models", str(error), "")]
    told = [
        {
            "name": model.name,
            "title": model.title,
            "identity": model.identity,
            "bundled": model.bundled,
            "variants": list(model.variants),
            "bytes": model.bytes,
            "problem": model.problem,
        }
        for model in models
    ]
    damaged = [model for model in models if model.problem]
    return told, [
        Finding("model", f"The model {model.name} is damaged: {model.problem}", "Remove it and add it again.")
        for model in damaged
    ]


def print_diagnosis(diagnosis: dict[str, Any]) -> None:
    """The same for people."""
    library, model = diagnosis["library"], diagnosis.get("model")
    packages = ", ".join(f"{name} {number}" for name, number in diagnosis["packages"].items())
    click.echo(f"Reelfind {diagnosis['reelfind']} on {diagnosis['system']}, Python {diagnosis['python']}")
    click.echo(f"  {packages}")
    if model is not None:
        _print_model(model, diagnosis["models"])
    state = "" if library["intact"] else "  DAMAGED" if "videos" in library else "  cannot be opened"
    click.echo(f"Library  {shown(library['folder'])}{state}")
    if "videos" in library:
        _print_library(library)
        print_sources(diagnosis["sources"])
    click.echo(f"Log      {shown(diagnosis['log'])}")
    for title, videos in (
        ("These files are only partly readable:", diagnosis.get("incomplete", [])),
        ("These files could not be read:", diagnosis.get("failures", [])),
    ):
        if videos:
            click.echo(title)
        for video in videos:
            reason = f"{video['reason']} {video['advice']}".rstrip()
            click.echo(
                f"  {shown(video['path'])}{until(video['read_until'])}\n    {safe(reason)}{_tries(video)}"
            )
    print_failures(diagnosis.get("sources", []))
    unreachable = any(finding["kind"] == "unreachable" for finding in diagnosis["findings"])
    if "failures" in diagnosis and not (diagnosis["failures"] or diagnosis["incomplete"] or unreachable):
        click.echo("Every file could be read.")
    _print_findings(diagnosis["findings"])


def _print_model(model: dict[str, Any], models: list[dict[str, Any]]) -> None:
    device = f" ({model['device']})" if model["device"] else ""
    click.echo(f"Model    {shown(model['name'])}, {model['variant']} on {model['provider']}{device}")
    if model["fallback"]:
        click.echo(f"  {shown(model['fallback'])}")
    click.echo(f"  {in_words(model['scorer'], has_head=model['trained_head'])}")
    others = [item for item in models if not item["bundled"]]
    if others:
        click.echo(f"  added: {', '.join(shown(item['title']) for item in others)}")


def _print_library(library: dict[str, Any]) -> None:
    click.echo(
        f"  {counted(library['folders'], 'folder')}, {counted(library['videos'], 'video')}: "
        f"{library['indexed']} indexed, {library['pending']} to do, {library['failed']} not readable"
    )
    if library["unchecked"]:
        click.echo(
            f"  not checked: {', '.join(library['unchecked'])}. Check them with: reelfind doctor --full"
        )
    if library["frame_cache_bytes"]:
        click.echo(f"  stored frames: {library['frame_cache_bytes'] / 2**20:,.0f} MiB")
    for folder in library["offline"]:
        click.echo(f"  offline: {shown(folder)}")


def _print_findings(found: list[dict[str, Any]]) -> None:
    for title, wanted in (("Needs your attention:", True), ("Good to know:", False)):
        lines = [finding for finding in found if finding["needs_person"] is wanted]
        if lines:
            click.echo(title)
        for finding in lines:
            click.echo(f"  {safe(finding['sentence'])}")
            if finding["advice"]:
                click.echo(f"    {safe(finding['advice'])}")


def _tries(video: dict[str, Any]) -> str:
    if not video["will_be_retried"]:
        return ""
    times = "once" if video["attempts"] == 1 else f"{video['attempts']} times"
    return f" (It will be tried again; {times} so far.)"


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
