"""The command line's own description, written from its commands: pages of the documentation and a man page.

    python -m app.cli.manual --docs docs        writes docs/command-line.md, the table in docs/settings.md
                                                and docs/schemas/settings.json
    python -m app.cli.manual --man reelfind.1   writes the man page

A test fails where what is in `docs/` is not what the program says.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

import click

from app import __version__
from app.cli.commands import main
from app.settings import Settings, Value

PAGE, SETTINGS_PAGE, SETTINGS_SCHEMA = "command-line.md", "settings.md", "schemas/settings.json"
_BEGIN, _END = "<!-- made by python -m app.cli.manual: begin -->", "<!-- end -->"

_NAME = "find a moment in your own videos by describing it"
_DESCRIPTION = (
    "Reelfind finds a moment in your own videos when you describe it. Everything runs on this computer: no "
    "account, no cloud, no network."
)
_EXIT_CODES = (
    ("0", "all went well; nothing found is no failure"),
    ("1", "the files, the library or the model did not allow it; of doctor: something needs you"),
    ("2", "what was typed is no command, or cannot be meant"),
    ("130", "stopped with Ctrl-C"),
)
_VARIABLES = (
    ("REELFIND_HOME", "folder for the library, models and preferences in place of the system's own"),
    ("REELFIND_ENCODER_TOKEN", "token of an encoder service: of who serves, and when `encoder_url` is set"),
    ("REELFIND_VECTOR_STORE_KEY", "API key of a vector store, kept when `vector_store_url` is set"),
)


@dataclass(frozen=True, slots=True)
class CommandHelp:
    """One command as it describes itself."""

    path: str
    """As it is typed, like `reelfind keep tag`."""
    usage: str
    """What follows the path, like `[OPTIONS] NAME`."""
    text: str
    """Paragraphs, an empty line between them; one that keeps its line breaks begins with a tab."""
    options: tuple[tuple[str, str], ...]
    """Of each, how it is typed and what it does; what all have (`--library`, `--help`) of the first only."""
    is_group: bool


def described_commands(command: click.Command = main, path: str = "reelfind") -> Iterator[CommandHelp]:
    """A command and all below it, in the order of their names."""
    context = click.Context(command, info_name=path.rpartition(" ")[2])
    shared = set() if path == "reelfind" else {"--library", "--help"}
    records = (
        parameter.get_help_record(context)
        for parameter in command.get_params(context)
        if isinstance(parameter, click.Option) and not shared.intersection(parameter.opts)
    )
    yield CommandHelp(
        path,
        " ".join(command.collect_usage_pieces(context)),
        _paragraphs(command.help or ""),
        tuple((typed, _flowing(about)) for typed, about in filter(None, records)),
        isinstance(command, click.Group),
    )
    if isinstance(command, click.Group):
        for name in sorted(command.commands):
            yield from described_commands(command.commands[name], f"{path} {name}")


def command_page() -> str:
    """Every command with its options, in Markdown."""
    lines = [
        "# The command line",
        "",
        "Made by `python -m app.cli.manual` from the commands themselves: `reelfind COMMAND --help` says the "
        "same. `--library PATH` and `--help` go with every command.",
        "What TEXT may be: [the query language](language.md). What `--json` prints: [JSON](json.md).",
        "",
        "| exit code | when |",
        "|---|---|",
        *(f"| {code} | {about} |" for code, about in _EXIT_CODES),
        "",
    ]
    for command in described_commands():
        lines += [f"## {command.path}", "", f"    {command.path} {command.usage}".rstrip(), ""]
        lines += [_as_markdown(paragraph) + "\n" for paragraph in command.text.split("\n\n") if paragraph]
        if command.options:
            lines += ["| option | |", "|---|---|"]
            lines += [
                f"| {_as_code(typed)} | {about.replace('|', '&#124;')} |" for typed, about in command.options
            ]
            lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def settings_table() -> str:
    """Every setting of a library with its default, a table in Markdown."""
    rows = (
        f"| `{name}` | {_shown(Settings.default(name))} | {about} |"
        for name, about in Settings.about().items()
    )
    return "\n".join(["| setting | default | what it is |", "|---|---|---|", *rows])


def settings_schema() -> str:
    """What `reelfind settings --json` prints, as JSON Schema: of one NAME only that setting."""
    properties: dict[str, dict[str, object]] = {}
    for name, about in Settings.about().items():
        default = Settings.default(name)
        kind: dict[str, object] = {"type": "string"}
        if isinstance(default, bool):
            kind = {"type": "boolean"}
        elif isinstance(default, int | float):
            low, high = Settings.limits(name)
            kind = {
                "type": "integer" if isinstance(default, int) else "number",
                "minimum": low,
                "maximum": high,
            }
        properties[name] = {**kind, "description": about, "default": default}
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "reelfind settings --json",
        "description": "The settings of a library by name; of one NAME only that.",
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
    }
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def man_page(date: str = "") -> str:
    """The man page reelfind(1), for groff and mandoc.

    Args:
        date: of the release, like 2026-11-26; the same input gives the same page.
    """
    first, *others = described_commands()
    lines = [
        f'.TH REELFIND 1 "{date}" "reelfind {__version__}" "User Commands"',
        ".SH NAME",
        f"reelfind \\- {_roff(_NAME)}",
        ".SH SYNOPSIS",
        f".B reelfind\n{_roff(first.usage)}",
        ".SH DESCRIPTION",
        _roff(_DESCRIPTION),
        ".SH OPTIONS",
        *_roff_options(first),
        ".SH COMMANDS",
    ]
    for command in others:
        lines += [f'.SS "{_roff(command.path)} {_roff(command.usage)}"']
        for number, paragraph in enumerate(filter(None, command.text.split("\n\n"))):
            lines += [*([".PP"] if number else []), _roff_paragraph(paragraph)]
        lines += _roff_options(command)
    lines.append(".SH EXIT STATUS")
    lines += [f".TP\n.B {code}\n{_roff(about)}" for code, about in _EXIT_CODES]
    lines.append(".SH ENVIRONMENT")
    lines += [f".TP\n.B {name}\n{_roff(about)}" for name, about in _VARIABLES]
    return "\n".join(lines) + "\n"


def with_settings(page: str) -> str:
    """A page of the documentation with the table of settings between its marks.

    Raises:
        ValueError: the marks are not there.
    """
    before, begin, rest = page.partition(_BEGIN)
    _, end, after = rest.partition(_END)
    if not begin or not end:
        raise ValueError("the page has no place for the settings")
    return f"{before}{_BEGIN}\n\n{settings_table()}\n\n{_END}{after}"


def _paragraphs(text: str) -> str:
    """Click's help as paragraphs; one that keeps its line breaks (`\\b`) begins with a tab."""
    found = []
    for paragraph in re.split(r"\n\s*\n", text.partition("\f")[0].strip()):
        lines = [line.rstrip() for line in paragraph.splitlines()]
        if lines[0].strip() == "\b":
            found.append("\t" + dedent("\n".join(lines[1:])))
        else:
            found.append(_flowing(paragraph))
    return "\n\n".join(found)


