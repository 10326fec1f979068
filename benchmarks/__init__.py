"""Measurements, not tests: what Reelfind finds and how fast it is. `python -m benchmarks` runs them all."""
