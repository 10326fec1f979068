"""Moments found by words: in what is said and written in videos, and in their names."""
