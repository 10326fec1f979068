"""What a library of a million frames costs; `python -m benchmarks.scale` prints it as one table."""
