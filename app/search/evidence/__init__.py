"""What a score means, and why a moment was found."""
