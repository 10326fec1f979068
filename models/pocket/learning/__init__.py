"""How the towers learn."""
