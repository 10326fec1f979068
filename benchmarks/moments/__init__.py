"""Moments in long videos: where they begin and end, measured. `python -m benchmarks.moments`."""
