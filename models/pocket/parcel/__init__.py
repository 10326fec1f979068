"""Pocket's lessons in four files, to train where there is a GPU and no data folder."""
