"""Measurements, not tests: what Reelfind finds and how fast it is. `python -m benchmarks` runs them all."""

import app.cli  # noqa: F401 - the program's own settings of its libraries, before anything loads numpy
