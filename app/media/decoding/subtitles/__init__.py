"""Subtitles, in a video and beside it, become lines: read in the decoding child only."""
