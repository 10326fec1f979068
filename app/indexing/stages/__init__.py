"""Decode stages: each takes videos from a disk and hands over frames."""
