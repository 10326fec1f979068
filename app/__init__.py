"""Reelfind: find a moment in your own videos by describing it."""

__version__ = "0.1.0"
