"""Lines of text: written, counted and found."""
