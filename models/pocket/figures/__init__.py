"""What the trained encoder is worth."""