def _as_markdown(paragraph: str) -> str:
    if not paragraph.startswith("\t"):
        return paragraph
    return "\n".join(f"    {line}" for line in paragraph[1:].splitlines())


def _roff_paragraph(paragraph: str) -> str:
    if not paragraph.startswith("\t"):
        return _roff(paragraph)
    return ".nf\n" + "\n".join(_roff(line) for line in paragraph[1:].splitlines()) + "\n.fi"


def _roff_options(command: CommandHelp) -> Iterator[str]:
    for typed, about in command.options:
        yield f".TP\n.B {_roff(typed)}\n{_roff(about)}"


def _roff(text: str) -> str:
    """Text that groff shows as it is: backslashes, hyphens, and a dot or quote at the start of a line."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    text = "".join(sign if sign.isascii() else f"\\[u{ord(sign):04X}]" for sign in text)
    return f"\\&{text}" if text.startswith((".", "'")) else text


def _as_code(text: str) -> str:
    """Code for a table: a bar would end the cell, and is shown with its backslash by some."""
    bars = text.replace("|", "&#124;")
    return f"`{text}`" if bars == text else f"<code>{bars}</code>"


def _flowing(text: str) -> str:
    return " ".join(text.split())


def _shown(value: Value) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return f"{value:g}" if isinstance(value, int | float) else value or "–"


@click.command()
@click.option("--docs", type=click.Path(path_type=Path, file_okay=False), help="The documentation's folder.")
@click.option("--man", type=click.Path(path_type=Path, dir_okay=False), help="Where the man page goes.")
@click.option("--date", default="", help="The date on the man page.")
def write(docs: Path | None, man: Path | None, date: str) -> None:
    """Write what the documentation says of the command line and of the settings."""
    if docs is not None:
        (docs / PAGE).write_text(command_page(), encoding="utf-8")
        (docs / SETTINGS_SCHEMA).write_text(settings_schema(), encoding="utf-8")
        settings = docs / SETTINGS_PAGE
        settings.write_text(with_settings(settings.read_text(encoding="utf-8")), encoding="utf-8")
    if man is not None:
        man.write_text(man_page(date), encoding="utf-8")


if __name__ == "__main__":
    write()
