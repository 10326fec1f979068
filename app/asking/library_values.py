"""What the library's videos have, for the filters of a query."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from app.catalogue.catalogue import Catalogue
from app.query.parsed_query import FilterName

ValuesOf = dict[str, Callable[[str], Collection[str]]]

MOST_NAMES = 50
"""Names of files that are offered at once."""


@dataclass(frozen=True, slots=True)
class LibraryValues:
    """All values that a filter can have here, each in order."""

    folders: tuple[str, ...]
    types: tuple[str, ...]
    cameras: tuple[str, ...]
    places: tuple[str, ...]
    tags: tuple[str, ...]
    collections: tuple[str, ...]
    years: tuple[int, ...]
    """In which something was filmed."""


def values_of(catalogue: Catalogue) -> ValuesOf:
    """By a filter's name, or `like`: what gives the values that begin so."""
    return {
        FilterName.IN: catalogue.folders_named,
        FilterName.TYPE: catalogue.file_types,
        FilterName.CAMERA: catalogue.cameras,
        FilterName.PLACE: catalogue.places,
        FilterName.TAG: catalogue.tags_named,
        FilterName.IN_COLLECTION: catalogue.collections_named,
        FilterName.NAME: lambda start: catalogue.file_names(start, MOST_NAMES),
        "like": lambda start: catalogue.file_names(start, MOST_NAMES),
    }


def all_values(catalogue: Catalogue) -> LibraryValues:
    """Everything that can be chosen from."""
    return LibraryValues(
        tuple(catalogue.folders_named("")),
        tuple(catalogue.file_types()),
        tuple(catalogue.cameras("")),
        tuple(catalogue.places("")),
        tuple(each.name for each in catalogue.tags()),
        tuple(each.name for each in catalogue.collections()),
        tuple(catalogue.years()),
    )
