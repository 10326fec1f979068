"""What the site has beside the pages of docs: every decision in the menu, the fields of every schema."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

JSON_PAGE = "json.md"


def on_config(config: Any) -> Any:
    """Put the decisions into the menu, in order."""
    decisions = next(
        entry["Decisions"] for entry in config.nav if isinstance(entry, dict) and "Decisions" in entry
    )
    folder = Path(config.docs_dir) / "decisions"
    decisions += [f"decisions/{page.name}" for page in sorted(folder.glob("[0-9]*.md"))]
    return config


def on_page_markdown(markdown: str, *, page: Any, config: Any, **_: Any) -> str:
    """Add the fields of the schemas to the page about JSON."""
    if page.file.src_uri != JSON_PAGE:
        return markdown
    schemas = sorted((Path(config.docs_dir) / "schemas").glob("*.json"))
    return "\n".join([markdown, *(described(path) for path in schemas)])


def described(path: Path) -> str:
    """One schema as a section: its title, what it is, and a table of its fields."""
    schema = json.loads(path.read_text(encoding="utf-8"))
    rows = "\n".join(f"| `{place}` | {kind} | {about} |" for place, kind, about in fields(schema, schema, ""))
    head = f"\n## {schema['title']}\n\n[{path.name}](schemas/{path.name}). {schema.get('description', '')}\n"
    return f"{head}\n| field | type | |\n|---|---|---|\n{rows}\n"


def fields(schema: dict[str, Any], root: dict[str, Any], place: str) -> Iterator[tuple[str, str, str]]:
    """Every field below a schema: where it is, its type, and what it is."""
    if "$ref" in schema:
        schema = {**root["$defs"][schema["$ref"].rpartition("/")[2]], **schema}
    for name, field in schema.get("properties", {}).items():
        below = f"{place}.{name}" if place else name
        whole = {**root["$defs"][field["$ref"].rpartition("/")[2]], **field} if "$ref" in field else field
        yield below, kind_of(whole), in_a_cell(whole.get("description", ""))
        yield from fields(whole, root, below)
    if isinstance(items := schema.get("items"), dict):
        yield from fields(items, root, f"{place}[]")


def kind_of(schema: dict[str, Any]) -> str:
    """The type of a field in a word or two: `string or null`, or the values it may have."""
    if "const" in schema:
        return f"`{json.dumps(schema['const'])}`"
    if "enum" in schema:
        return ", ".join(f"`{json.dumps(value)}`" for value in schema["enum"])
    kinds = schema.get("type", "")
    return " or ".join(kinds) if isinstance(kinds, list) else str(kinds)


def in_a_cell(text: str) -> str:
    """Text for a table."""
    return " ".join(text.replace("|", "\\|").split())
