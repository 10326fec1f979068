"""How well a clip matches a description."""
