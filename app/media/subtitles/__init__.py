"""Subtitles: which files beside a video hold some, and what reads them and those in it."""
