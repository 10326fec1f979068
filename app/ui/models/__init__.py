"""ModelMenu, adding and removing models."""
