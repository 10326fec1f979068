"""The grid of moments and its thumbnails."""
