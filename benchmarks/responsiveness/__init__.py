"""How long the GUI thread keeps a person waiting; `python -m benchmarks.ui` prints it as one table."""
