"""Decoders come from a process that has their libraries."""

import pytest


@pytest.fixture(scope="module", autouse=True)
def decoders_are_forked(quick_children: None) -> None:
    """None of these tests is about how a decoder starts."""
