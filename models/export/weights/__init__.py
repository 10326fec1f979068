"""A model's weights: where they are published, under what licence, and how they are loaded."""
