"""Queries for pictures, lines, signs and names over one library: each source alone, and all together."""
