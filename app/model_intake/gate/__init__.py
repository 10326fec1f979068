"""What a bundle has to show before it may be used."""
