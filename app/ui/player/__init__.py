"""The player that opens at a moment."""
