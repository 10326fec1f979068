"""Training of the T-MASS head, alone over cached features or together with an open_clip backbone."""
