"""Moments one after the other on a timeline, as editing programs open it."""
