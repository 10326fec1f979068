"""The pictures that a model is tried with before it may be used, drawn by code."""
