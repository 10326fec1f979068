"""The settings of a library, each with its value and what it is about."""

from dataclasses import dataclass

from app.catalogue.catalogue import Catalogue
from app.cli.terminal.terminal_text import shown
from app.engines.model_choice import change_setting, stored_settings
from app.engines.scorer_names import SCORERS
from app.settings import Settings


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting as it is."""

    name: str
    value: str | float | bool
    about: str

    def __str__(self) -> str:
        """One or more lines for people."""
        if isinstance(self.value, bool):
            value = "on" if self.value else "off"
        else:
            value = shown(self.value) if isinstance(self.value, str) else f"{self.value:g}"
        nothing = "(none)" if self.name == "next_model" else "(default)"
        lines = [f"{self.name} = {value or nothing}", f"    {self.about}"]
        if self.name == "scorer":
            lines += [f"    {name}: {about}" for name, about in SCORERS.items()]
        return "\n".join(lines)


def listed(catalogue: Catalogue) -> list[Setting]:
    """All settings of a library."""
    settings = stored_settings(catalogue)
    return [Setting(name, settings.get(name), about) for name, about in Settings.about().items()]


def one(catalogue: Catalogue, name: str) -> list[Setting]:
    """The setting of this name, alone.

    Raises:
        UsageError: there is none.
    """
    value = stored_settings(catalogue).get(name)
    return [Setting(name, value, Settings.about()[name])]


def set_to(catalogue: Catalogue, name: str, value: str) -> None:
    """Change a setting; see `model_choice.change_setting`."""
    change_setting(catalogue, name, value)
